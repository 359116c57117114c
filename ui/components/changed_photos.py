"""Photos with what two models took them for; click or press Enter to open one."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def changed_photos(photos: Sequence[Mapping[str, Any]], *, key: str, title: str) -> str | None:
    """Shows the photos and returns the id of the one that was just chosen, else None.

    Args:
        photos: `id`, `source` (address of the thumbnail), `label`, `color` (of the class) and
            `answers`: for each model `who`, `said`, `color`, `sure` ("93 %") and `right`.
        key: Identity of these cards on their page.
        title: What they are, for people who hear them.
    """
    data = {"photos": [dict(photo) for photo in photos], "title": title}
    chosen = _component(key=key, data=data, on_opened_change=_nothing).get("opened")
    return None if chosen is None else str(chosen)


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<ul class="cards"></ul>'

CSS = """
.cards {list-style: none; margin: 0; padding: 3px; display: grid; gap: .9rem .8rem;
  grid-template-columns: repeat(auto-fill, minmax(min(165px, 44%), 1fr));
  font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
li {min-width: 0; margin: 0}
button {all: unset; box-sizing: border-box; display: block; width: 100%; cursor: pointer;
  border-radius: 9px; overflow: hidden; border: 1px solid
  color-mix(in srgb, var(--st-text-color) 14%, transparent)}
button:hover {border-color: var(--st-primary-color)}
button:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
img {width: 100%; aspect-ratio: 1; object-fit: cover; display: block;
  background: var(--st-secondary-background-color)}
.words {padding: .45rem .6rem .55rem; font-size: .84rem; line-height: 1.35}
.line {display: flex; gap: .35rem; align-items: baseline; margin-top: .25rem; min-width: 0}
.line b {margin-left: auto; font-variant-numeric: tabular-nums; font-weight: 600; flex: none}
.name {overflow-wrap: anywhere; min-width: 0}
.who {display: block; opacity: .72; font-size: .76rem; margin-top: .3rem}
.dot {width: .62em; height: .62em; border-radius: 3px; flex: none}
.right b {color: light-dark(#1f6fa8, #6cb4ea)}
.wrong b {color: light-dark(#b0432f, #ee8d7c)}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const cards = parentElement.querySelector(".cards");
  cards.setAttribute("aria-label", data.title);
  const drawn = JSON.stringify(data.photos);
  if (cards.drawn !== drawn) {
    cards.replaceChildren(...data.photos.map(card));
    cards.drawn = drawn;
  }
  cards.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("opened", button.dataset.id);
  };
}

function card(photo) {
  const place = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = photo.id;
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = photo.source;
  const words = document.createElement("div");
  words.className = "words";
  words.append(line(photo.label, photo.color, ""));
  for (const answer of photo.answers) {
    const who = document.createElement("span");
    who.className = "who";
    who.textContent = answer.who;
    const said = line(answer.said, answer.color, answer.sure);
    said.classList.add(answer.right ? "right" : "wrong");
    words.append(who, said);
  }
  button.append(picture, words);
  button.setAttribute("aria-label", [`${photo.label}, open the photo.`,
    ...photo.answers.map((one) => `${one.who}: ${one.said}, ${one.sure}.`)].join(" "));
  place.append(button);
  return place;
}

function line(name, color, sure) {
  const whole = document.createElement("div");
  whole.className = "line";
  const dot = document.createElement("i");
  dot.className = "dot";
  dot.style.background = color;
  const words = document.createElement("span");
  words.className = "name";
  words.textContent = name;
  whole.append(dot, words);
  if (sure) {
    const share = document.createElement("b");
    share.textContent = sure;
    whole.append(share);
  }
  return whole;
}
"""

_component = st.components.v2.component("loupe.changed_photos", html=HTML, css=CSS, js=JS)
