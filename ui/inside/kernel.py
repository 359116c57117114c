"""The weights of one map, drawn: red raises it, blue lowers it."""

import base64
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from core.inspection.heat import AGAINST_COLOR, FOR_COLOR
from core.inspection.shades import SIGNED, encode, levels
from ui import messages
from ui.inside.layer_words import figure, purpose, short_name

MOST_CELLS = 121  # of a window drawn cell by cell; larger ones are pictures
MOST_NUMBERS = 25  # of a window whose cells have room for their numbers
READ_ON_COLOR = 55  # per cent of colour from which text on it is white


def kernel_words(kernel: dict[str, Any], layer: dict[str, Any], name: str) -> str:
    """What the weights are, in Markdown."""
    kind, count, shown = kernel["kind"], kernel["channels"], len(kernel["shown"])
    source = messages.literal(short_name(kernel["source"])) or "the photo"
    if kind == "none":
        return (
            f"A {messages.literal(layer['kind'])} layer has no weights for single maps. "
            f"{purpose(layer['kind'])}"
        )
    if kind == "numbers":
        return "No filter: every value of this map is worked out with these few numbers of its own."
    name = messages.literal(name[:1].upper() + name[1:])
    if kind == "weights":
        said = f"{name} weighs each of the {count:,} numbers that {source} gives at a place."
        if count == 1:
            said = f"{name} multiplies what {source} gives with one weight."
    elif count == 1:
        said = f"{name} comes from one small filter, which slides over one map of {source}."
    else:
        said = f"{name} adds up what {count:,} small filters find, one in each map of {source}."
    if shown < count:
        said += f" Shown are the {shown} strongest of {count:,}."
    said += " Red raises it, blue lowers it."
    if kernel["bias"] is not None:
        said += f" At the end {figure(kernel['bias'])} is added, whatever the photo."
    return said


def kernel_html(kernel: dict[str, Any]) -> str:
    """The weights as HTML; nothing for layers without."""
    if kernel["kind"] == "none":
        return ""
    if kernel["kind"] == "numbers":
        rows = "".join(
            f"<div><b>{figure(value)}</b><span>{escape(name)}</span></div>"
            for name, value in kernel["numbers"].items()
        )
        return f"<style>{CSS}</style><div class='lp-kernel numbers'>{rows}</div>"
    largest = kernel["largest"] or 1.0
    draw = _bar if kernel["kind"] == "weights" else _window
    body = "".join(draw(one, _title(kernel, one), largest) for one in kernel["shown"])
    return f"<style>{CSS}</style><div class='lp-kernel {kernel['kind']}'>{body}</div>"


def _title(kernel: dict[str, Any], one: dict[str, Any]) -> str:
    return escape(one["name"] or f"map {one['channel'] + 1:,}")


def _window(one: dict[str, Any], title: str, largest: float) -> str:
    weights = one["weights"]
    height, width = len(weights), len(weights[0])
    if height * width > MOST_CELLS:
        drawn = _picture(np.array(weights, np.float32), largest)
        inner = f"<img alt='weights for {title}' src='{drawn}'>"
    else:
        cells = "".join(
            _cell(value, largest, height * width <= MOST_NUMBERS)
            for row in weights
            for value in row
        )
        inner = (
            f"<div class='grid' style='grid-template-columns: repeat({width}, 1fr); "
            f"max-width: {width * 46}px'>{cells}</div>"
        )
    return f"<figure>{inner}<figcaption>{title}</figcaption></figure>"


def _cell(value: float, largest: float, with_number: bool) -> str:
    percent = round(100 * min(1.0, abs(value) / largest)) if np.isfinite(value) else 0
    color = "a" if value > 0 else "b"
    light = " on" if percent > READ_ON_COLOR else ""
    text = _short(value) if with_number else ""
    return f"<i class='{color}{light}' style='--s: {percent}%' title='{figure(value)}'>{text}</i>"


def _bar(one: dict[str, Any], title: str, largest: float) -> str:
    value = one["weights"][0][0]
    half = 50 * min(1.0, abs(value) / largest)
    left = 50.0 if value >= 0 else 50 - half
    kind = "a" if value >= 0 else "b"
    return (
        f"<div><span>{title}</span><u><i class='{kind}' style='--s: 100%; left: {left:.1f}%; "
        f"width: {half:.1f}%'></i></u><b>{figure(value)}</b></div>"
    )


def _picture(weights: np.ndarray, largest: float) -> str:
    scaled = np.nan_to_num(weights)[..., None] / largest
    # One cell of each end outside the picture, so that all windows share their scale.
    framed = np.concatenate([scaled, np.full((1, weights.shape[1], 1), 1, np.float32)])
    png = encode(levels(framed, signed=True)[:-1, :, 0], SIGNED)
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _short(value: float) -> str:
    if not np.isfinite(value):
        return "?"
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
    text = text.replace("-0.", "−.").replace("0.", ".", 1) if abs(value) < 1 else text
    return text.replace("-", "−") if text not in (".00", "−.00") else "0"


def _css(color: Sequence[int]) -> str:
    return f"rgb({' '.join(map(str, color))})"


CSS = f"""
.lp-kernel {{--above: {_css(FOR_COLOR)}; --below: {_css(AGAINST_COLOR)};
  --ground: light-dark(#eceee7, #24373a); font-size: .85rem; line-height: 1.3}}
.lp-kernel.windows {{display: grid; gap: .7rem .6rem;
  grid-template-columns: repeat(auto-fill, minmax(7.2rem, 1fr))}}
.lp-kernel figure {{margin: 0; min-width: 0}}
.lp-kernel figcaption {{margin-top: .2rem; opacity: .75; overflow-wrap: anywhere}}
.lp-kernel .grid {{display: grid; gap: 1px}}
.lp-kernel .grid i {{aspect-ratio: 1; display: grid; place-items: center; font-style: normal;
  font-size: .72rem; font-variant-numeric: tabular-nums; border-radius: 2px; min-width: 0;
  overflow: hidden}}
.lp-kernel img {{width: 100%; display: block; image-rendering: pixelated; border-radius: 4px}}
.lp-kernel .a {{background: color-mix(in srgb, var(--above) var(--s), var(--ground))}}
.lp-kernel .b {{background: color-mix(in srgb, var(--below) var(--s), var(--ground))}}
.lp-kernel .on {{color: #fff}}
.lp-kernel.weights {{display: grid; gap: .15rem}}
.lp-kernel.weights div {{display: grid; gap: .6rem; align-items: center;
  grid-template-columns: minmax(4.5rem, 28%) minmax(0, 1fr) 4.2rem}}
.lp-kernel.weights u {{height: .8rem; position: relative; border-radius: 3px;
  background: var(--ground)}}
.lp-kernel.weights u::after {{content: ""; position: absolute; left: 50%; top: 0; bottom: 0;
  width: 1px; background: currentColor; opacity: .4}}
.lp-kernel.weights u i {{position: absolute; top: 0; bottom: 0; border-radius: 3px}}
.lp-kernel.weights b {{font-weight: 600; text-align: right; font-variant-numeric: tabular-nums}}
.lp-kernel.weights span {{overflow-wrap: anywhere}}
.lp-kernel.numbers {{display: grid; gap: .6rem 1.2rem;
  grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr))}}
.lp-kernel.numbers b {{display: block; font-size: 1.2rem; font-weight: 600}}
.lp-kernel.numbers span {{opacity: .75}}
"""
