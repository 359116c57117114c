"""Steps that change sharpness, add noise or compress."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from core.augmentation.changes import Change
from core.augmentation.steps.base import SHARPNESS, Step, as_seed, between, extra


class Blur(Step):
    """Blurs with a Gaussian, as a lens out of focus does."""

    label: ClassVar[str] = "Blur"
    group: ClassVar[str] = SHARPNESS
    strength: ClassVar[str] = "pixels"
    strongest: ClassVar[float] = 6

    kind: Literal["blur"] = "blur"
    pixels: float = Field(
        default=1.0,
        ge=0,
        le=10,
        description="The largest standard deviation of the Gaussian, at the model's size.",
        json_schema_extra=extra("Largest blur", "pixels", 0.1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (self.pixels * numbers[0],)


class Sharpen(Step):
    """Strengthens edges, by the factor of Pillow's `ImageEnhance.Sharpness`."""

    label: ClassVar[str] = "Sharpen"
    group: ClassVar[str] = SHARPNESS
    strength: ClassVar[str] = "most"
    strongest: ClassVar[float] = 8

    kind: Literal["sharpen"] = "sharpen"
    most: float = Field(
        default=1.0,
        ge=0,
        le=10,
        description="1 doubles at most what sets a pixel apart from its neighbours.",
        json_schema_extra=extra("Largest gain", "times", 0.1),
    )

    def changes(self, numbers: Sequence[float]) -> tuple[Change, ...]:
        return (Change("sharpness", (1 + self.most * numbers[0],), self.kind),)


class Noise(Step):
    """Adds grain: to each value a normally distributed amount of its own."""

    label: ClassVar[str] = "Noise"
    group: ClassVar[str] = SHARPNESS
    numbers: ClassVar[int] = 2
    strength: ClassVar[str] = "levels"
    strongest: ClassVar[float] = 100
    extreme: ClassVar[tuple[float, ...]] = (1.0, 0.5)

    kind: Literal["noise"] = "noise"
    levels: float = Field(
        default=10.0,
        ge=0,
        le=100,
        description="The largest standard deviation of the amounts.",
        json_schema_extra=extra("Largest noise", "of 255", 0.5),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The standard deviation and a seed for the grain."""
        return self.levels * numbers[0], as_seed(numbers[1])


class Jpeg(Step):
    """Compresses as a JPEG file of low quality does, with its blocks and fringes."""

    label: ClassVar[str] = "JPEG"
    group: ClassVar[str] = SHARPNESS
    strength: ClassVar[str] = "lowest"
    weakest: ClassVar[float] = 100
    strongest: ClassVar[float] = 1
    extreme: ClassVar[tuple[float, ...]] = (0.0,)

    kind: Literal["jpeg"] = "jpeg"
    lowest: int = Field(
        default=50,
        ge=1,
        le=100,
        description="The lowest quality; 100 leaves the picture as it is.",
        json_schema_extra=extra("Lowest quality", "of 100", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (round(between(self.lowest, 100, numbers[0])),)
