"""Photos that are one photo, cropped, pressed, lit or mirrored otherwise: found and kept."""

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core.datasets.checks import alignment
from core.datasets.checks.neighbours import Pairs, Space, find_pairs
from core.datasets.dataset import Dataset
from core.datasets.measures import FOLDER, Measures, read_tiny_pictures
from core.datasets.perception import FORMAT_VERSION, SIDE
from core.datasets.pooled import in_order
from core.errors import UnusablePicture
from core.images import load_thumbnail
from core.progress import Progress
from core.workspace import write_bytes

# Part of what is kept: raise it when pairs would be found or judged differently.
SEARCH_VERSION = 1
# Least agreement that is kept, so that a stricter or milder rule needs no new search.
KEPT_FROM = 0.85
# A photo is held against so many look-alikes: with 100,000 photos the fewest, which bounds
# the work; with few photos the most, where it costs little.
FEWEST, MOST = 4, 12
LOOKS = 400_000
# Of those, so many per photo at most are laid over each other closely, the likeliest first.
CLOSE_LOOKS = 5
# Photos searched for before what was found is written down.
PER_STEP = 10_000
CHUNK = 64
WORKERS = 2
# Copies hardly ever agree so little. Where more than one photo in twenty has a look-alike
# that agrees so well without being a copy, agreeing well means little.
CLOSE, RARELY = (0.8, 0.9), 0.05
# So many deviations above what is usual among look-alikes lies what chance does not bring:
# one in 700 of a normal distribution, and every photo has a handful of look-alikes.
UNUSUAL = 3.0
# Even where everything looks alike, a copy that was only pressed or lit anew agrees so well.
CERTAIN = 0.995


@dataclass(frozen=True, eq=False)
class Likeness:
    """Which photos show the same.

    Attributes:
        pairs: (one content hash, another, agreement 0..1, mirrored), each pair once.
        usual: float32 (n,): agreements of look-alikes, copies among them.
        covered: The content hashes that were searched for.
    """

    pairs: tuple[tuple[str, str, float, bool], ...]
    usual: np.ndarray
    covered: frozenset[str]

    def threshold(self, least: float) -> float:
        """From which agreement on two photos are called copies of each other.

        At least `least`, and where look-alikes agree well without being copies (digits,
        drawings, products on white) well above what is usual among them.
        """
        close = np.count_nonzero((self.usual >= CLOSE[0]) & (self.usual < CLOSE[1]))
        if close <= RARELY * len(self.covered):
            return least
        stretched = np.arctanh(np.clip(self.usual, -0.99, 0.9999))
        middle = float(np.median(stretched))
        deviation = 1.4826 * float(np.median(np.abs(stretched - middle)))
        return max(least, min(CERTAIN, float(np.tanh(middle + UNUSUAL * deviation))))


def find_near_duplicates(dataset: Dataset, measures: Measures, progress: Progress) -> Likeness:
    """Searches for the photos not yet searched for, and keeps what it finds.

    Candidates are the photos nearest to each in `neighbours.Space`; each candidate is laid
    over the photo, first small, then at 64 × 64 pixels (`alignment`). However alike the photos
    are, each is compared closely with a bounded number of others: 100,000 nearly equal photos
    cost no more than 100,000 different ones that look alike, though the copies among them are
    then found as chains rather than each with each.

    Args:
        progress: May raise `Stopped`; what was found for the photos before is kept.
    """
    known = read_likeness(dataset) or Likeness((), np.empty(0, np.float32), frozenset())
    search = _Search(dataset, measures)
    todo = np.array([i for i, key in enumerate(search.keys) if key not in known.covered], np.int64)
    for start in range(0, len(todo), PER_STEP):
        rows = todo[start : start + PER_STEP]
        known = _joined(known, search, rows, progress)
        _write(dataset, known)
    return known


def read_likeness(dataset: Dataset) -> Likeness | None:
    """What was found before; None when nothing was searched for."""
    try:
        with _path(dataset).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            pairs = zip(
                kept["one"].tolist(),
                kept["other"].tolist(),
                kept["agreement"].tolist(),
                kept["mirrored"].tolist(),
                strict=True,
            )
            return Likeness(tuple(pairs), kept["usual"], frozenset(kept["covered"].tolist()))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


