"""A recipe as code for other libraries, as far as they can say the same.

Keras' and albumentations' steps draw their own values; what is called alike is not always
drawn alike. What a library cannot say stands there as a comment.
"""

import math
from collections.abc import Callable
from typing import Any

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import Step

Lines = dict[str, Callable[[Any, AugmentationRecipe], str]]

_CV_BORDERS = {
    "nearest": "cv2.BORDER_REPLICATE",
    "reflect": "cv2.BORDER_REFLECT",
    "wrap": "cv2.BORDER_WRAP",
    "constant": "cv2.BORDER_CONSTANT",
}


def _number(value: float) -> str:
    return f"{value:.6g}"


def _always(probability: float) -> str:
    """Keras' `factor` where it is a range from which the probability itself is drawn."""
    return f"({_number(probability)}, {_number(probability)})"


def _fill(recipe: AugmentationRecipe) -> str:
    value = f", fill_value={recipe.fill_value}" if recipe.fill_mode == "constant" else ""
    return f'fill_mode="{recipe.fill_mode}"{value}'


def _around(name: str) -> Callable[[Any, AugmentationRecipe], str]:
    """An albumentations step whose factor lies around 1."""
    others = {"brightness": "(1, 1)", "contrast": "(1, 1)", "saturation": "(1, 1)"}

    def line(step: Any, recipe: AugmentationRecipe) -> str:
        low, high = _number(1 - step.fraction), _number(1 + step.fraction)
        ranges = others | {name: f"({low}, {high})"}
        said = ", ".join(f"{key}={value}" for key, value in ranges.items())
        return f"A.ColorJitter({said}, hue=(0, 0), p={_number(step.probability)})"

    return line


_KERAS: Lines = {
    "rotation": lambda s, r: f"RandomRotation({_number(s.degrees / 360)}, {_fill(r)})",
    "width_shift": lambda s, r: f"RandomTranslation(0, {_number(s.fraction)}, {_fill(r)})",
    "height_shift": lambda s, r: f"RandomTranslation({_number(s.fraction)}, 0, {_fill(r)})",
    "shear": lambda s, r: (
        f"RandomShear(x_factor={_number(math.radians(s.degrees))}, {_fill(r)})"
        if math.radians(s.degrees) <= 1
        else f"RandomShear(x_factor=1.0, {_fill(r)})"
    ),
    "zoom": lambda s, r: (
        f"RandomZoom((-{_number(s.fraction)}, {_number(s.fraction)}), "
        f"(-{_number(s.fraction)}, {_number(s.fraction)}), {_fill(r)})"
    ),
    "horizontal_flip": lambda s, r: 'RandomFlip("horizontal")',
    "vertical_flip": lambda s, r: 'RandomFlip("vertical")',
    "zoom_crop": lambda s, r: (
        f"RandomZoom((-{_number(s.most / (1 + s.most))}, 0), {_fill(r)})"
        + (', keras.layers.RandomFlip("horizontal")' if s.mirror else "")
    ),
    "perspective": lambda s, r: (
        f"RandomPerspective(factor={_always(s.probability)}, scale={_number(s.fraction)})"
    ),
    "contrast": lambda s, r: f"RandomContrast({_number(s.fraction)}, value_range=(0, 255))",
    "saturation": lambda s, r: (
        f"RandomSaturation(({_number(0.5 - s.fraction / 4)}, {_number(0.5 + s.fraction / 4)}))"
    ),
    "hue": lambda s, r: f"RandomHue({_number(s.degrees / 180)}, value_range=(0, 255))",
    "grey": lambda s, r: f"RandomGrayscale({_number(s.probability)})",
    # Its sigma ends at 1.
    "blur": lambda s, r: (
        f"RandomGaussianBlur(factor={_always(s.probability)}, "
        f"kernel_size={2 * math.ceil(3 * s.pixels) + 1}, sigma={_number(s.pixels)})"
        if s.pixels <= 1
        else ""
    ),
    "erasing": lambda s, r: (
        f"RandomErasing(factor={_always(s.probability)}, "
        f"scale=({_number(s.smallest)}, {_number(s.largest)}), value_range=(0, 255))"
    ),
    "randaugment": lambda s, r: (
        f"RandAugment(value_range=(0, 255), num_ops={s.operations}, "
        f"factor={_number(s.magnitude / 10)})"
    ),
}

