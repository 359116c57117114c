"""One colour per class, the same on every card, bar, curve and matrix.

Blue and orange come first, as in Okabe and Ito's palette (2008); each further colour
is the one farthest from those before it for normal, protanopic and deuteranopic eyes,
among those with a contrast of 3:1 (WCAG 2.2, graphical objects) against the backgrounds
of both themes.
"""

from collections.abc import Sequence
from functools import lru_cache

CLASS_COLORS = (
    "#1f77b8",
    "#cc5c0a",
    "#009c6c",
    "#8460f0",
    "#f01854",
    "#9c6084",
    "#cc18a8",
    "#846c48",
    "#2f9a2a",
    "#6c78d8",
    "#c26a6a",
    "#6f7b83",
)

# The backgrounds of .streamlit/config.toml that leave text the least contrast.
LIGHT_GROUND, DARK_GROUND = "#eef1e9", "#18282a"
TEXT_CONTRAST = 4.5  # WCAG 2.2, level AA

GOOD, WARNING, BAD, QUIET = "#12906b", "#b97a14", "#c2513f", "#6f7b83"


def class_color(index: int) -> str:
    """The colour of the class at `index`, as `#rrggbb`; colours repeat after twelve."""
    return CLASS_COLORS[index % len(CLASS_COLORS)]


def class_colors(class_names: Sequence[str]) -> dict[str, str]:
    """The colour of every class of a data set, by its place in `class_names`."""
    return {name: class_color(index) for index, name in enumerate(class_names)}


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb` after WCAG 2.2, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: str) -> str:
    """White or black, whichever reads better on `color`."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, color))


@lru_cache(maxsize=256)
def text_colors(color: str) -> tuple[str, str]:
    """`color` for small text in the light and in the dark theme: darker, or lighter, if need be."""
    return _until_read(color, "#000000", LIGHT_GROUND), _until_read(color, "#ffffff", DARK_GROUND)


def _until_read(color: str, towards: str, ground: str) -> str:
    for share in range(0, 101, 2):
        mixed = _mixed(color, towards, share / 100)
        if contrast(mixed, ground) >= TEXT_CONTRAST:
            return mixed
    return towards


def _mixed(one: str, other: str, share: float) -> str:
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
