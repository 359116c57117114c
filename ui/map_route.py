"""The points of a similarity map as one small file."""

import struct

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from core.datasets.similarity_map import SimilarityMap
from core.errors import NotFound
from ui import cache

FULL = 65535


def map_points(request: Request) -> Response:
    """`GET /api/datasets/{name}/map?by=eye&stamp=1`: see `encode_points`.

    `by` is `eye`, or the name of a run; a new map has another `stamp`. With `plane=pca` the
    photos lie as on the plane of what the run makes of them.
    """
    from ui.inside.embeddings_data import PCA, principal_map
    from ui.photos.map_view import map_file

    dataset = cache.dataset(request.path_params["name"])
    by = request.query_params.get("by", "eye")
    if request.query_params.get("plane") == PCA:
        made = principal_map(by)
    else:
        made = cache.similarity_map(map_file(dataset, by))
    if made is None:
        raise NotFound("There is no such map yet.", "Make it in the map view.")
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(encode_points(made), media_type="application/octet-stream", headers=headers)


def encode_points(made: SimilarityMap) -> bytes:
    """uint32 N, N times x and y as uint16 (0 to 65535 for 0..1), little-endian, then the ids,
    a line each, in UTF-8."""
    places = np.round(np.clip(made.places, 0, 1) * FULL).astype("<u2")
    return struct.pack("<I", len(made.ids)) + places.tobytes() + "\n".join(made.ids).encode()
