import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from ui.palette import CLASS_COLORS, class_color, contrast, readable_on, text_colors

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEMES = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
PROTANOPIA = ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520))
DEUTERANOPIA = ((0.3673, 0.8606, -0.2280), (0.2803, 0.6727, 0.0469), (-0.0118, 0.0430, 0.9689))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("color", CLASS_COLORS)
def test_class_colors_stand_out_on_every_background(theme, color):
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(color, THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("color", CLASS_COLORS)
def test_class_colors_as_text_can_be_read(color):
    for text, theme in zip(text_colors(color), ("light", "dark"), strict=True):
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(text, THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_links_can_be_read(theme):
    colors = THEMES[theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colors["textColor"], colors[ground]) >= 7
        assert contrast(colors["linkColor"], colors[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_white_can_be_read_on_primary_buttons(theme):
    assert contrast("#ffffff", THEMES[theme]["primaryColor"]) >= 4


@pytest.mark.parametrize("vision", [PROTANOPIA, DEUTERANOPIA])
def test_colour_blind_people_can_tell_the_first_colors_apart(vision):
    for one, other in combinations(CLASS_COLORS[:8], 2):
        assert difference(one, other, vision) >= 12, (one, other)


def test_colors_repeat_after_the_last():
    assert class_color(len(CLASS_COLORS)) == class_color(0)
    assert len(set(CLASS_COLORS)) == len(CLASS_COLORS)


def test_readable_text_reads_on_every_grey():
    for grey in range(0, 256, 15):
        color = f"#{grey:02x}{grey:02x}{grey:02x}"
        assert contrast(readable_on(color), color) >= 4.5


def difference(one, other, vision):
    """Distance in CIELAB (1976) as seen with `vision`."""
    pairs = zip(lab(one, vision), lab(other, vision), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def lab(color, vision):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    seen = [max(0.0, sum(w * c for w, c in zip(row, linear, strict=True))) for row in vision]
    red, green, blue = seen
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
