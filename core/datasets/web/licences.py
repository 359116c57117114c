"""What photographers allow, in plain words, and the names that the sites have for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """A kind of licence.

    Attributes:
        code: What Loupe and iNaturalist call it: `"cc-by-nc"`.
        title: In a few words, for a button.
        meaning: What it asks for, in a sentence.
    """

    code: str
    title: str
    meaning: str


PERMISSIONS = {
    permission.code: permission
    for permission in (
        Permission("cc0", "No conditions", "Use it for anything; nobody need be named."),
        Permission("cc-by", "Name the author", "Use it for anything and name the author."),
        Permission(
            "cc-by-sa",
            "Share alike",
            "Name the author; pass changed pictures on under the same licence.",
        ),
        Permission("cc-by-nc", "Not for sale", "Name the author; do not earn money with it."),
        Permission(
            "cc-by-nc-sa",
            "Not for sale, share alike",
            "Name the author; earn no money; pass changes on under the same licence.",
        ),
        Permission("cc-by-nd", "Unchanged", "Name the author; pass it on unchanged only."),
        Permission(
            "cc-by-nc-nd",
            "Not for sale, unchanged",
            "Name the author; earn no money; pass it on unchanged only.",
        ),
    )
}
# What may be used to learn from, and be passed on cropped and resized, if the author is named.
USUAL = ("cc0", "cc-by", "cc-by-sa", "cc-by-nc", "cc-by-nc-sa")

CREATIVE_COMMONS = "https://creativecommons.org"
# As flickr.photos.licenses.getInfo lists them; 0 is "All rights reserved".
FLICKR = {
    "1": ("cc-by-nc-sa", "CC BY-NC-SA 2.0"),
    "2": ("cc-by-nc", "CC BY-NC 2.0"),
    "3": ("cc-by-nc-nd", "CC BY-NC-ND 2.0"),
    "4": ("cc-by", "CC BY 2.0"),
    "5": ("cc-by-sa", "CC BY-SA 2.0"),
    "6": ("cc-by-nd", "CC BY-ND 2.0"),
    "7": ("cc0", "No known copyright restrictions"),
    "8": ("cc0", "United States Government Work"),
    "9": ("cc0", "CC0 1.0"),
    "10": ("cc0", "Public Domain Mark 1.0"),
    "11": ("cc-by", "CC BY 4.0"),
    "12": ("cc-by-sa", "CC BY-SA 4.0"),
    "13": ("cc-by-nd", "CC BY-ND 4.0"),
    "14": ("cc-by-nc", "CC BY-NC 4.0"),
    "15": ("cc-by-nc-sa", "CC BY-NC-SA 4.0"),
    "16": ("cc-by-nc-nd", "CC BY-NC-ND 4.0"),
}
OTHER_ADDRESSES = {
    "No known copyright restrictions": "https://www.flickr.com/commons/usage/",
    "United States Government Work": "https://www.usa.gov/government-copyright",
    "CC0 1.0": f"{CREATIVE_COMMONS}/publicdomain/zero/1.0/",
    "Public Domain Mark 1.0": f"{CREATIVE_COMMONS}/publicdomain/mark/1.0/",
    "MIT": "https://opensource.org/license/mit",
}


def flickr_ids(codes: tuple[str, ...]) -> list[str]:
    """Flickr's numbers for kinds of licence."""
    return [number for number, (code, _) in FLICKR.items() if code in codes]


def inaturalist_name(code: str) -> str:
    """The licence that iNaturalist means by `"cc-by-nc"`: always the newest version."""
    return "CC0 1.0" if code == "cc0" else f"{code.upper().replace('-', ' ', 1)} 4.0"


def licence_url(name: str) -> str:
    """Where the licence called `name` can be read; empty when that is not known."""
    parts = name.split()
    if len(parts) == 3 and parts[0] == "CC" and parts[1].lower().startswith("by"):
        return f"{CREATIVE_COMMONS}/licenses/{parts[1].lower()}/{parts[2]}/"
    return OTHER_ADDRESSES.get(name, "")
