"""Pictures over HTTP, with cache headers, and large uploads in a stream."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.datasets.collections import open_collection
from core.disk import NoSpace, room_on_disk
from core.errors import LoupeError, NotFound
from core.evaluation.decisions import MOST_AT_ONCE, decide, take_back
from core.images import encode_jpeg, load_thumbnail
from core.workspace import write_bytes
from ui import cache
from ui.frames import take_frames
from ui.http_answers import refusal, same_origin
from ui.inside import picture_routes
from ui.inside.whole_route import live_network_file
from ui.map_route import map_points
from ui.upload_routes import UPLOAD_ROUTES
from ui.value_route import value

LARGEST_SIDE = 2000
LARGEST_DECISIONS = 1_000_000  # bytes
SIZES = (64, 96, 128, 160, 240, 320, 480, 640)
# A page asks for all its thumbnails at once; decoded side by side they would fill the memory.
AT_A_TIME = threading.Semaphore(2)
# A photo's id comes from its content.
KEEP_FOR_A_DAY = "private, max-age=86400"


def photo(request: Request) -> Response:
    """`GET /api/datasets/{name}/photos/{photo_id}?size=160`: a JPEG of that longest side."""
    dataset = cache.dataset(request.path_params["name"])
    row = dataset.photo(request.path_params["photo_id"])
    side = _side(request.query_params.get("size", "160"))
    etag = f'"{row["content_hash"][:24]}-{side}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=_headers(etag, KEEP_FOR_A_DAY))
    data = _thumbnail(dataset.photo_path(row["id"]), str(row["content_hash"]), side)
    return Response(data, media_type="image/jpeg", headers=_headers(etag, KEEP_FOR_A_DAY))


def collected(request: Request) -> Response:
    """`GET /api/collections/{name}/photos/{entry_id}?size=160`: as `photo`, of a collection."""
    collection = open_collection(cache.workspace(), request.path_params["name"])
    entry = request.path_params["entry_id"]
    path = collection.path(entry)
    if path.name != entry or entry.startswith(".") or not path.is_file():
        raise NotFound(f"There is no photo {entry!r} in this collection.")
    side = _side(request.query_params.get("size", "160"))
    # An entry's file is written once; its id is never given again.
    etag = f'"{hashlib.sha256(entry.encode()).hexdigest()[:24]}-{side}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=_headers(etag, KEEP_FOR_A_DAY))
    data = _thumbnail(path, hashlib.sha256(path.read_bytes()).hexdigest(), side)
    return Response(data, media_type="image/jpeg", headers=_headers(etag, KEEP_FOR_A_DAY))


async def decisions(request: Request) -> Response:
    """`POST /api/datasets/{name}/decisions`: verdicts on suspect labels, in their order.

    The body is `{"decisions": [{"photo", "action", "label"}, …]}`; the action is keep, move,
    exclude or take-back. The answer counts what is decided, and names what was refused.
    """
    if not same_origin(request):
        return refusal(LoupeError("Decisions are taken from Loupe's own pages only."), 403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_DECISIONS:
            return refusal(LoupeError("These are too many decisions at once."), 413)
    try:
        asked = json.loads(body)["decisions"]
        pairs = [(str(entry["photo"]), entry) for entry in asked][:MOST_AT_ONCE]
    except (ValueError, KeyError, TypeError):
        return refusal(LoupeError("The decisions cannot be read."), 422)
    name = request.path_params["name"]
    return JSONResponse(await run_in_threadpool(_decide_all, name, pairs))


def _decide_all(name: str, decisions: list[tuple[str, dict]]) -> dict[str, Any]:
    workspace, answer, refused, errors = cache.workspace(), {}, [], []
    for photo_id, entry in decisions:
        try:
            if entry.get("action") == "take-back":
                answer = take_back(workspace, name, photo_id)
            else:
                action, label = str(entry.get("action")), str(entry.get("label", ""))
                answer = decide(workspace, name, photo_id, action, label)
        except LoupeError as error:
            refused.append(photo_id)
            errors.append(str(error))
    return answer | {"refused": refused, "errors": errors}


async def frames(request: Request) -> Response:
    """`POST /api/collections/{name}/frames?label=bee&group=ID`: pictures from our components."""
    if not same_origin(request):
        return refusal(LoupeError("Pictures are taken from Loupe's own pages only."), 403)
    try:
        return JSONResponse(await take_frames(request))
    except NotFound as error:
        return refusal(error, 404)
    except NoSpace as error:
        return refusal(error, 507)  # the browser keeps what a full disk refuses, and tries again
    except LoupeError as error:
        return refusal(error, 422)


def _thumbnail(path: Path, content_hash: str, side: int) -> bytes:
    kept = cache.workspace().cache / "thumbnails" / f"{content_hash[:32]}-{side}.jpg"
    if kept.is_file():
        return kept.read_bytes()
    with AT_A_TIME:
        data = encode_jpeg(load_thumbnail(path, side))
    with contextlib.suppress(NoSpace), room_on_disk("thumbnails"):
        write_bytes(kept, data)
    return data


def _side(size: str) -> int:
    if size == "full":
        return LARGEST_SIDE
    if not size.isdigit():
        raise LoupeError(f"The size {size!r} is not a number of pixels.", "Try size=160.")
    return next((side for side in SIZES if side >= int(size)), SIZES[-1])


def _headers(etag: str, caching: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Cache-Control": caching,
        "X-Content-Type-Options": "nosniff",
    }


def answering(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A handler whose `LoupeError` becomes a plain answer instead of a traceback."""

    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except NotFound as error:
            return refusal(error, 404)
        except LoupeError as error:
            return refusal(error, 422)

    return answer


ROUTES = [
    Route("/api/datasets/{name}/photos/{photo_id}", answering(photo)),
    Route("/api/datasets/{name}/decisions", decisions, methods=["POST"]),
    Route("/api/datasets/{name}/map", answering(map_points)),
    Route("/api/collections/{name}/photos/{entry_id}", answering(collected)),
    Route("/api/runs/{run}/atlas/{layer:path}", answering(picture_routes.atlas)),
    Route("/api/runs/{run}/map/{layer:path}", answering(picture_routes.one_map)),
    Route("/api/runs/{run}/thumbnails", answering(picture_routes.thumbnails)),
    Route("/api/runs/{run}/input", answering(picture_routes.seen_photo)),
    Route("/api/runs/{run}/live", answering(live_network_file)),
    Route("/api/runs/{run}/value/{layer:path}", answering(value)),
    *UPLOAD_ROUTES,
    Route("/api/collections/{name}/frames", frames, methods=["POST"]),
]
