"""Photos that visitors brought, lent to our HTTP routes for as long as somebody looks at them.

A route cannot see what a visit holds. The token it is given is known to that visit alone and
cannot be guessed: a secret of this server makes it of the visit's name and the photo's content.
"""

import hashlib
import hmac
import secrets

from core.errors import NotFound
from core.kept import Kept
from ui import state

MOST, ROOM = 200, 200e6  # photos, bytes
_SECRET = secrets.token_bytes(32)
_lent: Kept[bytes] = Kept(MOST, ROOM, len)


def lend(content: bytes) -> str:
    """A token for the bytes of a photo; the same for the same photo in the same visit."""
    what = f"{state.visit()}/{hashlib.sha256(content).hexdigest()}"
    token = hmac.new(_SECRET, what.encode(), hashlib.sha256).hexdigest()
    _lent.get(token, lambda: content)
    return token


def lent(token: str) -> bytes:
    """The photo behind a token.

    Raises:
        NotFound: If there is none, or none any more.
    """
    content = _lent.at_hand(token)
    if content is None:
        raise NotFound("This photo is not at hand any more.", "Reload the page.")
    return content
