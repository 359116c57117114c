"""A grid of small pictures cut from one atlas; click or press Enter to choose one.

Hundreds of pictures travel as one file and flow into as many columns as the
screen has room for. Arrow keys move, Enter and Space choose, Home and End jump.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True)
class Atlas:
    """Where the small pictures lie inside the one picture.

    Attributes:
        source: Address of the picture (a route of ours or a `data:` URI).
        count: Number of small pictures, row by row.
        columns: Small pictures per row of the atlas.
        rows: Rows of the atlas.
        cell_height: Height of a small picture in pixels of the atlas.
        cell_width: Its width.
        gap: Pixels between two small pictures and around them all.
    """

    source: str
    count: int
    columns: int
    rows: int
    cell_height: int
    cell_width: int
    gap: int = 0


def image_grid(
    atlas: Atlas,
    *,
    key: str,
    title: str,
    noun: str = "picture",
    selected: int | None = None,
    names: Sequence[str] | None = None,
    smallest: int = 56,
    on_choose: Callable[[], None] | None = None,
) -> int | None:
    """Shows the grid and returns the picture that was just chosen, else None.

    Args:
        atlas: The picture and how to cut it.
        key: Identity of this grid on its page.
        title: What the grid holds, for people who hear it.
        noun: What one cell is called: "map 3".
        selected: Index of the picture that is marked.
        names: A name per picture instead of noun and number.
        smallest: Smallest width of a cell on the screen in pixels.
        on_choose: Called before the page is drawn anew; finds the picture's index as `chosen`.
    """
    result = _component(
        key=key,
        data={
            **asdict(atlas),
            "title": title,
            "noun": noun,
            "names": list(names) if names else None,
            "selected": selected,
            "smallest": smallest,
        },
        on_chosen_change=on_choose or _nothing,
    )
    chosen = result.get("chosen")
    return None if chosen is None or not 0 <= int(chosen) < atlas.count else int(chosen)


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = (
    '<div class="grid" role="listbox" tabindex="0"></div><div class="tip" hidden></div>'
    '<p role="alert" hidden>The picture could not be fetched. Reload the page.</p>'
)

CSS = """
:host, .grid {font-family: var(--st-font, sans-serif)}
.grid {display: grid; gap: 4px; outline: none; padding: 4px; position: relative}
.cell {position: relative; background-repeat: no-repeat; image-rendering: pixelated;
  border-radius: 4px; cursor: pointer; outline: 2px solid transparent; outline-offset: 0;
  background-color: var(--st-secondary-background-color)}
.cell:hover {outline-color: var(--st-text-color); z-index: 1}
.grid:focus-visible .cell.at {outline: 3px solid var(--st-primary-color); z-index: 2}
.cell.chosen {outline: 3px solid var(--st-primary-color); z-index: 2}
.cell.chosen::after {content: ""; position: absolute; inset: 0; border-radius: 3px;
  box-shadow: inset 0 0 0 2px var(--st-background-color)}
.tip {position: absolute; pointer-events: none; z-index: 5; padding: 2px 8px; border-radius: 6px;
  font: 12px var(--st-font, sans-serif); white-space: nowrap; color: var(--st-background-color);
  background: var(--st-text-color); transform: translate(-50%, -115%)}
