"""How addresses of our routes say which look is meant: photo, size, and which model."""

from urllib.parse import urlencode

from starlette.requests import Request

from core.errors import LoupeError, NotFound
from core.training.runs import Run
from ui import cache
from ui.inside.inside import Inside
from ui.photo_shelf import lend, lent

LARGEST_SIDE = 100_000


def look_query(inside: Inside) -> str:
    """`stamp=…&photo=ID&size=64x96`; a photo that is not in the data set is lent by a token.

    The stamp is the model's: another model has another address.
    """
    query = {"stamp": str(inside.stamp)}
    if inside.photo.photo_id is not None and inside.dataset is not None:
        query["photo"] = inside.photo.photo_id
    else:
        query["token"] = lend(inside.photo.content())
    if inside.image_size is not None:
        query["size"] = "x".join(map(str, inside.image_size))
    return urlencode(query)


def asked_photo(request: Request, run: Run) -> bytes | str:
    """The photo that an address asks for: its bytes, or the path of its file.

    Raises:
        NotFound: If there is none.
    """
    token = request.query_params.get("token")
    if token:
        return lent(token)
    photo_id = request.query_params.get("photo", "")
    if not photo_id:
        raise NotFound("No photo is named.", "Name one of the run's data set: photo=ID.")
    return str(cache.dataset(run.config.dataset).photo_path(photo_id))


def asked_size(request: Request) -> tuple[int, int] | None:
    """(height, width) at which the network looks; None for the run's own.

    Raises:
        LoupeError: If it cannot be read.
    """
    text = request.query_params.get("size")
    if text is None:
        return None
    sides = text.split("x")
    whole = all(side.isascii() and side.isdigit() and len(side) < 7 for side in sides)
    if not whole or len(sides) != 2 or max(map(int, sides)) > LARGEST_SIDE:
        raise LoupeError(
            f"{text[:40]!r} is not a height and a width.", "Try size=64x96, the height first."
        )
    return int(sides[0]), int(sides[1])
