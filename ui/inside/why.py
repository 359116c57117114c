"""Why this answer? Which pixels speak for a class, by several methods, and how far to trust it."""

from typing import Any

import numpy as np
import streamlit as st

from core.evaluation.metrics import percent
from core.inspection.attribution_words import CANNOT_SAY, METHOD_WORDS, together
from core.inspection.heat import laid_over, laid_over_signed
from ui import charts, messages, state
from ui.charts.faithfulness import faithfulness_chart
from ui.galleries import Tile, picture_wall
from ui.inside.inside import Inside

ASK = "core.inspection.attribution:of_run"
CHECK = "core.inspection.sanity:sanity_check"
LAYERS = "core.inspection.looking:layers_of"
SIDE = 480
LAST = ""
FIRST_METHOD = "grad-cam"


def show_why(inside: Inside) -> None:
    """The photo under an explanation for any class, with its score and its check."""
    method = _choose_method()
    words = METHOD_WORDS[method]
    st.markdown(words.says)
    with st.container(horizontal=True):
        class_name = _choose_class(inside)
        layer = _choose_layer(inside) if words.has_layer else None
    # Those that ask about every pixel go through the network hundreds of times.
    wait = "" if words.has_layer else ": a minute or two, if the network is large"
    with st.spinner(f"{words.title} is looking for what matters{wait}", show_time=True):
        found = inside.ask(ASK, method, class_name, layer, True)
    picture = found["input"][0].astype(np.uint8)
    shown, checked = st.columns([3, 2], gap="large")
    with shown:
        _shown(inside, picture, found)
    with checked:
        _trusted(inside, picture, found)
    messages.why(CANNOT_SAY, "What such pictures cannot say")


def _choose_method() -> str:
    asked = state.address("method") or ""
    current = asked if asked in METHOD_WORDS else FIRST_METHOD
    state.set_widget("why-method", current)
    st.segmented_control(
        "Method",
        list(METHOD_WORDS),
        required=True,
        format_func=lambda name: METHOD_WORDS[name].title,
        key="why-method",
        on_change=_chosen,
        args=("method", "why-method"),
        wrap=True,
    )
    return current


def _choose_class(inside: Inside) -> str | None:
    """Any class: "why not grizzly?" is the question that teaches most."""
    names = inside.class_names
    asked = state.address("class")
    current = asked if asked in names else ""
    state.set_widget("why-class", current)
    st.selectbox(
        "What speaks for",
        ["", *names],
        format_func=lambda name: name or "the class that it answers with",
        key="why-class",
        on_change=_chosen,
        args=("class", "why-class"),
        width=340,
    )
    return current or None


def _choose_layer(inside: Inside) -> str | None:
    names = [layer["name"] for layer in inside.ask(LAYERS) if layer["has_maps"]]
    asked = state.address("layer")
    current = asked if asked in names else LAST
    state.set_widget("why-layer", current)
    st.selectbox(
        "In the layer",
        [LAST, *names],
        format_func=lambda name: name or "the last one that knows places",
        key="why-layer",
        on_change=_chosen,
        args=("layer", "why-layer"),
        width=340,
        help="Late layers know what things are, early ones where edges are.",
    )
    return current or None


def _chosen(address: str, key: str) -> None:
    state.set_address(address, state.widget(key) or None)


def _shown(inside: Inside, picture: np.ndarray, found: dict[str, Any]) -> None:
    label = messages.literal(found["class"])
    st.markdown(f"**What speaks for {label}** ({percent(found['probability'])} sure)")
    over = _over(picture, found["heat"], found["signed"])
    tiles = [Tile(_large(picture), "The photo, as the model gets it"), Tile(over, "What speaks")]
    st.html(picture_wall(tiles, 2, "why", fold=False))
    if not found["heat"].any():
        st.caption(f"Nothing in this photo speaks for {label}, so it stays without colour.")
    elif found["signed"]:
        st.caption("Red speaks for the class, blue against it; what stays pale does neither.")
    else:
        st.caption("Yellow speaks for the class most, then red and violet.")
    if "difference" in found:
        st.caption(together(float(found["attribution"].sum()), found["difference"]))


def _over(picture: np.ndarray, heat: np.ndarray, signed: bool) -> np.ndarray:
    # A few single pixels would otherwise leave all the others pale.
    strongest = float(np.quantile(np.abs(heat), 0.995)) or float(np.abs(heat).max()) or 1.0
    lay = laid_over_signed if signed else laid_over
    return lay(picture, heat / strongest, SIDE)


def _large(picture: np.ndarray) -> np.ndarray:
    """The photo without colours on it, of the size that it has with them."""
    times = -(-SIDE // max(picture.shape[:2]))
    return np.broadcast_to(picture, (*picture.shape[:2], 3)).repeat(times, 0).repeat(times, 1)


def _trusted(inside: Inside, picture: np.ndarray, found: dict[str, Any]) -> None:
    score = found["faithfulness"]
    st.markdown("**Does it point at what the model looks at?**")
    st.vega_lite_chart(
        faithfulness_chart(score["shares"], score["deletion"], score["insertion"]),
        key="why-faithfulness",
        alt="How sure the model is while the most important pixels are taken away or shown",
    )
    st.html(
        charts.figures_html(
            {
                "shown first (high is good)": f"{score['insertion_area']:.2f}",
                "taken first (low is good)": f"{score['deletion_area']:.2f}",
            }
        )
    )
    st.caption(
        "The pixels it marks most are shown first in a blurred photo, or taken away first. "
        "A good explanation makes the first line rise early and the second fall early."
    )
    if st.toggle(
        "Check it with mixed-up weights",
        key="why-sanity",
        help="The same question to a copy of the model whose weights are shuffled. An "
        "explanation that stays the same has nothing to do with what was learnt.",
    ):
        _checked(inside, picture, found)


def _checked(inside: Inside, picture: np.ndarray, found: dict[str, Any]) -> None:
    with st.spinner("Asking a copy with mixed-up weights", show_time=True):
        check = inside.ask(CHECK, found["method"], found["class_index"], found["layer"])
    over = _over(picture, check["randomised"], found["signed"])
    st.html(picture_wall([Tile(over, "With mixed-up weights")], 2, "why-check", fold=False))
    (st.warning if check["alike"] else st.success)(check["sentence"])
