"""Planting faults into a folder of photos, and remembering where: copies, leaks, spoilt photos.

They change a folder that is theirs alone; copy photos that matter before.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.images import encode_jpeg, encode_png, read_picture

# What people do to a photo before it turns up a second time. Of both sides together.
MOST_CROPPED = 0.2
JPEG_QUALITY = (30, 60)
LIGHT = (0.75, 1.25)
RESIZED = (0.75, 1.0)
CHANGES = ("crop", "jpeg", "light", "all")


@dataclass(frozen=True)
class Fault:
    """One fault, planted.

    Attributes:
        kind: As the checks call it, such as `"near_duplicates"`.
        file: The photo that has it.
        original: The photo that it is a copy of; None where it is no copy.
        how: Which change was made, such as `"crop"`.
    """

    kind: str
    file: Path
    original: Path | None = None
    how: str = ""


def photos_below(folder: Path) -> list[Path]:
    """The photos in the class folders of `folder`, in a fixed order."""
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def choose(photos: Sequence[Path], share: float, rng: np.random.Generator) -> list[Path]:
    """`share` of the photos, at least one, drawn without repeating any."""
    count = max(1, round(share * len(photos)))
    return [photos[place] for place in rng.permutation(len(photos))[:count]]


def plant_near_copies(photos: Sequence[Path], rng: np.random.Generator) -> list[Fault]:
    """A changed copy beside each of `photos`, the `CHANGES` in turns."""
    faults = []
    for number, original in enumerate(photos):
        how = CHANGES[number % len(CHANGES)]
        copy = original.with_name(f"near-{how}-{original.stem}.jpg")
        copy.write_bytes(near_copy(read_picture(original).array, how, rng))
        faults.append(Fault("near_duplicates", copy, original, how))
    return faults


def near_copy(picture: np.ndarray, how: str, rng: np.random.Generator) -> bytes:
    """uint8 (height, width, 3) as a JPEG file: cropped, pressed hard, lit anew, or all three."""
    quality = 92
    if how in ("crop", "all"):
        picture = cropped(picture, rng)
    if how in ("light", "all"):
        picture = relit(picture, rng)
    if how == "all":
        picture = resized(picture, rng.uniform(*RESIZED))
    if how in ("jpeg", "all"):
        quality = int(rng.integers(JPEG_QUALITY[0], JPEG_QUALITY[1] + 1))
    return encode_jpeg(picture, quality)


def cropped(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Without up to a fifth of its height and of its width, taken off both sides unevenly."""
    for axis in (0, 1):
        length = picture.shape[axis]
        off = rng.uniform(0.05, MOST_CROPPED) * length
        start = round(off * rng.uniform())
        kept = range(start, start + round(length - off))
        picture = np.take(picture, kept, axis=axis)
    return picture


def relit(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brighter or darker, and with more or less contrast."""
    gain, level = rng.uniform(*LIGHT, size=2)
    mean = float(picture.mean())
    values = (picture.astype(np.float32) - mean) * gain + mean * level
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def resized(picture: np.ndarray, factor: float) -> np.ndarray:
    height, width = picture.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def plant_exact_copies(photos: Sequence[Path]) -> list[Fault]:
    """The same bytes again under another name."""
    faults = []
    for original in photos:
        copy = original.with_name(f"exact-{original.name}")
        shutil.copyfile(original, copy)
        faults.append(Fault("exact_duplicates", copy, original))
    return faults


def plant_copies_in_another_class(photos: Sequence[Path], rng: np.random.Generator) -> list[Fault]:
    """A changed copy of each photo in the folder of another class."""
    faults = []
    for original in photos:
        classes = sorted(path for path in original.parent.parent.iterdir() if path.is_dir())
        others = [folder for folder in classes if folder != original.parent]
        copy = others[int(rng.integers(len(others)))] / f"other-{original.stem}.jpg"
        copy.write_bytes(near_copy(read_picture(original).array, "all", rng))
        faults.append(Fault("label_conflicts", copy, original))
    return faults


def darkened(picture: np.ndarray) -> np.ndarray:
    """As taken with the lens cap half on: a twentieth of the light."""
    return np.round(picture * 0.05).astype(np.uint8)


def overexposed(picture: np.ndarray) -> np.ndarray:
    """Nearly white all over."""
    return (255 - np.round((255 - picture.astype(np.float32)) * 0.05)).astype(np.uint8)


def blurred(picture: np.ndarray) -> np.ndarray:
    """Out of focus by a fortieth of its longest side."""
    return cv2.GaussianBlur(picture, (0, 0), max(picture.shape[:2]) / 40)


def shrunk(picture: np.ndarray) -> np.ndarray:
    """A thumbnail of itself, an eighth of its size."""
    return resized(picture, 1 / 8)


SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "dark": darkened,
    "bright": overexposed,
    "blurred": blurred,
    "tiny": shrunk,
}


def spoil(photos: Sequence[Path], kind: str) -> list[Fault]:
    """Puts a dark, bright, blurred or tiny version in the place of each photo."""
    faults = []
    for photo in photos:
        spoilt = photo.with_suffix(".png")
        data = encode_png(SPOILT[kind](read_picture(photo).array))
        photo.unlink()
        spoilt.write_bytes(data)
        faults.append(Fault(kind, spoilt))
    return faults
