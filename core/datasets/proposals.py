"""What the classes of a source could be, told from its names before anything is done."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.datasets.labelling import (
    AUTO,
    RULES,
    FolderLabels,
    Labelling,
    NameLabels,
    OneLabel,
    is_picture,
    label_in_name,
    lay_out,
    pictures_of,
)
from core.datasets.layout import SPLIT_FOLDERS, Layout
from core.datasets.sources import Found
from core.datasets.tables import Index, TableLabels, is_table, read_table
from core.errors import LoupeError

MOST_CLASSES_TOLD = 200
MOST_TABLES = 5
MOST_LEVELS = 6
EXAMPLES = 3
# How much each kind is trusted when it accounts for equally many photos.
TRUST = {"auto": 1.0, "table": 0.97, "folder": 0.9, "name": 0.8, "one": 0.01}
# Folders that say where photos lie, not what they show.
NOT_CLASSES = {"images", "image", "img", "imgs", "photos", "pictures", "jpg", "jpeg", "png"} | {
    "data", "dataset", "raw", "files", "all", *SPLIT_FOLDERS
}  # fmt: skip
YEAR = re.compile(r"(19|20)\d\d")
# Photos a class has on average, where a rule for names is more than chance.
LEAST_EACH = 3
# A rule for names that says nothing of most files is not proposed; some tell for all.
LEAST_EXPLAINED, LOOKED_AT = 0.2, 500
SPLITS_BONUS = 1.15
RULE_WORDS = {
    "before-number": "the word before the number in the file's name",
    "after-number": "the word after the number in the file's name",
    "first-word": "the first word of the file's name",
    "last-word": "the last word of the file's name",
}


@dataclass(frozen=True)
class Proposal:
    """One way to read a source.

    Attributes:
        title: In a few words.
        labelling: What to hand to the import to get it.
        counts: Photos per class by their names, most first; not more than `MOST_CLASSES_TOLD`.
        num_classes, num_photos: Of all.
        examples: Up to three files per class, as paths in the source.
        splits: Photos per split, where the source has splits.
        left_out: `{"reason", "count", "examples"}`, most first.
    """

    title: str
    labelling: Labelling
    counts: dict[str, int]
    num_classes: int
    num_photos: int
    examples: dict[str, list[str]]
    splits: dict[str, int] = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return self.__dict__ | {"labelling": self.labelling.model_dump()}


def propose(found: Found) -> list[Proposal]:
    """The ways to read a source that make sense, the likeliest first.

    The last one puts everything into one class, which only helps a data set that is there.

    Args:
        found: Its files; only tables are opened.
    """
    pictures = pictures_of(found)
    ranked: list[tuple[float, Proposal]] = []
    seen: set[int] = set()
    for title, labelling in _candidates(found):
        try:
            layout = lay_out(found, labelling)
        except LoupeError:
            continue
        layout.candidates = [each for each in layout.candidates if is_picture(each.file)]
        same = hash(tuple((each.file.parts, each.label, each.split) for each in layout.candidates))
        score = TRUST[labelling.kind] * _sense(layout, len(pictures), labelling.kind)
        if score > 0 and same not in seen:
            seen.add(same)
            ranked.append((score, _told(title, labelling, layout, found)))
    ranked.sort(key=lambda pair: -pair[0])
    return [proposal for _, proposal in ranked]


def _candidates(found: Found) -> Iterator[tuple[str, Labelling]]:
    yield "A folder per class", AUTO
    yield from _tables(found)
    pictures = pictures_of(found)
    depth = max((len(file.parts) for file in found.files), default=1) - 1
    for level in range(1, min(depth, MOST_LEVELS) + 1):
        yield f"The folders of level {level} are the classes", FolderLabels(level=level)
    few = pictures[:: max(1, len(pictures) // LOOKED_AT)]
    for rule in RULES:
        told = sum(label_in_name(file.parts[-1], rule) is not None for file in few)
        if told < LEAST_EXPLAINED * len(few):
            continue
        words = RULE_WORDS[rule]
        yield f"{words[0].upper()}{words[1:]}", NameLabels.model_validate({"rule": rule})
    if pictures:
        yield "Everything in one class", OneLabel(label="photos")


def _tables(found: Found) -> Iterator[tuple[str, Labelling]]:
    tables = [file for file in found.files if is_table(file.name)]
    index = Index(pictures_of(found)) if tables else None
    for file in sorted(tables, key=lambda file: (len(file.parts), file.parts))[:MOST_TABLES]:
        try:
            table = read_table(file.path, file.name, index or Index([]))
        except LoupeError:
            continue
        if table.file_column is None:
            continue
        for column in table.label_columns[:3]:
            yield (
                f"Column {table.title(column)} of {file.name}",
                TableLabels(
                    table=file.name,
                    file_column=table.file_column,
                    label_column=column,
                    split_column=table.split_column,
                ),
            )


def _sense(layout: Layout, pictures: int, kind: str) -> float:
    """From 0 up: how much of the source it explains, and how much its classes look like some."""
    counts = Counter(each.label for each in layout.candidates)
    explained = sum(counts.values()) / max(1, pictures)
    if len(counts) < 2:
        return 0.1 * explained if kind in ("auto", "one") else 0.0
    each = sum(counts.values()) / len(counts)
    if kind == "name" and (each < LEAST_EACH or all(label.isdigit() for label in counts)):
        return 0.0
    spoken = sum(count for label, count in counts.items() if _speaks(label))
    sense = explained * min(1.0, each / LEAST_EACH) * (0.2 + 0.8 * spoken / sum(counts.values()))
    return sense * (SPLITS_BONUS if layout.splits else 1.0)


def _speaks(label: str) -> bool:
    return label.lower() not in NOT_CLASSES and not YEAR.fullmatch(label)


def _told(title: str, labelling: Labelling, layout: Layout, found: Found) -> Proposal:
    members: dict[str, list[str]] = defaultdict(list)
    splits: Counter[str] = Counter()
    for each in layout.candidates:
        members[each.label].append(each.file.name)
        splits[each.split or "train"] += 1
    largest = sorted(members, key=lambda label: (-len(members[label]), label))
    shown = sorted(largest[:MOST_CLASSES_TOLD])
    return Proposal(
        title=title,
        labelling=labelling,
        counts={label: len(members[label]) for label in shown},
        num_classes=len(members),
        num_photos=len(layout.candidates),
        examples={label: _spread(members[label]) for label in shown},
        splits=dict(splits) if layout.splits else {},
        left_out=_left_out([*found.skipped, *layout.skipped]),
    )


def _spread(names: Sequence[str]) -> list[str]:
    """A few from the beginning, the middle and the end."""
    places = {0, len(names) // 2, len(names) - 1}
    return [names[place] for place in sorted(places)][:EXAMPLES]


def _left_out(skipped: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    files: dict[str, list[str]] = defaultdict(list)
    for entry in skipped:
        files[entry["reason"]].append(entry["file"])
    told = [
        {"reason": reason, "count": len(names), "examples": names[:EXAMPLES]}
        for reason, names in files.items()
    ]
    return sorted(told, key=lambda group: -group["count"])
