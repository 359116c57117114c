"""The steps of a recipe: a frozen model each, from which forms and draws follow."""

from typing import Annotated

from pydantic import Field

from core.augmentation.steps.base import GROUPS, Step
from core.augmentation.steps.geometry import (
    Elastic,
    HeightShift,
    HorizontalFlip,
    Perspective,
    Rotation,
    Shear,
    VerticalFlip,
    WidthShift,
    Zoom,
    ZoomCrop,
)
from core.augmentation.steps.light import (
    Brightness,
    ChannelShift,
    Contrast,
    Gamma,
    Grey,
    Hue,
    Posterise,
    Saturation,
    Solarise,
)
from core.augmentation.steps.mixing import CutMix, Cutout, Erasing, MixUp, RandAugment
from core.augmentation.steps.sharpness import Blur, Jpeg, Noise, Sharpen

# A new kind goes to the end: the place in this list is also its place in the row of random
# numbers, and what the others draw for a seed must never change.
_ALL: tuple[type[Step], ...] = (
    Rotation,
    WidthShift,
    HeightShift,
    Shear,
    Zoom,
    HorizontalFlip,
    VerticalFlip,
    ZoomCrop,
    Perspective,
    Elastic,
    Brightness,
    Contrast,
    Saturation,
    Hue,
    Gamma,
    Grey,
    ChannelShift,
    Posterise,
    Solarise,
    Blur,
    Sharpen,
    Noise,
    Jpeg,
    Cutout,
    Erasing,
    RandAugment,
    MixUp,
    CutMix,
)
AnyStep = Annotated[
    Rotation
    | WidthShift
    | HeightShift
    | Shear
    | Zoom
    | HorizontalFlip
    | VerticalFlip
    | ZoomCrop
    | Perspective
    | Elastic
    | Brightness
    | Contrast
    | Saturation
    | Hue
    | Gamma
    | Grey
    | ChannelShift
    | Posterise
    | Solarise
    | Blur
    | Sharpen
    | Noise
    | Jpeg
    | Cutout
    | Erasing
    | RandAugment
    | MixUp
    | CutMix,
    Field(discriminator="kind"),
]
STEP_KINDS: dict[str, type[Step]] = {str(step.model_fields["kind"].default): step for step in _ALL}
STEP_LABELS = {kind: step.label for kind, step in STEP_KINDS.items()}
MIXING_KINDS = ("mixup", "cutmix")

__all__ = [
    "AnyStep",
    "Blur",
    "Brightness",
    "ChannelShift",
    "Contrast",
    "CutMix",
    "Cutout",
    "Elastic",
    "Erasing",
    "GROUPS",
    "Gamma",
    "Grey",
    "HeightShift",
    "HorizontalFlip",
    "Hue",
    "Jpeg",
    "MIXING_KINDS",
    "MixUp",
    "Noise",
    "Perspective",
    "Posterise",
    "RandAugment",
    "Rotation",
    "STEP_KINDS",
    "STEP_LABELS",
    "Saturation",
    "Sharpen",
    "Shear",
    "Solarise",
    "Step",
    "VerticalFlip",
    "WidthShift",
    "Zoom",
    "ZoomCrop",
]