class _Search:
    """The distinct photos of a data set, ready to be compared."""

    def __init__(self, dataset: Dataset, measures: Measures):
        manifest = dataset.manifest.set_index("id").loc[measures.table.index]
        first = ~manifest["content_hash"].duplicated().to_numpy()
        self.ids = measures.table.index[first].tolist()
        self.keys = manifest["content_hash"][first].tolist()
        self._paths = [dataset.folder / file for file in manifest["file"][first]]
        self.space = Space(measures.descriptors[first]) if len(self.ids) > 1 else None
        self._tiny = read_tiny_pictures(dataset, self.ids)
        self.small = lru_cache(8192)(self._small)
        self.large = lru_cache(8192)(self._large)

    @property
    def count(self) -> int:
        """How many look-alikes of each photo are compared closely."""
        return int(np.clip(LOOKS // max(1, len(self.ids)), FEWEST, MOST))

    def _small(self, row: int, flipped: bool) -> tuple[np.ndarray, list[np.ndarray | None]]:
        small = alignment.small_picture(_turned(self._tiny[row], flipped))
        return small, alignment.templates(small)

    def _large(self, row: int) -> np.ndarray | None:
        """float32 (64, 64), grey; None when the file has gone."""
        try:
            picture = load_thumbnail(self._paths[row], SIDE)
        except UnusablePicture:
            return None
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        shrinks = min(grey.shape) >= alignment.LARGE
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        size = (alignment.LARGE, alignment.LARGE)
        return cv2.resize(grey, size, interpolation=how).astype(np.float32)

    def roughly(self, one: int, other: int, flipped: bool) -> tuple[alignment.Fit, bool]:
        """How one of two photos lies in the other, and whether it is `other` that lies inside."""
        small, of_small = self.small(one, False)
        second, of_second = self.small(other, flipped)
        into_one = alignment.best_place(small, of_second)
        into_other = alignment.best_place(second, of_small)
        inside = into_one.score >= into_other.score
        return (into_one, True) if inside else (into_other, False)

    def closely(
        self, one: int, other: int, flipped: bool, fit: alignment.Fit, inside: bool
    ) -> float:
        """How well two photos agree once aligned, -1..1."""
        first, second = self.large(one), self.large(other)
        if first is None or second is None:
            return -1.0
        second = _turned(second, flipped)
        larger, part = (first, second) if inside else (second, first)
        return alignment.agreement(larger, part, fit)


def _turned(picture: np.ndarray, flipped: bool) -> np.ndarray:
    return np.ascontiguousarray(picture[:, ::-1]) if flipped else picture


def _joined(known: Likeness, search: _Search, rows: np.ndarray, progress: Progress) -> Likeness:
    """`known` with what is found for `rows`."""
    covered = known.covered | {search.keys[row] for row in rows}
    if search.space is None:
        return Likeness(known.pairs, known.usual, covered)
    pairs = find_pairs(search.space, rows, search.count, True, progress)
    scores = _scores(search, pairs, len(rows), progress)
    found = {(one, other): (score, flip) for one, other, score, flip in known.pairs}
    for place in np.flatnonzero(scores >= KEPT_FROM):
        keys = sorted((search.keys[pairs.first[place]], search.keys[pairs.second[place]]))
        better = (float(scores[place]), bool(pairs.flipped[place]))
        key = (keys[0], keys[1])
        found[key] = max(better, found.get(key, better))
    usual = np.concatenate([known.usual, scores[scores > 0].astype(np.float32)])
    told = tuple((one, other, *how) for (one, other), how in found.items())
    return Likeness(told, usual, covered)


def _scores(search: _Search, pairs: Pairs, photos: int, progress: Progress) -> np.ndarray:
    """float64 (P,): the agreement of each pair; -1 for pairs that plainly do not agree."""
    places = list(zip(*(column.tolist() for column in pairs), strict=True))
    fits = _in_chunks(
        lambda place: search.roughly(*places[place]),
        range(len(places)),
        progress,
        "Holding photos that look alike against each other",
    )
    rough = np.array([fit.score for fit, _ in fits])
    likely = np.argsort(-rough, kind="stable")[: photos * CLOSE_LOOKS]
    # In the order of the pairs, so that a photo decoded for one is at hand for the next.
    likely = np.sort(likely[rough[likely] >= alignment.WORTH_A_LOOK])
    scores = np.full(len(places), -1.0)
    scores[likely] = _in_chunks(
        lambda place: search.closely(*places[place], *fits[place]),
        likely.tolist(),
        progress,
        "Laying the most alike over each other",
    )
    return scores


def _in_chunks(
    function: Callable[[int], Any], places: Sequence[int], progress: Progress, message: str
) -> list[Any]:
    def look(start: int) -> list[Any]:
        return [function(place) for place in places[start : start + CHUNK]]

    results: list[Any] = []
    with closing(in_order(look, range(0, len(places), CHUNK), WORKERS)) as chunks:
        for chunk in chunks:
            results += chunk
            progress(len(results), len(places), message)
    return results


def _path(dataset: Dataset) -> Path:
    return dataset.folder / FOLDER / f"copies-{FORMAT_VERSION}-{SEARCH_VERSION}.npz"


def _write(dataset: Dataset, likeness: Likeness) -> None:
    columns: Sequence[Sequence] = list(zip(*likeness.pairs, strict=True)) or [(), (), (), ()]
    one, other, agreement, mirrored = columns
    file = io.BytesIO()
    np.savez_compressed(
        file,
        one=np.array(one, "U64"),
        other=np.array(other, "U64"),
        agreement=np.array(agreement, np.float32),
        mirrored=np.array(mirrored, bool),
        usual=likeness.usual,
        covered=np.array(sorted(likeness.covered), "U64"),
    )
    write_bytes(_path(dataset), file.getvalue())
