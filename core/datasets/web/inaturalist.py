"""iNaturalist's API, version 1, as https://api.inaturalist.org/v1/docs documents it."""

import os
from collections.abc import Iterator
from typing import Any, Literal, TypeGuard

from pydantic import BaseModel, ConfigDict, Field

from core.datasets.web.fetching import Fetcher
from core.datasets.web.found import FoundPhoto, web_address
from core.datasets.web.licences import USUAL, inaturalist_name

URL = "https://api.inaturalist.org/v1"
URL_VARIABLE = "LOUPE_INATURALIST_URL"
PAUSE = 1.0  # seconds; "keep it to 60 requests per minute or lower"
PER_PAGE = 200
SUGGESTIONS = 8
OBSERVATIONS = "https://www.inaturalist.org/observations"


class TaxonRow(BaseModel):
    """A species or a group of species, and the class that its photos get."""

    model_config = ConfigDict(frozen=True)

    label: str
    taxon_id: int = Field(ge=1)
    taxon_name: str = ""


class INaturalistSearch(BaseModel):
    """A search on iNaturalist, a row per class."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["inaturalist"] = "inaturalist"
    rows: tuple[TaxonRow, ...] = ()
    licences: tuple[str, ...] = USUAL
    size: Literal["small", "medium", "large", "original"] = Field(
        default="medium",
        description="The longest side: small 240, medium 500, large 1024 pixels, or as it was "
        "uploaded. Medium is plenty for most networks and kind to iNaturalist.",
        json_schema_extra={"label": "Size of the photos"},
    )
    maximum: int = Field(
        default=100,
        ge=1,
        le=2000,
        description="How many photos each class gets at most. A hundred are enough to begin.",
        json_schema_extra={"label": "Most photos per class"},
    )
    per_observation: int = Field(
        default=1,
        ge=1,
        le=5,
        description="A sighting often has several photos of the same animal. More photos of "
        "other animals teach more.",
        json_schema_extra={"label": "Most photos per sighting"},
    )


class Taxon(BaseModel):
    """A species or a group of species, as iNaturalist knows it."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    common_name: str = ""
    rank: str = ""
    observations: int = 0
    picture: str = ""

    @property
    def title(self) -> str:
        """Both names, the common one first."""
        return f"{self.common_name} ({self.name})" if self.common_name else self.name


def service_url() -> str:
    """The API's address, or the one that `LOUPE_INATURALIST_URL` names instead."""
    return (os.environ.get(URL_VARIABLE) or URL).rstrip("/")


def find_taxa(fetcher: Fetcher, name: str) -> list[Taxon]:
    """Species and groups whose common or scientific name begins with `name`, best first.

    Raises:
        FetchError: If iNaturalist does not answer.
    """
    query = {"q": name, "per_page": SUGGESTIONS, "is_active": "true"}
    answer = fetcher.fetch_json(f"{service_url()}/taxa/autocomplete", PAUSE, query)
    return [taxon for result in _results(answer) if (taxon := _taxon(fetcher, result))]


def pages(fetcher: Fetcher, search: INaturalistSearch, row: TaxonRow) -> Iterator[list[FoundPhoto]]:
    """The photos that fit one row of a search, the oldest observation first, page by page.

    Raises:
        FetchError: If iNaturalist refuses, or does not answer.
    """
    last = 0
    while True:
        query = _query(search, row, last)
        results = _results(fetcher.fetch_json(f"{service_url()}/observations", PAUSE, query))
        numbers = [int(result["id"]) for result in results if _is_number(result.get("id"))]
        yield [photo for result in results for photo in _photos(fetcher, search, result)]
        if len(results) < PER_PAGE or not numbers or max(numbers) <= last:
            return
        last = max(numbers)


def _query(search: INaturalistSearch, row: TaxonRow, last: int) -> dict[str, Any]:
    return {
        "taxon_id": row.taxon_id,
        "quality_grade": "research",
        "photo_license": ",".join(search.licences),
        "photos": "true",
        "per_page": PER_PAGE,
        "order_by": "id",
        "order": "asc",
        "id_above": last,
    }


def _results(answer: dict[str, Any]) -> list[dict[str, Any]]:
    results = answer.get("results")
    entries = results if isinstance(results, list) else []
    return [result for result in entries if isinstance(result, dict)]


def _taxon(fetcher: Fetcher, result: dict[str, Any]) -> Taxon | None:
    if not _is_number(result.get("id")) or not result.get("name"):
        return None
    photo, seen = result.get("default_photo"), result.get("observations_count")
    return Taxon(
        id=int(result["id"]),
        name=fetcher.plain(result["name"], 80),
        common_name=fetcher.plain(result.get("preferred_common_name") or "", 80),
        rank=fetcher.plain(result.get("rank") or "", 30),
        observations=seen if _is_number(seen) else 0,
        picture=web_address(photo.get("square_url")) if isinstance(photo, dict) else "",
    )


def _photos(
    fetcher: Fetcher, search: INaturalistSearch, observation: dict[str, Any]
) -> list[FoundPhoto]:
    number, photos = observation.get("id"), observation.get("photos")
    if not _is_number(number) or not isinstance(photos, list):
        return []
    user = observation.get("user")
    user = user if isinstance(user, dict) else {}
    page = web_address(observation.get("uri")) or f"{OBSERVATIONS}/{number}"
    found = []
    for photo in photos:
        code = str(photo.get("license_code") or "") if isinstance(photo, dict) else ""
        url = _address(photo, search.size) if code in search.licences else ""
        if not url or not _is_number(photo.get("id")):
            continue
        author = user.get("name") or user.get("login") or photo.get("attribution") or ""
        found.append(
            FoundPhoto(
                name=f"inaturalist-{int(photo['id'])}",
                url=url,
                origin="inaturalist",
                author=fetcher.plain(author, 120),
                licence=inaturalist_name(code),
                source_page=page,
                group=f"inaturalist-{number}",
            )
        )
    return found[: search.per_observation]


def _address(photo: dict[str, Any], size: str) -> str:
    """The address of a size: `…/square.jpg` → `…/medium.jpg`."""
    folder, slash, file = web_address(photo.get("url")).rpartition("/")
    return f"{folder}{slash}{size}{file.removeprefix('square')}" if slash else ""


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
