"""What is known of a data set: a row per photo, and counts over the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import NotFound

COLUMNS = (
    "id",
    "file",
    "source_file",
    "label",
    "split",
    "width",
    "height",
    "content_hash",
    "format",
    "repairs",
    "source_page",
    "author",
    "licence",
    "origin",
    "group",
    "fold",
    "excluded",
    "reason",
)
SPLITS = ("train", "validation", "test")
NUMBERS = {"width": "int64", "height": "int64", "fold": "int64", "excluded": "bool"}
BLANK: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
    "origin": "import",
    "fold": -1,
    "excluded": False,
}


@dataclass(frozen=True, eq=False)
class Dataset:
    """One version of a data set. Open it with `open_dataset`.

    Attributes:
        folder: Where it lies: `datasets/<name>` in the workspace.
        name: Its folder name, unique in the workspace; `title` is what people read.
        created: ISO date and time.
        source: What it was imported from, for people to read.
        class_names: The labels in use, sorted.
        version: Number of the manifest, from 1.
        manifest: A row per photo, excluded ones too, with the columns `COLUMNS`. `origin`
            is where it came from (import, files, camera, drawing, flickr, inaturalist),
            `group` is equal for photos that belong on one side of a split (a burst, an
            observation) or empty, `fold` counts from 0, or is -1 where there are no folds,
            and `reason` says why a photo is excluded.
        skipped: `{"file", "reason"}` of everything the import left out.
        repaired: `{"file", "what"}` of everything the import changed to make it usable.
        history: The versions up to this one, oldest first; `undo` goes back along it.
        undone: The versions that `redo` brings back, the next one last.
        changes: What each version changed, in words, by its number.
    """

    folder: Path
    name: str
    title: str
    created: str
    source: str
    class_names: tuple[str, ...]
    version: int
    manifest: pd.DataFrame
    skipped: list[dict[str, str]] = field(default_factory=list)
    repaired: list[dict[str, str]] = field(default_factory=list)
    history: tuple[int, ...] = (1,)
    undone: tuple[int, ...] = ()
    changes: dict[int, str] = field(default_factory=dict)

    @cached_property
    def used(self) -> pd.DataFrame:
        """The manifest without the excluded photos."""
        excluded = self.manifest["excluded"]
        return self.manifest[~excluded] if excluded.any() else self.manifest

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each photo id in the manifest."""
        return {photo_id: row for row, photo_id in enumerate(self.manifest["id"].tolist())}

    def split(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The used photos of `"train"`, `"validation"` or `"test"`.

        Args:
            columns: Those that are needed; of very many photos the others take memory.
        """
        used = self.used if columns is None else self.used[list(columns)]
        return used[self.used["split"] == name]

    def class_counts(self) -> dict[str, int]:
        """Used photos per class, in the order of `class_names`."""
        counts = self.used["label"].value_counts()
        return {name: int(counts.get(name, 0)) for name in self.class_names}

    def split_counts(self) -> dict[str, int]:
        """Used photos per split."""
        counts = self.used["split"].value_counts()
        return {name: int(counts.get(name, 0)) for name in SPLITS}

    def photo(self, photo_id: str) -> pd.Series:
        """The manifest's row of one photo.

        Raises:
            NotFound: If no photo of this version has that id.
        """
        if photo_id not in self.places:
            raise NotFound(f"{self.title} has no photo {photo_id!r}.", "Choose one in the gallery.")
        return self.manifest.iloc[self.places[photo_id]]

    def photo_path(self, photo_id: str) -> Path:
        """The original file of one photo.

        Raises:
            NotFound: If there is no such photo, or its file lies outside the data set.
        """
        path = (self.folder / str(self.photo(photo_id)["file"])).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise NotFound(f"The file of photo {photo_id!r} lies outside {self.title}.")
        return path

    def summary(self) -> dict[str, Any]:
        """What lists and headings show, ready for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "images": len(self.used),
            "classes": self.class_counts(),
            "splits": self.split_counts(),
            "version": self.version,
            "created": self.created,
            "source": self.source,
        }


def class_names(manifest: pd.DataFrame) -> tuple[str, ...]:
    """The labels in use, sorted."""
    return tuple(sorted(manifest.loc[~manifest["excluded"], "label"].unique()))


def as_manifest(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a manifest: the columns `COLUMNS`, those of `BLANK` where a row says nothing."""
    filled = [BLANK | {key: said for key, said in row.items() if said is not None} for row in rows]
    return typed(pd.DataFrame(filled, columns=list(COLUMNS)))


def from_columns(columns: Mapping[str, Sequence[Any]], count: int) -> pd.DataFrame:
    """As `as_manifest`, for `count` rows that are known column by column."""
    filled = {name: columns.get(name, [BLANK[name]] * count) for name in COLUMNS}
    return typed(pd.DataFrame(filled))


def completed(manifest: pd.DataFrame) -> pd.DataFrame:
    """A manifest with all `COLUMNS`, also when an earlier Loupe wrote it without some."""
    missing = {name: BLANK[name] for name in COLUMNS if name not in manifest}
    return typed(manifest.assign(**missing)[list(COLUMNS)]) if missing else manifest


def typed(manifest: pd.DataFrame) -> pd.DataFrame:
    """The columns in their types: text unless `NUMBERS` says otherwise."""
    texts = dict.fromkeys((column for column in COLUMNS if column not in NUMBERS), "str")
    return manifest.astype(texts | NUMBERS)
