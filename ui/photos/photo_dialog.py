"""One photo, large, with all that is known of it and all that can be done with it."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import exclude, relabel, restore
from core.images import PictureSpec
from ui import cache, messages, state
from ui.components.key_listener import key_listener
from ui.galleries import photo_url
from ui.palette import class_colors
from ui.photos import marking
from ui.photos.facts import losses, photo_flags, run_for
from ui.photos.undo_bar import plain, undo_bar
from ui.photos.words import ORIGIN_WORDS, SPLIT_WORDS
from ui.picture_preview import preview_html

KEY = "photo-keys"
USUAL_SIZE = (64, 64)
MEASURE_WORDS = {
    "brightness": ("Brightness", "{:.0f} of 255"),
    "contrast": ("Contrast", "{:.0f}"),
    "sharpness": ("Sharpness", "{:.2f}, of 1"),
    "colourfulness": ("Colourfulness", "{:.0f}"),
}


def put_away() -> None:
    """Takes the enlarged photo out of the address."""
    state.set_address("photo", None)
    state.put("map-opened", None)


def enlarged(name: str, photo_id: str, order: Callable[[str], Sequence[str]]) -> None:
    """Opens the photo over the page.

    Args:
        name: Of the data set.
        photo_id: Which photo it begins with; the arrow keys go on from there.
        order: Gives the ids in the order that the arrow keys follow.
    """
    cache.dataset(name).photo(photo_id)
    _dialog(name, order)


@st.dialog("Photo", width="large", on_dismiss=put_away)
@messages.guarded
def _dialog(name: str, order: Callable[[str], Sequence[str]]) -> None:
    dataset = cache.dataset(name)
    photo_id = state.address("photo")
    if not photo_id:
        return
    photo, ids = dataset.photo(photo_id), order(name)
    _listen(dataset, photo_id, ids)
    picture, facts = st.columns([3, 2], gap="medium")
    with picture:
        _picture(dataset, photo, ids)
    with facts:
        _actions(dataset, photo)
        st.markdown(_facts(dataset, photo))
    undo_bar(dataset, key="photo-undo")


def _picture(dataset: Dataset, photo: pd.Series, ids: Sequence[str]) -> None:
    photo_id = str(photo["id"])
    kind = "loupe-large enlarged excluded" if photo["excluded"] else "loupe-large enlarged"
    source = photo_url(dataset.name, photo_id, "full")
    ahead = "".join(
        f"<img hidden alt='' src='{photo_url(dataset.name, other, 'full')}'>"
        for step in (1, -1)
        if (other := _beside(ids, photo_id, step))
    )
    st.html(f"<img class='{kind}' alt='{escape(photo['label'], True)}' src='{source}'>{ahead}")
    place = f"{ids.index(photo_id) + 1:,} of {len(ids):,}" if photo_id in ids else ""
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        for label, step in (("Previous", -1), ("Next", 1)):
            other = _beside(ids, photo_id, step)
            if step == 1:
                st.markdown(f":gray[{place}]", width="content")
            st.button(
                label,
                icon=f":material/arrow_{'back' if step < 0 else 'forward'}:",
                key=f"photo-{label.lower()}",
                disabled=not other,
                help=f"Key: {'left' if step < 0 else 'right'} arrow",
                on_click=state.set_address,
                args=("photo", other),
            )
    if st.toggle("See it as the model does", key="photo-seen"):
        _seen(dataset, photo, source)


def _seen(dataset: Dataset, photo: pd.Series, source: str) -> None:
    run = run_for(dataset)
    spec = cache.run(run).config.recipe.picture if run else PictureSpec(image_size=USUAL_SIZE)
    st.html(preview_html(source, dataset.photo_path(photo["id"]), spec))
    if run:
        state.page_link(
            "feature_maps",
            "Look inside the model with this photo",
            icon=":material/visibility:",
            params={"photo": str(photo["id"])},
        )


def _actions(dataset: Dataset, photo: pd.Series) -> None:
    photo_id, box = str(photo["id"]), f"photo-class-{photo['id']}-{dataset.version}"
    names = sorted({*dataset.class_names, photo["label"]})

    def moved() -> None:
        label = state.widget(box)
        if label and label != photo["label"]:
            _edit(dataset, photo_id, "move", str(label))

    st.selectbox(
        "Class",
        names,
        names.index(photo["label"]),
        key=box,
        accept_new_options=True,
        on_change=moved,
    )
    with st.container(horizontal=True):
        out = bool(photo["excluded"])
        st.button(
            "Restore" if out else "Exclude",
            icon=":material/undo:" if out else ":material/block:",
            key="photo-exclude",
            help="Key: R" if out else "Keeps the file. Key: X",
            on_click=_edit,
            args=(dataset, photo_id, "restore" if out else "exclude"),
        )
        if st.button(
            "Find similar", icon=":material/image_search:", key="photo-similar", help="Key: S"
        ):
            marking.find_similar(photo_id)
            st.rerun()


def _listen(dataset: Dataset, photo_id: str, ids: Sequence[str]) -> None:
    def pressed() -> None:
        told = state.event(KEY, "pressed")
        key = told.get("key") if isinstance(told, dict) else None
        if key in ("ArrowLeft", "ArrowRight"):
            other = _beside(ids, photo_id, 1 if key == "ArrowRight" else -1)
            if other:
                state.set_address("photo", other)
        elif key == "x":
            _edit(dataset, photo_id, "exclude")
        elif key == "r":
            _edit(dataset, photo_id, "restore")
        elif key == "z":
            marking.undo_edit(dataset.name)
        elif str(key) in "123456789" and int(str(key)) <= len(dataset.class_names):
            _edit(dataset, photo_id, "move", dataset.class_names[int(str(key)) - 1])

    key_listener(["ArrowLeft", "ArrowRight", "x", "r", "z", *"123456789"], pressed, KEY)


def _edit(dataset: Dataset, photo_id: str, kind: str, label: str = "") -> None:
    if kind == "move":
        marking.edit(dataset.name, [photo_id], lambda data, ids: relabel(data, ids, label))
    else:
        marking.edit(dataset.name, [photo_id], exclude if kind == "exclude" else restore)


def _beside(ids: Sequence[str], photo_id: str, step: int) -> str | None:
    place = ids.index(photo_id) + step if photo_id in ids else -1
    return ids[place] if 0 <= place < len(ids) else None


def _facts(dataset: Dataset, photo: pd.Series) -> str:
    """All that is known, as a list in Markdown."""
    color = class_colors(dataset.class_names).get(photo["label"])
    flags = photo_flags(dataset).get(photo["id"], ())
    facts: dict[str, Any] = {
        "Excluded": (photo["reason"] or "by hand") if photo["excluded"] else "",
        "Class": photo["label"] if color is None else "",
        "Split": SPLIT_WORDS.get(photo["split"], photo["split"]),
        "Size": f"{photo['width']:,} × {photo['height']:,} pixels, {photo['format']}",
        "Found by the checks": ", ".join(flags),
        "File": photo["source_file"],
        "Repaired": photo["repairs"],
        "Came by": ORIGIN_WORDS.get(photo["origin"], photo["origin"]),
        "Author": photo["author"],
        "Licence": photo["licence"],
    }
    lines = [f"- **{name}:** {plain(str(value))}" for name, value in facts.items() if value]
    return "\n".join([*lines, *_source(photo), *_measured(dataset, photo), *_said(dataset, photo)])


def _source(photo: pd.Series) -> list[str]:
    """Where it came from: a link only for the web's own addresses."""
    page = str(photo["source_page"])
    if not page:
        return []
    try:
        parts = urlsplit(page)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or set(page) & set("()<>[] \\"):
        return [f"- **Source:** {plain(page)}"]
    return [f"- **Source:** [{plain(parts.hostname)}]({page})"]


def _measured(dataset: Dataset, photo: pd.Series) -> list[str]:
    measures = cache.measures(dataset)
    if measures is None or photo["id"] not in measures.table.index:
        return []
    row = measures.table.loc[photo["id"]]
    return [
        f"- **{words}:** {form.format(row[column])}"
        for column, (words, form) in MEASURE_WORDS.items()
    ]


def _said(dataset: Dataset, photo: pd.Series) -> list[str]:
    """What the current run said of it."""
    run = run_for(dataset)
    table = losses(dataset, run)
    if table is None or photo["id"] not in table.index:
        return []
    row = table.loc[photo["id"]]
    right = "rightly" if row["predicted"] == photo["label"] else "wrongly"
    return [
        f"- **{plain(str(run))}** {right} called it {plain(str(row['predicted']))}, "
        f"{100 * row['probability']:.0f} % sure; loss {row['loss']:.2f}"
    ]
