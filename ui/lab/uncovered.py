"""The photos that the recipe does not cover, as small pictures with what sets them apart."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from core.errors import LoupeError
from core.evaluation.coverage import Coverage
from core.images import PictureSpec, load_picture
from ui import cache
from ui.galleries import Tile, picture_wall
from ui.lab.target import Target

SHOWN = 18
COLUMNS = 6
SPEC = PictureSpec(image_size=(128, 128), fit="crop")


def show_uncovered(coverage: Coverage, target: Target, places: Sequence[int]) -> None:
    """Those farthest from all copies first; nothing where all are covered.

    Args:
        places: Which of the target's sources each photo of the coverage is.
    """
    found = coverage.uncovered()
    if not found:
        return
    usual = round((1 - coverage.usual.share) * len(places))
    st.subheader(f"{target.named(len(found))} outside", anchor=False)
    st.caption(
        f"Of photos just like yours about {usual} would be: of every range the outermost 2 % are "
        "left out. Those that look least like any copy come first."
    )
    tiles = [
        Tile(picture, ", ".join(words))
        for place, words in found[:SHOWN]
        if (picture := _picture(target, places[place])) is not None
    ]
    if tiles:
        st.html(picture_wall(tiles, COLUMNS, "loupe-uncovered", fold=True))
    if len(found) > SHOWN:
        st.caption(f"And {len(found) - SHOWN:,} more.")


def _picture(target: Target, place: int) -> np.ndarray | None:
    source = target.sources[place]
    return cache.kept("coverage-tiles", (target.key, place), lambda: _load(source), 256)


def _load(source: str | bytes) -> np.ndarray | None:
    try:
        return load_picture(source if isinstance(source, bytes) else Path(source), SPEC)
    except LoupeError:
        return None
