"""Walls of small pictures, as HTML: one image cut by CSS, or thumbnails from our routes."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import pandas as pd
import streamlit as st

from core.images import encode_jpeg
from ui.palette import QUIET, class_colors

NARROW_COLUMNS = 4  # of a wall on a telephone; loupe.css says the same
SMOOTH_FROM = 96  # below this many pixels the squares are shown, as the model gets them


class Answer(NamedTuple):
    """What a model takes a picture for, as it stands under a tile.

    Attributes:
        label: The class, or "…" while nobody knows.
        sure: As in "81 %".
        color: Of the class, as `#rrggbb`.
        change: Against what it says about the original: "lost" (now wrong), "won" (now
            right), "other" (wrong in another way), or "" for the same.
    """

    label: str
    sure: str = ""
    color: str = QUIET
    change: str = ""


class Tile(NamedTuple):
    """One picture of a wall."""

    picture: np.ndarray
    caption: str
    original: bool = False
    hint: str = ""
    answer: Answer | None = None


def picture_wall(tiles: Sequence[Tile], columns: int, name: str, fold: bool = False) -> str:
    """Equally large pictures in a grid, as HTML around a single image.

    Args:
        tiles: Pictures uint8 (height, width, channels), all of one shape.
        columns: How many stand beside each other.
        name: A name for this wall, unlike the others on the page.
        fold: Whether a narrow screen breaks the rows; else it leaves out what is beyond
            the fourth column.
    """
    height, width = tiles[0].picture.shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * height, place % columns * width
        sheet[top : top + height, left : left + width] = tile.picture
    image = base64.b64encode(encode_jpeg(sheet, 90)).decode()
    rendering = "auto" if max(height, width) >= SMOOTH_FROM else "pixelated"
    style = (
        f"<style>.{name} .tile {{background-image: url(data:image/jpeg;base64,{image});"
        f"background-size: {columns * 100}% {rows * 100}%; aspect-ratio: {width} / {height};"
        f"image-rendering: {rendering}}}"
        f".{name} {{grid-template-columns: repeat({columns}, minmax(0, 1fr))}}</style>"
    )
    figures = "".join(_figure(tile, place, columns, rows) for place, tile in enumerate(tiles))
    kind = "fold" if fold or columns <= NARROW_COLUMNS + 1 else "cut"
    kind = "few" if columns < NARROW_COLUMNS else kind  # there is room for them anywhere
    return f"{style}<div class='loupe-wall {name} {kind}'>{figures}</div>"


def _figure(tile: Tile, place: int, columns: int, rows: int) -> str:
    x = _percent(place % columns, columns)
    y = _percent(place // columns, rows)
    caption, hint = escape(tile.caption), escape(tile.hint or tile.caption)
    kind = "original" if tile.original else "late" if place % columns >= NARROW_COLUMNS else ""
    return (
        f"<figure class='{kind}'>"
        f"<div class='tile' role='img' aria-label='{hint}' title='{hint}'"
        f" style='background-position: {x:.4f}% {y:.4f}%'></div>"
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _percent(index: int, count: int) -> float:
    return 100 * index / (count - 1) if count > 1 else 0.0


def photo_url(dataset_name: str, photo_id: str, size: int | str = 160) -> str:
    """The address of a photo's thumbnail; `size` in pixels of the longest side, or `full`."""
    return f"/api/datasets/{quote(dataset_name)}/photos/{quote(photo_id)}?size={size}"


def photo_grid(
    dataset_name: str, photos: Iterable[Mapping[str, Any]], class_names: Sequence[str]
) -> str:
    """Thumbnails with their class, as HTML; `photos` are rows of a manifest."""
    colors = class_colors(class_names)
    figures = "".join(_photo(dataset_name, photo, colors) for photo in photos)
    return f"<div class='loupe-photos'>{figures}</div>"


def _photo(dataset_name: str, photo: Mapping[str, Any], colors: Mapping[str, str]) -> str:
    label = escape(str(photo["label"]))
    return (
        f"<figure><img loading='lazy' alt='{label}, {escape(str(photo['source_file']))}'"
        f" src='{photo_url(dataset_name, str(photo['id']), 320)}'>"
        f"<figcaption><i style='background: {colors.get(str(photo['label']), '#888')}'></i>"
        f"<span>{label}</span></figcaption></figure>"
    )


def taking_turns(photos: pd.DataFrame) -> pd.DataFrame:
    """The rows of a manifest with the classes taking turns, so that any few show them all."""
    turn = photos.groupby("label").cumcount()
    ordered = photos.assign(turn=turn).sort_values(["turn", "label"], kind="stable")
    return ordered.drop(columns="turn")


def rows_of(photos: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a manifest as plain dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in photos.to_dict("records")]


def page_of(count: int, per_page: int, key: str) -> range:
    """Draws page numbers when needed; returns the places of the chosen page's entries."""
    pages = max(1, -(-count // per_page))
    number = st.pagination(pages, key=key) if pages > 1 else 1
    number = min(number, pages)
    return range((number - 1) * per_page, min(count, number * per_page))
