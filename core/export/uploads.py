"""Model files that come from elsewhere: looked at with suspicion before Keras sees them."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import LoupeError

MOST_BYTES = 2_000_000_000
PARTS = {"config.json", "metadata.json", "model.weights.h5"}
CODE_MARKS = ("__lambda__", "Lambda", "__typespec__", "__tensor__")


class UnusableModel(LoupeError):
    """A file that cannot be opened as a trained model."""


def open_model_file(path: Path | str) -> dict[str, Any]:
    """Opens a `.keras` file in safe mode and says what it is.

    Returns:
        input_shape [height, width, channels], num_classes, layers and parameters.

    Raises:
        UnusableModel: If it is no `.keras` file, is damaged, carries program code, or does
            not map one picture to class probabilities. Nothing in it has then been run.
    """
    path = Path(path)
    _refuse_code(_architecture(path))
    import keras

    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever a damaged file provokes
        raise UnusableModel(
            "The file looks like a Keras model but cannot be opened.",
            "Save it again with model.save('model.keras') in Keras 3.",
        ) from error
    return _described(model)


def _architecture(path: Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member.file_size for member in archive.infolist()}
            if PARTS - set(members) or sum(members.values()) > MOST_BYTES:
                raise UnusableModel(
                    f"The file {path.name!r} is not a Keras model of up to 2 GB.",
                    "Choose a file that was saved with model.save('model.keras').",
                )
            return json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, OSError, ValueError, RecursionError) as error:
        raise UnusableModel(
            f"The file {path.name!r} is not a Keras model.",
            "Choose a file that ends in .keras and was saved with Keras 3.",
        ) from error


def _refuse_code(architecture: Any) -> None:
    """Only Keras' own parts may be named: anything else could run code when it is loaded."""
    for part in _parts(architecture):
        module, name = part.get("module"), part.get("class_name")
        foreign = module is not None and str(module).split(".")[0] not in ("keras", "builtins")
        if name in CODE_MARKS or foreign or part.get("registered_name") in ("function", "Lambda"):
            raise UnusableModel(
                f"The model contains program code ({name}), which could do anything here.",
                "Choose a model made of Keras' own layers only.",
            )


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "class_name" in part:
                yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _described(model: Any) -> dict[str, Any]:
    inputs, outputs = model.inputs, model.outputs
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or len(outputs) != 1:
        raise UnusableModel("The model does not take one picture and give one answer.")
    if len(outputs[0].shape) != 2:
        raise UnusableModel("The model does not answer with one probability per class.")
    return {
        "input_shape": list(inputs[0].shape[1:]),
        "num_classes": max(2, int(outputs[0].shape[-1])),
        "layers": len(model.layers),
        "parameters": int(model.count_params()),
    }
