"""Pictures and numbers of one layer, or of one map of it, for one photo.

Every public function takes a run's folder and plain values and returns plain values, so that
the engine can be asked by name. What the last photos gave stays at hand (`looking.values`).
"""

from typing import Any

import numpy as np

from core.errors import NotFound
from core.inspection import atlas as drawing
from core.inspection import shades
from core.inspection.drawn_shape import as_maps
from core.inspection.graph import PICTURE
from core.inspection.kernels import kernel_of
from core.inspection.layer_facts import histogram, liveliest
from core.inspection.looking import output_of, values
from core.inspection.npz import npz

Size = tuple[int, int]
ONE_PIXEL = 1  # the browser enlarges small maps itself


def atlas_png(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    scale: str = "map",
    colors: str = "viridis",
    clip: float = 0.0,
    compact: bool = False,
    image_size: Size | None = None,
) -> bytes:
    """All maps of a layer of any kind (see `as_maps`) as one palette PNG.

    Args:
        run_folder: A run with a trained model.
        source: The photo as the bytes of its file, or the path of the file.
        scale, clip: As for `core.inspection.shades.levels`.
        colors: One of `core.inspection.shades.COLORS`.
        compact: Whether small maps are left as small as they are.
        image_size: (height, width) at which the model looks; None for the run's own. So
            everywhere here.

    Raises:
        UnusablePicture: If the photo cannot be read.
        NotFound: If the model has no such layer.
    """
    _, seen = values(run_folder, source, image_size)
    maps = as_maps(output_of(seen, layer_name))
    smallest = ONE_PIXEL if compact else drawing.SMALLEST_CELL
    signed = colors == shades.SIGNED
    sheet = drawing.draw(maps, scale, smallest=smallest, signed=signed, clip=clip)
    return shades.encode(sheet.pixels, colors)


def map_png(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    index: int,
    scale: str = "map",
    colors: str = "viridis",
    clip: float = 0.0,
    size: int = 384,
    image_size: Size | None = None,
) -> bytes:
    """One map as a PNG, enlarged by a whole factor to about `size` pixels; the rest as above.

    Raises:
        NotFound: If the layer has no map of this number.
    """
    _, seen = values(run_folder, source, image_size)
    maps = as_maps(output_of(seen, layer_name))
    _require_map(layer_name, maps, index)
    signed = colors == shades.SIGNED
    return shades.encode(drawing.enlarge(maps, index, size, scale, signed, clip), colors)


def thumbnails_png(run_folder: str, source: bytes | str, image_size: Size | None = None) -> bytes:
    """The busiest map of every layer with maps, in squares of `drawing.THUMBNAIL` below each other.

    They come in the order of `looking.layers_of`.
    """
    shown, seen = values(run_folder, source, image_size)
    with_maps = [seen[name] for name in shown.layer_names if seen[name].ndim == 3]
    busiest = [maps[..., liveliest(maps)[0]] for maps in with_maps]
    return shades.encode(drawing.thumbnails(busiest))


def input_picture(
    run_folder: str, source: bytes | str, image_size: Size | None = None
) -> np.ndarray:
    """The photo as the model is given it, uint8 (height, width, channels)."""
    return values(run_folder, source, image_size)[1][PICTURE].astype(np.uint8)


def unit_values(
    run_folder: str, source: bytes | str, layer_name: str, image_size: Size | None = None
) -> list[float]:
    """What a layer without places says: a number per unit, 0 for what is not finite.

    Raises:
        NotFound: If the model has no such layer.
    """
    _, seen = values(run_folder, source, image_size)
    found = np.nan_to_num(output_of(seen, layer_name), posinf=0.0, neginf=0.0)
    return found.ravel().tolist()


def feature_map(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    index: int,
    image_size: Size | None = None,
) -> dict[str, Any]:
    """One map, or unit, in numbers, and the weights that make it.

    Returns:
        layer, index, count, shape (of the map), min, max, mean, zeros (the share of the map
        that is exactly 0: where the layer saw nothing), counts (as of `layer_facts`), kernel
        (as of `core.inspection.kernels.kernel_of`).

    Raises:
        NotFound: If the layer has no map of this number.
    """
    shown, seen = values(run_folder, source, image_size)
    found = output_of(seen, layer_name)
    _require_map(layer_name, found, index)
    one = np.nan_to_num(found[..., index], posinf=0.0, neginf=0.0)
    return {
        "layer": layer_name,
        "index": index,
        "count": found.shape[-1],
        "shape": list(one.shape),
        "min": float(one.min()),
        "max": float(one.max()),
        "mean": float(one.mean(dtype=np.float64)),
        "zeros": float(np.mean(one == 0)),
        "counts": histogram(one),
        "kernel": kernel_of(shown.steps, seen, layer_name, index),
    }


def arrays(
    run_folder: str, source: bytes | str, layer_name: str, image_size: Size | None = None
) -> dict[str, np.ndarray]:
    """What goes into a layer's `.npz`, each with its batch axis of 1.

    Returns:
        input, float32 (1, height, width, channels) 0..255: what the network was given; maps,
        float32 (1, height, width, maps), or (1, units): what the layer made of it.

    Raises:
        NotFound: If the model has no such layer.
    """
    _, seen = values(run_folder, source, image_size)
    return {"input": seen[PICTURE][None], "maps": output_of(seen, layer_name)[None]}


def arrays_npz(
    run_folder: str, source: bytes | str, layer_name: str, image_size: Size | None = None
) -> bytes:
    """`arrays` as the bytes of an `.npz`."""
    return npz(arrays(run_folder, source, layer_name, image_size))


def _require_map(layer_name: str, maps: np.ndarray, index: int) -> None:
    count = maps.shape[-1]
    if not 0 <= index < count:
        raise NotFound(
            f"Layer {layer_name!r} has no map {index}.", f"Its maps are 0 to {count - 1}."
        )
