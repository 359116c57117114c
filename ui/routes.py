"""Pictures over HTTP, with cache headers, and large uploads in a stream."""

import contextlib
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.disk import NoSpace, room_on_disk
from core.errors import LoupeError, NotFound
from core.images import encode_jpeg, load_thumbnail
from core.workspace import write_bytes
from ui import cache
from ui.uploads import upload_path

LARGEST_SIDE = 2000
SIZES = (64, 96, 128, 160, 240, 320, 480, 640)
# A page asks for all its thumbnails at once; decoded side by side they would fill the memory.
AT_A_TIME = threading.Semaphore(2)
# A photo's id comes from its content; a run's name may be given again to another run.
KEEP_FOR_A_DAY = "private, max-age=86400"
ASK_EACH_TIME = "private, no-cache"


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


def atlas(request: Request) -> Response:
    """`GET /api/runs/{run}/atlas/{layer}?photo=ID`: all feature maps of a layer as one PNG."""
    run = cache.run(request.path_params["run"])
    dataset = cache.dataset(run.config.dataset)
    path = dataset.photo_path(request.query_params.get("photo", ""))
    found = cache.engine().call(
        "core.inspection.activations:atlas",
        str(run.folder),
        str(path),
        request.path_params["layer"],
    )
    etag = f'"{hashlib.sha256(found["png"]).hexdigest()[:24]}"'
    return Response(found["png"], media_type="image/png", headers=_headers(etag, ASK_EACH_TIME))


async def upload(request: Request) -> Response:
    """`POST /api/uploads?name=bears.zip`: the body is kept, in a stream, in `uploads/`."""
    if not _same_origin(request):
        return _refusal(LoupeError("Uploads are taken from Loupe's own pages only."), 403)
    name = request.query_params.get("name", "upload")
    try:
        with room_on_disk(name):
            target = upload_path(name)
            await _keep(request, target)
    except NoSpace as error:
        return _refusal(error, 507)
    except LoupeError as error:
        return _refusal(error, 422)
    return JSONResponse({"file": target.name, "bytes": target.stat().st_size})


async def _keep(request: Request, target: Path) -> None:
    """The body of a request as the file `target`, whole or not at all."""
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
        temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)


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


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and origin.split("//")[-1] == request.headers.get("host")


def _refusal(error: LoupeError, status: int) -> Response:
    body = {"error": error.message, "next_step": error.next_step}
    return JSONResponse(body, status_code=status)


def answering(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A handler whose `LoupeError` becomes a plain answer instead of a traceback."""

    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except NotFound as error:
            return _refusal(error, 404)
        except LoupeError as error:
            return _refusal(error, 422)

    return answer


ROUTES = [
    Route("/api/datasets/{name}/photos/{photo_id}", answering(photo)),
    Route("/api/runs/{run}/atlas/{layer:path}", answering(atlas)),
    Route("/api/uploads", upload, methods=["POST"]),
]
