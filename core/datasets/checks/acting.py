"""What a finding's button does: an edit like any other, which can be undone."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from core.datasets.checks.findings import Finding
from core.datasets.dataset import Dataset
from core.datasets.edits import exclude, photos, relabel, set_splits


def act(dataset: Dataset, finding: Finding) -> Dataset:
    """Excludes the photos, all but one of each group, or moves groups to one split each.

    Raises:
        LoupeError: If there is nothing left to change.
    """
    rows = dataset.used.set_index("id")
    if finding.action == "keep_one":
        spare = [key for group in finding.groups for key in spare_copies(rows, group)]
        return exclude(dataset, spare, finding.title.lower())
    if finding.action == "same_split":
        moves = {
            key: split
            for group in finding.groups
            for key, split in to_one_split(rows, group).items()
        }
        return set_splits(dataset, moves, f"{photos(len(moves))} moved beside their copies")
    return exclude(dataset, finding.ids, finding.title.lower())


def choose_class(dataset: Dataset, group: Sequence[str], label: str) -> Dataset:
    """All photos of the group belong to the class `label`."""
    return relabel(dataset, group, label)


def spare_copies(rows: pd.DataFrame, group: Sequence[str]) -> list[str]:
    """All of the group but its largest photo, the first of equally large ones."""
    there = rows[rows.index.isin(list(group))]
    pixels = there["width"] * there["height"]
    return there.index[there.index != pixels.idxmax()].tolist() if len(there) > 1 else []


def to_one_split(rows: pd.DataFrame, group: Sequence[str]) -> dict[str, str]:
    """Where photos of the group have to move: where most are, to training when in doubt."""
    there = rows.loc[rows.index.isin(list(group)), "split"]
    counts = Counter(there)
    if len(counts) < 2:
        return {}
    target = max(counts, key=lambda name: (counts[name], name == "train", name == "validation"))
    return dict.fromkeys(there.index[there != target], target)
