"""A gallery of photos from our routes; click one, or press Enter on it, to see it large."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def photo_gallery(photos: Sequence[Mapping[str, Any]], key: str) -> str | None:
    """Shows the photos and returns the id of the one that was just chosen, else None.

    Args:
        photos: `id`, `source` (address of the thumbnail), `label`, `color`, `note`, `name`.
        key: Identity of this gallery on its page.
    """
    result = _component(key=key, data={"photos": list(photos)}, on_chosen_change=_nothing)
    chosen = result.get("chosen")
    return None if chosen is None else str(chosen)


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<div class="gallery"></div>'

CSS = """
.gallery {display: grid; gap: .8rem .7rem; font-family: var(--st-font, sans-serif);
  grid-template-columns: repeat(auto-fill, minmax(min(128px, 29%), 1fr)); padding: 3px}
button {all: unset; cursor: pointer; min-width: 0; display: block; border-radius: 8px}
button:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
img {width: 100%; aspect-ratio: 1; object-fit: cover; display: block; border-radius: 8px;
  background: var(--st-secondary-background-color); transition: filter .15s}
button:hover img {filter: brightness(1.08) saturate(1.05)}
.words {display: flex; gap: .35rem; align-items: center; font-size: .8rem; margin-top: .28rem;
  color: var(--st-text-color); line-height: 1.3; min-width: 0}
.dot {width: .62em; height: .62em; border-radius: 50%; flex: none}
.label {overflow: hidden; text-overflow: ellipsis; white-space: nowrap}
.note {margin-left: auto; opacity: .68; flex: none; font-size: .74rem}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const gallery = parentElement.querySelector(".gallery");
  const drawn = JSON.stringify(data.photos);
  if (gallery.drawn !== drawn) {
    gallery.replaceChildren(...data.photos.map(figure));
    gallery.drawn = drawn;
  }
  gallery.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("chosen", button.dataset.id);
  };
}

function figure(photo) {
  const button = document.createElement("button");
  button.dataset.id = photo.id;
  button.setAttribute("aria-label", `${photo.label}, ${photo.name}: show it large`);
  button.title = photo.name;
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = photo.source;
  const words = document.createElement("div");
  words.className = "words";
  words.append(piece("dot", ""), piece("label", photo.label), piece("note", photo.note || ""));
  words.firstChild.style.background = photo.color;
  button.append(picture, words);
  return button;
}

function piece(kind, text) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  return span;
}
"""

_component = st.components.v2.component("loupe_photo_gallery", html=HTML, css=CSS, js=JS)
