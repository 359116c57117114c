"""What drives a map: a picture made from noise that it answers to as much as it can."""

import base64

import streamlit as st

from core.images import encode_png
from core.inspection.driven import JOB, Driven, driven_path, read_driven
from core.training.runs import Run
from ui import cache, messages
from ui.inside.layer_words import figure
from ui.photos.measuring import offer

HOW_TO_READ = (
    "Such a picture is no photo and no memory of one. Look for what repeats: stripes in one "
    "direction, dots, a colour, a fur-like pattern. That is what the map looks for. Maps of early "
    "layers like simple patterns; those of late layers often like several things at once, and "
    "then the picture is a jumble. Fine noise in it tells of the network more than of photos."
)


def show_driven(run: Run, layer: str, index: int, name: str) -> None:
    """The picture, or the button that makes it."""
    stamp = cache.stamps(driven_path(run, layer, index))[0]
    made = read_driven(run, layer, index) if stamp else None
    if made is None:
        offer(
            JOB,
            {"run": run.name, "layer": layer, "index": index},
            f"What drives {name} of {layer}",
            "From grey noise a picture is made, step by step, that makes it answer as much as it "
            "can. It takes a few seconds and is kept.",
            "Make the picture",
        )
        return
    _show(made, name)


def _show(made: Driven, name: str) -> None:
    data = base64.b64encode(encode_png(made.picture)).decode()
    height, width = made.picture.shape[:2]
    said = messages.literal(name)
    st.html(
        f"<style>{CSS}</style><img class='lp-driven' alt='A picture that drives this map' "
        f"style='aspect-ratio: {width} / {height}' src='data:image/png;base64,{data}'>"
    )
    first, last = figure(float(made.reached[0])), figure(float(made.reached[-1]))
    if made.climbed:
        st.markdown(f"The mean of {said} rose from {first} (noise) to **{last}** (this picture).")
    else:
        st.markdown(
            f"No change of the picture made {said} answer more than {first}: it is dead, or it "
            "does not depend on the photo in a way that can be followed."
        )
    messages.why(HOW_TO_READ, "How to read such pictures")


CSS = """
.lp-driven {width: min(100%, 22rem); display: block; border-radius: 8px;
  outline: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  image-rendering: pixelated}
"""
