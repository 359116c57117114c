"""A split as data: how the photos are shared out, and who would go where."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.edits import set_splits
from core.datasets.grouping import groups_of
from core.datasets.splits import SplitShares, split_by_shares, split_into_folds

SOURCES = {"author": "author", "origin": "origin", "observation": "group"}
UNNAMED = "(not told)"


class SplitPlan(BaseModel):
    """Everything that decides who trains, who checks and who tests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    how: Literal["percentages", "folds", "folder", "source"] = Field(
        default="percentages",
        description=(
            "By percentages; in equal folds that take turns as the test; by the folders the "
            "photos came in; or by who or what they came from."
        ),
        json_schema_extra={"label": "Share out by"},
    )
    shares: SplitShares = Field(default=SplitShares())
    folds: int = Field(
        default=5,
        ge=2,
        le=20,
        description=(
            "How many equal parts. The first is the test, the second checks the training "
            "(with two, none does); each photo keeps the number of its fold."
        ),
        json_schema_extra={"label": "Folds"},
    )
    level: int = Field(
        default=1,
        ge=1,
        le=9,
        description="Which folder on the way to a photo counts: 1 is the outermost.",
        json_schema_extra={"label": "Folder level"},
    )
    source: Literal["author", "origin", "observation"] = Field(
        default="author",
        description=(
            "What stays whole: all photos of an author, all that came in the same way, or "
            "all of one observation or burst."
        ),
        json_schema_extra={"label": "Keep whole"},
    )
    sides: Mapping[str, str] = Field(
        default_factory=dict,
        description="Folders or sources that were given a split by hand.",
    )
    stratified: bool = Field(
        default=True,
        description="The same shares in every class. Off: by chance over all photos.",
        json_schema_extra={"label": "Same shares in every class"},
    )
    keep_groups: bool = Field(
        default=True,
        description=(
            "Bursts, observations and near-duplicates stay on one side: a test photo that "
            "looks just like a training photo tests nothing."
        ),
        json_schema_extra={"label": "Keep bursts and near-duplicates together"},
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=999_999,
        description="The same seed shares out the same photos in the same way.",
        json_schema_extra={"label": "Seed"},
    )

    @field_validator("sides")
    @classmethod
    def _sides_are_splits(cls, sides: Mapping[str, str]) -> Mapping[str, str]:
        if unknown := sorted(set(sides.values()) - set(SPLITS)):
            raise ValueError(f"there is no split {unknown[0]!r}; splits are {', '.join(SPLITS)}")
        return dict(sides)

    def in_words(self) -> str:
        """`"Split 70/15/15, seed 0"`: how the list of changes calls it."""
        if self.how == "folds":
            return f"Split into {self.folds} folds, seed {self.seed}"
        shares = f"{self.shares.train}/{self.shares.validation}/{self.shares.test}"
        by = {"percentages": "", "folder": " by folder", "source": f" by {self.source}"}
        return f"Split {shares}{by[self.how]}, seed {self.seed}"


@dataclass(frozen=True)
class Division:
    """Who would go where.

    Attributes:
        splits: train, validation or test by photo id.
        folds: The fold by photo id, from 0; empty without folds.
        groups: The group by photo id, for photos that have company; what was kept whole.
    """

    splits: dict[str, str]
    folds: dict[str, int]
    groups: dict[str, str]

    def moved(self, manifest: pd.DataFrame) -> list[str]:
        """The ids whose split would change, in the order of `manifest`."""
        rows = zip(manifest["id"], manifest["split"], strict=True)
        return [key for key, split in rows if self.splits.get(key, split) != split]


def divide(plan: SplitPlan, dataset: Dataset, groups: Mapping[str, str] | None = None) -> Division:
    """Shares out the photos in use; the order of the manifest does not matter.

    Excluded photos go where their group goes, or stay.

    Args:
        groups: Photos that look nearly the same, as a name per photo id.
    """
    photos = dataset.used.sort_values("id")
    together = groups_of(photos, groups) if plan.keep_groups else {}
    pinned: dict[str, str] = {}
    whole: Mapping[str, str] = together
    if plan.how in ("folder", "source"):
        pinned, whole = _by_value(plan, photos, together)
    free = photos[~photos["id"].isin(pinned)]
    drawn, folds = _drawn(plan, free, whole)
    division = Division(pinned | drawn, folds, together)
    return _with_excluded(division, dataset, groups) if plan.keep_groups else division


def _drawn(
    plan: SplitPlan, photos: pd.DataFrame, groups: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, int]]:
    """Splits and folds by photo id, drawn."""
    ids = photos["id"].tolist()
    labels = photos["label"].tolist() if plan.stratified else [""] * len(ids)
    names = [groups.get(photo_id, "") for photo_id in ids]
    if plan.how != "folds":
        splits = split_by_shares(labels, plan.shares.as_dict(), plan.seed, names)
        return dict(zip(ids, splits, strict=True)), {}
    folds = dict(zip(ids, split_into_folds(labels, plan.folds, plan.seed, names), strict=True))
    return {key: split_of_fold(fold, plan.folds) for key, fold in folds.items()}, folds


