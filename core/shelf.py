"""Things that were given a name: a folder each in the workspace, with one JSON file in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.errors import LoupeError, NotFound
from core.foreign_json import read_file
from core.workspace import Workspace, free_name, move_to_bin, slugify, write_bytes

LONGEST_NAME = 60

# A frozen pydantic model with a field `name`.
Thing = TypeVar("Thing", bound=Any)


@dataclass(frozen=True)
class Shelf(Generic[Thing]):
    """Where things of one kind are kept under their names.

    Attributes:
        place: The folder in the workspace.
        file: The file in each thing's folder.
        noun: What a thing is, in a word: "network".
        example: A name that somebody could give one.
        read: The thing that a JSON text describes, or a LoupeError.
        write: Its JSON text.
    """

    place: str
    file: str
    noun: str
    example: str
    read: Callable[[str], Thing]
    write: Callable[[Thing], str]

    def list_saved(self, workspace: Workspace) -> dict[str, Thing]:
        """All that can be read, by the folder's name, in the order of their names.

        What cannot be read (any longer) is left alone; see `list_unreadable`.
        """
        read = self._read_all(workspace)
        found = {key: one for key, one in read.items() if not isinstance(one, LoupeError)}
        return dict(sorted(found.items(), key=lambda item: (item[1].name.lower(), item[0])))

    def list_unreadable(self, workspace: Workspace) -> dict[str, LoupeError]:
        """Why some cannot be used, by the folder's name; a newer Loupe may have made them."""
        read = self._read_all(workspace)
        return {key: problem for key, problem in read.items() if isinstance(problem, LoupeError)}

    def get_saved(self, workspace: Workspace, key: str) -> Thing:
        """What lies in the folder `key`.

        Raises:
            NotFound: If there is nothing, or nothing that can be read.
        """
        known = self.list_saved(workspace)
        if key not in known:
            raise NotFound(
                f"There is no saved {self.noun} {key!r} any longer.", "Choose another one."
            )
        return known[key]

    def save(self, workspace: Workspace, thing: Thing, name: str) -> str:
        """Saves `thing` as `name`; what was saved under that name is kept in the bin.

        Returns:
            The name of its folder.

        Raises:
            LoupeError: If the name is empty or too long.
        """
        name = self._checked(name)
        key = slugify(name)
        if (self._folder(workspace) / key).is_dir():
            self.delete_saved(workspace, key)
        return self._write(workspace, key, thing, name)

    def rename_saved(self, workspace: Workspace, key: str, name: str) -> str:
        """Gives what lies in `key` another name; returns its folder's name.

        Raises:
            NotFound: If there is nothing.
            LoupeError: If the name is empty, too long or taken.
        """
        name, thing = self._checked(name), self.get_saved(workspace, key)
        other = slugify(name)
        if other != key and (self._folder(workspace) / other).exists():
            raise LoupeError(
                f"There is a saved {self.noun} called {name!r}.", "Choose another name."
            )
        self._write(workspace, other, thing, name)
        if other != key:
            self.delete_saved(workspace, key)
        return other

    def duplicate_saved(self, workspace: Workspace, key: str) -> str:
        """A copy of what lies in `key` under a free name; returns its folder's name.

        Raises:
            NotFound: If there is nothing.
        """
        thing = self.get_saved(workspace, key)
        copy = free_name(self._folder(workspace), f"{key}-copy")
        return self._write(workspace, copy, thing, f"{thing.name[: LONGEST_NAME - 5]} copy")

    def delete_saved(self, workspace: Workspace, key: str) -> str:
        """Moves it to the bin; returns the token for `core.workspace.restore`."""
        return move_to_bin(workspace, self._folder(workspace) / Path(key).name)

    def _read_all(self, workspace: Workspace) -> dict[str, Thing | LoupeError]:
        files = sorted(self._folder(workspace).glob(f"*/{self.file}"))
        return {file.parent.name: read_file(file, self.read, self.noun) for file in files}

    def _checked(self, name: str) -> str:
        name = name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise LoupeError(
                f"A {self.noun}'s name has 1 to {LONGEST_NAME} characters, "
                f"and this one has {len(name)}.",
                f"Type a short name, such as '{self.example}'.",
            )
        return name

    def _write(self, workspace: Workspace, key: str, thing: Thing, name: str) -> str:
        named = thing.model_copy(update={"name": name})
        write_bytes(self._folder(workspace) / key / self.file, self.write(named).encode())
        return key

    def _folder(self, workspace: Workspace) -> Path:
        return workspace.root / self.place
