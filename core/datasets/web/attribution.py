"""Who took the photos of a data set, and what they allow, as a table for whoever passes it on."""

import csv
import io
from typing import Any

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.web.licences import licence_url
from core.errors import NotFound

FILE_NAME = "ATTRIBUTION.csv"
COLUMNS = ("file", "class", "author", "licence", "licence_url", "source_page")
# A spreadsheet would take a cell that begins so for a formula and calculate it
# (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def attributed(dataset: Dataset) -> int:
    """How many photos in use say whose they are or where they come from."""
    return int(_known(dataset).sum())


def attribution_csv(dataset: Dataset) -> bytes:
    """`ATTRIBUTION.csv`: a row with `COLUMNS` per photo in use that says whose it is.

    UTF-8 with a mark at its beginning, so that spreadsheets read names right. A text that a
    spreadsheet would calculate has an apostrophe before it.

    Raises:
        NotFound: If no photo says whose it is.
    """
    rows = _rows(dataset)
    if not rows:
        raise NotFound(
            f"No photo of {dataset.title} says whose it is.",
            "Photos from Flickr, iNaturalist and the well-known sets do.",
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _known(dataset: Dataset) -> pd.Series:
    """For each photo in use, whether anything is known of whose it is."""
    used = dataset.used
    return (used["author"] != "") | (used["licence"] != "") | (used["source_page"] != "")


def _rows(dataset: Dataset) -> list[list[str]]:
    return [
        [
            row["file"],
            row["label"],
            row["author"],
            row["licence"],
            licence_url(row["licence"]),
            row["source_page"],
        ]
        for row in dataset.used[_known(dataset)].to_dict("records")
    ]


def _harmless(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
