"""Architectures that were given a name: a JSON file each in the workspace."""

from pathlib import Path

from core.errors import LoupeError, NotFound
from core.models.architecture import Architecture
from core.models.architecture_json import read_architecture, write_architecture
from core.workspace import Workspace, free_name, move_to_bin, slugify, write_bytes

FILE = "architecture.json"
LONGEST_NAME = 60


def list_saved(workspace: Workspace) -> dict[str, Architecture]:
    """All saved architectures by their folder's name, in the order of their names.

    A file that is no architecture (any longer) is left out, and left alone.
    """
    found = {}
    for file in sorted(_folder(workspace).glob(f"*/{FILE}")):
        try:
            found[file.parent.name] = read_architecture(file.read_text(encoding="utf-8"))
        except (LoupeError, OSError, UnicodeDecodeError):
            continue
    return dict(sorted(found.items(), key=lambda item: (item[1].name.lower(), item[0])))


def get_saved(workspace: Workspace, key: str) -> Architecture:
    """The saved architecture `key`.

    Raises:
        NotFound: If there is none.
    """
    known = list_saved(workspace)
    if key not in known:
        raise NotFound(f"There is no saved network {key!r} any longer.", "Choose another one.")
    return known[key]


def save_architecture(workspace: Workspace, architecture: Architecture, name: str) -> str:
    """Saves `architecture` as `name`; what was saved under that name is kept in the bin.

    Returns:
        The name of its folder.

    Raises:
        LoupeError: If the name is empty or too long.
    """
    name = _checked(name)
    key = slugify(name)
    if (_folder(workspace) / key).is_dir():
        delete_saved(workspace, key)
    return _write(workspace, key, architecture, name)


def rename_saved(workspace: Workspace, key: str, name: str) -> str:
    """Gives the saved architecture `key` another name; returns its folder's name.

    Raises:
        NotFound: If there is none.
        LoupeError: If the name is empty, too long or taken.
    """
    name, architecture = _checked(name), get_saved(workspace, key)
    other = slugify(name)
    if other != key and (_folder(workspace) / other).exists():
        raise LoupeError(f"There is a saved network called {name!r}.", "Choose another name.")
    _write(workspace, other, architecture, name)
    if other != key:
        delete_saved(workspace, key)
    return other


def duplicate_saved(workspace: Workspace, key: str) -> str:
    """A copy of the saved architecture `key` under a free name; returns its folder's name.

    Raises:
        NotFound: If there is none.
    """
    architecture = get_saved(workspace, key)
    name = f"{architecture.name[: LONGEST_NAME - 5]} copy"
    copy = free_name(_folder(workspace), f"{key}-copy")
    return _write(workspace, copy, architecture, name)


def delete_saved(workspace: Workspace, key: str) -> str:
    """Moves the saved architecture `key` to the bin; returns the token for `restore`."""
    return move_to_bin(workspace, _folder(workspace) / Path(key).name)


def _checked(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise LoupeError(
            f"A network's name has 1 to {LONGEST_NAME} characters, and this one has {len(name)}.",
            "Type a short name, such as 'two blocks'.",
        )
    return name


def _write(workspace: Workspace, key: str, architecture: Architecture, name: str) -> str:
    named = architecture.model_copy(update={"name": name})
    write_bytes(_folder(workspace) / key / FILE, write_architecture(named).encode())
    return key


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "architectures"
