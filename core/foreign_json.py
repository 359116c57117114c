"""JSON that somebody pasted or sent: read with suspicion, refused with a sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from core.errors import LoupeError

Thing = TypeVar("Thing")


def read_object(text: str, noun: str, most: int) -> dict[str, Any]:
    """The JSON object that `text` is.

    Args:
        noun: What it should be, in a word: "recipe".
        most: Characters that it may have.

    Raises:
        LoupeError: If it is too long, no JSON, or no object.
    """
    if len(text) > most:
        raise LoupeError(
            f"A {noun} has at most {most:,} characters, this text has {len(text):,}.",
            f"Choose a {noun}'s JSON file.",
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LoupeError(
            f"This is no JSON text, so it cannot be a {noun}.",
            f"Paste what 'JSON' shows for a {noun}, from the first {{ to the last }}.",
        ) from error
    if not isinstance(data, dict):
        raise LoupeError(
            f"A {noun} is a JSON object, from {{ to }}, and this is something else.",
            f"Paste what 'JSON' shows for a {noun}.",
        )
    return data


def refuse_newer(version: int, known: int, noun: str) -> None:
    """Raises a LoupeError if the format `version` is newer than the last that is `known`."""
    if version > known:
        raise LoupeError(
            f"This {noun} has format {version}, and this Loupe knows formats up to {known}.",
            "It was made by a newer Loupe: open it there, or update this one.",
        )


def read_file(path: Path, read: Callable[[str], Thing], noun: str) -> Thing | LoupeError:
    """What `read` makes of the text in `path`, or why it cannot; the file is left as it is."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return LoupeError("The file is damaged: it is no text.", f"Make the {noun} anew.")
    except OSError as error:
        return LoupeError(f"The file cannot be opened: {error.strerror}.", "See who may read it.")
    except LoupeError as error:
        return error
