"""How much of the picture one value of a layer can see."""

from typing import NamedTuple

from core.models.layers import Layer, kind_of, window_of

# Each of their values depends on all places of the maps before them.
SEE_ALL = frozenset(
    {"flatten", "global_average_pooling2d", "global_max_pooling2d", "group_normalization"}
)


class ReceptiveField(NamedTuple):
    """The square of the picture that one value depends on.

    Attributes:
        size: Its side in pixels, as far as the picture goes; None: the whole picture.
        jump: How many pixels lie between two neighbouring values; None: they have no place.
    """

    size: int | None = 1
    jump: int | None = 1


WHOLE = ReceptiveField(None, None)


def through(field: ReceptiveField, layer: Layer) -> ReceptiveField:
    """What a value of `layer` sees, if one of the layer before sees `field`.

    size + (window − 1) · jump, and jump · stride (Araujo et al., "Computing Receptive Fields
    of Convolutional Neural Networks", Distill 2019).
    """
    if field.jump is None:
        return field
    if kind_of(layer) in SEE_ALL:
        keeps_places = kind_of(layer) == "group_normalization"
        return ReceptiveField(None, field.jump if keeps_places else None)
    window, stride = window_of(layer)
    size = None if field.size is None else field.size + (window - 1) * field.jump
    return ReceptiveField(size, field.jump * stride)


def widest(branch: ReceptiveField, shortcut: ReceptiveField) -> ReceptiveField:
    """Of the sum of two paths: the largest of both."""
    if branch.size is None or shortcut.size is None:
        return branch._replace(size=None)
    return branch._replace(size=max(branch.size, shortcut.size))
