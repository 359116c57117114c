"""A page of photos from our routes: mark them by click, shift-click, drag, long press or key.

Arrow keys move, Space marks, Shift with arrows marks on the way, Ctrl+A marks the page,
1 to 9 move to a class, X excludes, R restores, Z undoes, S finds similar, Enter enlarges.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def photo_gallery(
    photos: Sequence[Mapping[str, Any]],
    *,
    key: str,
    source: str,
    title: str,
    place: str,
    marked: Sequence[str],
    heard: Mapping[str, Any] | None,
    classes: Sequence[str],
    on_marks: Callable[[], None],
    on_act: Callable[[], None],
) -> None:
    """Shows the photos. What people do with them arrives in the two callbacks.

    Args:
        photos: `id`, `label`, `color`, `note`, `name`, `hint`, `flags` (a short text) and
            `excluded` of each.
        key: Identity of this gallery on its page; the callbacks find `marks` and `act` there.
        source: Address of a thumbnail, with `{id}` in place of the photo's id.
        title: What the gallery holds, for people who hear it.
        place: Equal for as long as the same page of the same query is shown.
        marked: The ids of those that are marked.
        heard: The `client` and `number` of the last change that was taken note of.
        classes: The classes that the keys 1 to 9 stand for.
        on_marks: Called with `{"client", "changes": [{"number", "add", "remove"}]}` as `marks`.
        on_act: Called with `{"name", "value", "at", "client", "changes", "number"}` as `act`.
    """
    _component(
        key=key,
        data={
            "photos": list(photos),
            "source": source,
            "title": title,
            "place": place,
            "marked": list(marked),
            "heard": dict(heard) if heard else None,
            "classes": list(classes),
        },
        on_marks_change=on_marks,
        on_act_change=on_act,
    )


_component = st.components.v2.component(
    "loupe_photo_gallery",
    html='<div class="gallery" role="listbox" aria-multiselectable="true" tabindex="0"></div>',
    css=(HERE / "photo_gallery.css").read_text(encoding="utf-8"),
    js=(HERE / "photo_gallery.js").read_text(encoding="utf-8"),
)
