"""Photos on their way into a data set: gathered class by class, from wherever they come.

A collection is a folder that only grows: a file per photo and `entries.jsonl`, a line per
photo or removal. Whatever is killed at any moment, what was added before is still there.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Collection as Ids
from dataclasses import asdict, dataclass
from pathlib import Path

from core.datasets.edits import checked_label
from core.datasets.layout import Candidate, Layout
from core.datasets.naming import safe_file_name
from core.datasets.sources import SourceFile, parts_of
from core.disk import room_on_disk
from core.errors import NotFound
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
ENTRIES = "entries.jsonl"
FACTS = ("origin", "source_page", "author", "licence", "group")


@dataclass(frozen=True)
class Entry:
    """A photo of a collection.

    Attributes:
        id: Its name within the collection.
        label: Its class.
        name: What its file was called where it came from.
        origin: files, camera, drawing, flickr, inaturalist or known-set.
        source_page, author, licence: Where it may be seen, whose it is, under which terms.
        group: Equal for photos that belong on one side of a split: a burst, an observation.
    """

    id: str
    label: str
    name: str
    origin: str = "files"
    source_page: str = ""
    author: str = ""
    licence: str = ""
    group: str = ""


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
        return read_json(self.folder / "collection.json")

    def path(self, entry: Entry | str) -> Path:
        """The file of a photo."""
        name = entry.id if isinstance(entry, Entry) else Path(entry).name
        return self.folder / "photos" / name

    def add(self, data: bytes, label: str, name: str, **facts: str) -> Entry:
        """Keeps a photo's bytes, whatever they are: the import looks at them.

        Args:
            facts: More attributes of `Entry`.
        """
        safe = safe_file_name(name)
        entry = Entry(
            f"{time.time_ns():x}-{secrets.token_hex(2)}-{safe}", checked_label(label), name, **facts
        )
        with room_on_disk(name):
            try:
                write_bytes(self.path(entry), data)
                self._append(asdict(entry))
            except OSError:
                self.path(entry).unlink(missing_ok=True)
                raise
        return entry

    def entries(self) -> list[Entry]:
        """The photos that are in it, oldest first."""
        kept: dict[str, Entry] = {}
        away: dict[str, Entry] = {}
        for line in self._lines():
            if "removed" in line:
                away |= {key: kept.pop(key) for key in line["removed"] if key in kept}
            elif "restored" in line:
                kept |= {key: away.pop(key) for key in line["restored"] if key in away}
            else:
                kept[line["id"]] = Entry(**line)
        return sorted(kept.values(), key=lambda entry: entry.id)

    def known(self) -> set[str]:
        """The file names of all photos that were ever in it, those taken out too."""
        return {Path(str(line["id"])).name for line in self._lines() if "id" in line}

    def counts(self) -> dict[str, int]:
        """Photos per class, in the order in which the classes came."""
        counts: dict[str, int] = {}
        for entry in self.entries():
            counts[entry.label] = counts.get(entry.label, 0) + 1
        return counts

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
        with room_on_disk(self.name):
            self._append({"removed": sorted(ids)})

    def restore(self, ids: Ids[str]) -> None:
        """Brings back what `remove` took out."""
        with room_on_disk(self.name):
            self._append({"restored": sorted(ids)})

    def discard(self) -> None:
        """Deletes it, once its photos are in a data set."""
        gone = self.folder.with_name(f".{self.name}.{secrets.token_hex(4)}.gone")
        os.rename(self.folder, gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _append(self, line: dict) -> None:
        with locked(self.folder / "lock"), (self.folder / ENTRIES).open("ab") as file:
            # A line that a crash cut short ends here, so that this one stands alone.
            file.write(b"\n" + json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def _lines(self) -> list[dict]:
        path = self.folder / ENTRIES
        if not path.exists():
            return []
        lines = []
        for raw in path.read_bytes().splitlines():
            try:
                line = json.loads(raw)
            except ValueError:
                continue
            if isinstance(line, dict):
                lines.append(line)
        return lines


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
        write_json(staging / "collection.json", {"title": title, "dataset": dataset})
    return Collection(folder)


def open_collection(workspace: Workspace, name: str) -> Collection:
    """The collection called `name`.

    Raises:
        NotFound: If there is none.
    """
    folder = collections_folder(workspace) / slugify(name)
    if not (folder / "collection.json").is_file():
        raise NotFound(f"There is no collection {name!r}.", "Start a new one.")
    return Collection(folder)


def list_collections(workspace: Workspace) -> list[Collection]:
    """All collections, in the order of their names."""
    found = collections_folder(workspace).glob("*/collection.json")
    return [Collection(path.parent) for path in sorted(found) if path.parent.name[0] != "."]
