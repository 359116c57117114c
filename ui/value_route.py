"""How single values of a layer come about, for whoever moves over a map."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.engine import EngineError
from core.errors import LoupeError
from core.kept import NotAtHand
from ui import cache
from ui.http_answers import refusal
from ui.inside.asked import asked_photo, asked_size

NEAR = "core.inspection.near:values_near"
LONGEST_PLACE, LARGEST_NUMBER = 3, 100_000
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def value(request: Request) -> Response:
    """`GET /api/runs/{run}/value/{layer}?place=10,12,3&photo=ID&reach=2&most=6&size=64x96`.

    `place` is row, column and map, or a unit; `reach` how far around it values are told, too;
    `most` how many channels of each are listed; `size` the (height, width) at which the network
    looks, its own if left out. Instead of `photo`, `token` names a photo that was lent
    (`ui.photo_shelf`). The answer is `{"values": […]}`, see `core.inspection.near.values_near`.
    """
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        return refusal(LoupeError("Values are told to Loupe's own pages only."), 403)
    asked = request.query_params
    run = cache.run(request.path_params["run"])
    place = _numbers(asked.get("place", ""), "place")
    if len(place) not in (1, LONGEST_PLACE):
        raise LoupeError("A place is a row, a column and a map, or a unit.", "Try place=0,0,0.")
    arguments = (
        str(run.folder),
        asked_photo(request, run),
        request.path_params["layer"],
        place,
        _numbers(asked.get("reach", "0"), "reach")[0],
        _numbers(asked.get("most", "6"), "most")[0],
        asked_size(request),
    )
    found = {"values": ask_near(*arguments)}
    body = json.dumps(found, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return Response(body.encode(), media_type="application/json", headers=HEADERS)


def ask_near(*arguments: Any) -> Any:
    """`values_near`, at once where the photo was looked at; else in the engine's line."""
    try:
        return cache.engine().call_beside(NEAR, *arguments, True)
    except (NotAtHand, EngineError):
        return cache.engine().call(NEAR, *arguments)


def _numbers(text: str, name: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        raise LoupeError(
            f"The {name} {text[:40]!r} is not made of whole numbers.", "Separate them by commas."
        )
    found = tuple(map(int, parts))
    if max(found) > LARGEST_NUMBER:
        raise LoupeError(f"The {name} {text[:40]!r} is too large.", "Give smaller numbers.")
    return found
