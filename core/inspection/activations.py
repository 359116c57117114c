"""What every layer of a trained model sees in one photo.

The last few models stay loaded and compiled. Every public function takes a run's folder
and plain values and returns plain values, so that the engine can be asked by name.
"""

from pathlib import Path
from typing import Any

import numpy as np

from core.errors import LoupeError
from core.evaluation.picture_size import asked_picture, picture_for
from core.evaluation.results import require_model, run_of
from core.inspection import atlas as drawing
from core.inspection import layers
from core.inspection.shades import encode
from core.inspection.viewer import Viewer
from core.kept import Kept
from core.models.loading import KEPT_BYTES, MOST_KEPT, load_model, weight_bytes
from core.training.snapshots import model_at

Size = tuple[int, int]


def viewer(run_folder: str | Path, epoch: int | None = None) -> Viewer:
    """The run's `Viewer`, kept while the model file stays the same.

    Args:
        epoch: As the model was after it (0: untrained); None for the model that was kept.

    Raises:
        NotFound: If there is no such run, no model in it yet, or no snapshot of `epoch`.
    """
    run = run_of(run_folder)
    path = require_model(run)

    def make() -> Viewer:
        return Viewer(load_model(path) if epoch is None else model_at(run, epoch))

    return _viewers.get(model_key(run_folder, epoch), make)


def viewer_at_hand(run_folder: str | Path) -> Viewer | None:
    """The run's `Viewer` if it is kept; None if the model would have to be loaded first."""
    return _viewers.at_hand(model_key(run_folder))


def is_open(run_folder: str) -> bool:
    """Whether the run's model is loaded and compiled, so that the next photo is quick."""
    shown = viewer_at_hand(run_folder)
    return shown is not None and shown.is_warm


def how_many_open() -> int:
    """How many models are kept."""
    return len(_viewers)


def model_key(run_folder: str | Path, epoch: int | None = None) -> tuple[str, int, int | None]:
    """What stays the same for as long as the run's model does."""
    path = require_model(run_of(run_folder))
    return str(path), path.stat().st_mtime_ns, epoch


_viewers: Kept[Viewer] = Kept(MOST_KEPT, KEPT_BYTES, lambda shown: weight_bytes(shown.model))


def warm(run_folder: str) -> None:
    """Loads and compiles the run's model, so that the first `atlas` is quick."""
    if not is_open(run_folder):
        viewer(run_folder).warm(picture_for(run_of(run_folder)).shape)


def layers_with_maps(run_folder: str, image_size: Size | None = None) -> list[dict[str, Any]]:
    """name, kind, shape [height, width, maps] and maps of each layer that can be shown.

    Args:
        image_size: (height, width) of the picture; None for the run's own. So everywhere here.

    Raises:
        LoupeError: If the run's model does not take pictures of `image_size`.
    """
    return viewer(run_folder).described(picture_for(run_of(run_folder), image_size).shape)


def activations(
    run_folder: str, source: bytes | str, image_size: Size | None = None
) -> dict[str, np.ndarray]:
    """Every layer's feature maps for one photo: {layer name: float32 (height, width, maps)}.

    Args:
        run_folder: A run with a trained model.
        source: The photo as the bytes of its file, or the path of the file.

    Raises:
        UnusablePicture: If the photo cannot be read.
        NotFound: If there is no such run, or no model in it yet.
    """
    return viewer(run_folder).maps(asked_picture(run_of(run_folder), source, image_size))


def atlas(
    run_folder: str,
    source: bytes | str,
    layer_name: str | None = None,
    scale: str = "map",
    image_size: Size | None = None,
) -> dict[str, Any]:
    """All feature maps of one layer as one palette PNG, with what a click needs to know.

    Args:
        run_folder: A run with a trained model.
        source: The photo as the bytes of its file, or the path of the file.
        layer_name: The layer to show; the first convolution when None.
        scale: "map" colours each map between its own lowest and highest value, "layer"
            all of them alike.

    Returns:
        layer, shape, layers, png, columns, rows, cell [height, width], gap, count, low, high.
        Map i lies at row i // columns, column i % columns, whose upper left pixel is
        (gap + row * (cell height + gap), gap + column * (cell width + gap)).

    Raises:
        LoupeError: If the layer has no feature maps.
    """
    shown = viewer(run_folder)
    entry = layers.require_maps(shown.outputs, layer_name or _first_convolution(shown))
    maps = shown.maps(asked_picture(run_of(run_folder), source, image_size))[entry.name]
    sheet = drawing.draw(maps, scale)
    return {
        "layer": entry.name,
        "shape": list(maps.shape),
        "layers": layers_with_maps(run_folder, image_size),
        "low": float(maps.min()),
        "high": float(maps.max()),
        "png": encode(sheet.pixels),
        **sheet.layout(),
    }


def atlas_of_all_layers(
    run_folder: str, source: bytes | str, scale: str = "map", image_size: Size | None = None
) -> dict[str, Any]:
    """Every layer's feature maps in one PNG, each layer under its name.

    Returns:
        layer (None), shape (None), layers and png.

    Raises:
        LoupeError: If no layer has feature maps.
    """
    maps = activations(run_folder, source, image_size)
    if not maps:
        raise _nothing_to_see()
    png = encode(drawing.draw_all(maps, scale))
    known = layers_with_maps(run_folder, image_size)
    return {"layer": None, "shape": None, "layers": known, "png": png}


def _first_convolution(shown: Viewer) -> str:
    if not shown.visible:
        raise _nothing_to_see()
    names = [entry.name for entry in shown.visible if layers.is_convolution(entry)]
    return names[0] if names else shown.visible[0].name


def _nothing_to_see() -> LoupeError:
    return LoupeError("This model has no layer with feature maps.")
