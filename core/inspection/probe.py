"""One map of a layer, to be moved over value by value: what is needed before anything is asked."""

from typing import Any

import numpy as np

from core.errors import NotFound
from core.images import encode_jpeg, encode_png
from core.inspection import atlas
from core.inspection.fields import all_fields
from core.inspection.graph import PICTURE
from core.inspection.looking import Size, Values, values
from core.inspection.near import require_output
from core.inspection.viewer import Viewer

# In a row, units would be a line of points: they are folded into several.
UNITS_PER_ROW = 16
# A larger photo is told as a JPEG: a PNG of it would be slow to send.
LARGEST_PNG = 256


def probe(
    run_folder: str,
    source: bytes | str,
    layer_name: str,
    index: int,
    image_size: Size | None = None,
) -> dict[str, Any]:
    """One map of a layer (or all units of a layer without maps), to be moved over.

    Args:
        index: Of the map; of a layer without maps it is not used.
        image_size: (height, width) at which the model looks; None for the run's own.

    Returns:
        layer, units (whether it has units instead of maps), count (of maps or units), shape
        [rows, columns] as drawn, values float32 (rows, columns) with NaN where a row of units
        ends early, png (the values in colours, a pixel each), photo (a picture file, as the
        model gets it), photo_kind, photo_size [height, width], colours (its channels), rows and
        columns: of each row [top, bottom] and of each column [left, right] of the receptive
        field on the photo.

    Raises:
        NotFound: If the model has no such layer, or the layer no such map.
        LoupeError: If the layer's values are neither maps nor a row of units.
    """
    shown, seen = values(run_folder, source, image_size)
    output = require_output(seen, layer_name)
    count, picture = output.shape[-1], np.rint(seen[PICTURE]).astype(np.uint8)
    if not 0 <= index < count:
        what = "map" if output.ndim == 3 else "unit"
        raise NotFound(
            f"Layer {layer_name!r} has no {what} {index}.", f"Its {what}s are 0 to {count - 1}."
        )
    drawn = _folded(output) if output.ndim == 1 else output[..., index]
    rows, columns = _fields(shown, seen, layer_name)
    small = max(picture.shape[:2]) <= LARGEST_PNG
    return {
        "layer": layer_name,
        "units": output.ndim == 1,
        "count": int(count),
        "shape": list(drawn.shape),
        "values": drawn,
        "png": atlas.encode(atlas.levels(drawn[..., None])[..., 0]),
        "photo": (encode_png if small else encode_jpeg)(picture),
        "photo_kind": "image/png" if small else "image/jpeg",
        "photo_size": list(picture.shape[:2]),
        "colours": int(picture.shape[2]),
        "rows": rows,
        "columns": columns,
    }


def _folded(units: np.ndarray) -> np.ndarray:
    columns = min(len(units), max(UNITS_PER_ROW, round((3 * len(units)) ** 0.5)))
    rows = -(-len(units) // columns)
    drawn = np.full(rows * columns, np.nan, np.float32)
    drawn[: len(units)] = units
    return drawn.reshape(rows, columns)


def _fields(
    shown: Viewer, seen: Values, layer_name: str
) -> tuple[list[list[int]], list[list[int]]]:
    """Rows depend on rows alone and columns on columns, so one of each is enough."""
    shapes = {name: one.shape for name, one in seen.items()}
    shape = shapes[layer_name]
    if len(shape) != 3:
        whole = all_fields(shown.steps, shapes, layer_name, None)[PICTURE]
        return [list(map(int, whole.rows))], [list(map(int, whole.columns))]

    def at(row: int, column: int) -> Any:
        return all_fields(shown.steps, shapes, layer_name, (row, column))[PICTURE]

    rows = [list(map(int, at(row, 0).rows)) for row in range(shape[0])]
    columns = [list(map(int, at(0, column).columns)) for column in range(shape[1])]
    return rows, columns
