"""What happens to one picture, as plain values."""

from typing import NamedTuple


class Change(NamedTuple):
    """One thing that happens to a picture.

    Attributes:
        kind: What happens: a key of `pixels.FAMILIES`.
        values: What was drawn, with the meaning that the function of that kind gives them.
        step: The kind of the recipe's step that drew it.
    """

    kind: str
    values: tuple[float, ...] = ()
    step: str = ""


# A kind with these values changes nothing, so that nothing has to be done for it.
IDENTITY: dict[str, tuple[float, ...]] = {
    "rotation": (0,),
    "width_shift": (0,),
    "height_shift": (0,),
    "shear": (0,),
    "slope_x": (0,),
    "slope_y": (0,),
    "zoom": (1, 1),
    "zoom_crop": (1, 0, 0, False),
    "perspective": (0,) * 8,
    "brightness": (1,),
    "contrast": (1,),
    "saturation": (1,),
    "hue": (0,),
    "gamma": (1,),
    "channel_shift": (0, 0, 0),
    "posterise": (8,),
    "solarise": (256,),
    "sharpness": (1,),
}
# These change nothing as long as their first value is this one.
_WEAKEST = {"elastic": 0, "blur": 0, "noise": 0, "jpeg": 100, "cutout": 0, "erasing": 0}
_WEAKEST |= {"mixup": 1, "cutmix": 1}


def happens(change: Change) -> bool:
    """Whether the change does anything to any picture."""
    kind, values, _ = change
    if kind == "zoom_crop" and values[0] == 1:
        return bool(values[3])
    if kind in _WEAKEST:
        return values[0] != _WEAKEST[kind]
    return values != IDENTITY.get(kind)
