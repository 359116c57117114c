"""What to search for: a row per class, what the authors allow, how many, and for which data set."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from pydantic import BaseModel

from core.datasets.dataset import Dataset
from core.datasets.edits import checked_label
from core.datasets.web.licences import PERMISSIONS, USUAL
from core.errors import LoupeError
from ui import messages, state
from ui.forms import model_form

Row = dict[str, Any]
EMPTY: Row = {"label": "", "text": ""}
MOST_ROWS = 20


def rows_of(kind: str) -> list[Row]:
    """The rows of a form as they were left, each with an `id` of its own; two to begin with."""
    if state.get(f"{kind}-rows") is None:
        set_rows(kind, [EMPTY, EMPTY])
    return list(state.get(f"{kind}-rows"))


def set_rows(kind: str, rows: Sequence[Row]) -> None:
    """Fills a form anew; for callbacks."""
    first = int(state.get(f"{kind}-next-row", 0))
    state.put(f"{kind}-rows", [EMPTY | row | {"id": first + n} for n, row in enumerate(rows)])
    state.put(f"{kind}-next-row", first + len(rows))


def draw_rows(kind: str, draw: Callable[[Row, bool], Row]) -> list[Row]:
    """Draws all rows with buttons that remove and add; returns them as they are now.

    Args:
        draw: Draws the fields of a row and returns it with what was typed. Is told whether
            the row is the first.
    """
    rows = rows_of(kind)
    now = []
    for place, row in enumerate(rows):
        with st.container(border=True, key=f"{kind}-row-{row['id']}"):
            now.append(draw(row, place == 0))
    state.put(f"{kind}-rows", now)
    with st.container(horizontal=True):
        st.button(
            "Add a class",
            icon=":material/add:",
            key=f"{kind}-add-row",
            on_click=_add,
            args=(kind,),
            disabled=len(rows) >= MOST_ROWS,
        )
    return now


def remove_button(kind: str, row: Row) -> None:
    """The button that takes a row away."""
    st.button(
        "Remove",
        icon=":material/close:",
        type="tertiary",
        key=f"{kind}-remove-{row['id']}",
        on_click=_remove,
        args=(kind, row["id"]),
        disabled=len(rows_of(kind)) < 2,
        help="Takes this row away.",
    )


def _add(kind: str) -> None:
    number = int(state.get(f"{kind}-next-row", 0))
    state.put(f"{kind}-rows", [*rows_of(kind), EMPTY | {"id": number}])
    state.put(f"{kind}-next-row", number + 1)


def _remove(kind: str, number: int) -> None:
    state.put(f"{kind}-rows", [row for row in rows_of(kind) if row["id"] != number])


def licence_chips(kind: str) -> tuple[str, ...]:
    """The kinds of licence that will do, each explained in a sentence."""
    chosen = st.pills(
        "What the authors must allow",
        list(PERMISSIONS),
        selection_mode="multi",
        default=list(state.get(f"{kind}-licences") or USUAL),
        format_func=lambda code: PERMISSIONS[code].title,
        key=f"{kind}-licence-chips",
        help="Only photos whose authors allow this much are fetched. Author, licence and source "
        "stay with each photo.",
    )
    codes = tuple(code for code in PERMISSIONS if code in (chosen or ()))
    with st.expander("What these mean", icon=":material/balance:"):
        st.markdown("\n".join(f"- **{one.title}:** {one.meaning}" for one in PERMISSIONS.values()))
    return codes


def amounts(kind: str, model: type[BaseModel], fields: Sequence[str]) -> dict[str, Any]:
    """Size, number and whatever else a search asks for, as its model says."""
    with st.container(border=True):
        chosen = model_form(model, None, f"{kind}-search", fields)
    return {name: getattr(chosen, name) for name in fields}


def purpose(kind: str, dataset: Dataset | None) -> str:
    """The data set that the photos are for; empty for a new one."""
    if dataset is None:
        return ""
    chosen = st.segmented_control(
        "The photos are for",
        ["", dataset.name],
        default="",
        required=True,
        format_func=lambda name: dataset.title if name else "A new data set",
        key=f"{kind}-purpose",
        help="What the data set has already is not fetched again.",
    )
    return str(chosen or "")


def checked_rows(rows: Sequence[Row], field: str, what: str) -> list[Row]:
    """The rows that are filled in, with labels that can be classes.

    Raises:
        LoupeError: If a row is half filled in, none is, or two have the same class.
    """
    filled = [row for row in rows if row[field] or str(row["label"]).strip()]
    for row in filled:
        if not row[field] or not str(row["label"]).strip():
            raise LoupeError(f"Each class needs a name and {what}.", "Fill the row, or remove it.")
    if not filled:
        raise LoupeError(f"There is nothing to search for: name a class and {what}.")
    labels = [checked_label(row["label"]) for row in filled]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise LoupeError(f"Two rows have the class {twice!r}.", "Give each class one row.")
    return [row | {"label": label} for row, label in zip(filled, labels, strict=True)]


def title_of(rows: Sequence[Row]) -> str:
    """What to call the photos of these rows: their classes."""
    labels = [row["label"] for row in rows]
    return " and ".join(labels) if len(labels) < 4 else f"{', '.join(labels[:2])} and more"


def preset_buttons(kind: str, presets: dict[str, list[Row]]) -> None:
    """Searches from well-known tutorials, one click each."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, rows in presets.items():
            st.button(
                name,
                icon=":material/auto_awesome:",
                key=f"{kind}-preset-{name}",
                on_click=set_rows,
                args=(kind, rows),
            )


def guarded_start(kind: str, start: Callable[[], None]) -> None:
    """The button that begins, with what is in its way said beside it."""
    if st.button(
        "Fetch the photos", type="primary", icon=":material/download:", key=f"{kind}-start"
    ):
        with messages.guard():
            start()
