"""A wall of pictures with a line under each; click or press Enter to choose one.

A second line says what a model takes the picture for; a badge, where that differs from what
it says about the original. All pictures travel as one image. Arrow keys move, Enter and Space
choose. On a narrow screen only as many columns are shown as there is room for; a single row
is broken instead.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.images import encode_jpeg
from ui.galleries import SMOOTH_FROM, Answer, Tile
from ui.palette import text_colors

BADGES = {"lost": "✕", "won": "✓", "other": "≠"}


def tile_wall(
    tiles: Sequence[Tile],
    columns: int,
    *,
    key: str,
    title: str,
    selected: int | None = None,
    narrow: int = 4,
) -> int | None:
    """Shows the wall and returns the tile that was just chosen, else None.

    Args:
        tiles: Pictures uint8 (height, width, channels), all of one shape, row by row.
        columns: How many stand beside each other.
        key: Identity of this wall on its page.
        title: What the wall holds, for people who hear it.
        selected: Index of the tile that is marked.
        narrow: How many columns a telephone shows.
    """
    result = _component(
        key=key,
        data={**wall_data(tiles, columns), "title": title, "selected": selected, "narrow": narrow},
        on_chosen_change=_nothing,
    )
    chosen = result.get("chosen")
    return None if chosen is None or not 0 <= int(chosen) < len(tiles) else int(chosen)


def wall_data(tiles: Sequence[Tile], columns: int) -> dict[str, Any]:
    """What the browser needs: one JPEG of all pictures, and the words of each."""
    height, width = tiles[0].picture.shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * height, place % columns * width
        sheet[top : top + height, left : left + width] = tile.picture
    image = base64.b64encode(encode_jpeg(sheet, 90)).decode()
    return {
        "source": f"data:image/jpeg;base64,{image}",
        "columns": columns,
        "rows": rows,
        "height": height,
        "width": width,
        "smooth": max(height, width) >= SMOOTH_FROM,
        "captions": [tile.caption for tile in tiles],
        "hints": [tile.hint or tile.caption for tile in tiles],
        "originals": [place for place, tile in enumerate(tiles) if tile.original],
        "answers": [_answer_data(tile.answer) for tile in tiles],
    }


def _answer_data(answer: Answer | None) -> dict[str, str] | None:
    if answer is None:
        return None
    light, dark = text_colors(answer.color)
    return {
        "label": answer.label,
        "sure": answer.sure,
        "color": f"light-dark({light}, {dark})",
        "change": answer.change,
        "badge": BADGES.get(answer.change, ""),
    }


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<div class="wall" role="listbox" tabindex="0"></div>'

CSS = """
:host, .wall {font-family: var(--st-font, sans-serif)}
.wall {display: grid; gap: 9px 8px; outline: none; padding: 3px; align-items: start}
.cell {min-width: 0; cursor: pointer}
.face {width: 100%; border-radius: 6px; background-repeat: no-repeat; outline: 2px solid
  transparent; outline-offset: 1px; background-color: var(--st-secondary-background-color)}
