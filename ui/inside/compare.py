"""Two looks side by side: photos, a varied copy, epochs or trainings, layer by layer."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from core.inspection.comparing_words import (
    OTHER_MAPS,
    SAME_MAPS,
    answers_words,
    changed_since,
    seen_through,
    two_trainings,
)
from core.inspection.looks import Look
from ui import cache, charts, messages, state
from ui.charts.likeness import likeness_chart, likeness_legend
from ui.inside.compare_maps import chosen_layer, show_maps_of_both
from ui.inside.compare_models import epoch_pair, run_pair
from ui.inside.compare_pair import (
    COPY,
    EPOCH,
    PHOTO,
    RUN,
    Pair,
    ask_for,
    asked,
    model_stamps,
)
from ui.inside.compare_photos import copy_pair, photo_pair
from ui.inside.inside import Inside

COMPARE = "core.inspection.comparing:compare"
MOST_CLASSES = 4
KINDS: dict[str, tuple[str, Callable[[Inside], Pair | None]]] = {
    COPY: ("A varied copy", copy_pair),
    PHOTO: ("Another photo", photo_pair),
    EPOCH: ("Another epoch", epoch_pair),
    RUN: ("Another training", run_pair),
}
PLACES, ANYWHERE = "at the same place", "anywhere in the photo"
YARDSTICK = "a photo of something else"


def show_compare(inside: Inside) -> None:
    """What is compared, both pictures and answers, the likeness per layer, the maps."""
    kind = _choose_kind()
    pair = KINDS[kind][1](inside)
    if pair is None:
        return
    with st.spinner("Looking through both, layer by layer", show_time=True):
        found = compared(pair.one, pair.other, pair.same_maps)
        scale = compared(pair.one, pair.yardstick)["layers"] if pair.yardstick else None
    answers = [
        dict(zip(run.config.class_names, shares, strict=False))
        for run, shares in zip(pair.runs, found["answers"], strict=True)
    ]
    st.html(both_html(pair, answers))
    st.markdown(messages.literal(answers_words(*answers)))
    st.markdown(said(pair, found, scale))
    if found["layers"]:
        _chart(found["layers"], scale)
        messages.why(SAME_MAPS if pair.same_maps else OTHER_MAPS, "How is this measured?")
        with messages.guard():
            show_maps_of_both(pair, found["layers"])


def compared(one: Look, other: Look, same_maps: bool = True) -> dict[str, Any]:
    """What `core.inspection.comparing.compare` says; kept for a while."""
    return cache.remembered(_compare, one, other, same_maps, model_stamps(one, other))


def _compare(one: Look, other: Look, same_maps: bool, stamps: tuple[int, ...]) -> dict[str, Any]:
    return cache.engine().call(COMPARE, one, other, same_maps)


def _choose_kind() -> str:
    wanted = asked()[0]
    current = wanted if wanted in KINDS else COPY
    state.set_widget("compare-kind", current)
    st.segmented_control(
        "Beside the photo",
        list(KINDS),
        required=True,
        format_func=lambda kind: KINDS[kind][0],
        key="compare-kind",
        on_change=lambda: ask_for(str(state.widget("compare-kind"))),
        wrap=True,
    )
    return current


def said(pair: Pair, found: dict[str, Any], scale: Sequence[dict[str, Any]] | None) -> str:
    """What the comparison shows, as Markdown."""
    one, other = map(messages.literal, pair.titles)
    if pair.kind == RUN:
        return two_trainings(found["layers"], found["missing"], one, other)
    if pair.kind == EPOCH:
        return changed_since(found["layers"], one, other)
    what = "the copy" if pair.kind == COPY else "the other photo"
    return seen_through(found["layers"], what, scale)


def both_html(pair: Pair, answers: Sequence[dict[str, float]]) -> str:
    """Both pictures with the classes they are most taken for, side by side, as HTML."""
    figures = []
    for title, address, run, shares in zip(
        pair.titles, pair.addresses, pair.runs, answers, strict=True
    ):
        first = sorted(shares, key=lambda name: -shares[name])[:MOST_CLASSES]
        likely = {name: shares[name] for name in first}
        name = escape(title, quote=True)
        figures.append(
            f"<figure><figcaption>{name}</figcaption>"
            f"<img alt='{name}' src='{escape(address, quote=True)}'>"
            f"{charts.probability_bars(likely, run.config.class_names)}</figure>"
        )
    return f"<style>{CSS}</style><div class='lp-two'>{''.join(figures)}</div>"


def _chart(layers: Sequence[dict[str, Any]], scale: Sequence[dict[str, Any]] | None) -> None:
    names = [layer["name"] for layer in layers]
    lines = {PLACES: [layer["likeness"] for layer in layers]}
    if "anywhere" in layers[0]:
        lines[ANYWHERE] = [layer["anywhere"] for layer in layers]
    else:
        lines = {"how alike both layers see": lines[PLACES]}
    if scale:
        by_name = {layer["name"]: layer["likeness"] for layer in scale}
        lines[YARDSTICK] = [by_name.get(name) for name in names]
    st.html(likeness_legend(list(lines), YARDSTICK))
    chosen = chosen_layer(layers)
    st.vega_lite_chart(
        likeness_chart(names, lines, chosen["name"] if chosen else None, YARDSTICK),
        key="compare-likeness",
        alt="How alike both are in each layer, from the picture to the answer",
    )


CSS = """
.lp-two {display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem 1.4rem}
.lp-two figure {margin: 0; min-width: 0}
.lp-two figcaption {font-weight: 600; margin-bottom: .35rem; overflow-wrap: anywhere}
.lp-two img {display: block; height: 13rem; max-width: 100%; object-fit: contain;
  object-position: left; border-radius: .5rem; margin-bottom: .5rem}
@media (max-width: 640px) {
  .lp-two {gap: .6rem .8rem}
  .lp-two img {height: 8rem}
  .lp-two .lp-bars li {grid-template-columns: minmax(0, 1fr) auto}
  .lp-two .lp-bars .lp-track {grid-row: 2; grid-column: 1 / -1}
}
"""
