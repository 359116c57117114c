"""Every word of the trade that the app uses, in one or two plain sentences."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from core.errors import NotFound

FILE = Path(__file__).with_name("glossary.toml")


class Term(NamedTuple):
    """One entry.

    Attributes:
        anchor: What stands after `/concepts?view=glossary&word=`.
        title: The word.
        meaning: One or two plain sentences.
        see: Anchors of words that help to understand it.
        lab: Anchor of the lab that shows it moving, "" where there is none.
    """

    anchor: str
    title: str
    meaning: str
    see: tuple[str, ...] = ()
    lab: str = ""


def _read() -> tuple[Term, ...]:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Term(
            anchor,
            entry["title"],
            entry["meaning"],
            tuple(entry.get("see", ())),
            entry.get("lab", ""),
        )
        for anchor, entry in entries.items()
    )


TERMS = _read()
_BY_ANCHOR = {term.anchor: term for term in TERMS}


def get_term(anchor: str) -> Term:
    """The entry of one word.

    Raises:
        NotFound: If there is none.
    """
    if anchor not in _BY_ANCHOR:
        raise NotFound(f"The glossary has no word {anchor!r}.", "Search it for a part of the word.")
    return _BY_ANCHOR[anchor]


def search_terms(words: str) -> tuple[Term, ...]:
    """The entries that contain `words`, in any case; all of them when it is empty.

    Those whose title begins with it come first, then those that have it in their title.
    """
    wanted = words.strip().casefold()
    found = [term for term in TERMS if wanted in f"{term.title} {term.meaning}".casefold()]
    return tuple(sorted(found, key=lambda term: _distance(term.title.casefold(), wanted)))


def _distance(title: str, wanted: str) -> int:
    return 0 if title.startswith(wanted) else 1 if wanted in title else 2
