"""What every layer of a trained model sees in one photo.

The last few models stay loaded and compiled. Every public function takes a run's folder
and plain values and returns plain values, so that the engine can be asked by name.
"""

from pathlib import Path
from typing import Any

import numpy as np

from core.errors import NotFound
from core.evaluation.picture_size import asked_picture, picture_for
from core.evaluation.results import require_model, run_of
from core.inspection import atlas as drawing
from core.inspection import layers
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


def model_key(run_folder: str | Path, epoch: int | None = None) -> tuple[str, int, int | None]:
    """What stays the same for as long as the run's model does."""
    path = require_model(run_of(run_folder))
    return str(path), path.stat().st_mtime_ns, epoch


_viewers: Kept[Viewer] = Kept(MOST_KEPT, KEPT_BYTES, lambda shown: weight_bytes(shown.model))


def warm(run_folder: str) -> None:
    """Loads and compiles the run's model, so that the first `atlas` is quick."""
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


def arrays(
    run_folder: str, source: bytes | str, layer_name: str, image_size: Size | None = None
) -> dict[str, np.ndarray]:
    """What goes into a layer's `.npz`, each with its batch axis of 1.

    Returns:
        input, float32 (1, height, width, channels) 0..255: what the network was given; maps,
        float32 (1, height, width, maps): what the layer made of it.

    Raises:
        LoupeError: If the layer has no feature maps.
    """
    shown = viewer(run_folder)
    entry = layers.require_maps(shown.outputs, layer_name)
    picture = asked_picture(run_of(run_folder), source, image_size)
    maps = shown.maps(picture)[entry.name]
    return {"input": picture[None].astype(np.float32), "maps": maps[None]}


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
        "png": drawing.encode(sheet.pixels),
        **sheet.layout(),
    }


def atlas_of_all_layers(
    run_folder: str, source: bytes | str, scale: str = "map", image_size: Size | None = None
) -> dict[str, Any]:
    """Every layer's feature maps in one PNG, each layer under its name.

    Returns:
        layer (None), shape (None), layers and png.
    """
    maps = activations(run_folder, source, image_size)
    png = drawing.encode(drawing.draw_all(maps, scale))
    known = layers_with_maps(run_folder, image_size)
    return {"layer": None, "shape": None, "layers": known, "png": png}


def feature_map(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    index: int,
    size: int = 384,
    image_size: Size | None = None,
) -> dict[str, Any]:
    """One map enlarged to about `size` pixels, with its numbers.

    Returns:
        layer, index, count, shape [height, width], png, min, max, mean and zeros (the share
        of the map that is exactly 0: where the layer saw nothing).

    Raises:
        NotFound: If the layer has no map of this number.
    """
    shown = viewer(run_folder)
    entry = layers.require_maps(shown.outputs, layer_name)
    maps = shown.maps(asked_picture(run_of(run_folder), source, image_size))[entry.name]
    count = maps.shape[-1]
    if not 0 <= index < count:
        raise NotFound(
            f"Layer {layer_name!r} has no map {index}.", f"Its maps are 0 to {count - 1}."
        )
    one = maps[..., index]
    return {
        "layer": layer_name,
        "index": index,
        "count": count,
        "shape": list(one.shape),
        "png": drawing.encode(drawing.enlarge(one, size)),
        "min": float(one.min()),
        "max": float(one.max()),
        "mean": float(one.mean()),
        "zeros": float(np.mean(one == 0)),
    }


def _first_convolution(shown: Viewer) -> str:
    names = [entry.name for entry in shown.visible if layers.is_convolution(entry)]
    return names[0] if names else shown.visible[0].name
