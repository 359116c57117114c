"""Steps that move and turn; the first seven mean what Keras' `ImageDataGenerator` means."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from core.augmentation.steps.base import MOVE, Step, as_seed, either_side, extra


class Rotation(Step):
    """Turns the picture about its centre."""

    label: ClassVar[str] = "Rotation"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "degrees"
    strongest: ClassVar[float] = 180

    kind: Literal["rotation"] = "rotation"
    degrees: float = Field(
        default=40.0,
        ge=0,
        le=180,
        description="The largest turn to either side.",
        json_schema_extra=extra("Largest turn", "°", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (either_side(self.degrees, numbers[0]),)


class WidthShift(Step):
    """Moves the picture to the left or to the right."""

    label: ClassVar[str] = "Width shift"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "fraction"

    kind: Literal["width_shift"] = "width_shift"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The largest move sideways, as a share of the picture's width.",
        json_schema_extra=extra("Largest move", "of the width"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (either_side(self.fraction, numbers[0]),)


class HeightShift(Step):
    """Moves the picture up or down."""

    label: ClassVar[str] = "Height shift"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "fraction"

    kind: Literal["height_shift"] = "height_shift"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The largest move up or down, as a share of the picture's height.",
        json_schema_extra=extra("Largest move", "of the height"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (either_side(self.fraction, numbers[0]),)


class Shear(Step):
    """Slants the picture, as if seen from the side."""

    label: ClassVar[str] = "Shear"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "degrees"
    strongest: ClassVar[float] = 60

    kind: Literal["shear"] = "shear"
    degrees: float = Field(
        default=0.2,
        ge=0,
        le=60,
        description="The largest slant to either side. Below one degree nobody sees it.",
        json_schema_extra=extra("Largest slant", "°", 0.1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (either_side(self.degrees, numbers[0]),)


class Zoom(Step):
    """Stretches or squeezes height and width, each by a factor of its own."""

    label: ClassVar[str] = "Zoom"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "fraction"
    strongest: ClassVar[float] = 0.9
    extreme: ClassVar[tuple[float, ...]] = (0.0, 0.0)  # nearer

    kind: Literal["zoom"] = "zoom"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=0.9,
        description=(
            "How far nearer or farther: 0.2 shows between 80 % and 120 % of the picture's "
            "height, and of its width."
        ),
        json_schema_extra=extra("Largest zoom", "of the size"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        across, down = numbers
        return 1 + either_side(self.fraction, across), 1 + either_side(self.fraction, down)


class HorizontalFlip(Step):
    """Mirrors the picture, left for right."""

    label: ClassVar[str] = "Horizontal flip"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2

    kind: Literal["horizontal_flip"] = "horizontal_flip"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures that are mirrored left for right.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )


class VerticalFlip(Step):
    """Mirrors the picture, top for bottom."""

    label: ClassVar[str] = "Vertical flip"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2

    kind: Literal["vertical_flip"] = "vertical_flip"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures that are mirrored top for bottom.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )


class ZoomCrop(Step):
    """Cuts a smaller box of the same shape from a random place and enlarges it.

    As the bears tutorial prepares its pictures: the largest box of the wanted shape, both
    sides divided by a random factor, at a random place, mirrored half of the time. The
    pictures of a prepared array have the wanted shape already, so that the largest box is
    the whole picture. The place follows the drawn number smoothly instead of by whole pixels.
    """

    label: ClassVar[str] = "Zoom and crop"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 4
    strength: ClassVar[str] = "most"
    strongest: ClassVar[float] = 3
    extreme: ClassVar[tuple[float, ...]] = (1.0, 0.5, 0.5, 1.0)

    kind: Literal["zoom_crop"] = "zoom_crop"
    most: float = Field(
        default=0.2,
        ge=0,
        le=3,
        description=(
            "The box's sides are divided by up to one plus this: 0.2 shows between 83 % and "
            "100 % of the height and of the width."
        ),
        json_schema_extra=extra("Largest zoom", "nearer", 0.05),
    )
    mirror: bool = Field(
        default=True,
        description="Also mirror half of the pictures, left for right, as the tutorial does.",
        json_schema_extra=extra("Mirror half of them"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The factor (1 or more), the place (x, y: shares of the room), whether mirrored."""
        factor, x, y, side = numbers
        return 1 + self.most * factor, x, y, self.mirror and side < 0.5


class Perspective(Step):
    """Moves the four corners, as if the picture were seen from another place."""

    label: ClassVar[str] = "Perspective"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 8
    strength: ClassVar[str] = "fraction"
    strongest: ClassVar[float] = 0.4
    extreme: ClassVar[tuple[float, ...]] = (0.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5)

    kind: Literal["perspective"] = "perspective"
    fraction: float = Field(
        default=0.1,
        ge=0,
        le=0.4,
        description="How far each corner moves at most, as a share of height and width.",
        json_schema_extra=extra("Largest move of a corner", "of the size"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """x and y of each corner's move (top left, top right, bottom right, bottom left)."""
        return tuple(either_side(self.fraction, number) for number in numbers)


class Elastic(Step):
    """Bends the picture like rubber.

    Simard et al., "Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis", 2003: random moves of every pixel, smoothed by a Gaussian.
    """

    label: ClassVar[str] = "Elastic"
    group: ClassVar[str] = MOVE
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "fraction"
    strongest: ClassVar[float] = 0.2
    extreme: ClassVar[tuple[float, ...]] = (1.0, 0.5)

    kind: Literal["elastic"] = "elastic"
    fraction: float = Field(
        default=0.04,
        ge=0,
        le=0.2,
        description="How far a pixel moves at most, as a share of the picture's size.",
        json_schema_extra=extra("Largest move of a pixel", "of the size"),
    )
    smoothness: float = Field(
        default=0.08,
        ge=0.01,
        le=0.3,
        description="How wide the waves are, as a share of the size. Small looks crumpled.",
        json_schema_extra=extra("Width of the waves", "of the size"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The largest move and the smoothing (shares of the size), and a seed for the field."""
        return self.fraction * numbers[0], self.smoothness, as_seed(numbers[1])
