"""`networks`, and what a command's `--network` names."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from core.errors import LoupeError, NotFound
from core.models.architecture import Architecture
from core.models.architecture_json import read_architecture, write_architecture
from core.models.open_size import forbids_open
from core.models.saved import get_saved, list_saved, list_unreadable, save_architecture
from core.progress import Progress
from core.workspace import Workspace, slugify, write_bytes


def run_networks(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    """Lists the saved networks, after one was taken in or written out."""
    if options.export and options.file:
        raise LoupeError("A network is either written out or taken in.", "Leave one of them out.")
    done: dict[str, Any] = {}
    if options.file:
        own = _read(Path(options.file))
        done["saved"] = save_architecture(workspace, own, options.name or own.name)
    if options.export:
        out = Path(options.out or f"{slugify(options.export)}.json")
        _write(out, _saved(workspace, options.export))
        done["out"] = str(out)
    rows = [
        {
            "name": key,
            "title": own.name,
            "layers": len(own.places()),
            "picture": _picture_words(own),
        }
        for key, own in list_saved(workspace).items()
    ]
    unreadable = [
        {"name": key, "error": str(problem)} for key, problem in list_unreadable(workspace).items()
    ]
    return done | {"networks": rows, "unreadable": unreadable}


def network(workspace: Workspace, name: str) -> Architecture:
    """The network that `name` means: a saved one, or a JSON file.

    Raises:
        LoupeError: If it is neither, or the file holds no network; says what is wrong with it.
    """
    unreadable = list_unreadable(workspace)
    if name in unreadable:
        problem = unreadable[name]
        raise LoupeError(
            f"The saved network {name!r} cannot be read. {problem.message}", problem.next_step
        )
    if name not in list_saved(workspace) and Path(name).is_file():
        return _read(Path(name))
    return _saved(workspace, name)


def _saved(workspace: Workspace, name: str) -> Architecture:
    known = list_saved(workspace)
    by_title = {own.name: key for key, own in known.items()}
    if name not in known and name not in by_title:
        saved = f"one of {', '.join(known)}" if known else "save one on the page “Model” first"
        raise NotFound(f"There is no network {name!r}.", f"Name a JSON file, or {saved}.")
    return get_saved(workspace, name if name in known else by_title[name])


def _picture_words(own: Architecture) -> str:
    if own.open_size:
        return "any size"
    return "one size, any would be possible" if forbids_open(own) is None else "one size"


def _read(path: Path) -> Architecture:
    try:
        return read_architecture(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise LoupeError(f"{path} is no text.", "Choose a network's JSON file.") from error
    except OSError as error:
        raise LoupeError(
            f"{path} cannot be opened: {error.strerror}.", "Choose another file."
        ) from error
    except LoupeError as error:
        raise LoupeError(f"{path}: {error.message}", error.next_step) from error


def _write(path: Path, own: Architecture) -> None:
    try:
        write_bytes(path, write_architecture(own).encode())
    except OSError as error:
        raise LoupeError(
            f"{path} cannot be written: {error.strerror}.", "Choose another file with --out."
        ) from error
