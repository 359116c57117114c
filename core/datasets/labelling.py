"""What says which class a photo belongs to: a folder, its name, a table, or one word for all."""

import re
from collections import defaultdict
from collections.abc import Iterable
from os.path import splitext
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.datasets.edits import checked_label
from core.datasets.layout import SPLIT_FOLDERS, Candidate, Layout, read_layout, require_train
from core.datasets.sources import Found, SourceFile, ending
from core.datasets.tables import TableLabels, is_table, label_by_table
from core.decoding import EXTENSIONS
from core.errors import LoupeError

PICTURE_ENDINGS = frozenset().union(*EXTENSIONS.values())
PICTURE_ENDINGS_OR_NONE = PICTURE_ENDINGS | {""}
NO_PICTURE = "Its name is not that of a picture."
# Between the words and numbers of a file name.
GAP = r"[\s_\-.()\[\]#]"


class AutoLabels(BaseModel):
    """The folders, as `core.datasets.layout` reads them."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["auto"] = "auto"


class FolderLabels(BaseModel):
    """One level of folders; folders called train, validation and test above or below are splits."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["folder"] = "folder"
    level: int = Field(ge=1, le=50, description="1 for the outermost folder, 2 for those in it.")


class NameLabels(BaseModel):
    """A part of the file's name."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["name"] = "name"
    rule: Literal["before-number", "after-number", "first-word", "last-word"]


class OneLabel(BaseModel):
    """The same class for all."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["one"] = "one"
    label: str


Labelling = Annotated[
    AutoLabels | FolderLabels | NameLabels | TableLabels | OneLabel, Field(discriminator="kind")
]
AUTO = AutoLabels()
RULES = {
    "before-number": re.compile(rf"(?P<label>.*?[^\W\d_].*?){GAP}*\d+{GAP}*"),
    "after-number": re.compile(rf"{GAP}*\d+{GAP}*(?P<label>[^\W\d_].*)"),
    "first-word": re.compile(rf"(?P<label>[^\s_\-.()\[\]#]+){GAP}+.*"),
    "last-word": re.compile(rf".*{GAP}(?P<label>[^\s_\-.()\[\]#]+)"),
}
WHY_NOT = {
    "before-number": "Its name is not a word and then a number.",
    "after-number": "Its name is not a number and then a word.",
    "first-word": "Its name is a single word.",
    "last-word": "Its name is a single word.",
}
_ADAPTER: TypeAdapter[Labelling] = TypeAdapter(Labelling)


def as_labelling(said: object) -> Labelling:
    """A labelling from its JSON; `"auto"`, an empty text and None are the folders.

    Raises:
        LoupeError: If it is none.
    """
    if said in (None, "", "auto"):
        return AUTO
    try:
        return _ADAPTER.validate_python(said)
    except ValidationError as error:
        raise LoupeError(
            f"{said!r} does not say where the classes come from.", "Choose a proposal again."
        ) from error


def parse_labelling(text: str) -> Labelling:
    """A labelling as it is written on the command line.

    Args:
        text: `auto`, `folder:2`, `name:before-number` (or another rule), `one:LABEL`, or the
            path of a table.

    Raises:
        LoupeError: If it is none of these.
    """
    kind, colon, rest = text.partition(":")
    try:
        if text == "auto":
            return AUTO
        if colon and kind == "folder":
            return FolderLabels(level=int(rest))
        if colon and kind == "name":
            return NameLabels.model_validate({"rule": rest})
        if colon and kind == "one":
            return OneLabel(label=checked_label(rest))
    except ValueError as error:
        raise LoupeError(f"{text!r} does not say where the classes come from.", HOW) from error
    if not is_table(text):
        raise LoupeError(f"{text!r} is neither a table nor a rule for the classes.", HOW)
    return TableLabels(table=text)


HOW = f"Write a .csv or .tsv file, folder:1, or name: and one of {', '.join(RULES)}."


def lay_out(found: Found, labelling: Labelling = AUTO) -> Layout:
    """The files of a source in the classes that `labelling` gives them.

    Raises:
        LoupeError: If it cannot be applied to this source.
    """
    if isinstance(labelling, AutoLabels):
        return read_layout(found)
    if isinstance(labelling, TableLabels):
        return _finished(label_by_table(found, pictures_of(found), labelling), found)
    layout = Layout()
    split_level = None if isinstance(labelling, OneLabel) else find_split_level(found.files)
    for file in pictures_of(found):
        label, reason = _label(file, labelling)
        if label is None:
            layout.skipped.append({"file": file.name, "reason": reason})
            continue
        split = _split(file, split_level)
        layout.labels.setdefault(label, label)
        layout.candidates.append(Candidate(file, label, split))
    return _finished(layout, found)


def _finished(layout: Layout, found: Found) -> Layout:
    layout.skipped += [
        {"file": file.name, "reason": NO_PICTURE}
        for file in found.files
        if not is_picture(file) and not is_table(file.name)
    ]
    splits = {each.split for each in layout.candidates if each.split}
    if splits - {"train"}:  # nothing but train is no split at all
        layout.splits = tuple(sorted(splits))
        require_train(layout.splits)
    return layout


def pictures_of(found: Found) -> list[SourceFile]:
    """The files whose names are those of pictures, or tell nothing, in order."""
    return sorted(filter(is_picture, found.files), key=lambda file: file.parts)


def is_picture(file: SourceFile) -> bool:
    """Whether its name is that of a picture, or has no ending."""
    return ending(file.parts[-1]) in PICTURE_ENDINGS_OR_NONE


def find_split_level(files: Iterable[SourceFile]) -> int | None:
    """The level of folders, from 0, that are all called train, validation or test."""
    names: dict[int, set[str]] = defaultdict(set)
    for file in files:
        if is_picture(file):
            for level, name in enumerate(file.parts[:-1]):
                names[level].add(name.lower())
    for level, there in sorted(names.items()):
        splits = {SPLIT_FOLDERS[name] for name in there if name in SPLIT_FOLDERS}
        if there <= set(SPLIT_FOLDERS) and len(splits) > 1 and "train" in splits:
            return level
    return None


def _split(file: SourceFile, level: int | None) -> str | None:
    if level is None or level >= len(file.parts) - 1:
        return None
    return SPLIT_FOLDERS.get(file.parts[level].lower())


def _label(
    file: SourceFile, labelling: FolderLabels | NameLabels | OneLabel
) -> tuple[str | None, str]:
    if isinstance(labelling, OneLabel):
        return labelling.label, ""
    if isinstance(labelling, FolderLabels):
        if labelling.level < len(file.parts):
            return file.parts[labelling.level - 1], ""
        return None, f"It lies in no folder of level {labelling.level}."
    label = label_in_name(file.parts[-1], labelling.rule)
    return label, WHY_NOT[labelling.rule]


def label_in_name(name: str, rule: str) -> str | None:
    """The class in a file's name: `label_in_name("cat_001.jpg", "before-number")` is `"cat"`."""
    stem = splitext(name)[0] if ending(name) in PICTURE_ENDINGS else name
    match = RULES[rule].fullmatch(stem)
    return match["label"].strip() or None if match else None
