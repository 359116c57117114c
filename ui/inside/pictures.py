"""Where the browser finds the pictures of a look: addresses that it may keep."""

from typing import Any
from urllib.parse import quote, urlencode

from ui.inside.asked import look_query
from ui.inside.inside import Inside

ATLAS, MAP, THUMBNAILS, INPUT = "atlas", "map", "thumbnails", "input"


def picture_url(inside: Inside, kind: str, layer: str | None = None, **asked: Any) -> str:
    """The address of one picture of a look.

    Args:
        kind: One of those above.
        layer: Its name; none for thumbnails and input.
        asked: What the route takes besides, such as `colors="grey"`.
    """
    path = f"/{quote(layer)}" if layer else ""
    more = f"&{urlencode(asked)}" if asked else ""
    return f"/api/runs/{quote(inside.run.name)}/{kind}{path}?{look_query(inside)}{more}"
