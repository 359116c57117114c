"""What augmentation does to pictures, shown: a wall, the steps one by one, the numbers."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from core.augmentation.presets import GENTLE
from core.augmentation.preview import one_at_a_time, wall
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.transforms import Drawn, rescale
from core.augmentation.words import in_signs
from core.datasets.samples import draw_insect
from core.images import PictureSpec, fit_picture, load_picture, read_picture
from ui import cache
from ui.galleries import Tile, picture_wall, taking_turns
from ui.palette import readable_on

DRAWN_LABELS = ("dragonfly", "damselfly")
PATCH = 5
MOST_SIGNS, SIGNS_OF_MANY = 6, 4  # under a tile, all of them or the first few
STATIC = Path(__file__).parent / "static"
SAMPLE_SHEETS = {"digits": STATIC / "digits.png", "pond-insects": STATIC / "pond-insects.jpg"}


def wall_html(
    pictures: Sequence[np.ndarray],
    recipe: AugmentationRecipe,
    seed: int,
    draws: int,
    labels: Sequence[str] = (),
) -> str:
    """A row per picture: the original, then `draws` variants with what was drawn for them.

    With `labels`, a mixed picture says which share of which label it has.
    """
    made = wall(pictures, recipe, seed, draws)
    tiles = []
    for picture, variants, values, shares in zip(pictures, *made, strict=True):
        tiles.append(Tile(picture, "Original", original=True))
        tiles += [
            Tile(one, caption(value, share, labels), hint=words(value))
            for one, value, share in zip(variants, values, shares, strict=True)
        ]
    return picture_wall(tiles, draws + 1, "loupe-draws")


def caption(drawn: Drawn, shares: np.ndarray, labels: Sequence[str]) -> str:
    """What stands under a tile: what was drawn, or the blended label."""
    return blended_label(shares, labels) if drawn.mixes and labels else short(drawn)


def blended_label(shares: np.ndarray, labels: Sequence[str]) -> str:
    """The label of a mixed picture, as in "70 % monarch, 30 % swallowtail"."""
    by_label: dict[str, float] = {}
    for label, share in zip(labels, shares.tolist(), strict=True):
        by_label[label] = by_label.get(label, 0) + share
    parts = sorted(by_label.items(), key=lambda item: -item[1])
    return ", ".join(f"{round(100 * share)} % {label}" for label, share in parts if share >= 0.005)


def steps_html(
    picture: np.ndarray,
    recipe: AugmentationRecipe,
    seed: int,
    partner: np.ndarray | None = None,
) -> str:
    """The original, every step alone, and all of them together."""
    shown = one_at_a_time(picture, recipe, seed, partner)
    tiles = [
        Tile(one, label if place in (0, len(shown) - 1) else f"{label}: {words(drawn)}", place == 0)
        for place, (label, one, drawn) in enumerate(shown)
    ]
    return picture_wall(tiles, 4, "loupe-steps")


def words(drawn: Drawn) -> str:
    """What was drawn, in a few words."""
    return ", ".join(text for _, text in drawn.describe()) or "unchanged"


def short(drawn: Drawn) -> str:
    """What was drawn, as signs and numbers that fit under a small picture."""
    signs = list(filter(None, map(in_signs, drawn.changes)))
    if len(signs) > MOST_SIGNS:
        rest = len(signs) - SIGNS_OF_MANY
        signs = [*signs[:SIGNS_OF_MANY], f"{rest} more"]
    return ", ".join(signs) or "unchanged"


def numbers_html(picture: np.ndarray, recipe: AugmentationRecipe) -> str:
    """A few pixels of the middle as numbers, before and after rescaling."""
    grey = picture.mean(axis=2).round().astype(np.uint8)
    top, left = (side // 2 - PATCH // 2 for side in grey.shape)
    patch = grey[top : top + PATCH, left : left + PATCH]
    after = rescale(patch, recipe)
    return (
        "<div class='loupe-numbers'>"
        + _table("In the file: 0 to 255", patch, [[str(value) for value in row] for row in patch])
        + _table(
            "For the model: 0 to 1", patch, [[f"{value:.2f}" for value in row] for row in after]
        )
        + "</div>"
    )


def _table(title: str, patch: np.ndarray, texts: Sequence[Sequence[str]]) -> str:
    rows = "".join(
        "<tr>" + "".join(_cell(int(v), text) for v, text in zip(row, line, strict=True)) + "</tr>"
        for row, line in zip(patch, texts, strict=True)
    )
    return f"<table><caption>{escape(title)}</caption>{rows}</table>"


def _cell(value: int, text: str) -> str:
    color = f"#{value:02x}{value:02x}{value:02x}"
    return f"<td style='background: {color}; color: {readable_on(color)}'>{text}</td>"


def drawn_pictures(spec: PictureSpec, count: int, offset: int) -> list[np.ndarray]:
    """Insects drawn by Loupe, for when there are no photos yet."""
    return [
        cache.remembered(_insect, DRAWN_LABELS[index % 2], offset * count + index, spec)
        for index in range(count)
    ]


def dataset_pictures(dataset_name: str, spec: PictureSpec, count: int, offset: int) -> list:
    """Training photos of a data set, taking turns among its classes, as the model gets them."""
    chosen = photos_in_turn(dataset_name, count, offset)
    return [picture_of(path, photo_id, spec) for photo_id, _, path, _ in chosen]


def picture_of(path: str, photo_id: str, spec: PictureSpec) -> np.ndarray:
    """A photo as the model gets it, remembered for a while."""
    return cache.remembered(_photo, path, photo_id, spec)


def photos_in_turn(dataset_name: str, count: int, offset: int) -> list[tuple[str, str, str, int]]:
    """Id, label, file and row of training photos, taking turns among the classes.

    The row is that in the manifest, and so in the prepared array.
    """
    dataset = cache.dataset(dataset_name)
    train = dataset.split("train")
    photos = train if len(train) else dataset.used
    ordered = taking_turns(photos)
    start = (offset * count) % max(1, len(ordered))
    places = np.arange(start, start + min(count, len(ordered))) % max(1, len(ordered))
    chosen = ordered.iloc[places]
    rows = pd.Index(dataset.manifest["id"]).get_indexer(chosen["id"])
    return [
        (str(photo_id), str(label), str(dataset.photo_path(photo_id)), int(row))
        for photo_id, label, row in zip(chosen["id"], chosen["label"], rows, strict=True)
    ]


def _insect(label: str, seed: int, spec: PictureSpec) -> np.ndarray:
    return fit_picture(draw_insect(label, seed, size=128), spec)


def _photo(path: str, photo_id: str, spec: PictureSpec) -> np.ndarray:
    return load_picture(Path(path), spec)


def sample_pictures(name: str) -> list[np.ndarray]:
    """Ten pictures of a sample data set, without making it: uint8 (side, side, 3)."""
    sheet = read_picture(SAMPLE_SHEETS[name]).array
    return list(sheet.reshape(len(sheet), 10, -1, 3).transpose(1, 0, 2, 3))


def demo_wall(dataset_name: str, recipe: AugmentationRecipe | None, count: int) -> str:
    """Two photos and what augmentation makes of them, in few words."""
    pictures = dataset_pictures(dataset_name, PictureSpec(image_size=(96, 96)), count, 0)
    return wall_html(pictures, recipe or GENTLE, 1, 5)
