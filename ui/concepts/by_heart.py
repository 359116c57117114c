"""A small network that is made to learn digits by heart, and where early stopping ends it."""

from typing import Any

import streamlit as st

from core.concepts.small_network import AGAINST, CHECKED, EPOCHS
from ui import messages, state
from ui.charts.freedom import epochs_chart
from ui.road import percent
from ui.settings.asking import Asking

SIZES = {"small, 8 units": 8, "middling, 64 units": 64, "large, 512 units": 512}
TITLES = {"nothing": "Nothing", "dropout": "Dropout", "weight decay": "Weight decay"}


def show_network() -> None:
    """Its settings, and once it was asked to learn, its two curves."""
    left, right = st.columns([7, 5], gap="large")
    with right:
        photos = st.select_slider(
            "Digits to learn from", [20, 40, 60, 100, 200, 400, 1000], 60, key="concept-digits"
        )
        size = st.select_slider("The network", list(SIZES), "large, 512 units", key="concept-size")
        wrong = st.select_slider(
            "Wrong labels among them",
            [0, 10, 20, 40],
            20,
            format_func=lambda share: f"{share} %",
            key="concept-wrong",
        )
        against = st.segmented_control(
            "Done against it",
            AGAINST,
            default=AGAINST[0],
            required=True,
            format_func=lambda name: TITLES[name],
            key="concept-against",
            wrap=True,
        )
        patience = st.slider(
            "Early stopping waits for", 1, 30, 8, format="%d epochs", key="concept-patience"
        )
    with left:
        if not state.get("concept-learns"):
            st.markdown(
                f"A network with one hidden layer looks at a few handwritten digits, {EPOCHS} "
                f"times over, and is checked on {CHECKED} others after each time. It learns here "
                "and now, in a few seconds."
            )
            st.button(
                "Let it learn",
                type="primary",
                icon=":material/play_arrow:",
                on_click=state.put,
                args=("concept-learns", True),
                key="concept-learn",
            )
            return
        asking = Asking("by-heart")
        settings = (photos, SIZES[size], wrong / 100, str(against), patience)
        with messages.guard():
            found = asking.ask("core.concepts.small_network:learn", *settings)
            if found is None:
                st.caption(
                    f":material/hourglass_top: It looks at {photos} digits, {EPOCHS} times over: "
                    "a few seconds. The curves come by themselves."
                )
            else:
                _curves(found)
        asking.watch()


def _curves(found: dict[str, Any]) -> None:
    kept = int(found["kept"])
    marks = [(kept, f"kept: {kept}")]
    if found["stopped_after"]:
        marks.append((found["stopped_after"], f"stopped: {found['stopped_after']}"))
    st.vega_lite_chart(
        epochs_chart(found, marks), key="concept-losses", alt="Both losses over the epochs"
    )
    early, late = found["val_accuracy"][kept - 1], found["val_accuracy"][-1]
    st.markdown(
        f"With {found['weights']:,} weights it names {percent(found['accuracy'][-1])} of its own "
        f"digits as they are labelled, and **{percent(late)}** of new ones. Early stopping "
        f"{_ended(found)}: **{percent(early)}** of new ones."
    )


def _ended(found: dict[str, Any]) -> str:
    if found["stopped_after"]:
        return (
            f"would have ended it after epoch {found['stopped_after']} and kept epoch "
            f"{found['kept']}"
        )
    return f"would have let it go on to the end and kept epoch {found['kept']}"
