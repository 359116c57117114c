"""The picture that all labs work on: one of the data set, one's own, or a drawn dragonfly."""

import numpy as np
import streamlit as st

from core.errors import LoupeError
from core.images import PictureSpec, load_picture
from ui import cache, messages, previews, state
from ui.components.tile_wall import tile_wall
from ui.concepts import drawings as draw
from ui.galleries import Tile
from ui.photo_sources import Photo, choose_photos

PICTURE = PictureSpec(image_size=(64, 64), fit="crop")
OF_DATASET, OWN, DRAWN = "From the data set", "My own photo", "Drawn dragonfly"
SHOWN, COLUMNS = 12, 4


def subject() -> np.ndarray:
    """What was chosen for this visit, uint8 (64, 64, 3); first a photo of the data set, if any."""
    kind = chosen_kind()
    own = state.get("concept-own")
    if kind == OWN and own is not None:
        return cache.remembered(_fitted, own)
    dataset_name = state.current_dataset_name()
    if kind == OF_DATASET and dataset_name is not None:
        photos = _photos(dataset_name)
        if photos:
            return photos[_place(len(photos))].picture
    return previews.drawn_pictures(PICTURE, 1, 0)[0]


def chosen_kind() -> str:
    """Which of the three the labs work on."""
    options = _kinds()
    kind = state.get("concept-subject")
    return kind if kind in options else options[0]


def choose_subject() -> np.ndarray:
    """The picture, and beside it the way to another."""
    place = st.container(
        horizontal=True, vertical_alignment="center", width="content", key="concept-subject-bar"
    )
    with place:
        shown = st.empty()
        with st.popover("Another picture", icon=":material/image:", type="tertiary"):
            st.caption("All labs work on this picture, as a small network gets it: 64 × 64 pixels.")
            with messages.guard():
                _choose()
    picture = subject()
    shown.html(f"<div class='concept thumb'>{draw.picture(picture, '')}</div>", width="content")
    return picture


def _choose() -> None:
    state.set_widget("concept-kind", chosen_kind())
    st.segmented_control(
        "Picture",
        _kinds(),
        key="concept-kind",
        required=True,
        label_visibility="collapsed",
        on_change=_kind_chosen,
        wrap=True,
    )
    kind = chosen_kind()
    dataset_name = state.current_dataset_name()
    if kind == OF_DATASET and dataset_name is not None:
        _wall(dataset_name)
    elif kind == OWN:
        for photo in choose_photos(None, key="concept-photo", several=False):
            _take(photo)
        st.caption("It stays on this computer and is forgotten when you close the page.")


def _wall(dataset_name: str) -> None:
    photos = _photos(dataset_name)
    if not photos:
        st.caption("This data set has no photos to show.")
        return
    chosen = tile_wall(
        photos,
        COLUMNS,
        key="concept-wall",
        title="Photos of the data set",
        selected=_place(len(photos)),
    )
    if chosen is not None and chosen != _place(len(photos)):
        state.put("concept-place", chosen)
        st.rerun()
    st.button(
        "Other photos", icon=":material/shuffle:", type="tertiary", on_click=_others, key="c-others"
    )


def _take(photo: Photo) -> None:
    content = photo.content()
    if content != state.get("concept-own"):
        _fitted(content)  # one that cannot be read is said here, and not taken
        state.put("concept-own", content)


def _kinds() -> list[str]:
    return [*([OF_DATASET] if state.current_dataset_name() is not None else []), OWN, DRAWN]


def _kind_chosen() -> None:
    state.put("concept-subject", state.widget("concept-kind"))


def _others() -> None:
    state.put("concept-offset", state.get("concept-offset", 0) + 1)
    state.put("concept-place", 0)


def _place(count: int) -> int:
    return int(state.get("concept-place", 0)) % count


def _photos(dataset_name: str) -> list[Tile]:
    try:
        chosen = previews.photos_in_turn(dataset_name, SHOWN, state.get("concept-offset", 0))
    except LoupeError:
        return []
    return [
        Tile(previews.picture_of(path, photo_id, PICTURE), label)
        for photo_id, label, path, _ in chosen
    ]


def _fitted(content: bytes) -> np.ndarray:
    return load_picture(content, PICTURE)