_ALBUMENTATIONS: Lines = {
    "rotation": lambda s, r: _affine(s, r, f"rotate=(-{_number(s.degrees)}, {_number(s.degrees)})"),
    "width_shift": lambda s, r: _affine(
        s, r, f'translate_percent={{"x": (-{_number(s.fraction)}, {_number(s.fraction)}), "y": 0}}'
    ),
    "height_shift": lambda s, r: _affine(
        s, r, f'translate_percent={{"y": (-{_number(s.fraction)}, {_number(s.fraction)}), "x": 0}}'
    ),
    "shear": lambda s, r: _affine(
        s, r, f'shear={{"x": (-{_number(s.degrees)}, {_number(s.degrees)}), "y": 0}}'
    ),
    "zoom": lambda s, r: _affine(
        s,
        r,
        f"scale=({_number(1 / (1 + s.fraction))}, {_number(1 / (1 - s.fraction))}), "
        "keep_ratio=False",
    ),
    "horizontal_flip": lambda s, r: f"A.HorizontalFlip(p={_number(s.probability)})",
    "vertical_flip": lambda s, r: f"A.VerticalFlip(p={_number(s.probability)})",
    "brightness": _around("brightness"),
    "contrast": _around("contrast"),
    "saturation": _around("saturation"),
    "hue": lambda s, r: (
        f"A.ColorJitter((1, 1), (1, 1), (1, 1), "
        f"hue=(-{_number(s.degrees / 360)}, {_number(s.degrees / 360)}), "
        f"p={_number(s.probability)})"
    ),
    "gamma": lambda s, r: (
        f"A.RandomGamma(({_number(100 / s.most)}, {_number(100 * s.most)}), "
        f"p={_number(s.probability)})"
    ),
    "grey": lambda s, r: f"A.ToGray(p={_number(s.probability)})",
    "channel_shift": lambda s, r: (
        f"A.RGBShift({s.levels}, {s.levels}, {s.levels}, p={_number(s.probability)})"
    ),
    "posterise": lambda s, r: f"A.Posterize(({s.bits}, 7), p={_number(s.probability)})",
    "solarise": lambda s, r: (
        f"A.Solarize(threshold_range=({_number(s.threshold / 256)}, 1), p={_number(s.probability)})"
    ),
    "blur": lambda s, r: (
        f"A.GaussianBlur(blur_limit=0, sigma_limit=(0.05, {_number(max(s.pixels, 0.05))}), "
        f"p={_number(s.probability)})"
    ),
    "noise": lambda s, r: (
        f"A.GaussNoise(std_range=(0, {_number(s.levels / 255)}), p={_number(s.probability)})"
    ),
    "jpeg": lambda s, r: (
        f"A.ImageCompression(quality_range=({s.lowest}, 100), p={_number(s.probability)})"
    ),
    "erasing": lambda s, r: (
        f"A.Erasing(scale=({_number(max(s.smallest, 1e-4))}, {_number(max(s.largest, 1e-4))}), "
        f'ratio=(0.3, 3.33), fill="random", p={_number(s.probability)})'
    ),
}


def _affine(step: Any, recipe: AugmentationRecipe, what: str) -> str:
    edges = f"border_mode={_CV_BORDERS[recipe.fill_mode]}, fill={recipe.fill_value}"
    return f"A.Affine({what}, {edges}, p={_number(step.probability)})"


def as_keras(recipe: AugmentationRecipe) -> str:
    """Keras preprocessing layers, for pictures of 0..255.

    Keras applies most of its layers to every picture: a probability is said where it can be.
    """
    lines = _said(recipe, _KERAS, "keras.layers.")
    body = "".join(f"        {line}\n" for line in lines)
    return f"import keras\n\naugment = keras.Sequential(\n    [\n{body}    ]\n)\n"


def as_albumentations(recipe: AugmentationRecipe) -> str:
    """An albumentations 2 pipeline, for uint8 pictures (height, width, channels)."""
    lines = _said(recipe, _ALBUMENTATIONS, "")
    body = "".join(f"        {line}\n" for line in lines)
    return (
        "import albumentations as A\nimport cv2  # noqa: F401\n\n"
        f"augment = A.Compose(\n    [\n{body}    ]\n)\n"
    )


def as_generator_arguments(recipe: AugmentationRecipe) -> str:
    """The arguments of Keras' legacy `ImageDataGenerator` that say the same."""
    steps = {step.kind: step for step in recipe.steps if step.enabled}
    arguments: list[str] = []
    for step in steps.values():
        said = _generator_argument(step)
        left_out = f"# {step.label}: it has no argument for this."
        arguments.append(f"{said}," if said else left_out)
    arguments.append(f'fill_mode="{recipe.fill_mode}",')
    if recipe.fill_mode == "constant":
        arguments.append(f"cval={recipe.fill_value},")
    arguments.append(f"rescale={_number(recipe.rescale)},")
    body = "".join(f"    {line}\n" for line in arguments)
    return f"ImageDataGenerator(\n{body})\n"


def _generator_argument(step: Any) -> str | None:
    if step.kind == "horizontal_flip":
        return "horizontal_flip=True"
    if step.kind == "vertical_flip":
        return "vertical_flip=True"
    if step.kind == "brightness":
        return f"brightness_range=({_number(1 - step.fraction)}, {_number(1 + step.fraction)})"
    names = {
        "rotation": ("rotation_range", "degrees"),
        "width_shift": ("width_shift_range", "fraction"),
        "height_shift": ("height_shift_range", "fraction"),
        "shear": ("shear_range", "degrees"),
        "zoom": ("zoom_range", "fraction"),
    }
    if step.kind not in names:
        return None
    name, field = names[step.kind]
    return f"{name}={_number(getattr(step, field))}"


def _said(recipe: AugmentationRecipe, known: Lines, prefix: str) -> list[str]:
    lines = []
    steps: list[Step] = [step for step in recipe.steps if step.enabled]
    for step in steps:
        said = known[step.kind](step, recipe) if step.kind in known else ""
        missing = f"# {step.label}: there is no step that says this."
        lines.append(f"{prefix}{said}," if said else missing)
    return lines
