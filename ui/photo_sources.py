"""Where a photo can come from: a file, the clipboard, the camera, a pad, the data set."""

import base64
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.datasets.manifest import Dataset
from core.errors import NotFound
from core.images import encode_jpeg, load_thumbnail
from core.training.runs import Run
from ui import cache, state
from ui.components.drawing_pad import drawing_pad
from ui.components.paste_photo import paste_photo
from ui.galleries import photo_url
from ui.uploads import PICTURE_TYPES

UPLOAD, PASTE, CAMERA, DRAW, TEST = "Files", "Clipboard", "Camera", "Draw", "Test photos"
OF_SPLIT = "test"


class Photo(NamedTuple):
    """A photo to ask about.

    Attributes:
        name: What to call it.
        source: The bytes of its file, or the path of the file.
        photo_id: Its id in the data set, None when it is new.
        truth: Its class when that is known.
    """

    name: str
    source: bytes | str
    photo_id: str | None = None
    truth: str | None = None

    def content(self) -> bytes:
        """The bytes of its file."""
        return self.source if isinstance(self.source, bytes) else Path(self.source).read_bytes()


def dataset_of(run: Run) -> Dataset | None:
    """The photos `run` learnt from; None when they have been deleted since."""
    try:
        return cache.dataset(run.config.dataset)
    except NotFound:
        return None


def choose_photos(dataset: Dataset | None, key: str, several: bool = True) -> list[Photo]:
    """Draws the chooser and returns what was chosen, an empty list when nothing was yet."""
    options = [*([TEST] if dataset is not None else []), UPLOAD, PASTE, CAMERA, DRAW]
    where = st.segmented_control(
        "Where is the photo?",
        options,
        default=options[0],
        required=True,
        key=f"{key}-where",
    )
    if where == UPLOAD:
        return _uploaded(key, several)
    if where == PASTE:
        return _pasted(key)
    if where == CAMERA:
        return _from_camera(key)
    if where == DRAW:
        return _drawn(key)
    return _from_dataset(dataset, key, not several) if dataset is not None else []


def dataset_photo(dataset: Dataset, photo_id: str) -> Photo:
    """A photo of the data set.

    Raises:
        NotFound: If it has none of this id.
    """
    row = dataset.photo(photo_id)
    path = str(dataset.photo_path(photo_id))
    return Photo(str(row["source_file"]), path, photo_id, str(row["label"]))


def _uploaded(key: str, several: bool) -> list[Photo]:
    if several:
        files = st.file_uploader(
            "One photo or several",
            type=PICTURE_TYPES,
            accept_multiple_files=True,
            key=f"{key}-files",
        )
    else:
        file = st.file_uploader("A photo", type=PICTURE_TYPES, key=f"{key}-file")
        files = [file] if file else []
    return [Photo(file.name, file.getvalue()) for file in files]


def _pasted(key: str) -> list[Photo]:
    pasted = paste_photo(f"{key}-paste")
    if pasted:
        state.put(f"{key}-pasted", pasted)
    kept = state.get(f"{key}-pasted")
    return [Photo("pasted picture", kept)] if kept else []


def _from_camera(key: str) -> list[Photo]:
    shot = st.camera_input("Hold it in front of the camera", key=f"{key}-camera", width=480)
    return [Photo("camera picture", shot.getvalue())] if shot else []


def _drawn(key: str) -> list[Photo]:
    drawing = drawing_pad(f"{key}-draw")
    if drawing:
        state.put(f"{key}-drawn", drawing)
    kept = state.get(f"{key}-drawn")
    return [Photo("drawing", kept)] if kept else []


def _from_dataset(dataset: Dataset, key: str, shown: bool) -> list[Photo]:
    """A photo of the data set, with a small picture of it beside the button if it is `shown`."""
    photos = dataset.split(OF_SPLIT)
    photos = photos if len(photos) else dataset.used
    ids = [str(photo_id) for photo_id in photos["id"]]
    current = state.address("photo")
    if current not in set(dataset.manifest["id"]):
        current = ids[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Another photo", icon=":material/shuffle:", key=f"{key}-another"):
            current = _next(ids, current)
        photo = dataset_photo(dataset, str(current))
        if shown:
            st.html(_small(photo, dataset.name))
    state.set_address("photo", current)
    return [photo]


def _small(photo: Photo, dataset_name: str) -> str:
    address = photo_url(dataset_name, photo.photo_id or "")
    label = escape(photo.truth or "")
    return f"<div class='loupe-chosen'><img src='{address}' alt='The photo'>{label}</div>"


def _next(ids: list[str], current: str | None) -> str:
    """Far along the list, so that the classes take turns; comes by all of them in the end."""
    place = ids.index(current) if current in ids else 0
    stride = next(step for step in (37, 41, 43) if len(ids) % step)
    return ids[(place + stride) % len(ids)]


def picture_address(photo: Photo, dataset_name: str) -> str:
    """Where the browser finds the photo: our route, or the picture itself as a `data:` URI."""
    if photo.photo_id is not None:
        return photo_url(dataset_name, photo.photo_id, 480)
    return cache.remembered(_as_data, photo.content())


def _as_data(content: bytes) -> str:
    small = encode_jpeg(load_thumbnail(content, 480))
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"
