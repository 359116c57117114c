"""Photos with who took them and what they allow; each can be taken out with one click."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def photo_review(photos: Sequence[Mapping[str, Any]], key: str) -> str | None:
    """Shows the photos and returns the id of the one that was just taken out, else None.

    Args:
        photos: `id`, `source` (address of the thumbnail), `label`, `color`, `author`,
            `licence`, `page` (where it came from, a web address or nothing).
        key: Identity of this review on its page.
    """
    result = _component(key=key, data={"photos": list(photos)}, on_taken_change=_nothing)
    taken = result.get("taken")
    return None if taken is None else str(taken)


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<ul class="review"></ul>'

CSS = """
.review {list-style: none; margin: 0; padding: 3px; display: grid; gap: 1rem .8rem;
  grid-template-columns: repeat(auto-fill, minmax(min(150px, 44%), 1fr));
  font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
li {min-width: 0; margin: 0}
.frame {position: relative; border-radius: 8px; overflow: hidden;
  background: var(--st-secondary-background-color); aspect-ratio: 1}
img {width: 100%; height: 100%; object-fit: cover; display: block; transition: opacity .15s}
li.going img {opacity: .25}
button {all: unset; box-sizing: border-box; position: absolute; top: .4rem; right: .4rem;
  cursor: pointer; padding: .28rem .6rem; border-radius: 999px; font-size: .78rem;
  line-height: 1.2; font-weight: 600; color: #fff; background: rgb(20 28 27 / .74);
  transition: background .12s}
button:hover {background: #b3402e}
button:focus-visible, a:focus-visible {outline: 3px solid var(--st-primary-color);
  outline-offset: 2px}
@media (hover: hover) {
  button {opacity: 0}
  li:hover button, li:focus-within button {opacity: 1}
}
.words {font-size: .8rem; line-height: 1.35; margin-top: .35rem; overflow-wrap: anywhere}
.label {display: flex; gap: .35rem; align-items: center; font-weight: 600}
.dot {width: .62em; height: .62em; border-radius: 50%; flex: none}
.quiet {opacity: .72; display: block}
a {color: var(--st-link-color, inherit)}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const review = parentElement.querySelector(".review");
  const drawn = JSON.stringify(data.photos);
  if (review.drawn !== drawn) {
    review.replaceChildren(...data.photos.map(figure));
    review.drawn = drawn;
  }
  review.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.closest("li").classList.add("going");
    setTriggerValue("taken", button.dataset.id);
  };
}

function figure(photo) {
  const item = document.createElement("li");
  const frame = element("div", "frame");
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = `${photo.label}, by ${photo.author || "unknown"}`;
  picture.src = photo.source;
  const button = element("button", "", "Take out");
  button.dataset.id = photo.id;
  button.setAttribute("aria-label", `Take out this photo of ${photo.label}`);
  frame.append(picture, button);
  const words = element("div", "words");
  const label = element("span", "label");
  const dot = element("span", "dot");
  dot.style.background = photo.color;
  label.append(dot, element("span", "", photo.label));
  words.append(label, element("span", "quiet", photo.author || "Author unknown"));
  const terms = element("span", "quiet");
  if (/^https?:/.test(photo.page)) {
    const link = element("a", "", photo.licence || "Source page");
    link.href = photo.page;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.title = `Opens ${new URL(photo.page).hostname} in a new window`;
    terms.append(link);
  } else {
    terms.textContent = photo.licence;
  }
  words.append(terms);
  item.append(frame, words);
  return item;
}

function element(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
"""

_component = st.components.v2.component("loupe_photo_review", html=HTML, css=CSS, js=JS)
