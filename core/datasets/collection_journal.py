"""What a collection's lines add up to: photos, those taken out, and the classes."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any


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


KNOWN = {attribute.name for attribute in fields(Entry)}


@dataclass
class Contents:
    """The state after some lines. Made by `replay`; others only read it.

    Attributes:
        photos: Every photo that came, in the order in which they came, by id.
        away: The ids of those taken out.
        classes: Every class there ever was, in order; False once it was dropped.
    """

    photos: dict[str, Entry] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    classes: dict[str, bool] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        """The photos that are in it, oldest first."""
        return [entry for entry in self.photos.values() if entry.id not in self.away]

    def by_class(self) -> dict[str, list[Entry]]:
        """The photos that are in it, per class; a class without any has an empty list."""
        found: dict[str, list[Entry]] = {name: [] for name in self.classes}
        for entry in self.entries():
            found[entry.label].append(entry)
        return {name: found[name] for name in found if found[name] or self.classes[name]}

    def taken_out(self, label: str) -> list[str]:
        """The ids of the photos of a class that could be brought back."""
        return [entry.id for entry in self.photos.values() if self._is_away(entry, label)]

    def apply(self, line: Any) -> None:
        """Does what one line says; one that says nothing known changes nothing."""
        if not isinstance(line, dict):
            return
        for kind, change in CHANGES.items():
            if kind in line:
                change(self, line[kind])
                return
        if isinstance(line.get("id"), str) and line["id"] not in self.photos:
            self._add(line)

    def _add(self, line: dict[str, Any]) -> None:
        given = {name: str(value) for name, value in line.items() if name in KNOWN}
        if {"label", "name"} <= set(given):
            self.photos[given["id"]] = Entry(**given)
            self.classes[given["label"]] = True

    def _is_away(self, entry: Entry, label: str) -> bool:
        return entry.label == label and entry.id in self.away

    def _remove(self, ids: Iterable[str]) -> None:
        self.away |= {key for key in ids if key in self.photos}

    def _restore(self, ids: Iterable[str]) -> None:
        self.away -= set(ids)

    def _forget(self, ids: Iterable[str]) -> None:
        for key in ids:
            self.photos.pop(key, None)

    def _keep_class(self, label: str) -> None:
        self.classes[label] = True

    def _drop_class(self, label: str) -> None:
        if label in self.classes:
            self.classes[label] = False

    def _rename_class(self, names: list[str]) -> None:
        old, new = names
        if old not in self.classes or old == new:
            return
        before = self.classes
        self.classes = {new if name == old else name: before[name] for name in before}
        self.classes[new] = before[old] or before.get(new, False)
        for key, entry in self.photos.items():
            if entry.label == old:
                self.photos[key] = replace(entry, label=new)


CHANGES: dict[str, Callable[[Contents, Any], None]] = {
    "removed": Contents._remove,
    "restored": Contents._restore,
    "used": Contents._forget,
    "class": Contents._keep_class,
    "dropped": Contents._drop_class,
    "renamed": Contents._rename_class,
}


def replay(data: bytes) -> Contents:
    """The contents after the lines of a journal; a line that was cut short is passed over."""
    contents = Contents()
    for raw in data.split(b"\n"):
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        contents.apply(line)
    return contents
