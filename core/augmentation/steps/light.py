"""Steps that change light and colour; the factors are those of Pillow's `ImageEnhance`."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from core.augmentation.steps.base import LIGHT, Step, between, either_side, extra


class _Factor(Step):
    """A step that multiplies something by `1 ± fraction`."""

    group: ClassVar[str] = LIGHT
    strength: ClassVar[str] = "fraction"

    fraction: float

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (1 + either_side(self.fraction, numbers[0]),)


class Brightness(_Factor):
    """Makes the picture brighter or darker, as a longer or shorter exposure would."""

    label: ClassVar[str] = "Brightness"

    kind: Literal["brightness"] = "brightness"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="0.2 multiplies every value by 0.8 to 1.2.",
        json_schema_extra=extra("Largest change", "of the light"),
    )


class Contrast(_Factor):
    """Pulls light and dark apart or together, about the picture's mean grey."""

    label: ClassVar[str] = "Contrast"

    kind: Literal["contrast"] = "contrast"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="0.2 multiplies the distance from the mean grey by 0.8 to 1.2.",
        json_schema_extra=extra("Largest change", "of the contrast"),
    )


class Saturation(_Factor):
    """Makes colours stronger or paler. A grey picture stays as it is."""

    label: ClassVar[str] = "Saturation"

    kind: Literal["saturation"] = "saturation"
    fraction: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="0.3 multiplies the distance of each pixel from its grey by 0.7 to 1.3.",
        json_schema_extra=extra("Largest change", "of the colour"),
    )


class Hue(Step):
    """Turns all colours around the colour wheel. A grey picture stays as it is."""

    label: ClassVar[str] = "Hue"
    group: ClassVar[str] = LIGHT
    strength: ClassVar[str] = "degrees"
    strongest: ClassVar[float] = 180

    kind: Literal["hue"] = "hue"
    degrees: float = Field(
        default=10.0,
        ge=0,
        le=180,
        description="The largest turn of the colour wheel; 120° makes red green.",
        json_schema_extra=extra("Largest turn", "°", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (either_side(self.degrees, numbers[0]),)


class Gamma(Step):
    """Lifts or lowers the middle tones; black and white stay."""

    label: ClassVar[str] = "Gamma"
    group: ClassVar[str] = LIGHT
    strength: ClassVar[str] = "most"
    weakest: ClassVar[float] = 1
    strongest: ClassVar[float] = 4

    kind: Literal["gamma"] = "gamma"
    most: float = Field(
        default=1.3,
        ge=1,
        le=4,
        description="The power to which values of 0 to 1 are raised: between 1/this and this.",
        json_schema_extra=extra("Largest power", "", 0.05),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (self.most ** either_side(1, numbers[0]),)


class Grey(Step):
    """Takes the colour away (Rec. 601: 30 % red, 59 % green, 11 % blue)."""

    label: ClassVar[str] = "Grey"
    group: ClassVar[str] = LIGHT
    numbers: ClassVar[int] = 0
    extreme: ClassVar[tuple[float, ...]] = ()

    kind: Literal["grey"] = "grey"
    probability: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The share of the pictures that lose their colour.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )


class ChannelShift(Step):
    """Adds an amount of its own to red, to green and to blue, as another lamp would."""

    label: ClassVar[str] = "Channel shift"
    group: ClassVar[str] = LIGHT
    numbers: ClassVar[int] = 3
    strength: ClassVar[str] = "levels"
    strongest: ClassVar[float] = 120
    extreme: ClassVar[tuple[float, ...]] = (1.0, 0.5, 0.0)

    kind: Literal["channel_shift"] = "channel_shift"
    levels: int = Field(
        default=20,
        ge=0,
        le=120,
        description="The largest amount that is added or taken away.",
        json_schema_extra=extra("Largest shift", "of 255", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return tuple(round(either_side(self.levels, number)) for number in numbers)


class Posterise(Step):
    """Leaves only a few levels of each colour."""

    label: ClassVar[str] = "Posterise"
    group: ClassVar[str] = LIGHT
    strength: ClassVar[str] = "bits"
    weakest: ClassVar[float] = 8
    strongest: ClassVar[float] = 1

    kind: Literal["posterise"] = "posterise"
    bits: int = Field(
        default=4,
        ge=1,
        le=8,
        description="How many bits are kept at least: 4 leave 16 levels, 8 leave all 256.",
        json_schema_extra=extra("Fewest bits", "of 8", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (8 - min(8 - self.bits, int((9 - self.bits) * numbers[0])),)


class Solarise(Step):
    """Inverts everything brighter than a threshold."""

    label: ClassVar[str] = "Solarise"
    group: ClassVar[str] = LIGHT
    strength: ClassVar[str] = "threshold"
    weakest: ClassVar[float] = 256
    strongest: ClassVar[float] = 0

    kind: Literal["solarise"] = "solarise"
    threshold: int = Field(
        default=160,
        ge=0,
        le=256,
        description="The lowest threshold; 256 inverts nothing, 0 all.",
        json_schema_extra=extra("Lowest threshold", "of 256", 1),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        return (round(between(256, self.threshold, numbers[0])),)
