"""The numbers of a layer without places: the busiest as bars, all of them as a strip of cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st


def unit_bars(
    units: Sequence[Mapping[str, Any]],
    *,
    key: str,
    selected: int | None,
    on_open: Callable[[], None],
) -> None:
    """Shows the units. The number of the one that is opened arrives in `on_open` as `open`.

    Args:
        units: `index`, `name`, `value` and `words` (the value as it is shown) of each, busiest
            first.
        key: Identity on its page.
        selected: The number of the one that is marked.
    """
    _component(key=key, data={"units": list(units), "selected": selected}, on_open_change=on_open)


HTML = '<ol class="bars" aria-label="Busiest first"></ol><p></p><div class="strip"></div>'

CSS = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
:host {--above: #b2182b; --below: #2166ac; --line:
  color-mix(in srgb, var(--st-text-color) 12%, transparent)}
ol {list-style: none; margin: 0; padding: 3px; display: grid; gap: 2px}
.bar {all: unset; box-sizing: border-box; width: 100%; cursor: pointer; display: grid;
  grid-template-columns: minmax(5.5rem, 30%) minmax(0, 1fr) 4.4rem; gap: 10px;
  align-items: center; padding: 3px 6px; border-radius: 6px; font-size: 14px; min-height: 28px}
.bar:hover {background: var(--line)}
.bar span:first-child {overflow-wrap: anywhere}
.track {height: 12px; position: relative; background: var(--line); border-radius: 3px}
.track i {position: absolute; top: 0; bottom: 0; border-radius: 3px; background: var(--above)}
.track i.low {background: var(--below)}
.bar b {font-weight: 600; text-align: right; font-variant-numeric: tabular-nums}
p {font-size: 13px; opacity: .75; margin: 12px 6px 6px}
.strip {display: flex; flex-wrap: wrap; gap: 2px; padding: 3px 6px}
.cell {all: unset; width: 16px; height: 16px; border-radius: 3px; cursor: pointer;
  background: var(--line); box-sizing: border-box}
.cell:hover {outline: 2px solid var(--st-text-color)}
.bar:focus-visible, .cell:focus-visible {outline: 3px solid var(--st-primary-color)}
.bar.chosen, .cell.chosen {outline: 3px solid var(--st-primary-color); outline-offset: -1px}
"""

JS = """
const MOST_BARS = 24;

export default function ({ data, parentElement, setTriggerValue }) {
  const [list, words, strip] = ["ol", "p", ".strip"].map((one) => parentElement.querySelector(one));
  const drawn = JSON.stringify(data.units);
  if (list.drawn !== drawn) {
    list.drawn = drawn;
    draw(list, words, strip, data.units);
  }
  parentElement.querySelectorAll("[data-index]").forEach((node) => {
    const chosen = Number(node.dataset.index) === data.selected;
    node.classList.toggle("chosen", chosen);
    node.setAttribute("aria-pressed", String(chosen));
  });
  list.onclick = strip.onclick = (event) => {
    const node = event.target.closest("[data-index]");
    if (node) setTriggerValue("open", Number(node.dataset.index));
  };
  strip.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = [...strip.children].indexOf(strip.getRootNode().activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    strip.children[Math.max(0, Math.min(strip.children.length - 1, at + step))].focus();
  };
}

function draw(list, words, strip, units) {
  const low = Math.min(0, ...units.map((unit) => unit.value));
  const high = Math.max(0, ...units.map((unit) => unit.value));
  const most = Math.max(-low, high) || 1;
  const range = high - low || 1;
  list.replaceChildren(...units.slice(0, MOST_BARS).map((unit) => {
    const item = document.createElement("li");
    const bar = button("bar", unit);
    const [name, track, number] = ["span", "span", "b"].map((tag) => document.createElement(tag));
    name.textContent = unit.name;
    number.textContent = unit.words;
    track.className = "track";
    const fill = document.createElement("i");
    fill.className = unit.value < 0 ? "low" : "";
    fill.style.left = `${100 * (Math.min(0, unit.value) - low) / range}%`;
    fill.style.width = `${100 * Math.abs(unit.value) / range}%`;
    track.append(fill);
    bar.append(name, track, number);
    item.append(bar);
    return item;
  }));
  const more = units.length > MOST_BARS;
  words.hidden = strip.hidden = !more;
  if (!more) return strip.replaceChildren();
  words.textContent = `All ${units.length.toLocaleString("en")} in their order; ` +
    "the stronger the colour, the further from zero:";
  const inOrder = [...units].sort((one, other) => one.index - other.index);
  strip.replaceChildren(...inOrder.map((unit, at) => {
    const cell = button("cell", unit);
    cell.tabIndex = at ? -1 : 0;
    cell.title = `${unit.name}: ${unit.words}`;
    cell.setAttribute("aria-label", cell.title);
    const color = unit.value < 0 ? "var(--below)" : "var(--above)";
    const strength = Math.round(15 + 85 * Math.abs(unit.value) / most);
    const mixed = `color-mix(in srgb, ${color} ${strength}%, var(--line))`;
    if (unit.value) cell.style.background = mixed;
    return cell;
  }));
}

function button(name, unit) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = name;
  node.dataset.index = unit.index;
  return node;
}
"""

_component = st.components.v2.component("loupe_unit_bars", html=HTML, css=CSS, js=JS)
