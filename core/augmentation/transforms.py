"""`apply`: the pixels' side of augmentation, a pure function of picture and drawn values.

Both the preview and the training call `drawing.draw` and this.
"""

from collections.abc import Callable, Iterator

import numpy as np

from core.augmentation import filters, geometry, hiding, tables
from core.augmentation.changes import Change
from core.augmentation.drawing import Drawn, draw, picture_seed
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS
from core.errors import LoupeError

__all__ = ["Drawn", "apply", "draw", "picture_seed", "rescale"]

_ONE_BY_ONE: dict[str, Callable[..., np.ndarray]] = {
    "saturation": filters.saturation,
    "grey": filters.grey,
    "hue": filters.hue,
    "blur": filters.blur,
    "sharpness": filters.sharpness,
    "noise": filters.noise,
    "jpeg": filters.jpeg,
    "cutout": hiding.cutout,
    "erasing": hiding.erasing,
}
# The kinds that are done together when they are neighbours, by each of them.
_FUSED = {kind: kinds for kinds in (geometry.KINDS, tables.KINDS) for kind in kinds}
_ALONE: frozenset[str] = frozenset()


def apply(picture: np.ndarray, drawn: Drawn) -> np.ndarray:
    """The picture after the drawn values: a new array.

    The changes happen in their order. Neighbours that move and turn are one warp (in the
    order that `geometry.warp` names), neighbours that look values up are one table. MixUp
    and CutMix need the batch and come last of all: see `mixing.mix`.

    Args:
        picture: uint8 (height, width, channels), channels 1 or 3. Not written to.

    Returns:
        uint8, shape of `picture`, contiguous.

    Raises:
        LoupeError: If `picture` is anything else: values of other types have no one meaning
            (0..1 or 0..255?), and guessing wrong would be seen by nobody.
    """
    fits = picture.dtype.char == "B" and picture.ndim == 3 and picture.shape[2] in (1, 3)
    if not fits or not picture.size:
        raise _unfit(picture)
    result = picture
    for changes in _runs(drawn.changes):
        result = _apply_run(result, changes, drawn)
    return np.array(picture, order="C") if result is picture else result


def _apply_run(picture: np.ndarray, changes: list[Change], drawn: Drawn) -> np.ndarray:
    kind, values, _ = changes[0]
    if kind in geometry.KINDS:
        return geometry.warp(picture, changes, drawn.fill_mode, drawn.fill_value)
    if kind in tables.KINDS:
        return tables.recolour(picture, changes)
    if kind == "elastic":
        largest, smoothness, seed = values
        edges = drawn.fill_mode, drawn.fill_value
        return geometry.bend(picture, largest, smoothness, seed, *edges)
    return _ONE_BY_ONE[kind](picture, *values)


def _runs(changes: tuple[Change, ...]) -> Iterator[list[Change]]:
    """Neighbours that can be done at once; a warp does each kind at most once."""
    run: list[Change] = []
    fused: frozenset[str] = frozenset()
    kinds: set[str] = set()
    for change in changes:
        kind = change[0]
        if kind in MIXING_KINDS:
            continue
        if run and (kind not in fused or (kind in kinds and fused is geometry.KINDS)):
            yield run
            run, kinds = [], set()
        if not run:
            fused = _FUSED.get(kind, _ALONE)
        run.append(change)
        kinds.add(kind)
    if run:
        yield run


def _unfit(picture: np.ndarray) -> LoupeError:
    shape = " × ".join(map(str, picture.shape)) or "no"
    return LoupeError(
        "Augmentation takes pictures of whole numbers from 0 to 255 (uint8) as height × width × "
        f"channels, with 1 or 3 channels; this one is {picture.dtype} of {shape} values.",
        "Convert it first: times 255 if it goes from 0 to 1, then round, clip to 0..255 and "
        "`astype(np.uint8)`; a picture without channels needs `[..., None]`.",
    )


def rescale(picture: np.ndarray, recipe: AugmentationRecipe) -> np.ndarray:
    """float32, shape of `picture`: the numbers that the model's first layer makes of it."""
    return picture.astype(np.float32) * np.float32(recipe.rescale)
