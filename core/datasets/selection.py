"""Which photos of a data set are meant, and in which order: filters and sorting as data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from core.datasets.dataset import SPLITS

SEARCHED = ("source_file", "label", "author", "source_page", "reason")
USES = ("used", "excluded", "all")


@dataclass(frozen=True)
class Order:
    """One way to sort photos.

    Attributes:
        words: What people choose.
        column: What is sorted by; empty for orders that are made of the manifest alone.
        largest_first: Whether high values come first.
        needs: What must be known first: nothing, "measures", "losses" or "likeness".
    """

    words: str
    column: str = ""
    largest_first: bool = False
    needs: str = ""


ORDERS = {
    "turns": Order("Classes in turn"),
    "class": Order("Class by class"),
    "newest": Order("Newest first"),
    "oldest": Order("Oldest first"),
    "largest": Order("Largest first", "pixels", True),
    "smallest": Order("Smallest first", "pixels"),
    "blurred": Order("Most blurred first", "sharpness", needs="measures"),
    "sharp": Order("Sharpest first", "sharpness", True, needs="measures"),
    "dark": Order("Darkest first", "brightness", needs="measures"),
    "bright": Order("Brightest first", "brightness", True, needs="measures"),
    "flat": Order("Least contrast first", "contrast", needs="measures"),
    "colourful": Order("Most colourful first", "colourfulness", True, needs="measures"),
    "loss": Order("Hardest for the run first", "loss", True, needs="losses"),
    "similar": Order("Most similar first", "likeness", True, needs="likeness"),
}


class Query(BaseModel):
    """What the gallery is asked for. Empty fields leave everything in."""

    model_config = ConfigDict(frozen=True)

    classes: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    use: Literal["used", "excluded", "all"] = "used"
    text: str = ""
    marked: bool = False
    similar: str = ""
    sort: str = "turns"

    @property
    def order(self) -> Order:
        """How it is sorted; classes in turn where the name is unknown."""
        return ORDERS.get(self.sort, ORDERS["turns"])

    @property
    def filters(self) -> int:
        """How many filters narrow it."""
        lists = (self.classes, self.splits, self.flags, self.origins, self.authors)
        return sum(map(bool, (*lists, self.text.strip(), self.marked))) + (self.use != "used")


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of photos beyond the manifest.

    Attributes:
        values: Columns to sort by, a row per photo id; photos may be missing.
        flagged: Photo ids by the kind of finding.
        marked: The ids that are marked.
    """

    values: pd.DataFrame = field(default_factory=pd.DataFrame)
    flagged: Mapping[str, Collection[str]] = field(default_factory=dict)
    marked: Collection[str] = ()


NOTHING = Facts()
# How fields are called in an address.
ADDRESS = {
    "classes": "class",
    "splits": "split",
    "flags": "flag",
    "origins": "origin",
    "authors": "author",
    "use": "use",
    "text": "q",
    "marked": "marked",
    "similar": "similar",
    "sort": "sort",
}


def to_address(query: Query) -> dict[str, list[str]]:
    """The query as parts of an address; an empty list for what is as usual."""
    usual = Query()
    return {
        part: _as_list(getattr(query, name)) if getattr(query, name) != getattr(usual, name) else []
        for name, part in ADDRESS.items()
    }


def from_address(parts: Mapping[str, Sequence[str]]) -> Query:
    """The query that an address asks for; what makes no sense in it is passed over."""
    asked: dict[str, Any] = {}
    for name, part in ADDRESS.items():
        given = [value for value in parts.get(part, ()) if value]
        if given:
            several = name in ("classes", "splits", "flags", "origins", "authors")
            asked[name] = tuple(given) if several else given[0]
    asked["marked"] = "marked" in asked
    asked["splits"] = tuple(name for name in asked.get("splits", ()) if name in SPLITS)
    if asked.get("use") not in USES:
        asked.pop("use", None)
    if asked.get("sort") not in ORDERS:
        asked.pop("sort", None)
    return Query(**asked)


def matching(manifest: pd.DataFrame, query: Query, facts: Facts = NOTHING) -> np.ndarray:
    """The rows that `query` asks for, in its order.

    Returns:
        int64 (n,): places in `manifest`, each at most once.
    """
    rows = np.flatnonzero(_kept(manifest, query, facts))
    return rows[_sorted(manifest.iloc[rows], query, facts)]


def between(ids: Sequence[str], one: str, other: str) -> list[str]:
    """The ids from `one` to `other`, both included, whichever comes first; `other` alone when
    one of them is not there."""
    places = {photo_id: place for place, photo_id in enumerate(ids)}
    if one not in places or other not in places:
        return [other] if other in places else []
    low, high = sorted((places[one], places[other]))
    return list(ids[low : high + 1])


def page_at(count: int, per_page: int, page: int) -> range:
    """The places of page `page` (from 1) of `count` entries; the nearest page there is."""
    last = max(1, -(-count // per_page))
    page = min(max(1, page), last)
    return range((page - 1) * per_page, min(count, page * per_page))


def _kept(manifest: pd.DataFrame, query: Query, facts: Facts) -> np.ndarray:
    kept = np.ones(len(manifest), bool)
    if query.use != "all":
        kept &= manifest["excluded"].to_numpy(bool) == (query.use == "excluded")
    for column, chosen in (
        ("label", query.classes),
        ("split", query.splits),
        ("origin", query.origins),
        ("author", query.authors),
    ):
        if chosen:
            kept &= manifest[column].isin(list(chosen)).to_numpy(bool)
    if query.flags:
        flagged: set[str] = set().union(*(facts.flagged.get(kind, ()) for kind in query.flags))
        kept &= manifest["id"].isin(list(flagged)).to_numpy(bool)
    if query.marked:
        kept &= manifest["id"].isin(list(facts.marked)).to_numpy(bool)
    for word in query.text.split():
        kept &= _mentions(manifest, word)
    return kept


def _mentions(manifest: pd.DataFrame, word: str) -> np.ndarray:
    found = np.zeros(len(manifest), bool)
    for column in SEARCHED:
        found |= manifest[column].str.contains(word, case=False, regex=False).to_numpy(bool)
    return found


def _sorted(photos: pd.DataFrame, query: Query, facts: Facts) -> np.ndarray:
    if query.order.column:
        return _by_value(_values(photos, query.order.column, facts), query.order.largest_first)
    if query.sort == "newest":
        return np.arange(len(photos))[::-1]
    if query.sort == "oldest":
        return np.arange(len(photos))
    labels = photos["label"].to_numpy()
    _, numbers = np.unique(labels.astype(str), return_inverse=True)
    if query.sort == "class":
        return np.argsort(numbers, kind="stable")
    turn = pd.Series(numbers).groupby(numbers).cumcount().to_numpy()
    return np.lexsort((numbers, turn))


def _values(photos: pd.DataFrame, column: str, facts: Facts) -> np.ndarray:
    if column == "pixels":
        return (photos["width"] * photos["height"]).to_numpy(np.float64)
    if column not in facts.values:
        return np.full(len(photos), np.nan)
    return facts.values[column].reindex(photos["id"]).to_numpy(np.float64)


def _by_value(values: np.ndarray, largest_first: bool) -> np.ndarray:
    """Stable; what is not known comes last."""
    keys = np.where(np.isnan(values), np.inf, -values if largest_first else values)
    return np.argsort(keys, kind="stable")


def _as_list(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return list(value)
    return ["1"] if value is True else [str(value)]
