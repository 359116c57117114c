"""Pictures that a component sends into a collection: camera frames, drawings, photos of a phone.

They come as a form of several files over HTTP, never through the websocket, so the server
holds no more than one request of them at a time.
"""

import re
import threading
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from core.datasets.collections import Collection, open_collection
from core.disk import room_on_disk
from core.errors import LoupeError, UnusablePicture
from core.images import read_picture
from ui import cache

MOST_FRAMES = 16
LARGEST_FRAME = 20_000_000  # bytes: a photo of a good phone
LARGEST_REQUEST = 24_000_000  # bytes
ORIGINS = ("camera", "drawing")
MARK = re.compile(r"[a-z0-9-]{0,40}")
# Frames are decoded to see that they are pictures; many at once would fill the memory.
AT_A_TIME = threading.Semaphore(2)


async def take_frames(request: Request) -> dict[str, Any]:
    """Adds the pictures of a request to its collection.

    Args:
        request: Its path names the collection, its query the `label`, the `group` (a burst's
            id, or empty) and the `origin`; its body is a form of at most `MOST_FRAMES` files.

    Returns:
        `{"added": 7, "refused": [{"name", "reason"}]}`.

    Raises:
        NotFound: If there is no such collection.
        LoupeError: If nothing of it can be kept.
    """
    collection = open_collection(cache.workspace(), request.path_params["name"])
    facts = _facts(request)
    label = request.query_params.get("label", "")
    files = [part for _, part in (await _form(request)).multi_items()]
    try:
        return await run_in_threadpool(_keep, collection, label, facts, files)
    finally:
        for file in files:
            if isinstance(file, UploadFile):
                await file.close()


def _facts(request: Request) -> dict[str, str]:
    origin = request.query_params.get("origin", ORIGINS[0])
    group = request.query_params.get("group", "")
    if origin not in ORIGINS:
        raise LoupeError(f"Pictures come from {' or '.join(ORIGINS)}, not from {origin[:40]!r}.")
    if not MARK.fullmatch(group):
        raise LoupeError("The name of a burst has at most 40 letters a-z, digits and hyphens.")
    return {"origin": origin, "group": group}


async def _form(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        raise LoupeError(
            f"Pictures are sent in portions of at most {LARGEST_REQUEST // 1_000_000} MB.",
            "Send fewer at once.",
        )
    try:
        return await request.form(max_files=MOST_FRAMES, max_fields=0)
    except (HTTPException, MultiPartException, ClientDisconnect) as error:
        raise LoupeError(
            f"Pictures are sent as a form of at most {MOST_FRAMES} files; this one is none.",
            "Reload the page and try again.",
        ) from error


def _keep(
    collection: Collection, label: str, facts: dict[str, str], files: list[Any]
) -> dict[str, Any]:
    added, refused = 0, []
    for file in files:
        try:
            _keep_one(collection, label, facts, file)
            added += 1
        except UnusablePicture as error:
            refused.append({"name": str(file.filename)[:200], "reason": error.message})
    if not added:
        reason = refused[0]["reason"] if refused else "No picture was sent."
        raise LoupeError(reason, "Take another one.")
    return {"added": added, "refused": refused}


def _keep_one(collection: Collection, label: str, facts: dict[str, str], file: UploadFile) -> None:
    name = file.filename or "frame.jpg"
    data = file.file.read(LARGEST_FRAME + 1)
    if len(data) > LARGEST_FRAME:
        raise UnusablePicture(f"A picture may have {LARGEST_FRAME // 1_000_000} MB; this has more.")
    with AT_A_TIME:
        read_picture(data)
    stem = name.rpartition(".")[0]
    key = stem if MARK.fullmatch(stem) else ""
    with room_on_disk(collection.name):
        collection.add(data, label, name, key=key, **facts)
