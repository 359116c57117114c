"""What fills the chosen class: the camera, the drawing pad, or files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.datasets.dataset import Dataset
from ui import state
from ui.components.burst_camera import Target, burst_camera
from ui.components.drawing_pad import drawing_pad_into
from ui.components.upload_stream import upload_into
from ui.palette import readable_on
from ui.photos import open_collection

if TYPE_CHECKING:
    from ui.photos.class_cards import ClassCard

WITH, INTO = "with", "into"


@dataclass(frozen=True)
class Stage:
    """One way to fill a class.

    Attributes:
        title: Its heading.
        icon: Of its button and heading.
        sentence: How it is used, in one sentence.
        draw: Draws it; takes the collection's name, the classes and the chosen one.
    """

    title: str
    icon: str
    sentence: str
    draw: Callable[[str, Sequence[Target], str], Any]


def camera(collection: str, targets: Sequence[Target], label: str) -> Any:
    return burst_camera(collection, targets, label, key="burst-camera")


def pad(collection: str, targets: Sequence[Target], label: str) -> Any:
    return drawing_pad_into(collection, targets, label, key="drawing-pad")


def files(collection: str, targets: Sequence[Target], label: str) -> Any:
    """Picture files into the class, kept as they are."""
    if upload_into("stage-files", collection, label):
        st.rerun()  # the cards, drawn before, count them too


STAGES = {
    "camera": Stage(
        "Camera",
        ":material/photo_camera:",
        "Hold the button and turn what you show this way and that; every frame becomes a photo.",
        camera,
    ),
    "draw": Stage("Draw", ":material/draw:", "Draw, keep, draw the next one.", pad),
    "files": Stage(
        "Files",
        ":material/add_photo_alternate:",
        "Files or a whole folder from this device, as many as you like; the originals stay.",
        files,
    ),
}


def stage(cards: Sequence[ClassCard], into: Dataset | None) -> None:
    """The open way of filling a class, if one is open."""
    way, label = state.address(WITH), state.address(INTO)
    if way not in STAGES or label not in {card.label for card in cards}:
        return
    collection = open_collection.opened(into)
    targets = [
        Target(card.label, card.color, readable_on(card.color), card.there + len(card.new))
        for card in cards
    ]
    chosen = STAGES[way]
    with st.container(border=True, key="collect-stage"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(f"{chosen.icon} {chosen.title}", anchor=False, width="stretch")
            st.button("Done", icon=":material/check:", key="stage-done", on_click=close_stage)
        st.caption(chosen.sentence)
        # What arrived since is counted already: the cards were read after it came.
        chosen.draw(collection.name, targets, str(label))


def open_stage(way: str, label: str) -> None:
    """Opens a way of filling the class `label`; for callbacks."""
    state.set_address(WITH, way)
    state.set_address(INTO, label)


def close_stage() -> None:
    """Puts it away again."""
    state.set_address(WITH, None)
    state.set_address(INTO, None)
