"""A map large over the photo, as opaque as one likes, and both of them beside each other below."""

from collections.abc import Mapping
from typing import Any

import streamlit as st


def map_over_photo(
    photo: str, drawn: str, *, key: str, photo_name: str, map_name: str, shape: tuple[int, int]
) -> None:
    """Shows the pictures.

    Args:
        photo: Address of the photo as the model is given it.
        drawn: Address of the map.
        key: Identity on its page.
        photo_name, map_name: For people who hear them.
        shape: (height, width) of the photo, so that its room is reserved.
    """
    data: Mapping[str, Any] = {
        "photo": photo,
        "map": drawn,
        "photo_name": photo_name,
        "map_name": map_name,
        "shape": list(shape),
    }
    _component(key=key, data=data)


HTML = """
<div class="stack"><img class="photo"><img class="map"></div>
<label><span>Photo</span><input type="range" min="0" max="100" step="1"
  aria-label="How much of the map covers the photo"><span>Map</span></label>
<div class="pair"><figure><img class="photo">
<figcaption>the photo, as the model gets it</figcaption></figure>
<figure><img class="map"><figcaption></figcaption></figure></div>
<p role="alert" hidden>The pictures could not be fetched. Reload the page.</p>
"""

CSS = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
.stack {position: relative; border-radius: 8px; overflow: hidden; margin: 0 auto;
  background: var(--st-secondary-background-color)}
img {width: 100%; height: 100%; display: block; object-fit: fill; image-rendering: pixelated}
.stack img {position: absolute; inset: 0}
img.smooth {image-rendering: auto}
label {display: flex; gap: 10px; align-items: center; font-size: 13px; padding: 8px 2px}
input {flex: 1; min-width: 0; accent-color: var(--st-primary-color); height: 26px; margin: 0}
.pair {display: grid; grid-template-columns: 1fr 1fr; gap: 12px}
figure {margin: 0; min-width: 0}
figure img {height: auto; border-radius: 8px; background: var(--st-secondary-background-color)}
figcaption {font-size: 12.5px; opacity: .75; margin-top: 4px}
p {color: var(--st-red-color, #b3402e); font-size: 14px}
"""

JS = """
const SMOOTH_FROM = 96;
let opaque = 65;  // stays while one walks from map to map

export default function ({ data, parentElement }) {
  const find = (one) => parentElement.querySelectorAll(one);
  const [height, width] = data.shape;
  const warning = find("p")[0];
  const failed = () => { warning.hidden = false; };
  find(".photo").forEach((img) => {
    img.alt = data.photo_name;
    img.classList.toggle("smooth", Math.max(height, width) >= SMOOTH_FROM);
    fetchInto(img, data.photo, failed);
  });
  find(".map").forEach((img) => { img.alt = data.map_name; fetchInto(img, data.map, failed); });
  find(".stack, figure img").forEach((box) => { box.style.aspectRatio = `${width} / ${height}`; });
  find(".pair figcaption")[1].textContent = data.map_name;
  warning.hidden = true;
  const slider = find("input")[0];
  const show = () => {
    find(".stack .map")[0].style.opacity = opaque / 100;
    slider.setAttribute("aria-valuetext", `${opaque} percent`);
  };
  slider.value = opaque;
  slider.oninput = () => { opaque = Number(slider.value); show(); };
  slider.onkeydown = (event) => event.stopPropagation();
  show();
}

function fetchInto(img, address, failed) {
  if (img.getAttribute("src") === address) return;
  img.onerror = failed;
  img.src = address;
}
"""

_component = st.components.v2.component("loupe_map_over_photo", html=HTML, css=CSS, js=JS)
