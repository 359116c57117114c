"""All photos on a plane, those that are alike close together.

t-SNE (van der Maaten and Hinton, 2008) on the leading principal components. With more
photos than `LANDMARKS` it arranges evenly chosen ones, and every other photo goes to the
weighted middle of the landmarks it is most like: 100,000 photos take little longer.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from core.datasets.similarity import unit_length
from core.errors import LoupeError
from core.progress import Progress, silent
from core.workspace import write_bytes

MAP_FILE = "map.npz"
LANDMARKS = 2500
COMPONENTS = 32
NEIGHBOURS = 6
AT_ONCE = 2048
FEWEST = 5
SEED = 0
WORTH_THREADS = 1000


@dataclass(frozen=True, eq=False)
class SimilarityMap:
    """Where every photo lies.

    Attributes:
        ids: N photo ids.
        places: float32 (N, 2), both axes within 0..1.
    """

    ids: list[str]
    places: np.ndarray


def lay_out(vectors: np.ndarray, progress: Progress = silent) -> np.ndarray:
    """A place on the plane for every vector.

    Args:
        vectors: float (N, D); those that point the same way are alike.

    Returns:
        float32 (N, 2), within 0..1; the same for the same vectors.

    Raises:
        LoupeError: If there are fewer than five.
        Stopped: From `progress`.
    """
    if len(vectors) < FEWEST:
        raise LoupeError(
            f"A map needs at least {FEWEST} photos; there are {len(vectors)}.", "Add photos."
        )
    progress(0, 0, "Finding what sets the photos apart")
    reduced = _principal(unit_length(vectors))
    chosen = _landmarks(len(reduced))
    words = f"Arranging {len(chosen):,} photos by likeness"
    places = _waiting(lambda: _tsne(reduced[chosen]), words, progress)
    if len(chosen) < len(reduced):
        places = _place_others(reduced, chosen, places, progress)
    return _within_one(places)


def save_map(path: Path, made: SimilarityMap) -> None:
    """Writes a map, whole or not at all."""
    content = BytesIO()
    np.savez_compressed(content, ids=np.array(made.ids, dtype=np.str_), places=made.places)
    write_bytes(path, content.getvalue())


def read_map(path: Path) -> SimilarityMap | None:
    """The map in `path`; None where there is none that can be read."""
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return SimilarityMap(kept["ids"].tolist(), kept["places"].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def make_map(
    path: Path, ids: Sequence[str], vectors: np.ndarray, progress: Progress = silent
) -> dict[str, Any]:
    """Lays photos out and keeps the map in `path`; returns how many, for a job's result."""
    made = SimilarityMap(list(ids), lay_out(vectors, progress))
    save_map(path, made)
    return {"photos": len(made.ids)}


def place_new(new: np.ndarray, vectors: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Where vectors would lie that were not there when the map was made.

    t-SNE has no formula for new points: each goes to the middle of the photos it is most like,
    weighted by 1 / distance² (D. Shepard, "A two-dimensional interpolation function for
    irregularly-spaced data", 1968), so that one that is equal to a photo lies on it.

    Args:
        new: float (M, D), each of unit length.
        vectors: float (N, D), each of unit length, N > 0: the photos on the map.
        places: float (N, 2): where they lie.

    Returns:
        float32 (M, 2).
    """
    count = min(NEIGHBOURS, len(vectors))
    # As exact differences: those of dot products are too coarse where two are nearly equal.
    near = np.argpartition(-(new @ vectors.T), count - 1, axis=1)[:, :count]
    squares = ((new[:, None] - vectors[near]) ** 2).sum(axis=2)
    weight = 1 / (squares + 1e-9)
    middle = (places[near] * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]
    return middle.astype(np.float32)


def _principal(vectors: np.ndarray) -> np.ndarray:
    """float32 (N, at most COMPONENTS): the directions along which the vectors differ most."""
    sample = vectors[_evenly(len(vectors), 20_000)]
    middle = sample.mean(axis=0)
    _, _, directions = np.linalg.svd(
        (sample - middle).T @ (sample - middle) / len(sample), hermitian=True
    )
    return ((vectors - middle) @ directions[:COMPONENTS].T).astype(np.float32)


def _landmarks(count: int) -> np.ndarray:
    return _evenly(count, LANDMARKS)


def _evenly(count: int, most: int) -> np.ndarray:
    """At most `most` of `count` rows, drawn with a fixed seed."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(SEED).choice(count, most, replace=False))


def _tsne(vectors: np.ndarray) -> np.ndarray:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    perplexity = max(2.0, min(30.0, (len(vectors) - 1) / 3))
    # A little noise keeps copies of one photo apart; without it their distances are 0.
    noise = np.random.default_rng(SEED).normal(scale=1e-5, size=vectors.shape)
    layout = TSNE(perplexity=perplexity, init="pca", random_state=SEED, n_jobs=1)
    # A thousand short rounds: on a busy machine threads would wait for one another in each.
    with threadpool_limits(1 if len(vectors) < WORTH_THREADS else None):
        return layout.fit_transform(vectors + noise.astype(np.float32))


def _waiting(work: Callable[[], np.ndarray], words: str, progress: Progress) -> np.ndarray:
    """Does `work` beside, so that a stop need not wait for it; a daemon ends with its process."""
    found: dict[str, Any] = {}

    def run() -> None:
        try:
            found["places"] = work()
        except Exception as error:
            found["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    begun = time.monotonic()
    while thread.is_alive():
        thread.join(0.2)
        progress(0, 0, f"{words}, for {time.monotonic() - begun:.0f} s so far")
    if "error" in found:
        raise found["error"]
    return found["places"]


def _place_others(
    vectors: np.ndarray, chosen: np.ndarray, places: np.ndarray, progress: Progress
) -> np.ndarray:
    """Every vector at the weighted middle of the landmarks nearest to it."""
    marks = vectors[chosen]
    lengths = (marks**2).sum(axis=1)
    out = np.empty((len(vectors), 2), np.float32)
    for start in range(0, len(vectors), AT_ONCE):
        progress(start, len(vectors), "Placing the other photos")
        part = vectors[start : start + AT_ONCE]
        far = lengths - 2 * part @ marks.T + (part**2).sum(axis=1, keepdims=True)
        near = np.argpartition(far, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        distance = np.sqrt(np.maximum(np.take_along_axis(far, near, axis=1), 0))
        weight = 1 / (distance + 0.1 * distance.mean(axis=1, keepdims=True) + 1e-6) ** 2
        middle = (places[near] * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]
        out[start : start + AT_ONCE] = middle
    # Photos with the same nearest landmarks would hide one another.
    spread = 0.004 * np.ptp(places, axis=0)
    out += np.random.default_rng(SEED).normal(size=out.shape) * spread
    out[chosen] = places
    return out


def _within_one(places: np.ndarray) -> np.ndarray:
    low, high = places.min(axis=0), places.max(axis=0)
    return ((places - low) / np.maximum(high - low, 1e-9)).astype(np.float32)
