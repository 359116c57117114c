"""How it works: the ideas behind the app, each one moving."""

from pathlib import Path

import streamlit as st

from core.concepts.glossary import SECTIONS, search_terms
from core.images import PictureSpec
from ui import concept_labs as labs
from ui import messages, previews, state

STYLES = Path(previews.__file__).parent / "static" / "concepts.css"
PICTURE = PictureSpec(image_size=(64, 64), fit="crop")


def subject():
    """A training photo of the current data set, else a drawn dragonfly."""
    dataset_name = state.current_dataset_name()
    if dataset_name is not None:
        photos = previews.dataset_pictures(dataset_name, PICTURE, 1, 0)
        if photos:
            return photos[0]
    return previews.drawn_pictures(PICTURE, 1, 0)[0]


def section(anchor: str, words: str) -> None:
    term = next(term for term in SECTIONS if term.anchor == anchor)
    st.header(term.title, anchor=anchor, divider="gray")
    st.markdown(words)


@st.fragment
@messages.guarded
def glossary() -> None:
    wanted = st.text_input("Find a word", key="concept-search", placeholder="learning rate")
    found = search_terms(wanted)
    if not found:
        st.markdown(f"No entry contains “{wanted}”. Try a shorter word.")
    columns = st.columns(2, gap="large")
    for place, term in enumerate(found):
        with columns[place * 2 // len(found)]:
            st.subheader(term.title, anchor=term.anchor)
            st.markdown(term.meaning)


messages.page_header(
    "How it works",
    "The ideas behind a picture classifier, one at a time: move something and watch the numbers.",
)
st.html(STYLES)
links = "".join(f"<a href='#{term.anchor}'>{term.title}</a>" for term in SECTIONS)
st.html(f"<nav class='concept-road' aria-label='On this page'>{links}</nav>")

with messages.guard():
    picture = subject()
    section(
        "pixels",
        "A picture is a table. Every pixel is three numbers: how much red, green and blue. "
        "Nothing else reaches the computer.",
    )
    labs.pixels(picture)
    section(
        "convolution",
        "A *kernel* is a small grid of weights. Lay it on nine pixels, multiply each pixel by "
        "the weight on it, add up: that is one number of the *feature map*. Slide on by one "
        "pixel and do it again. Where the kernel's pattern is in the picture, the sum is large.",
    )
    labs.convolution(picture)
    section(
        "stride-and-padding",
        "How many places does a kernel find? With a picture W pixels wide, a kernel of F, "
        "P zeros of padding at each end and steps of S, it is `1 + (W + 2P − F) / S`.",
    )
    labs.sizes()
    section(
        "relu",
        "After a convolution, everything below zero is set to zero. It looks like nothing, but "
        "without such a bend a hundred layers could do no more than a single one.",
    )
    labs.rectifier(picture)
    section(
        "pooling",
        "Keep one number out of every two by two: the largest, or the average. The map becomes "
        "a quarter as large, and it matters less where exactly something was found.",
    )
    labs.pooling(picture)
    section(
        "softmax",
        "In the end the maps are flattened into one row of numbers. A *dense* layer weighs them, "
        "with weights of its own for every class, and *softmax* turns the scores into shares "
        "that sum to 100 %.",
    )
    labs.answer()
    section(
        "dropout",
        "While it learns, a random part of the units is switched off, another one in every step. "
        "None can rely on its neighbour, so each has to learn something useful. When the model "
        "is used, all of them work.",
    )
    labs.dropout()
    section(
        "overfitting",
        "A model with much freedom and few examples learns them by heart, their accidents "
        "included, and fails on anything new. That is why some photos are set aside for "
        "[testing](#test-split), and what [augmentation](#augmentation) and dropout work against.",
    )
    labs.overfitting()
    section("glossary", "Every word of the trade that this app uses.")
    glossary()
