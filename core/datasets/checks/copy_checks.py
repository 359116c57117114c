"""Photos that are there twice: in one class, in two, and on both sides of the split."""

from collections.abc import Iterable, Sequence

import pandas as pd

from core.datasets.checks.findings import Finding
from core.datasets.checks.grouping import connected
from core.datasets.edits import photos

HELD_BACK = ("test", "validation")


def copy_groups(
    used: pd.DataFrame, alike: Iterable[tuple[str, str]]
) -> tuple[list[list[str]], list[list[str]]]:
    """Groups of photo ids with the same bytes, and groups of those that show the same.

    Args:
        used: The manifest's rows in use.
        alike: Pairs of content hashes that show the same.
    """
    ids: dict[str, list[str]] = {}
    for photo_id, key in zip(used["id"], used["content_hash"], strict=True):
        ids.setdefault(key, []).append(photo_id)
    near = connected((one, other) for one, other in alike if one in ids and other in ids)
    in_near = {key for group in near for key in group}
    exact = [group for key, group in ids.items() if len(group) > 1 and key not in in_near]
    return exact, [[photo_id for key in group for photo_id in ids[key]] for group in near]


def check_copies(
    used: pd.DataFrame,
    alike: Iterable[tuple[str, str]],
    dismissed: dict[str, tuple[str, ...]],
) -> list[Finding]:
    """Copies, label conflicts, leaks, and bursts on both sides."""
    exact, near = copy_groups(used, alike)
    rows = used.set_index("id")
    labels: dict[str, str] = dict(zip(used["id"], used["label"], strict=True))
    splits: dict[str, str] = dict(zip(used["id"], used["split"], strict=True))

    def shown(kind: str, groups: list[list[str]]) -> list[tuple[str, ...]]:
        gone = set(dismissed.get(kind, ()))
        return [tuple(group) for group in groups if " ".join(sorted(group)) not in gone]

    def several(group: Sequence[str], values: dict[str, str]) -> bool:
        return len({values[photo_id] for photo_id in group}) > 1

    copies = [*exact, *near]
    conflicts = shown("label_conflicts", [g for g in copies if several(g, labels)])
    leaks = shown("leaks", [g for g in copies if several(g, splits)])
    grouped = rows[rows["group"] != ""]
    bursts = [list(ids) for ids in grouped.groupby("group").groups.values()]
    torn = shown("torn_groups", [g for g in bursts if several(g, splits)])
    same = [g for g in exact if not several(g, labels)], [g for g in near if not several(g, labels)]
    return [
        *_conflicts(conflicts, labels),
        *_leaks(leaks, splits, used),
        *_torn(torn, splits, used),
        *_copies("exact_duplicates", shown("exact_duplicates", same[0])),
        *_copies("near_duplicates", shown("near_duplicates", same[1])),
    ]


def _conflicts(groups: list[tuple[str, ...]], labels: dict[str, str]) -> list[Finding]:
    if not groups:
        return []
    first = sorted({labels[photo_id] for photo_id in groups[0]})
    return [
        Finding(
            kind="label_conflicts",
            title="One photo, two classes",
            sentence=f"{_count(groups, 'photo')} {'stands' if len(groups) == 1 else 'stand'} in "
            f"more than one class, such as {' and '.join(first)}.",
            effect="The model is told two things about the same photo and can learn neither; "
            "as a test photo it is always wrong once.",
            severity="urgent",
            action="choose_class",
            ids=_all(groups),
            groups=tuple(groups),
        )
    ]


def _leaks(
    groups: list[tuple[str, ...]], splits: dict[str, str], used: pd.DataFrame
) -> list[Finding]:
    if not groups:
        return []
    return [
        Finding(
            kind="leaks",
            title="Copies on both sides of the split",
            sentence=f"{_count(groups, 'photo')} {'lies' if len(groups) == 1 else 'lie'} in more "
            "than one of training, validation and test, as copies of each other.",
            effect="A model tested on photos it has learnt from looks better than it is: "
            f"that concerns {_known_of(groups, splits, used)}.",
            severity="urgent",
            action="same_split",
            ids=_all(groups),
            groups=tuple(groups),
        )
    ]


def _torn(
    groups: list[tuple[str, ...]], splits: dict[str, str], used: pd.DataFrame
) -> list[Finding]:
    if not groups:
        return []
    return [
        Finding(
            kind="torn_groups",
            title="Series on both sides of the split",
            sentence=f"{_count(groups, 'series', 'series')} of photos taken together "
            f"{'is' if len(groups) == 1 else 'are'} torn apart by the split.",
            effect="Photos of one moment resemble each other more than new ones would: "
            f"that concerns {_known_of(groups, splits, used)}.",
            severity="urgent",
            action="same_split",
            ids=_all(groups),
            groups=tuple(groups),
        )
    ]


def _known_of(groups: list[tuple[str, ...]], splits: dict[str, str], used: pd.DataFrame) -> str:
    """`"up to 5 of 72 test photos and 3 of 70 validation photos are known to it"`."""
    counts = used["split"].value_counts()
    told = []
    for name in HELD_BACK:
        known = sum(
            splits[photo_id] == name
            for group in groups
            if any(splits[other] not in (name, "test") for other in group)
            for photo_id in group
        )
        if known:
            told.append(f"{known:,} of {int(counts.get(name, 0)):,} {name} photos")
    return f"up to {' and '.join(told)}" if told else "none of the photos held back"


def _copies(kind: str, groups: list[tuple[str, ...]]) -> list[Finding]:
    if not groups:
        return []
    extra = sum(len(group) - 1 for group in groups)
    exact = kind == "exact_duplicates"
    how = "byte for byte" if exact else "cropped, compressed or lit otherwise"
    one = len(groups) == 1
    return [
        Finding(
            kind=kind,
            title="Exact copies" if exact else "Near copies",
            sentence=f"{_count(groups, 'photo')} {'is' if one else 'are'} there more than once, "
            f"{how}: {photos(extra)} more than needed.",
            effect="They count twice: the model leans towards what they show, and the data set "
            "looks larger than it is.",
            severity="look",
            action="keep_one",
            ids=_all(groups),
            groups=tuple(groups),
        )
    ]


def _count(groups: Sequence[object], one: str, many: str = "") -> str:
    return f"1 {one}" if len(groups) == 1 else f"{len(groups):,} {many or one + 's'}"


def _all(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(photo_id for group in groups for photo_id in group))
