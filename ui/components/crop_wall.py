"""Pieces of photos with a frame around what matters in them, a line below each; click opens one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


def crop_wall(
    crops: Sequence[Mapping[str, Any]],
    *,
    sheet: str,
    key: str,
    title: str,
    on_open: Callable[[], None],
) -> None:
    """Shows the pieces. The number of the one that is opened arrives in `on_open` as `open`.

    Args:
        crops: `label`, `color`, `value` (words) and `field` ([top, bottom, left, right] as shares
            of the piece) of each.
        sheet: Address of one picture with all pieces, squares below each other.
        key: Identity on its page.
        title: What they are, for people who hear it.
    """
    _component(
        key=key,
        data={"crops": list(crops), "sheet": sheet, "title": title},
        on_open_change=on_open,
    )


HTML = '<ol class="crops"></ol>'

CSS = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
ol {list-style: none; margin: 0; padding: 3px; display: grid; gap: 12px 10px;
  grid-template-columns: repeat(auto-fill, minmax(min(128px, 29%), 1fr))}
button {all: unset; box-sizing: border-box; cursor: zoom-in; width: 100%; display: block;
  border-radius: 8px}
button:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
.piece {aspect-ratio: 1; border-radius: 8px; position: relative; overflow: hidden;
  background-repeat: no-repeat; background-color: var(--st-secondary-background-color)}
.piece i {position: absolute; box-sizing: border-box; border: 2px solid #fff;
  box-shadow: 0 0 0 1px #000c, inset 0 0 0 1px #000c; border-radius: 2px}
.line {display: flex; gap: 6px; align-items: baseline; font-size: 13px; margin-top: 4px}
.line u {width: 9px; height: 9px; border-radius: 50%; flex: none}
.line span {overflow: hidden; text-overflow: ellipsis; white-space: nowrap}
.line b {margin-left: auto; font-weight: 600; font-variant-numeric: tabular-nums}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  const drawn = JSON.stringify(data);
  if (list.drawn !== drawn) {
    list.drawn = drawn;
    list.setAttribute("aria-label", data.title);
    list.replaceChildren(...data.crops.map((crop, at) => draw(crop, at, data)));
  }
  list.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("open", Number(button.dataset.at));
  };
}

function draw(crop, at, { crops, sheet }) {
  const [item, button, piece, line] = ["li", "button", "div", "div"].map(make);
  button.type = "button";
  button.dataset.at = at;
  button.setAttribute("aria-label", `Photo ${at + 1}: ${crop.label}, ${crop.value}. Open it.`);
  piece.className = "piece";
  piece.style.backgroundImage = `url("${sheet}")`;
  piece.style.backgroundSize = `100% ${100 * crops.length}%`;
  piece.style.backgroundPosition = `0 ${crops.length > 1 ? 100 * at / (crops.length - 1) : 0}%`;
  const [top, bottom, left, right] = crop.field;
  if (bottom - top < 0.98 || right - left < 0.98) {
    const frame = make("i");
    frame.style.inset = `${100 * top}% ${100 * (1 - right)}% ${100 * (1 - bottom)}% ${100 * left}%`;
    piece.append(frame);
  }
  line.className = "line";
  const [dot, label, value] = ["u", "span", "b"].map(make);
  dot.style.background = crop.color;
  label.textContent = crop.label;
  value.textContent = crop.value;
  line.append(dot, label, value);
  button.append(piece, line);
  item.append(button);
  return item;
}

function make(tag) {
  return document.createElement(tag);
}
"""

_component = st.components.v2.component("loupe_crop_wall", html=HTML, css=CSS, js=JS)
