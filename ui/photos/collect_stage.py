"""What fills the chosen class: the camera, the drawing pad, or files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.errors import UnusablePicture
from core.images import read_picture
from ui import state
from ui.components.burst_camera import Target, burst_camera
from ui.components.drawing_pad import drawing_pad_into
from ui.palette import readable_on
from ui.photos import open_collection
from ui.uploads import PICTURE_TYPES

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
    round_ = state.get("stage-files-round", 0)
    chosen = st.file_uploader(
        f"Pictures of {label}",
        type=PICTURE_TYPES,
        accept_multiple_files=True,
        key=f"stage-files-{round_}",
    )
    words = f"Add {photos(len(chosen))}" if chosen else "Add the pictures"
    if not st.button(words, type="primary", key="stage-files-go", disabled=not chosen):
        return None
    added, refused = 0, []
    for file in chosen:
        try:
            read_picture(file.getvalue())
        except UnusablePicture as error:
            refused.append((file.name, error.message))
            continue
        open_collection.opened(None).add(file.getvalue(), label, file.name)
        added += 1
    state.put("stage-files-round", round_ + 1)
    state.put("stage-files-refused", refused)
    st.rerun(scope="fragment")


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
        "A few files from this device; the originals stay as they are.",
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
        _refused()
        arrived = chosen.draw(collection.name, targets, str(label))
    if arrived:
        st.rerun(scope="fragment")


def _refused() -> None:
    for name, reason in (state.get("stage-files-refused") or [])[:5]:
        st.warning(f"{name} was not kept. {reason}", icon=":material/report:")
    state.put("stage-files-refused", None)


def open_stage(way: str, label: str) -> None:
    """Opens a way of filling the class `label`; for callbacks."""
    state.set_address(WITH, way)
    state.set_address(INTO, label)


def close_stage() -> None:
    """Puts it away again."""
    state.set_address(WITH, None)
    state.set_address(INTO, None)
