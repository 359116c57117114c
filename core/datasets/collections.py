"""Photos on their way into a data set: gathered class by class, from wherever they come.

A collection is a folder that only grows: a file per photo and `entries.jsonl`, a line per
photo, removal or change of a class. Whatever is killed at any moment, what was added before
is still there.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Collection as Ids
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.datasets.collection_journal import Contents, Entry, replay
from core.datasets.edits import checked_label
from core.datasets.layout import Candidate, Layout
from core.datasets.naming import safe_file_name
from core.datasets.sources import SourceFile, parts_of
from core.disk import room_on_disk
from core.errors import LoupeError, NotFound
from core.locks import locked
from core.workspace import (
    Workspace,
    free_name,
    new_folder,
    read_json,
    slugify,
    write_bytes,
    write_json,
)

PREFIX = "collection:"
ABOUT = "collection.json"
ENTRIES = "entries.jsonl"
FACTS = ("origin", "source_page", "author", "licence", "group")


@dataclass(frozen=True)
class Collection:
    """A collection's folder. Get it from `create_collection` or `open_collection`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def about(self) -> dict[str, str]:
        """`title`, and `dataset`: the data set it will be added to, empty for a new one."""
        return read_json(self.folder / ABOUT)

    @property
    def born(self) -> int:
        """When it was made, in ns: another collection may get its name later."""
        return (self.folder / ABOUT).stat().st_mtime_ns

    def path(self, entry: Entry | str) -> Path:
        """The file of a photo."""
        name = entry.id if isinstance(entry, Entry) else Path(entry).name
        return self.folder / "photos" / name

    def add(self, data: bytes, label: str, name: str, key: str = "", **facts: str) -> Entry:
        """Keeps a photo's bytes, whatever they are: the import looks at them.

        Args:
            key: Its sender's own mark for it: a photo sent twice with the same one is kept once.
            facts: More attributes of `Entry`.

        Raises:
            NotFound: If the collection has gone into a data set in the meantime.
        """
        entry = self._entry(label, name, key, facts)
        with self._held():
            if self.path(entry).exists():
                self._append(asdict(entry))
                return entry
            try:
                write_bytes(self.path(entry), data)
                self._append(asdict(entry))
            except OSError:
                self.path(entry).unlink(missing_ok=True)
                raise
        return entry

    def add_file(self, path: Path, label: str, name: str, **facts: str) -> Entry:
        """As `add`, for a file on the same disk, which is moved into the collection."""
        entry = self._entry(label, name, "", facts)
        with self._held():
            self.path(entry).parent.mkdir(exist_ok=True)
            os.replace(path, self.path(entry))
            self._append(asdict(entry))
        return entry

    def _entry(self, label: str, name: str, key: str, facts: dict[str, str]) -> Entry:
        safe = safe_file_name(name)
        own = f"{time.time_ns():x}-{secrets.token_hex(2)}-{safe}"
        own = f"{safe_file_name(key)}{Path(safe).suffix}" if key else own
        return Entry(own, checked_label(label), name, **facts)

    def contents(self) -> Contents:
        """All that is in it, and all that was taken out, as it stands now."""
        path = self.folder / ENTRIES
        return replay(path.read_bytes() if path.exists() else b"")

    def entries(self) -> list[Entry]:
        """The photos that are in it, oldest first."""
        return self.contents().entries()

    def known(self) -> set[str]:
        """The file names of all photos that were ever in it, those taken out too."""
        return set(self.contents().photos)

    def counts(self) -> dict[str, int]:
        """Photos per class, in the order in which the classes came."""
        found = self.contents().by_class()
        return {label: len(entries) for label, entries in found.items() if entries}

    def layout(self) -> Layout:
        """Its photos as an import takes them: in their classes, with all that is known."""
        layout = Layout()
        for entry in self.entries():
            file = SourceFile((entry.label, *parts_of(entry.name)[-1:]), self.path(entry))
            facts = {name: getattr(entry, name) for name in FACTS}
            layout.labels.setdefault(entry.label, entry.label)
            layout.candidates.append(Candidate(file, entry.label, None, facts))
        return layout

    def remove(self, ids: Ids[str]) -> None:
        """Takes photos out; `restore` brings them back. Their files stay."""
        self._write({"removed": sorted(ids)})

    def restore(self, ids: Ids[str]) -> None:
        """Brings back what `remove` took out."""
        self._write({"restored": sorted(ids)})

    def add_class(self, label: str) -> str:
        """A class that has no photos yet; returns its name as it is kept.

        Raises:
            LoupeError: If `label` is empty or too long.
        """
        label = checked_label(label)
        self._write({"class": label})
        return label

    def drop_class(self, label: str) -> list[str]:
        """Takes a class out with its photos; `restore` and `add_class` bring them back.

        Returns:
            The ids of the photos taken out.
        """
        with self._held():
            ids = [entry.id for entry in self.contents().by_class().get(label, [])]
            self._append({"removed": ids})
            self._append({"dropped": label})
        return ids

    def rename_class(self, label: str, new: str) -> str:
        """The class `label` is called `new` from now on, also its photos that were taken out.

        Raises:
            LoupeError: If there is no class `label`, or another one is called `new`.
        """
        new = checked_label(new)
        with self._held():
            classes = self.contents().by_class()
            if label not in classes:
                raise LoupeError(f"There is no class {label!r}.", "Choose another one.")
            if new != label and new in classes:
                raise LoupeError(f"There is a class {new!r} already.", "Choose another name.")
            self._append({"renamed": [label, new]})
        return new

    def discard(self) -> None:
        """Deletes it, once its photos are in a data set."""
        gone = self.folder.with_name(f".{self.name}.{secrets.token_hex(4)}.gone")
        os.rename(self.folder, gone)
        shutil.rmtree(gone, ignore_errors=True)

    def use_up(self, ids: Ids[str]) -> None:
        """Lets go of the photos `ids`, which are in a data set now.

        What came in the meantime stays; nothing else does.
        """
        with self._held():
            rest = {entry.id for entry in self.entries()}.difference(ids)
            if not rest:
                self.discard()
                return
            self._append({"used": sorted(ids)})
        for name in ids:
            self.path(name).unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        with self._held():
            self._append(line)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else writes into it during the block."""
        self._require()
        with room_on_disk(self.name), locked(self.folder / "lock"):
            self._require()
            yield

    def _require(self) -> None:
        if not (self.folder / ABOUT).is_file():
            raise NotFound(
                f"The collection {self.name!r} is closed: its photos are in a data set now.",
                "Start a new one.",
            )

    def _append(self, line: dict[str, Any]) -> None:
        with (self.folder / ENTRIES).open("ab") as file:
            # A line that a crash cut short ends here, so that this one stands alone.
            file.write(b"\n" + json.dumps(line, ensure_ascii=False).encode() + b"\n")


def collections_folder(workspace: Workspace) -> Path:
    return workspace.root / "collections"


def create_collection(workspace: Workspace, title: str, dataset: str = "") -> Collection:
    """An empty collection.

    Args:
        title: What people call it.
        dataset: The data set it will be added to; empty when it will become a new one.
    """
    parent = collections_folder(workspace)
    folder = parent / free_name(parent, title)
    with room_on_disk(title), new_folder(folder) as staging:
        write_json(staging / ABOUT, {"title": title, "dataset": dataset})
    return Collection(folder)


def open_collection(workspace: Workspace, name: str) -> Collection:
    """The collection called `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = collections_folder(workspace) / slugify(name)
    if not (folder / ABOUT).is_file():
        raise NotFound(f"There is no collection {name!r}.", "Start a new one.")
    return Collection(folder)


def list_collections(workspace: Workspace) -> list[Collection]:
    """All collections, in the order of their names."""
    found = collections_folder(workspace).glob(f"*/{ABOUT}")
    return [Collection(path.parent) for path in sorted(found) if path.parent.name[0] != "."]