def split_of_fold(fold: int, folds: int, test: int = 0) -> str:
    """What the photos of `fold` do when the fold `test` is the test: the next one validates."""
    if fold == test:
        return "test"
    return "validation" if folds > 2 and fold == (test + 1) % folds else "train"


def apply_plan(
    dataset: Dataset, plan: SplitPlan, groups: Mapping[str, str] | None = None
) -> Dataset:
    """Shares the photos out anew, as one edit.

    Raises:
        LoupeError: If no photo would move.
    """
    division = divide(plan, dataset, groups)
    return set_splits(dataset, division.splits, plan.in_words(), division.folds)


def join_in(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """A split and a fold for photos that come to a data set, in its present proportions.

    A burst or observation that is there already takes its new photos to its side.

    Args:
        rows: `label` and, where there is one, `group` of each new photo.
    """
    manifest = dataset.manifest
    sides = list(zip(manifest["split"], manifest["fold"].astype(int), strict=True))
    home: dict[str, tuple[str, int]] = {}
    for group, side in zip(manifest["group"], sides, strict=True):
        if group:
            home.setdefault(group, side)
    used = Counter(side for side, out in zip(sides, manifest["excluded"], strict=True) if not out)
    # The training photos first: no class may be missing among them.
    ranked = sorted(used or {("train", -1): 1}, key=lambda side: (side[0] != "train", side[1]))
    names = {f"{split} {fold}": (split, fold) for split, fold in ranked}
    shares = {name: used[side] or 1 for name, side in names.items()}
    groups = [str(row.get("group") or "") for row in rows]
    strangers = [index for index, group in enumerate(groups) if group not in home]
    drawn = split_by_shares(
        [rows[index]["label"] for index in strangers],
        shares,
        dataset.version,
        [groups[index] for index in strangers],
    )
    placed = dict(zip(strangers, (names[name] for name in drawn), strict=True))
    return [placed[i] if i in placed else home[group] for i, group in enumerate(groups)]


def values(plan: SplitPlan, photos: pd.DataFrame) -> pd.Series:
    """The folder or the source of every row, as `plan` looks at it."""
    if plan.how == "source":
        return photos[SOURCES[plan.source]].where(lambda column: column != "", UNNAMED)
    return photos["source_file"].map(lambda name: _folder(name, plan.level))


def folder_levels(photos: pd.DataFrame) -> int:
    """On how many levels the photos lie in folders."""
    depths = photos["source_file"].map(lambda name: len(PurePosixPath(name).parts) - 1)
    return max(1, int(depths.max())) if len(depths) else 1


def _folder(name: str, level: int) -> str:
    folders = PurePosixPath(name).parts[:-1]
    return folders[level - 1] if len(folders) >= level else UNNAMED


def _by_value(
    plan: SplitPlan, photos: pd.DataFrame, together: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The photos whose split is given, and groups in which every folder or source is whole.

    A source that is not told keeps nobody together: such photos are strangers.
    """
    own = dict(zip(photos["id"], values(plan, photos), strict=True))
    pinned = {key: plan.sides[value] for key, value in own.items() if value in plan.sides}
    named = {key: value for key, value in own.items() if value != UNNAMED and key not in pinned}
    rows = pd.DataFrame({"id": list(own)})
    rows["group"] = [together.get(key, "") for key in rows["id"]]
    free = rows[~rows["id"].isin(pinned)]
    return pinned, groups_of(free, named)


def _with_excluded(
    division: Division, dataset: Dataset, groups: Mapping[str, str] | None
) -> Division:
    """The excluded photos, too, on the side of those that look like them."""
    manifest = dataset.manifest
    if not manifest["excluded"].any():
        return division
    everyone = groups_of(manifest, groups)
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    for photo_id, split in division.splits.items():
        if photo_id in everyone:
            sides[everyone[photo_id]][split] += 1
    away = manifest.loc[manifest["excluded"], "id"]
    more = {
        key: sides[everyone[key]].most_common(1)[0][0]
        for key in away
        if key in everyone and everyone[key] in sides
    }
    return Division(division.splits | more, division.folds, division.groups)


def group_summary(division: Division) -> dict[str, Any]:
    """`{"groups", "photos", "torn"}`: how many groups there are, and how many are not whole."""
    sides: dict[str, set[str]] = defaultdict(set)
    for photo_id, group in division.groups.items():
        sides[group].add(division.splits.get(photo_id, ""))
    torn = sum(len(found) > 1 for found in sides.values())
    return {"groups": len(sides), "photos": len(division.groups), "torn": torn}