.tip[hidden] {display: none}
p {font-size: 14px; color: var(--st-red-color, #b3402e); margin: 4px}
"""

JS = """
const LEFT_OUT = ["selected"];

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid");
  const tip = parentElement.querySelector(".tip");
  const drawn = JSON.stringify(data, (key, value) => LEFT_OUT.includes(key) ? undefined : value);
  const choose = (index) => {
    mark(grid, index);
    setTriggerValue("chosen", index);
  };
  if (grid.drawn !== drawn) {
    const first = grid.drawn === undefined;
    grid.drawn = drawn;
    grid.told = undefined;
    const now = () => {
      if (grid.drawn !== drawn) return;
      draw(grid, data);
      mark(grid, data.selected);
    };
    const warning = parentElement.querySelector("[role=alert]");
    if (warning) warning.hidden = true;
    // The old one stays until the new one is there: an empty grid in between would flicker.
    const picture = new Image();
    if (first || data.source.startsWith("data:")) now();
    else picture.onload = now;
    picture.onerror = () => {
      if (grid.drawn !== drawn) return;
      if (!first) now();
      if (warning && !data.source.startsWith("data:")) warning.hidden = false;
    };
    picture.src = data.source;
  }
  if (grid.told !== data.selected) {
    mark(grid, data.selected);
    grid.told = data.selected;
  }
  grid.onclick = (event) => {
    const cell = event.target.closest(".cell");
    if (cell) choose(Number(cell.dataset.index));
  };
  grid.onkeydown = (event) => {
    const next = step(grid, data.count, event.key);
    if (next === null) return;
    event.preventDefault();
    if (next === grid.at) return choose(grid.at);
    move(grid, next);
    grid.children[next].scrollIntoView({ block: "nearest" });
  };
  grid.onpointerover = (event) => hint(tip, event.target.closest(".cell"));
  grid.onpointerleave = () => { tip.hidden = true; };
}

function draw(grid, data) {
  const { columns, rows, gap, count } = data;
  const [height, width] = [data.cell_height, data.cell_width];
  const [whole_width, whole_height] = [
    columns * (width + gap) + gap, rows * (height + gap) + gap];
  grid.setAttribute("aria-label", data.title);
  grid.style.gridTemplateColumns = `repeat(auto-fill, minmax(${data.smallest}px, 1fr))`;
  const picture = `url("${data.source}")`;
  const size = `${100 * whole_width / width}% ${100 * whole_height / height}%`;
  const cells = Array.from({ length: count }, (_, index) => {
    const cell = document.createElement("div");
    const [row, column] = [Math.floor(index / columns), index % columns];
    cell.className = "cell";
    cell.id = `cell-${index}`;
    cell.dataset.index = index;
    cell.setAttribute("role", "option");
    cell.setAttribute("aria-selected", "false");
    cell.setAttribute("aria-label", data.names ? data.names[index] : `${data.noun} ${index + 1}`);
    cell.style.aspectRatio = `${width} / ${height}`;
    cell.style.backgroundImage = picture;
    cell.style.backgroundSize = size;
    cell.style.backgroundPosition = `${share(gap + column * (width + gap), whole_width - width)} ` +
      share(gap + row * (height + gap), whole_height - height);
    return cell;
  });
  grid.replaceChildren(...cells);
  move(grid, 0);
}

function share(offset, room) {
  return `${room ? 100 * offset / room : 0}%`;
}

function mark(grid, index) {
  grid.querySelectorAll(".chosen").forEach((cell) => {
    cell.classList.remove("chosen");
    cell.setAttribute("aria-selected", "false");
  });
  const cell = grid.children[index ?? -1];
  if (!cell) return;
  cell.classList.add("chosen");
  cell.setAttribute("aria-selected", "true");
  move(grid, index);
}

function move(grid, index) {
  grid.querySelectorAll(".at").forEach((cell) => cell.classList.remove("at"));
  grid.at = index;
  grid.children[index]?.classList.add("at");
  grid.setAttribute("aria-activedescendant", `cell-${index}`);
}

function step(grid, count, key) {
  const across = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
  if (key === "Enter" || key === " ") return grid.at;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in moves)) return null;
  const next = grid.at + moves[key];
  return next < 0 || next >= count ? null : next;
}

function hint(tip, cell) {
  tip.hidden = !cell;
  if (!cell) return;
  tip.textContent = cell.getAttribute("aria-label");
  tip.style.left = `${cell.offsetLeft + cell.offsetWidth / 2}px`;
  tip.style.top = `${cell.offsetTop}px`;
}
"""

_component = st.components.v2.component("loupe.image_grid", html=HTML, css=CSS, js=JS)
