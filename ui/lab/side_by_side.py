"""A photo and its variation side by side: how sure the model is, and where it looks."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.inspection.heat import laid_over
from ui import charts, messages
from ui.galleries import Tile, picture_wall
from ui.lab.judging import Asking, digest

TITLES = ("The photo", "This variation")
GRAD_CAM = "core.inspection.grad_cam:of_run"
AS_ANSWERED = ""
HELP = (
    "Grad-CAM (Selvaraju et al., 2017) asks the last layer that still knows places which of them "
    "raise the model's score for a class."
)
NOTHING = "Nothing in {where} speaks for {label}, so it stays without colour."
MEANING = (
    "Yellow is where the picture speaks most for **{label}**, then red and violet; what stays "
    "pale does not speak for it. Each picture has its own scale. The layer {layer} sees {across} × "
    "{down} places, so this shows roughly where, not what and not why. What speaks against the "
    "class is left out, and a wrong answer can look just as sensible as a right one."
)


def show_side_by_side(
    asking: Asking, pictures: Sequence[np.ndarray], label: str, mixed: bool
) -> None:
    """Bars for both pictures, and Grad-CAM if it is switched on.

    Args:
        pictures: The photo and its variation, uint8 (height, width, channels).
        label: Their class.
        mixed: Whether the variation's label is blended.
    """
    answers = asking.probabilities(pictures)
    if answers is None:
        if asking.error is None:
            st.caption(":material/hourglass_top: The model is looking at these two.")
        return
    names = asking.class_names
    truths = [label if label in names else None, None if mixed or label not in names else label]
    columns = zip(st.columns(2, gap="medium"), TITLES, answers, truths, strict=True)
    for column, title, answer, truth in columns:
        shares = dict(zip(names, answer.tolist(), strict=True))
        column.markdown(f"**{title}**")
        column.html(charts.probability_bars(shares, names, truth))
    if mixed:
        st.caption("The variation's label is blended: ideally the bars share out as it does.")
    _where_it_looks(asking, pictures, answers)


def _where_it_looks(asking: Asking, pictures: Sequence[np.ndarray], answers: np.ndarray) -> None:
    names = asking.class_names
    with st.container(horizontal=True, vertical_alignment="center"):
        on = st.toggle("Show where it looks", key="augment-grad-cam", help=HELP)
        if not on:
            return
        choice = st.selectbox(
            "For the class",
            [AS_ANSWERED, *names],
            format_func=lambda name: name or "it says, for each picture",
            key="augment-grad-cam-class",
            width=260,
        )
    wanted = names.index(choice) if choice in names else None
    asked_for = [int(row.argmax()) if wanted is None else wanted for row in answers]
    stack = np.stack(pictures)
    found = asking.ask(GRAD_CAM, stack, asked_for, content=(digest(stack), tuple(asked_for)))
    if found is None:
        if asking.error is not None:
            asking.show_error()
        else:
            st.caption(":material/hourglass_top: Working out where it looks.")
        return
    _shown(pictures, found["maps"], [names[index] for index in asked_for])
    down, across = found["shape"]
    _said(found["maps"], [names[index] for index in asked_for], found["layer"], across, down)


def _shown(pictures: Sequence[np.ndarray], maps: np.ndarray, labels: Sequence[str]) -> None:
    tiles = [
        Tile(laid_over(picture, heat), f"{title}: what speaks for {label}")
        for picture, heat, title, label in zip(pictures, maps, TITLES, labels, strict=True)
    ]
    st.html(picture_wall(tiles, 2, "loupe-grad-cam", fold=False))


def _said(maps: np.ndarray, labels: Sequence[str], layer: str, across: int, down: int) -> None:
    for heat, label, title in zip(maps, labels, TITLES, strict=True):
        if not heat.any():
            where = messages.literal(title.lower())
            st.caption(NOTHING.format(where=where, label=messages.literal(label)))
    both = " or ".join(messages.literal(label) for label in dict.fromkeys(labels))
    named = messages.literal(layer)
    st.caption(MEANING.format(label=both, layer=named, across=across, down=down))