.cell:hover .face {outline-color: color-mix(in srgb, var(--st-text-color) 60%, transparent)}
.original .face {outline-color: light-dark(#b9590c, #e59a4f)}
.chosen .face, .wall:focus-visible .at .face {outline: 3px solid var(--st-primary-color)}
.words {font-size: 11.8px; line-height: 1.25; margin-top: 4px; overflow-wrap: anywhere;
  color: color-mix(in srgb, var(--st-text-color) 72%, transparent)}
.answer {display: flex; gap: .5em; font-size: 12.5px; line-height: 1.3;
  margin-top: 3px; white-space: nowrap}
.answer:empty {display: none}
.answer .label {font-weight: 700; overflow: hidden; text-overflow: ellipsis; min-width: 0}
.answer .sure {flex: none; font-variant-numeric: tabular-nums}
.face {position: relative}
.badge {position: absolute; top: 4px; right: 4px; width: 19px; height: 19px; border-radius: 50%;
  font-size: 12px; font-weight: 700; line-height: 19px; text-align: center; color: #fff;
  background: #55636a; box-shadow: 0 0 0 1.5px #fff, 0 1px 4px rgba(0, 0, 0, .5)}
.badge:empty {display: none}
.lost .badge {background: #b3402e}
.won .badge {background: #0d7355}
.original .words {color: light-dark(#b9590c, #e59a4f); font-weight: 600}
"""

JS = """
const NARROW = 560;

export default function ({ data, parentElement, setTriggerValue }) {
  const wall = parentElement.querySelector(".wall");
  if (wall.columns !== data.columns || wall.children.length !== data.captions.length) {
    build(wall, data);
  }
  fill(wall, data);
  wall.setAttribute("aria-label", data.title);
  const choose = (index) => setTriggerValue("chosen", index);
  wall.onclick = (event) => {
    const cell = event.target.closest(".cell");
    if (cell) { move(wall, Number(cell.dataset.index)); choose(Number(cell.dataset.index)); }
  };
  wall.onkeydown = (event) => {
    const next = step(wall, data, event.key);
    if (next === null) return;
    event.preventDefault();
    if (next === wall.at) return choose(next);
    move(wall, next);
  };
  const fit = () => narrow(wall, data);
  wall.watch?.disconnect();
  wall.watch = new ResizeObserver(fit);
  wall.watch.observe(parentElement instanceof ShadowRoot ? parentElement.host : parentElement);
  fit();
  return () => wall.watch.disconnect();
}

function build(wall, data) {
  wall.columns = data.columns;
  wall.replaceChildren(...data.captions.map((_, index) => {
    const cell = part("div", "cell");
    cell.id = `tile-${index}`;
    cell.dataset.index = index;
    cell.setAttribute("role", "option");
    const face = part("div", "face");
    face.append(part("span", "badge"));
    cell.append(face, part("div", "answer"), part("div", "words"));
    return cell;
  }));
  wall.at = 0;
}

function part(kind, name) {
  const made = document.createElement(kind);
  made.className = name;
  return made;
}

function fill(wall, data) {
  const originals = new Set(data.originals);
  const share = (at, count) => count > 1 ? `${100 * at / (count - 1)}%` : "0%";
  [...wall.children].forEach((cell, index) => {
    const [face, answer, words] = cell.children;
    const [row, column] = [Math.floor(index / data.columns), index % data.columns];
    face.style.aspectRatio = `${data.width} / ${data.height}`;
    face.style.backgroundImage = `url("${data.source}")`;
    face.style.backgroundSize = `${100 * data.columns}% ${100 * data.rows}%`;
    face.style.backgroundPosition = `${share(column, data.columns)} ${share(row, data.rows)}`;
    face.style.imageRendering = data.smooth ? "auto" : "pixelated";
    words.textContent = data.captions[index];
    say(cell, face.firstChild, answer, data.answers[index]);
    cell.title = data.hints[index];
    cell.setAttribute("aria-label", data.hints[index]);
    cell.setAttribute("aria-selected", String(index === data.selected));
    cell.classList.toggle("chosen", index === data.selected);
    cell.classList.toggle("original", originals.has(index));
  });
}

function say(cell, badge, answer, said) {
  badge.textContent = said ? said.badge : "";
  for (const change of ["lost", "won", "other"]) {
    cell.classList.toggle(change, said !== null && said.change === change);
  }
  if (!said) return answer.replaceChildren();
  const [label, sure] = [part("span", "label"), part("span", "sure")];
  [label.textContent, sure.textContent] = [said.label, said.sure];
  answer.style.color = said.color;
  answer.replaceChildren(label, sure);
}

function narrow(wall, data) {
  const few = wall.getBoundingClientRect().width < NARROW && data.columns > data.narrow;
  const columns = few ? data.narrow : data.columns;
  wall.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  [...wall.children].forEach((cell, index) => {
    const left_out = data.rows > 1 && index % data.columns >= columns;
    cell.style.display = left_out ? "none" : "";
  });
}

function move(wall, index) {
  wall.querySelectorAll(".at").forEach((cell) => cell.classList.remove("at"));
  wall.at = index;
  wall.children[index].classList.add("at");
  wall.setAttribute("aria-activedescendant", `tile-${index}`);
}

function step(wall, data, key) {
  const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: data.columns, ArrowUp: -data.columns };
  if (key === "Enter" || key === " ") return wall.at;
  if (!(key in moves)) return null;
  const next = wall.at + moves[key];
  return next < 0 || next >= data.captions.length ? null : next;
}
"""

_component = st.components.v2.component("loupe.tile_wall", html=HTML, css=CSS, js=JS)
