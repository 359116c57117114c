"""A photo that a search found: where its bytes are, and what must be said about it."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class FoundPhoto:
    """One search result.

    Attributes:
        name: Its own name, the same in every search: `"flickr-52461"`.
        url: Where its bytes are.
        origin: flickr or inaturalist.
        author, licence, source_page, group: As in `core.datasets.collections.Entry`.
    """

    name: str
    url: str
    origin: str
    author: str
    licence: str
    source_page: str
    group: str

    def facts(self) -> dict[str, str]:
        """What a collection keeps of it."""
        return {
            "origin": self.origin,
            "author": self.author,
            "licence": self.licence,
            "source_page": self.source_page,
            "group": self.group,
        }


def web_address(url: object) -> str:
    """`url` if it is an address of a page or file on the web, else nothing."""
    if not isinstance(url, str) or len(url) > 1000 or not url.isprintable() or " " in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
