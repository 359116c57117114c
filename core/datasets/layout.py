"""From paths to labels: which folder is a class, which is a split, which only wraps."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.datasets.sources import Found, SourceFile
from core.errors import UnusableSource

SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
NO_FACTS: Mapping[str, str] = MappingProxyType({})
FOLDER_PER_CLASS = "Make one folder per class, named after it, with its photos inside."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may become a photo.

    Attributes:
        split: None when the source has no splits.
        facts: What else is known of it, by the manifest's columns: author, licence, …
    """

    file: SourceFile
    label: str
    split: str | None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)


@dataclass
class Layout:
    """What a source says before any file is opened.

    Attributes:
        candidates: The files that lie in a class folder, in order.
        labels: All classes, empty ones too, with the path of their first folder.
        splits: The splits the source has of its own; empty when it has none.
        skipped: `{"file", "reason"}` of the files outside any class.
    """

    candidates: list[Candidate] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    splits: tuple[str, ...] = ()
    skipped: list[dict[str, str]] = field(default_factory=list)


def read_layout(found: Found) -> Layout:
    """Finds the classes, below `train`/`validation`/`test` folders or not.

    Folders that only wrap everything else are seen through.

    Raises:
        UnusableSource: If there are splits but no training split.
    """
    tree = _Tree(found)
    base: tuple[str, ...] = ()
    while not tree.has_splits(base) and (only := tree.wrapper(base)) is not None:
        base = (*base, only)
    layout = Layout()
    if tree.has_splits(base):
        layout.splits = tree.splits(base)
        require_train(layout.splits)
    _add_labels(layout, tree, base)
    for file in sorted(found.files, key=lambda file: file.parts):
        _add_file(layout, file, len(base))
    return layout


class _Tree:
    """The folders of a source, and what lies directly in them."""

    def __init__(self, found: Found):
        self.folders: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for parts in {file.parts[:-1] for file in found.files} | found.folders:
            for depth in range(len(parts)):
                self.folders[parts[:depth]].add(parts[depth])

    def wrapper(self, base: tuple[str, ...]) -> str | None:
        """The only folder in `base`, if it has folders of its own."""
        names = self.folders.get(base, set())
        only = next(iter(names)) if len(names) == 1 else None
        return only if only is not None and self.folders.get((*base, only)) else None

    def splits(self, base: tuple[str, ...]) -> tuple[str, ...]:
        """The splits among the folders of `base`; a folder without classes is none."""
        names = (name for name in self.folders.get(base, ()) if self.folders.get((*base, name)))
        return tuple(
            sorted({SPLIT_FOLDERS[n.lower()] for n in names if n.lower() in SPLIT_FOLDERS})
        )

    def has_splits(self, base: tuple[str, ...]) -> bool:
        return len(self.splits(base)) > 1


def require_train(splits: tuple[str, ...]) -> None:
    """Raises `UnusableSource` unless one of a source's own splits is for training."""
    if "train" not in splits:
        raise UnusableSource(
            f"There are folders for {' and '.join(splits)}, but none called 'train'.",
            "Add a folder 'train' beside them, or import the classes without such folders.",
        )


def _add_labels(layout: Layout, tree: _Tree, base: tuple[str, ...]) -> None:
    for name in sorted(tree.folders.get(base, ())):
        if not layout.splits:
            layout.labels.setdefault(name, "/".join((*base, name)))
        elif name.lower() in SPLIT_FOLDERS:
            for label in sorted(tree.folders.get((*base, name), ())):
                layout.labels.setdefault(label, "/".join((*base, name, label)))


def _add_file(layout: Layout, file: SourceFile, depth: int) -> None:
    inside = file.parts[depth:]
    split = SPLIT_FOLDERS.get(inside[0].lower()) if layout.splits and len(inside) > 1 else None
    folders = inside[1:-1] if split else inside[:-1]
    if layout.splits and not split:
        reason = "It lies outside the train, validation and test folders."
        layout.skipped.append({"file": file.name, "reason": reason})
    elif not folders:
        layout.skipped.append({"file": file.name, "reason": "It lies in no class folder."})
    else:
        layout.candidates.append(Candidate(file, folders[0], split))
