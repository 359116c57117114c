"""Steps that hide a part, mix two pictures, or choose among other steps."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from core.augmentation.changes import Change
from core.augmentation.randaugment import OPERATIONS, at_magnitude
from core.augmentation.steps.base import MIX, Step, as_seed, between, extra

Filling = Literal["mean", "black", "noise"]
MOST_OPERATIONS = 5


class Cutout(Step):
    """Hides a square, so that the model may not rely on one detail.

    DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with
    Cutout", 2017: the square's centre lies anywhere, so that it may hang over the edge.
    """

    label: ClassVar[str] = "Cutout"
    group: ClassVar[str] = MIX
    numbers: ClassVar[int] = 3
    strength: ClassVar[str] = "fraction"
    extreme: ClassVar[tuple[float, ...]] = (0.5, 0.5, 0.5)

    kind: Literal["cutout"] = "cutout"
    fraction: float = Field(
        default=0.4,
        ge=0,
        le=1,
        description="The square's side, as a share of the picture's shorter side.",
        json_schema_extra=extra("Side of the square", "of the size"),
    )
    filling: Filling = Field(
        default="mean",
        description="What fills it: the picture's mean colour, black, or noise.",
        json_schema_extra=extra("Fill it with"),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """Side and centre (x, y) as shares, and the filling: see `hiding.filled`."""
        x, y, seed = numbers
        return self.fraction, x, y, *_filling(self.filling, seed)


class Erasing(Step):
    """Hides a rectangle of random size and shape that lies inside the picture.

    Zhong et al., "Random Erasing Data Augmentation", 2017, with its shapes between 0.3 and
    1/0.3 high as wide.
    """

    label: ClassVar[str] = "Erasing"
    group: ClassVar[str] = MIX
    numbers: ClassVar[int] = 5
    strength: ClassVar[str] = "largest"
    strongest: ClassVar[float] = 0.8
    extreme: ClassVar[tuple[float, ...]] = (1.0, 0.5, 0.5, 0.5, 0.5)

    kind: Literal["erasing"] = "erasing"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures in which something is hidden.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )
    smallest: float = Field(
        default=0.02,
        ge=0,
        le=0.8,
        description="The smallest part that is hidden.",
        json_schema_extra=extra("Smallest part", "of the picture"),
    )
    largest: float = Field(
        default=0.33,
        ge=0,
        le=0.8,
        description="The largest part that is hidden.",
        json_schema_extra=extra("Largest part", "of the picture"),
    )
    filling: Filling = Field(
        default="noise",
        description="What fills it: the picture's mean colour, black, or noise.",
        json_schema_extra=extra("Fill it with"),
    )

    @model_validator(mode="after")
    def _the_right_way_round(self) -> "Erasing":
        if self.smallest > self.largest:
            raise ValueError(
                f"the smallest part to erase, {self.smallest:g}, is above the largest, "
                f"{self.largest:g}"
            )
        return self

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """Area (share), height by width, place (x, y: shares of the room), the filling."""
        area, shape, x, y, seed = numbers
        ratio = 0.3 ** (1 - 2 * shape)
        share = between(self.smallest, self.largest, area)
        return share, ratio, x, y, *_filling(self.filling, seed)


class RandAugment(Step):
    """Chooses a few of fourteen operations anew for each picture, all equally strong.

    Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search
    space", 2020: N operations, uniformly and with repetition, at one magnitude M.
    """

    label: ClassVar[str] = "RandAugment"
    group: ClassVar[str] = MIX
    numbers: ClassVar[int] = 2 * MOST_OPERATIONS
    strength: ClassVar[str] = "magnitude"
    strongest: ClassVar[float] = 10
    extreme: ClassVar[tuple[float, ...]] = (0.22, 1.0, 0.6, 1.0, 0.9, 1.0, 0.4, 1.0, 0.8, 1.0)

    kind: Literal["randaugment"] = "randaugment"
    operations: int = Field(
        default=2,
        ge=1,
        le=MOST_OPERATIONS,
        description="How many operations follow one another: the paper's N.",
        json_schema_extra=extra("Operations", "per picture", 1),
    )
    magnitude: float = Field(
        default=5.0,
        ge=0,
        le=10,
        description="How strong each of them is: the paper's M.",
        json_schema_extra=extra("Strength", "of 10", 0.5),
    )

    def changes(self, numbers: Sequence[float]) -> tuple[Change, ...]:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        chosen = [
            at_magnitude(OPERATIONS[int(which * len(OPERATIONS))], self.magnitude, side >= 0.5)
            for which, side in list(pairs)[: self.operations]
        ]
        return tuple(Change(*change, self.kind) for change in chosen if change is not None)


class _Mixing(Step):
    """A step that mixes a picture with another one of its batch, and their labels alike."""

    group: ClassVar[str] = MIX

    alpha: float

    def share(self, number: float) -> float:
        """The picture's own share, from Beta(alpha, alpha)."""
        return float(np.random.default_rng(as_seed(number)).beta(self.alpha, self.alpha))


class MixUp(_Mixing):
    """Lays another picture over this one; the label is mixed in the same shares.

    Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018: shares drawn from
    Beta(alpha, alpha).
    """

    label: ClassVar[str] = "MixUp"
    numbers: ClassVar[int] = 2
    extreme: ClassVar[tuple[float, ...]] = (0.3, 0.0)

    kind: Literal["mixup"] = "mixup"
    alpha: float = Field(
        default=0.2,
        ge=0.05,
        le=4,
        description="Small: mostly one of the two. 1: every share is as likely as any other.",
        json_schema_extra=extra("Alpha", "", 0.05),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The picture's own share, and a number 0..1 that chooses the partner."""
        return self.share(numbers[0]), numbers[1]


class CutMix(_Mixing):
    """Pastes a box of another picture into this one; the label is mixed by the areas.

    Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with
    Localizable Features", 2019.
    """

    label: ClassVar[str] = "CutMix"
    numbers: ClassVar[int] = 4
    extreme: ClassVar[tuple[float, ...]] = (0.3, 0.0, 0.6, 0.4)

    kind: Literal["cutmix"] = "cutmix"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures into which a box is pasted.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )
    alpha: float = Field(
        default=1.0,
        ge=0.05,
        le=4,
        description="1: every size of box is as likely as any other. Small: tiny or huge ones.",
        json_schema_extra=extra("Alpha", "", 0.05),
    )

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The picture's own share before clipping, the partner's number, the centre (x, y)."""
        return self.share(numbers[0]), *numbers[1:]


def _filling(filling: Filling, number: float) -> tuple[float, float]:
    return ("mean", "black", "noise").index(filling), as_seed(number)
