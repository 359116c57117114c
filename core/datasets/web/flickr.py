"""Flickr's `flickr.photos.search`, as https://www.flickr.com/services/api documents it."""

import os
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from core.datasets.web.fetching import Fetcher, FetchError, Unreachable
from core.datasets.web.found import FoundPhoto, web_address
from core.datasets.web.licences import FLICKR, USUAL, flickr_ids
from core.errors import LoupeError

URL = "https://api.flickr.com/services/rest/"
URL_VARIABLE = "LOUPE_FLICKR_URL"
KEY_VARIABLE = "LOUPE_FLICKR_API_KEY"
PAUSE = 1.0  # seconds; Flickr allows 3,600 requests an hour
PER_PAGE = 250
MOST_RESULTS = 4000  # "Flickr will return at most the first 4,000 results for any given search"
# Addresses of a photo by its longest side: 240, 320, 500, 640, 800 and 1024 pixels.
ADDRESSES = ("url_s", "url_n", "url_m", "url_z", "url_c", "url_l")
FIRST_CHOICE = {"small": "url_n", "medium": "url_m", "large": "url_l"}
EXTRAS = "license,owner_name,date_taken," + ",".join(ADDRESSES)
INVALID_KEY, OUT_OF_ORDER = 100, (0, 10, 105, 106)
ATTEMPTS = 3


class Keyword(BaseModel):
    """What to search for, and the class that the photos get."""

    model_config = ConfigDict(frozen=True)

    label: str
    text: str


class FlickrSearch(BaseModel):
    """A search on Flickr, a row per class."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["flickr"] = "flickr"
    rows: tuple[Keyword, ...] = ()
    licences: tuple[str, ...] = USUAL
    size: Literal["small", "medium", "large"] = Field(
        default="medium",
        description="The longest side: small 320, medium 500, large 1024 pixels. Medium is "
        "plenty for most networks and kind to Flickr.",
        json_schema_extra={"label": "Size of the photos"},
    )
    maximum: int = Field(
        default=100,
        ge=1,
        le=2000,
        description="How many photos each class gets at most. A hundred are enough to begin.",
        json_schema_extra={"label": "Most photos per class"},
    )


class InvalidKey(LoupeError):
    """Flickr does not take the API key."""


def service_url() -> str:
    """Flickr's address, or the one that `LOUPE_FLICKR_URL` names instead."""
    return os.environ.get(URL_VARIABLE) or URL


def pages(
    fetcher: Fetcher, api_key: str, search: FlickrSearch, row: Keyword
) -> Iterator[list[FoundPhoto]]:
    """The photos that fit one row of a search, the most relevant first, page by page.

    Raises:
        InvalidKey: If Flickr does not take the key.
        FetchError: If Flickr refuses, or does not answer.
    """
    number, last = 1, 1
    while number <= min(last, MOST_RESULTS // PER_PAGE):
        answer = _call(fetcher, api_key, _arguments(search, row, number))
        found = answer.get("photos")
        found = found if isinstance(found, dict) else {}
        results = found.get("photo")
        last = int(found["pages"]) if str(found.get("pages", "")).isdecimal() else number
        yield [
            photo
            for result in (results if isinstance(results, list) else ())
            if isinstance(result, dict) and (photo := _photo(fetcher, search, result))
        ]
        number += 1


def _arguments(search: FlickrSearch, row: Keyword, page: int) -> dict[str, str]:
    return {
        "method": "flickr.photos.search",
        "text": row.text,
        "license": ",".join(flickr_ids(search.licences)),
        "sort": "relevance",
        "media": "photos",
        "content_types": "0",
        "safe_search": "1",
        "extras": EXTRAS,
        "per_page": str(PER_PAGE),
        "page": str(page),
    }


def _call(fetcher: Fetcher, api_key: str, arguments: dict[str, str]) -> dict[str, Any]:
    """One call. The key goes into the body of a POST: addresses end up in logs."""
    form = arguments | {"api_key": api_key, "format": "json", "nojsoncallback": "1"}
    for attempt in range(1, ATTEMPTS + 1):
        answer = fetcher.fetch_json(service_url(), PAUSE, form=form)
        if answer.get("stat") == "ok":
            return answer
        code = answer.get("code")
        if code not in OUT_OF_ORDER:
            break
        if attempt < ATTEMPTS:
            fetcher.clock.sleep(2.0**attempt)
    if code == INVALID_KEY:
        raise InvalidKey(
            "Flickr does not take this API key: it is not valid, or has expired.",
            "Compare it with the key on flickr.com/services/apps/by/me.",
        )
    if code in OUT_OF_ORDER:
        raise Unreachable("Flickr's search is out of order at the moment.", "Try again later.")
    said = fetcher.plain(answer.get("message", "no reason given"))
    raise FetchError(f"Flickr refused the search: {said} (code {fetcher.plain(code, 10)}).")


def _photo(fetcher: Fetcher, search: FlickrSearch, result: dict[str, Any]) -> FoundPhoto | None:
    """A result as we keep it; None when it lacks what must be known."""
    number, owner = str(result.get("id", "")), fetcher.plain(result.get("owner", ""), 60)
    code, licence = FLICKR.get(str(result.get("license", "")), ("", ""))
    url = _address(result, search.size)
    if not number.isdecimal() or not owner or code not in search.licences or not url:
        return None
    day = fetcher.plain(result.get("datetaken", ""), 10)
    return FoundPhoto(
        name=f"flickr-{number}",
        url=url,
        origin="flickr",
        author=fetcher.plain(result.get("ownername") or owner, 120),
        licence=licence,
        source_page=f"https://www.flickr.com/photos/{quote(owner, safe='@')}/{number}",
        # What one person took on one day often shows the same animal.
        group=f"flickr-{owner}-{day}",
    )


def _address(result: dict[str, Any], size: str) -> str:
    """The address of the wanted size, else of the next smaller, else of the next larger."""
    place = ADDRESSES.index(FIRST_CHOICE[size])
    order = (*reversed(ADDRESSES[: place + 1]), *ADDRESSES[place + 1 :])
    return next((url for name in order if (url := web_address(result.get(name)))), "")
