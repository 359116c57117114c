"""Where the browser finds the pictures of a look: addresses that it may keep."""

import hashlib
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from core.errors import NotFound
from ui import cache
from ui.inside.inside import Inside

SHELF, MOST_HELD = "inside-photos", 16
ATLAS, MAP, THUMBNAILS, INPUT = "atlas", "map", "thumbnails", "input"


def picture_url(inside: Inside, kind: str, layer: str | None = None, **asked: Any) -> str:
    """The address of one picture of a look.

    A photo that is not in the data set is held for the route, under a name that only its
    content gives.

    Args:
        kind: One of those above.
        layer: Its name; none for thumbnails and input.
        asked: What the route takes besides, such as `colors="grey"`.
    """
    query: dict[str, Any] = {"stamp": inside.stamp}
    if inside.photo.photo_id is not None and inside.dataset is not None:
        query["photo"] = inside.photo.photo_id
    else:
        query["shown"] = hold(inside.photo.content())
    if inside.image_size is not None:
        query["size"] = "x".join(map(str, inside.image_size))
    path = f"/{quote(layer)}" if layer else ""
    return f"/api/runs/{quote(inside.run.name)}/{kind}{path}?{urlencode(query | asked)}"


def hold(content: bytes) -> str:
    """Holds a photo for the routes; returns the name that they find it by."""
    name = hashlib.sha256(content).hexdigest()
    cache.kept(SHELF, (name,), lambda: content, MOST_HELD)
    return name


def held(name: str) -> bytes:
    """The photo that `hold` gave this name.

    Raises:
        NotFound: If it is not held any more.
    """

    def gone() -> NoReturn:
        raise NotFound("This photo is not at hand any more.", "Reload the page.")

    return cache.kept(SHELF, (name,), gone, MOST_HELD)
