"""The model's eye: one photo on its way from the file to the numbers that the model gets."""

import base64
from html import escape

import numpy as np
import streamlit as st

from core.augmentation.drawing import draw, picture_seed
from core.augmentation.eye import Eye, as_visible, look
from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec, encode_png
from ui import previews, state
from ui.components.wipe import wipe
from ui.galleries import SMOOTH_FROM
from ui.lab.lab import Lab
from ui.lab.photos import large
from ui.lab.wall import drawn_list

VIEWS = ("Side by side", "Wipe", "Difference")


def show_eye(lab: Lab) -> None:
    """All stations of one photo, its before and after laid over each other, or subtracted."""
    photos, recipe = lab.photos, lab.recipe
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Show", VIEWS, default=VIEWS[0], required=True, key="augment-eye-view"
        )
        st.button(
            "Another photo", icon=":material/image_search:", key="augment-eye-next", on_click=_next
        )
        st.button("Draw again", icon=":material/casino:", key="augment-eye-again", on_click=_again)
    place = state.get("augment-eye-photo", 0) % len(photos)
    drawn = draw(recipe, picture_seed(state.get("augment-eye-seed", 0), 0, photos[place].row))
    eye = look(large(photos[place]), photos[place].picture, recipe, drawn)
    if view == "Wipe":
        words = "the photo at the model's size", "augmented"
        wipe(eye.seen, eye.augmented, key="augment-wipe", words=words)
    else:
        st.html(difference(eye) if view == "Difference" else side_by_side(eye, lab.spec))
    st.markdown(drawn_list(drawn))
    if drawn.mixes:
        st.caption("MixUp and CutMix need a second photo: the wall shows what they do.")
    _rescaling(photos[0].picture, recipe)


def _rescaling(picture: np.ndarray, recipe: AugmentationRecipe) -> None:
    st.header("Rescaling", anchor=False)
    st.markdown(
        "A photo is a table of numbers. The model's first layer makes small numbers of them, "
        "because learning moves in small steps. Here are 25 pixels from the middle of the "
        "first photo."
    )
    st.html(previews.numbers_html(picture, recipe))


def _next() -> None:
    state.put("augment-eye-photo", state.get("augment-eye-photo", 0) + 1)


def _again() -> None:
    state.put("augment-eye-seed", state.get("augment-eye-seed", 0) + 1)


def side_by_side(eye: Eye, spec: PictureSpec) -> str:
    """Four stations in a row, as HTML."""
    height, width = spec.image_size
    colors = "in colour" if spec.color_mode == "rgb" else "in shades of grey"
    numbers = eye.numbers
    stations = (
        (eye.original, "The photo", f"{eye.original.shape[1]} × {eye.original.shape[0]} as shown"),
        (eye.seen, "At the model's size", f"{width} × {height} pixels {colors}"),
        (eye.augmented, "Augmented", "by the code that does it in training"),
        (
            as_visible(numbers),
            "Normalised",
            f"numbers from {numbers.min():.2f} to {numbers.max():.2f}, mean {numbers.mean():.2f}; "
            "drawn with the lowest black and the highest white",
        ),
    )
    figures = "".join(
        f"<figure>{_image(picture, words)}<figcaption><b>{escape(title)}</b>"
        f"{escape(words)}</figcaption></figure>"
        for picture, title, words in stations
    )
    return f"<style>{CSS}</style><div class='lp-eye'>{figures}</div>"


def difference(eye: Eye) -> str:
    """How far each pixel moved, as HTML."""
    amount = eye.difference.max(axis=2, keepdims=True)
    changed = float((amount > 0).mean())
    figures = "".join(
        f"<figure>{_image(picture, title)}<figcaption><b>{title}</b>{escape(words)}"
        "</figcaption></figure>"
        for picture, title, words in (
            (eye.seen, "Before", "at the model's size"),
            (eye.augmented, "After", "augmented"),
            (
                amount,
                "Difference",
                f"black is unchanged, white is 255 of 255; {changed:.0%} of the pixels differ, "
                f"by {eye.difference.mean():.0f} levels on average",
            ),
        )
    )
    return f"<style>{CSS}</style><div class='lp-eye three'>{figures}</div>"


def _image(picture: np.ndarray, words: str) -> str:
    data = base64.b64encode(encode_png(np.ascontiguousarray(picture))).decode()
    rendering = "auto" if max(picture.shape[:2]) >= SMOOTH_FROM else "pixelated"
    return (
        f"<img alt='{escape(words)}' src='data:image/png;base64,{data}'"
        f" style='image-rendering: {rendering}'>"
    )


CSS = """
.lp-eye {display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .9rem}
.lp-eye.three {grid-template-columns: repeat(3, minmax(0, 1fr))}
.lp-eye figure {margin: 0}
.lp-eye img {width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: .5rem;
  background: color-mix(in srgb, currentColor 8%, transparent); display: block}
.lp-eye figcaption {font-size: .82rem; line-height: 1.35; margin-top: .35rem; opacity: .85}
.lp-eye figcaption b {display: block; font-size: .92rem}
@media (max-width: 640px) {
  .lp-eye, .lp-eye.three {grid-template-columns: 1fr 1fr}
}
"""
