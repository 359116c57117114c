"""The pictures of a look over HTTP: atlases, single maps, thumbnails, the photo as it is seen."""

import hashlib
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.errors import LoupeError
from core.evaluation.results import require_model
from core.images import encode_png
from ui import cache
from ui.inside.asked import asked_photo, asked_size

KEEP_FOR_A_DAY = "private, max-age=86400"
ASK_EACH_TIME = "private, no-cache"
LARGEST_MAP = 1024


def atlas(request: Request) -> Response:
    """`GET /api/runs/{run}/atlas/{layer}?photo=ID&scale=map&colors=grey&clip=1&compact=1`."""
    return _answer(
        request,
        "atlas_png",
        request.path_params["layer"],
        **_look(request),
        compact=request.query_params.get("compact") == "1",
    )


def one_map(request: Request) -> Response:
    """`GET /api/runs/{run}/map/{layer}?photo=ID&index=3&side=384`, and `_look` as for `atlas`."""
    return _answer(
        request,
        "map_png",
        request.path_params["layer"],
        _number(request, "index", "0", int),
        **_look(request),
        size=min(_number(request, "side", "384", int), LARGEST_MAP),
    )


def thumbnails(request: Request) -> Response:
    """`GET /api/runs/{run}/thumbnails?photo=ID`: the busiest map of each layer."""
    return _answer(request, "thumbnails_png")


def seen_photo(request: Request) -> Response:
    """`GET /api/runs/{run}/input?photo=ID`: the photo as the model is given it."""
    return _answer(request, "input_picture")


def _look(request: Request) -> dict[str, Any]:
    asked = request.query_params
    return {
        "scale": asked.get("scale", "map"),
        "colors": asked.get("colors", "viridis"),
        "clip": _number(request, "clip", "0", float),
    }


def _answer(request: Request, function: str, *arguments: Any, **named: Any) -> Response:
    run = cache.run(request.path_params["run"])
    found = cache.engine().call(
        f"core.inspection.layer_pictures:{function}",
        str(run.folder),
        asked_photo(request, run),
        *arguments,
        image_size=asked_size(request),
        **named,
    )
    png = found if isinstance(found, bytes) else encode_png(found)
    # With the model's stamp in the address, another model has another address.
    known = request.query_params.get("stamp") == str(require_model(run).stat().st_mtime_ns)
    headers = {
        "ETag": f'"{hashlib.sha256(png).hexdigest()[:24]}"',
        "Cache-Control": KEEP_FOR_A_DAY if known else ASK_EACH_TIME,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(png, media_type="image/png", headers=headers)


def _number(request: Request, name: str, default: str, kind: Callable[[str], Any]) -> Any:
    text = request.query_params.get(name, default)
    try:
        return kind(text)
    except ValueError as error:
        raise LoupeError(f"The {name} {text!r} is not a number.") from error
