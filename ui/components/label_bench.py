"""A workbench for suspect labels: one photo at a time or all at once, by key or by click.

Decisions go over HTTP to `/api/datasets/NAME/decisions`, several in one request and in the
order of the keys, past Streamlit: the next photo is there before the last decision is saved.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st


def label_bench(
    *,
    key: str,
    dataset: str,
    session: str,
    classes: Sequence[Mapping[str, str]],
    items: Sequence[Mapping[str, Any]],
    typical: Mapping[str, Sequence[str]],
) -> bool:
    """Shows the workbench; returns True once when everything has been decided and saved.

    Args:
        key: Identity of this element on its page.
        dataset: Name of the data set that is decided about.
        session: Equal as long as the items are the same: place and marks are kept with it.
        classes: `name` and `color` of each class, in the order of the digits.
        items: `id`, `name`, `label`, `proposed`, `kind`, `reason`, `probabilities` (0..1 by
            class) and `decision`: None, or `{"action", "label"}`.
        typical: Ids of typical photos by class.
    """
    result = _component(
        key=key,
        data={
            "dataset": dataset,
            "session": session,
            "classes": [dict(entry) for entry in classes],
            "items": [dict(item) for item in items],
            "typical": {name: list(ids) for name, ids in typical.items()},
        },
        on_finished_change=_nothing,
    )
    return bool(result.get("finished"))


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "loupe_label_bench",
    html=_file("label_bench.html"),
    css=_file("label_bench.css"),
    js=_file("label_bench.js"),
)
