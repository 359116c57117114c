"""What a layer does and says, in words."""

from collections.abc import Sequence
from typing import Any

from core.models.architecture import LAYER_KINDS

PURPOSES = {kind.__name__: (kind.__doc__ or "").split("\n")[0] for kind in LAYER_KINDS.values()}
PURPOSES |= {
    "Rescaling": "Turns pixel values from 0 to 255 into small numbers.",
    "Normalization": "Brings the photo's values to the scale that the network was trained with.",
    "ReLU": "Keeps what is above zero and cuts off the rest.",
    "LeakyReLU": "Keeps what is above zero and lets a little of the rest through.",
    "ELU": "Keeps what is above zero and flattens the rest.",
    "Softmax": "Turns scores into shares that add up to 1.",
    "Conv2DTranspose": "Spreads every value over a little window: a larger picture.",
    "Conv1D": "Slides small filters along a sequence.",
    "Conv3D": "Slides small filters through a stack of pictures.",
    "UpSampling2D": "Repeats every value, so that the maps become larger.",
    "ZeroPadding2D": "Adds a rim of zeros around every map.",
    "Cropping2D": "Cuts a rim off every map.",
    "Add": "Adds an earlier layer's maps to these, so that nothing is forgotten on the way.",
    "Multiply": "Multiplies maps with numbers from another layer: some are turned up, some down.",
    "Concatenate": "Stacks the maps of several layers on top of each other.",
    "Reshape": "Puts the same numbers into another shape.",
    "SpatialDropout2D": "Switches off whole maps at random while training, against rote learning.",
    "LayerScale": "Multiplies every map with a number of its own that was learnt.",
    "UnitNormalization": "Brings the numbers of each photo to the same length.",
}
OTHER = "A kind of layer that Loupe has no sentence for."
MINUS = "\N{MINUS SIGN}"


def purpose(kind: str) -> str:
    """One sentence about layers of the class `kind`."""
    return PURPOSES.get(kind, OTHER)


def shape_words(shape: Sequence[int]) -> str:
    """`16 × 16 × 8`, or `10 numbers` of a layer without places."""
    if len(shape) == 1:
        return f"{shape[0]:,} numbers" if shape[0] > 1 else "1 number"
    return " × ".join(f"{size:,}" for size in shape)


def made_of(layer: dict[str, Any]) -> str:
    """How many maps or units a layer has, and of which size, in Markdown."""
    *places, units = layer["shape"]
    if len(places) == 2:
        size = f"{places[0]:,} × {places[1]:,}"
        return f"**{units:,} maps** of {size} each" if units > 1 else f"**One map** of {size}"
    if len(places) == 1:
        return (
            f"**{units:,} numbers** at each of {places[0]:,} steps of a sequence, "
            "which is drawn line by line"
        )
    if places:
        slices = " × ".join(map(str, places))
        return f"**{units:,} stacks** of {slices} each, with the slices below each other"
    return f"**{units:,} numbers**, without places" if units > 1 else "**One number**"


def short_name(name: str) -> str:
    """The last part of a layer's path."""
    return name.rpartition("/")[2]


def unit_noun(layer: dict[str, Any]) -> str:
    """What one of its outputs is called."""
    return "unit" if len(layer["shape"]) == 1 else "map"


def figure(number: float) -> str:
    """A value with three digits that count: `0.0312`, `−12.4`, `3.1e+08`."""
    if number == 0:
        return "0"
    size = abs(number)
    if size >= 1e6 or size < 1e-4:
        text = f"{number:.1e}"
    elif size >= 1000:
        text = f"{number:,.0f}"
    else:
        text = f"{number:.3g}"
    return text.replace("-", MINUS, 1) if number < 0 else text


def share(part: float) -> str:
    """`12 %`; `under 1 %` where it is not quite nothing."""
    if 0 < part < 0.005:
        return "under 1 %"
    if 0.995 < part < 1:
        return "over 99 %"
    return f"{100 * part:.0f} %"
