"""Architectures as JSON, in and out; what cannot be read is refused with a sentence."""

import json
from typing import Any

from pydantic import ValidationError

from core.errors import LoupeError
from core.expected import expected
from core.foreign_json import read_object, refuse_newer
from core.models.architecture import MOST_LAYERS, Architecture
from core.models.layers import BRANCH_KINDS, LAYER_KINDS, MOST_IN_BLOCK

VERSION = 1  # of the format
LARGEST_FILE = 1_000_000  # characters; a network of 100 layers has about 15,000
LONGEST_NAME = 80


def write_architecture(architecture: Architecture) -> str:
    """The architecture as JSON, one field a line, with the version of the format."""
    data = {"version": VERSION, **architecture.model_dump(mode="json")}
    return json.dumps(data, ensure_ascii=False, indent=1)


def read_architecture(text: str) -> Architecture:
    """The architecture that `text` describes.

    Raises:
        LoupeError: If it is no architecture, has an unknown kind of layer, a value that is
            not allowed or too many layers, or comes from a newer Loupe; says which.
    """
    data = read_object(text, "network", LARGEST_FILE)
    version = data.pop("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise LoupeError(f"The field 'version' must be {VERSION}, received {version!r:.40}.")
    refuse_newer(version, VERSION, "network")
    _check_size(data)
    try:
        architecture = Architecture.model_validate(data)
    except ValidationError as error:
        raise _as_sentence(error.errors()[0], data) from error
    kinds = [layer.kind for layer in architecture.layers]
    if kinds.count("output") != 1 or kinds[-1] != "output":
        raise LoupeError(
            "A network ends with its one layer of kind 'output', and this one does not.",
            'Put {"kind": "output"} at the end of its layers.',
        )
    return architecture


def _check_size(data: dict[str, Any]) -> None:
    """Before anything is made of it: pydantic would list an error for each of many layers."""
    layers, name = data.get("layers"), data.get("name")
    if isinstance(name, str) and not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise LoupeError(
            f"A network's name has 1 to {LONGEST_NAME} characters, and this one {len(name):,}."
        )
    if not isinstance(layers, list):
        return
    if len(layers) > MOST_LAYERS:
        raise LoupeError(
            f"A network has at most {MOST_LAYERS} layers here, this one has {len(layers):,}."
        )
    for number, layer in enumerate(layers, start=1):
        inner = layer.get("layers") if isinstance(layer, dict) else None
        if isinstance(inner, list) and len(inner) > MOST_IN_BLOCK:
            raise LoupeError(
                f"Layer {number} holds {len(inner):,} layers, and a block has at most "
                f"{MOST_IN_BLOCK}."
            )


def _as_sentence(problem: Any, data: dict[str, Any]) -> LoupeError:
    place, received = [part for part in problem["loc"]], problem["input"]
    owner = _owner(place)
    if problem["type"] == "union_tag_invalid":
        kind = received.get("kind") if isinstance(received, dict) else received
        if len(place) > 3:
            held = ", ".join(known for known in LAYER_KINDS if known in BRANCH_KINDS)
            said = f"{_owner(place[:4])} cannot hold a layer {kind!r:.60}."
            return LoupeError(said, f"It can hold {held}.")
        known = ", ".join(LAYER_KINDS)
        return LoupeError(f"There is no layer {kind!r:.60}.", f"Known layers: {known}.")
    if problem["type"] == "extra_forbidden":
        return LoupeError(f"{owner} has no field {str(place[-1])!r:.60}.", "Take it out.")
    if problem["type"] == "missing":
        return LoupeError(f"{owner} lacks its field {str(place[-1])!r}.", "Add it.")
    shown = "" if isinstance(received, dict | list) else f" Received {received!r:.60}."
    inside = place and not isinstance(place[-1], int)
    where = f", field {str(place[-1])!r:.60}" if inside else ""
    return LoupeError(f"{owner}{where}: {expected(problem)}.{shown}", "Correct it and try again.")


def _owner(place: list[Any]) -> str:
    """Whose field it is: "The network", "Layer 3 (conv2d)", "Layer 3, its layer 2 (dropout)"."""
    if len(place) < 2 or place[0] != "layers" or not isinstance(place[1], int):
        return "The network"
    words = f"Layer {place[1] + 1}"
    numbers = [part for part in place[2:] if isinstance(part, int)]
    kinds = [part for part in place[2:-1] if part in LAYER_KINDS]
    if numbers:
        words += f", its layer {numbers[0] + 1}"
    return f"{words} ({kinds[-1]})" if kinds else words
