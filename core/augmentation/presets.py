"""Recipes to start from, each with the reason for what it does and does not do."""

from typing import NamedTuple

from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import (
    Blur,
    Brightness,
    ChannelShift,
    Contrast,
    Cutout,
    Elastic,
    Gamma,
    HeightShift,
    HorizontalFlip,
    Hue,
    Jpeg,
    Noise,
    Perspective,
    RandAugment,
    Rotation,
    Saturation,
    Shear,
    VerticalFlip,
    WidthShift,
    Zoom,
    ZoomCrop,
)


class Preset(NamedTuple):
    """A recipe with its title and, in a sentence or two, why it is as it is."""

    recipe: AugmentationRecipe
    title: str
    reason: str


# The ranges of the butterfly tutorial; its shear of 0.2 is in degrees, as Keras reads it.
BUTTERFLIES = AugmentationRecipe(
    name="butterflies",
    steps=(
        Rotation(degrees=40),
        WidthShift(fraction=0.2),
        HeightShift(fraction=0.2),
        Shear(degrees=0.2),
        Zoom(fraction=0.2),
        HorizontalFlip(),
    ),
)

# An eighth each way is the pad-and-crop of 4 pixels on 32 of the CIFAR-10 literature
# (He et al., Deep Residual Learning for Image Recognition, 2015, section 4.2).
GENTLE = AugmentationRecipe(
    name="gentle",
    steps=(WidthShift(fraction=0.125), HeightShift(fraction=0.125), HorizontalFlip()),
    fill_mode="reflect",
)

BEARS = AugmentationRecipe(name="bears", steps=(ZoomCrop(most=0.2, mirror=True),))

DRAGONFLIES = AugmentationRecipe(name="dragonflies", steps=(HorizontalFlip(),))

STRONG = AugmentationRecipe(
    name="strong",
    steps=(
        ZoomCrop(most=0.6, mirror=True),
        RandAugment(operations=2, magnitude=6),
        Cutout(fraction=0.35, probability=0.5),
    ),
    fill_mode="reflect",
)

DOCUMENTS = AugmentationRecipe(
    name="documents",
    steps=(
        Rotation(degrees=4),
        WidthShift(fraction=0.04),
        HeightShift(fraction=0.04),
        Perspective(fraction=0.05),
        Brightness(fraction=0.25),
        Contrast(fraction=0.3),
        Blur(pixels=0.8, probability=0.3),
        Noise(levels=8, probability=0.5),
        Jpeg(lowest=30, probability=0.5),
    ),
    fill_mode="nearest",
)

MICROSCOPY = AugmentationRecipe(
    name="microscopy",
    steps=(
        Rotation(degrees=180),
        Zoom(fraction=0.1),
        HorizontalFlip(),
        VerticalFlip(),
        Elastic(fraction=0.03, smoothness=0.1, probability=0.5),
        Hue(degrees=8),
        Saturation(fraction=0.2),
        Brightness(fraction=0.15),
        Blur(pixels=1.0, probability=0.3),
    ),
    fill_mode="reflect",
)

SATELLITE = AugmentationRecipe(
    name="satellite",
    steps=(
        Rotation(degrees=180),
        Zoom(fraction=0.15),
        HorizontalFlip(),
        VerticalFlip(),
        Brightness(fraction=0.2),
        Contrast(fraction=0.2),
        ChannelShift(levels=12),
        Gamma(most=1.2),
    ),
    fill_mode="reflect",
)

_LIST = (
    Preset(
        BUTTERFLIES,
        "Butterflies",
        "The butterfly tutorial's recipe: turned by up to 40°, moved, zoomed and mirrored, "
        "because few photos must stand for many. Colour stays: it tells the kinds apart.",
    ),
    Preset(
        BEARS,
        "Bears",
        "The bears tutorial's zoom and crop: a slightly smaller box at a random place, half "
        "of them mirrored. Nothing has to be filled in, and bears stay upright.",
    ),
    Preset(
        DRAGONFLIES,
        "Dragonflies",
        "The dragonfly tutorial only mirrors: an insect that looks left looks right as well.",
    ),
    Preset(
        NO_AUGMENTATION,
        "None",
        "The photos as they are, as in the tutorial on CIFAR-10. Start here to see what "
        "varying them brings.",
    ),
    Preset(
        GENTLE,
        "Gentle",
        "Moved by up to an eighth and mirrored: what the literature does with small pictures. "
        "Hardly ever wrong where left and right mean the same.",
    ),
    Preset(
        STRONG,
        "Strong",
        "Crop, RandAugment and a hidden square: for long trainings of large networks, which "
        "would learn your photos by heart. A short training learns too little from it.",
    ),
    Preset(
        DOCUMENTS,
        "Documents",
        "Pages are never mirrored and hardly turned: letters would become others. What varies "
        "is the light, the angle of the camera, the scanner's grain and the file's compression.",
    ),
    Preset(
        MICROSCOPY,
        "Microscopy",
        "Under a microscope there is no up: any turn, both mirrors. Tissue bends, stains differ "
        "in colour, and the focus is never quite the same.",
    ),
    Preset(
        SATELLITE,
        "Satellite",
        "From above there is no up either: any turn, both mirrors. Sun, haze and sensor change "
        "light and tint, while size hardly changes.",
    ),
)
DESCRIBED = {preset.recipe.name: preset for preset in _LIST}
PRESETS = {name: preset.recipe for name, preset in DESCRIBED.items()}
