"""Preparing arrays against a bare loop that decodes and resizes."""

import shutil
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.measure import Row, in_turns, times_as_fast
from benchmarks.photos import photo_folder
from core.datasets.importing import import_dataset
from core.datasets.prepared import prepare
from core.images import PictureSpec
from core.workspace import open_workspace

TITLE = "Preparing arrays, against a bare loop of decode and resize (processor time)"
TARGET = 0.7


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        photos = photo_folder(Path(temporary) / "photos", 12 if quick else 300)
        workspace = open_workspace(Path(temporary) / "workspace")
        dataset = import_dataset(workspace, photos, "photos")
        paths = [dataset.photo_path(photo) for photo in dataset.used["id"]]
        rows = []
        for side in (75, 128):
            spec = PictureSpec(image_size=(side, side))

            def ours(spec: PictureSpec = spec) -> None:
                shutil.rmtree(dataset.folder / "prepared", ignore_errors=True)
                prepare(dataset, spec)

            for name, bare in (("Pillow", with_pillow), ("OpenCV", with_opencv)):
                seconds = in_turns(
                    ours,
                    lambda bare=bare, side=side: bare(paths, side),  # type: ignore[misc]
                    rounds=1 if quick else 9,
                    clock=time.process_time,
                )
                case = f"{side} px, {len(paths)} photos, {name}"
                rows.append(times_as_fast(case, seconds, TARGET))
    return rows


def with_pillow(paths: list[Path], side: int) -> np.ndarray:
    """What one writes first: uint8 (N, side, side, 3)."""
    array = np.empty((len(paths), side, side, 3), np.uint8)
    for place, path in enumerate(paths):
        with Image.open(path) as image:
            array[place] = np.asarray(image.convert("RGB").resize((side, side)))
    return array


def with_opencv(paths: list[Path], side: int) -> np.ndarray:
    """As `with_pillow`, in OpenCV."""
    array = np.empty((len(paths), side, side, 3), np.uint8)
    for place, path in enumerate(paths):
        photo = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if photo is not None:  # it cannot read a GIF or AVIF that is called .jpg
            cv2.resize(photo, (side, side), dst=array[place], interpolation=cv2.INTER_AREA)
    return array
