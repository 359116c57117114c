"""A few small photos in rows of nine; those that may be taken out have a cross."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st


class StripPhoto(NamedTuple):
    """One photo of a strip.

    Attributes:
        id: What is returned when it is taken out.
        source: Address of its thumbnail.
        name: What it is called.
        kept: Whether it has no cross: it is in the data set already.
    """

    id: str
    source: str
    name: str
    kept: bool = False


def photo_strip(photos: Sequence[StripPhoto], key: str) -> str | None:
    """Shows the photos and returns the id of the one whose cross was just chosen, else None."""
    data = {"photos": [photo._asdict() for photo in photos]}
    return _component(key=key, data=data, on_taken_change=_nothing).get("taken")


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = '<div class="strip"></div>'

CSS = """
:host {container-type: inline-size; font-family: var(--st-font, sans-serif)}
.strip {display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 5px; padding: 3px}
@container (min-width: 290px) {.strip {grid-template-columns: repeat(5, minmax(0, 1fr))}}
.photo {position: relative; aspect-ratio: 1; border-radius: 7px; outline: none}
.photo:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 1px}
img {width: 100%; height: 100%; object-fit: cover; display: block; border-radius: 7px;
  background: var(--st-secondary-background-color)}
.kept img {opacity: .5}
button {all: unset; position: absolute; top: 3px; right: 3px; width: 24px; height: 24px;
  border-radius: 50%; background: rgb(0 0 0 / .72); color: #fff; cursor: pointer; opacity: 0;
  display: grid; place-items: center; font-size: 15px; line-height: 1; transition: opacity .1s}
button::before {content: ""; position: absolute; inset: -6px}
button:hover {background: #b3261e}
:is(.photo:hover, .photo:focus-within, .photo.open) button {opacity: 1}
button:focus-visible {outline: 3px solid var(--st-primary-color); opacity: 1}
@media (hover: none) {.photo:not(.open) button {pointer-events: none}}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const strip = parentElement.querySelector(".strip");
  const drawn = JSON.stringify(data.photos);
  if (strip.drawn !== drawn) {
    const old = new Map([...strip.children].map((figure) => [figure.dataset.id, figure]));
    strip.replaceChildren(...data.photos.map((photo) => old.get(photo.id) ?? figure(photo)));
    strip.drawn = drawn;
  }
  strip.onclick = (event) => {
    const photo = event.target.closest(".photo");
    if (!photo) return;
    if (event.target.closest("button")) return void setTriggerValue("taken", photo.dataset.id);
    const was = photo.classList.contains("open");
    strip.querySelectorAll(".open").forEach((each) => each.classList.remove("open"));
    photo.classList.toggle("open", !was);
  };
}

function figure(photo) {
  const place = document.createElement("div");
  place.className = photo.kept ? "photo kept" : "photo";
  place.dataset.id = photo.id;
  place.title = photo.kept ? `${photo.name}: in the data set already` : photo.name;
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.alt = photo.name;
  picture.src = photo.source;
  place.append(picture);
  if (photo.kept) return place;
  const cross = document.createElement("button");
  cross.type = "button";
  cross.setAttribute("aria-label", `Take out ${photo.name}`);
  cross.textContent = "\\u00d7";
  place.append(cross);
  return place;
}
"""

_component = st.components.v2.component("loupe_photo_strip", html=HTML, css=CSS, js=JS)
