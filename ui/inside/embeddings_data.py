"""What is shown on the plane of the view Embeddings: places, colours, neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.similarity_map import SimilarityMap, place_new
from core.evaluation.picture_size import asked_picture
from core.inspection.embeddings import Embeddings, embeddings_map_path, embeddings_path
from core.inspection.planes import Plane, like_neighbours, principal_plane
from core.training.runs import Run
from ui import cache
from ui.components.photo_map import HIDDEN
from ui.inside.inside import Inside
from ui.palette import BAD, GOOD, QUIET, WARNING, class_colors
from ui.photos.map_view import colored

PCA, TSNE = "pca", "tsne"
EMBED = "core.inspection.embeddings:embed_pictures"
SURE = ((0.9, "90 % sure and more", GOOD), (0.6, "60 to 90 %", WARNING), (0.0, "less", BAD))


@dataclass(frozen=True, eq=False)
class Flat:
    """All photos on a plane.

    Attributes:
        known: What the network makes of each.
        places: float32 (N, 2), within 0..1.
        plane: The directions, of a PCA; None for t-SNE.
        stamp: Another one when anything of it changes.
    """

    known: Embeddings
    places: np.ndarray
    plane: Plane | None
    stamp: int


def flat(run: Run, method: str) -> Flat | None:
    """The photos on a plane; None before the network was asked or the map was made."""
    known = cache.embeddings(run.name)
    if known is None:
        return None
    stamp = cache.stamps(embeddings_path(run))[0]
    if method == PCA:
        plane = cache.kept(
            "principal-plane", (run.name, stamp), lambda: principal_plane(known.vectors), 2
        )
        return Flat(known, plane.places, plane, stamp)
    path = embeddings_map_path(run)
    made = cache.similarity_map(path)
    newer = cache.stamps(path)[0]
    if made is None or newer < stamp or made.ids != known.ids:
        return None
    return Flat(known, made.places, None, newer)


def principal_map(run_name: str) -> SimilarityMap | None:
    """The plane of a PCA as a map, for the route that the browser takes its points from."""
    made = flat(cache.run(run_name), PCA)
    return None if made is None else SimilarityMap(made.known.ids, made.places)


def rows_of(dataset: Dataset, ids: list[str]) -> np.ndarray:
    """int64 (N,): the row of each photo in the manifest, -1 for none."""
    return np.array([dataset.places.get(photo_id, -1) for photo_id in ids])


def colours(
    run: Run, dataset: Dataset, known: Embeddings, by: str
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """As `ui.photos.map_view.colored`, and also by what the network answers.

    Args:
        by: "class", "split", "right", "sure" or "answer".
    """
    rows = rows_of(dataset, known.ids)
    if by in ("class", "split") or known.probabilities is None:
        return colored(dataset, rows, "split" if by == "split" else "class")
    labels = labels_of(dataset, rows)
    names = np.array(run.config.class_names)
    answers = names[known.probabilities.argmax(axis=1)]
    if by == "right":
        groups = [("right", GOOD), ("wrong", BAD), ("a class it does not know", QUIET)]
        codes = np.where(~np.isin(labels, names), 2, (answers != labels).astype(int))
    elif by == "sure":
        groups = [(words, color) for _, words, color in SURE]
        sure = known.probabilities.max(axis=1)
        codes = np.where(sure >= SURE[0][0], 0, np.where(sure >= SURE[1][0], 1, 2))
    else:
        shown = dict(list(class_colors(list(names)).items())[: HIDDEN - 1])
        groups = list(shown.items())
        codes = np.minimum(known.probabilities.argmax(axis=1), HIDDEN)
    codes = np.where(in_use(dataset, rows), codes, HIDDEN).astype(np.uint8)
    counts = np.bincount(codes, minlength=HIDDEN + 1)
    found = [
        {"name": name, "color": color, "count": int(counts[place])}
        for place, (name, color) in enumerate(groups)
    ]
    return codes, [one for one in found if one["count"] or one["color"] != QUIET]


def labels_of(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """The class of each point, "" where its photo is gone."""
    labels = dataset.manifest["label"].to_numpy(str)
    return np.where(rows < 0, "", labels[rows])


def in_use(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """bool (N,): whether the photo of each point is there and not excluded."""
    excluded = dataset.manifest["excluded"].to_numpy(bool)
    return (rows >= 0) & ~excluded[rows]


def neighbours_alike(run: Run, dataset: Dataset, made: Flat) -> tuple[float, float] | None:
    """The share of photos whose nearest neighbour has their class: among all numbers, and on
    the plane; None for fewer than two photos."""
    rows = rows_of(dataset, made.known.ids)
    used = in_use(dataset, rows)
    if used.sum() < 2:
        return None
    labels = labels_of(dataset, rows)[used]

    def count() -> tuple[float, float]:
        return (
            like_neighbours(made.known.vectors[used], labels),
            like_neighbours(made.places[used], labels),
        )

    key = (run.name, made.stamp, dataset.version, made.plane is None)
    return cache.kept("neighbours-alike", key, count)


def here(inside: Inside, made: Flat) -> tuple[np.ndarray, str]:
    """Where the photo at hand lies on the plane, (x, y), and the photo nearest to it.

    A photo of the data set is nearest to itself.

    Raises:
        UnusablePicture: If the photo cannot be read.
    """
    known = made.known
    if inside.photo.photo_id in known.ids:
        return made.places[known.ids.index(inside.photo.photo_id)], str(inside.photo.photo_id)
    stamp = cache.run_folder_stamp(str(inside.run.folder))
    vector = cache.remembered(_embedded, str(inside.run.folder), stamp, inside.photo.source)
    nearest = known.ids[int((known.vectors @ vector[0]).argmax())]
    if made.plane is not None:
        place = made.plane.place(vector)[0]
    else:
        place = place_new(vector, known.vectors, made.places)[0]
    return np.clip(place, 0, 1), nearest


def _embedded(folder: str, stamp: int, source: bytes | str) -> np.ndarray:
    from core.evaluation.results import run_of

    picture = asked_picture(run_of(folder), source)
    return cache.engine().call(EMBED, folder, picture[None])


def nearest_photos(dataset: Dataset, made: Flat, photo_id: str, count: int) -> list[str]:
    """The photos in use that are most like one of the map, itself left out."""
    known = made.known
    row = known.ids.index(photo_id)
    alike = known.vectors @ known.vectors[row]
    alike[row] = -np.inf
    alike[~in_use(dataset, rows_of(dataset, known.ids))] = -np.inf
    best = np.argsort(-alike, kind="stable")[:count]
    return [known.ids[place] for place in best if np.isfinite(alike[place])]
