"""The photos that a map answers to most, cut to the part that its strongest value depends on."""

from typing import Any

import cv2
import numpy as np

from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.evaluation.picture_size import asked_picture
from core.evaluation.results import run_of
from core.inspection.activations import viewer
from core.inspection.fields import Box, all_fields
from core.inspection.graph import PICTURE
from core.inspection.looking import values
from core.inspection.strongest import read_strongest

SIDE = 168
# A patch of three pixels says nothing: a sixth of the photo around it does.
LEAST_SHARE = 6


def strongest_crops(run_folder: str, layer_name: str, index: int) -> dict[str, Any] | None:
    """Up to nine photos for map (or unit) `index`, strongest first.

    Returns:
        None before `find_strongest` was run for this model; else photos, each {id, label,
        value, field}: `field` is [top, bottom, left, right] of the part that the value depends on
        as shares of the crop; and sheet, uint8 (number · SIDE, SIDE, 3), the crops below each
        other. Photos that are gone since are left out.

    Raises:
        NotFound: If the run, its model or its data set is gone.
    """
    run = run_of(run_folder)
    kept = read_strongest(run, layer_name)
    if kept is None or not 0 <= index < len(kept.ids):
        return None
    dataset = open_dataset(run.workspace, run.config.dataset, run.config.dataset_version)
    photos: list[dict[str, Any]] = []
    crops: list[np.ndarray] = []
    shapes: dict[str, tuple[int, ...]] = {}
    steps = viewer(run_folder).steps
    for number, photo_id in enumerate(kept.ids[index]):
        try:
            label = str(dataset.photo(str(photo_id))["label"])
            path = str(dataset.photo_path(str(photo_id)))
            picture = asked_picture(run, path)
        except (LoupeError, OSError):
            continue
        if not shapes:  # they are the same for every photo
            seen = values(run_folder, path)[1]
            shapes = {name: one.shape for name, one in seen.items()}
        row, column = map(int, kept.places[index, number])
        place = (row, column) if len(shapes[layer_name]) == 3 else None
        crop, field = _cut(picture, all_fields(steps, shapes, layer_name, place)[PICTURE])
        crops.append(crop)
        value = float(kept.values[index, number])
        photos.append({"id": str(photo_id), "label": label, "value": value, "field": field})
    sheet = np.concatenate(crops) if crops else np.zeros((0, SIDE, 3), np.uint8)
    return {"photos": photos, "sheet": sheet}


def _cut(picture: np.ndarray, box: Box) -> tuple[np.ndarray, list[float]]:
    """uint8 (SIDE, SIDE, 3), and where in it the field lies, as shares."""
    height, width = picture.shape[:2]
    least = max(height, width) // LEAST_SHARE
    side = max(box.rows[1] - box.rows[0], box.columns[1] - box.columns[0], least, 1)
    top, rows = _around(box.rows, side, height)
    left, columns = _around(box.columns, side, width)
    crop = picture[top : top + rows, left : left + columns]
    factor = SIDE / max(rows, columns)
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    way = cv2.INTER_NEAREST if factor > 1 else cv2.INTER_AREA
    large = cv2.resize(np.ascontiguousarray(crop), size, interpolation=way)
    large = large.reshape(size[1], size[0], -1)
    cell = np.full((SIDE, SIDE, 3), 24, np.uint8)
    upper, before = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    cell[upper : upper + size[1], before : before + size[0]] = large
    return cell, [
        *(((edge - top) * factor + upper) / SIDE for edge in box.rows),
        *(((edge - left) * factor + before) / SIDE for edge in box.columns),
    ]


def _around(edges: tuple[int, int], side: int, size: int) -> tuple[int, int]:
    """Where a piece of `side` around `edges` begins, and how long it is, within `size`."""
    side = min(side, size)
    first = (edges[0] + edges[1] - side) // 2
    return min(max(first, 0), size - side), side
