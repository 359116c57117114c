"""Uploads of any size over HTTP, in a stream: the server never holds more than a chunk.

An archive is one request. A folder is begun, sent in bundles of files, and finished or
cancelled. A bundle's body is, for each file, a line of JSON (`{"path", "size"}`) and then its
bytes.
"""

import errno
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.datasets.collections import open_collection
from core.datasets.upload_folder import UploadFolder, begin_upload, no_room, require_room
from core.decoding import MAX_FILE_BYTES
from core.disk import NoSpace, room_on_disk
from core.errors import LoupeError, NotFound
from core.images import check_picture
from ui import cache
from ui.http_answers import refusal, same_origin
from ui.uploads import forget_old, upload_path

FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM_STATUS = 507
# Enough to write seldom, little to hold.
BUFFER = 1 << 20
LONGEST_HEADER = 8192
TOO_LARGE = f"It is larger than {MAX_FILE_BYTES / 1e6:,.0f} MB."

Handler = Callable[[Request], Awaitable[Response]]


def taking(handler: Handler) -> Handler:
    """A handler for our own pages only, whose errors become plain answers."""

    async def answer(request: Request) -> Response:
        if not same_origin(request):
            return refusal(LoupeError("Uploads are taken from Loupe's own pages only."), 403)
        try:
            return await handler(request)
        except NotFound as error:
            return refusal(error, 404)
        except ClientDisconnect:
            return refusal(LoupeError("The upload broke off."), 400)
        except OSError as error:
            if error.errno not in FULL_DISK:
                raise
            return refusal(no_room(), NO_ROOM_STATUS)
        except LoupeError as error:
            return refusal(error, NO_ROOM_STATUS if isinstance(error, NoSpace) else 422)

    return answer


async def archive(request: Request) -> Response:
    """`POST /api/uploads?name=bears.zip`: the body is kept, in a stream, in `uploads/`."""
    name = request.query_params.get("name", "upload")
    with room_on_disk(name):
        target = await run_in_threadpool(upload_path, name)
        await run_in_threadpool(require_room, target.parent, _announced(request))
        size = await _keep(request.stream(), target)
    return JSONResponse({"file": target.name, "bytes": size})


async def begin(request: Request) -> Response:
    """`POST /api/uploads/folders?name=bears&bytes=N`: a folder to be filled, by its token."""
    uploads = cache.workspace().uploads
    size = request.query_params.get("bytes", "0")

    def make() -> str:
        upload = begin_upload(
            uploads, request.query_params.get("name", ""), int(size) if size.isdecimal() else 0
        )
        forget_old(uploads)
        return upload.token

    return JSONResponse({"token": await run_in_threadpool(make)})


async def bundle(request: Request) -> Response:
    """`POST /api/uploads/folders/{token}`: some files; answers with those refused, and why."""
    upload = _upload(request)
    body, refused, kept = _Body(request.stream()), [], 0
    while (header := await body.line()) is not None:
        path, size = _header(header)
        reason = await _take(upload, path, size, body)
        if reason:
            refused.append({"path": path, "reason": reason})
        kept += not reason
    return JSONResponse({"kept": kept, "refused": refused})


async def finish(request: Request) -> Response:
    """`POST /api/uploads/folders/{token}/finish`: hands the folder over for its import."""
    folder, files = await run_in_threadpool(_upload(request).finish)
    return JSONResponse({"file": folder.name, "files": files})


async def cancel(request: Request) -> Response:
    """`POST /api/uploads/folders/{token}/cancel`: nothing of it is left."""
    await run_in_threadpool(_upload(request).cancel)
    return JSONResponse({"cancelled": True})


async def into_collection(request: Request) -> Response:
    """`POST /api/collections/{name}/photos?label=bee&name=1.jpg`: one picture file."""
    query = request.query_params
    collection = open_collection(cache.workspace(), request.path_params["name"])
    name = Path(query.get("name", "").replace("\\", "/")).name or "photo"
    if _announced(request) > MAX_FILE_BYTES:
        raise LoupeError(TOO_LARGE)
    await run_in_threadpool(require_room, collection.folder, _announced(request))
    place = collection.folder / f".{secrets.token_hex(8)}.part"
    try:
        await _keep(request.stream(), place, MAX_FILE_BYTES)

        def add() -> str:
            check_picture(place.read_bytes(), name)
            return collection.add_file(
                place, query.get("label", ""), name, origin=query.get("origin", "files")
            ).id

        return JSONResponse({"id": await run_in_threadpool(add)})
    finally:
        place.unlink(missing_ok=True)


def _upload(request: Request) -> UploadFolder:
    return UploadFolder(cache.workspace().uploads, request.path_params["token"])


def _announced(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() else 0


def _header(line: bytes) -> tuple[str, int]:
    try:
        said: dict[str, Any] = json.loads(line)
        path, size = str(said["path"]), int(said["size"])
    except (ValueError, KeyError, TypeError) as error:
        raise LoupeError("The upload is damaged: a file has no heading.") from error
    if size < 0:
        raise LoupeError("The upload is damaged: a file has no size.")
    return path, size


async def _take(upload: UploadFolder, path: str, size: int, body: "_Body") -> str:
    """Keeps one file of a bundle; the reason when it is refused."""
    try:
        if size > MAX_FILE_BYTES:
            raise LoupeError(TOO_LARGE)
        target = await run_in_threadpool(upload.place, path)
    except LoupeError as error:
        async for _ in body.file(size):
            pass
        return error.message
    await _keep(body.file(size), target)
    return ""


async def _keep(chunks: AsyncIterator[bytes], target: Path, limit: int | None = None) -> int:
    """Writes a stream to a file that appears when it is whole; returns its size."""
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    size, buffer = 0, bytearray()
    try:
        with temporary.open("wb", buffering=0) as file:
            async for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise LoupeError(TOO_LARGE)
                buffer += chunk
                if len(buffer) >= BUFFER:
                    await run_in_threadpool(file.write, bytes(buffer))
                    buffer.clear()
            file.write(buffer)
        temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)
    return size


class _Body:
    """A request's body, read by lines and by counted bytes."""

    def __init__(self, stream: AsyncIterator[bytes]):
        self._stream = stream
        self._rest = b""

    async def line(self) -> bytes | None:
        """The next line without its end, or None at the end of the body.

        Raises:
            LoupeError: If the body ends within it, or it is too long.
        """
        while b"\n" not in self._rest:
            if len(self._rest) > LONGEST_HEADER:
                raise LoupeError("The upload is damaged: a file has no heading.")
            chunk = await anext(self._stream, b"")
            if not chunk:
                if self._rest:
                    raise LoupeError("The upload broke off within a heading.")
                return None
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    async def file(self, size: int) -> AsyncIterator[bytes]:
        """The next `size` bytes, in chunks.

        Raises:
            LoupeError: If the body ends before.
        """
        while size:
            chunk = self._rest or await anext(self._stream, b"")
            if not chunk:
                raise LoupeError("The upload broke off within a file.")
            taken, self._rest = chunk[:size], chunk[size:]
            size -= len(taken)
            yield taken


UPLOAD_ROUTES = [
    Route("/api/uploads", taking(archive), methods=["POST"]),
    Route("/api/uploads/folders", taking(begin), methods=["POST"]),
    Route("/api/uploads/folders/{token}", taking(bundle), methods=["POST"]),
    Route("/api/uploads/folders/{token}/finish", taking(finish), methods=["POST"]),
    Route("/api/uploads/folders/{token}/cancel", taking(cancel), methods=["POST"]),
    Route("/api/collections/{name}/photos", taking(into_collection), methods=["POST"]),
]
