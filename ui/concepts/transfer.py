"""Transfer learning: frozen features and a new head against a network from nothing, measured."""

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from core.concepts.transfer import (
    DRAWS,
    FILTERS,
    KNOWN,
    NEW,
    PHOTOS,
    SIDE,
    weights_of_body,
    weights_of_head,
)
from ui import messages, previews, state
from ui.charts.lines import line_chart
from ui.concepts import drawings as draw
from ui.concepts.lab import Lab
from ui.galleries import Tile, picture_wall
from ui.palette import CLASS_COLORS
from ui.road import percent
from ui.settings.asking import Asking

HEAD, NOTHING = "new head on frozen features", "from nothing"
REACH = (0.2, 1.0)  # by lot a quarter would be right
COLORS = {HEAD: CLASS_COLORS[2], NOTHING: CLASS_COLORS[0]}


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """The two networks, and how good each becomes."""
    asking = Asking("transfer") if state.get("concept-transfers") else None
    facts = asking.ask("core.concepts.transfer:facts") if asking else None
    left, right = st.columns([5, 7], gap="large")
    with left:
        _examples(facts)
    with right:
        st.html(networks_html())
    if asking is None:
        st.button(
            "Let both learn, here and now",
            type="primary",
            icon=":material/play_arrow:",
            on_click=state.put,
            args=("concept-transfers", True),
            key="concept-transfer",
        )
        st.caption(
            f"{len(PHOTOS) * DRAWS * 2} small trainings on this computer: from "
            f"{', '.join(map(str, PHOTOS[:-1]))} and {PHOTOS[-1]} digits of each class, {DRAWS} "
            "times each. The curve grows while they learn."
        )
        return
    _curve(asking, facts)
    asking.watch()


def _examples(facts: dict[str, Any] | None) -> None:
    pictures = facts["examples"] if facts else previews.sample_pictures("digits")
    for title, figures in (("It has learnt these", KNOWN), ("Now it shall learn these", NEW)):
        st.markdown(f"**{title}**")
        tiles = [Tile(np.asarray(pictures[figure]), str(figure)) for figure in figures]
        st.html(picture_wall(tiles, len(KNOWN), f"loupe-lab-{figures[0]}", fold=True))
    if facts:
        st.caption(
            "Each digit lies somewhere on noisy ground. The first network names "
            f"{percent(facts['known_accuracy'])} of the old ones rightly."
        )


def networks_html() -> str:
    """Both networks as rows of blocks: what is frozen and what learns, with their weights."""
    body, head = weights_of_body(), weights_of_head()
    blocks = [f"{filters} maps" for filters in FILTERS]
    rows = (
        ("With transfer", "frozen", f"{body:,} weights frozen, {head:,} learn"),
        ("From nothing", "learns", f"all {body + head:,} weights learn"),
    )
    parts = []
    for title, kind, words in rows:
        inner = "<i>→</i>".join(
            [
                f"<span>{SIDE} × {SIDE} pixels</span>",
                *(f"<span class='{kind}'>{escape(block)}</span>" for block in blocks),
                f"<span class='learns'>head: {len(NEW)} answers</span>",
            ]
        )
        parts.append(
            f"<section><b>{title}</b><div>{inner}</div><small>{escape(words)}</small></section>"
        )
    key = "<p><span class='frozen'>frozen</span> <span class='learns'>learns</span></p>"
    return draw.row(*parts, key, css="networks")


def _curve(asking: Asking, facts: dict[str, Any] | None) -> None:
    found = [asking.ask("core.concepts.transfer:measured", photos) for photos in PHOTOS]
    known = [one for one in found if one is not None]
    if len(known) < len(PHOTOS):
        doing = "the first network is learning 0 to 5" if facts is None else "they are learning"
        st.progress(
            (len(known) + (facts is not None)) / (len(PHOTOS) + 1),
            text=f"{len(known)} of {len(PHOTOS)} points measured: {doing}.",
        )
    if not known:
        return
    lines = {
        name: [(one["photos"], float(np.mean(one[part]))) for one in known]
        for name, part in ((HEAD, "head"), (NOTHING, "nothing"))
    }
    dots = {
        name: [(one["photos"], value) for one in known for value in one[part]]
        for name, part in ((HEAD, "head"), (NOTHING, "nothing"))
    }
    chart = line_chart(
        lines,
        COLORS,
        "photos of each new class to learn from",
        dots=dots,
        ticks=PHOTOS,
        logarithmic=True,
        reach=REACH,
    )
    st.vega_lite_chart(chart, key="concept-transfer-curve", alt="Accuracy over photos per class")
    st.caption(
        f"Named rightly, of {known[0]['tested']} digits that neither has seen. Small rings: the "
        f"{DRAWS} draws of photos; the line is their mean."
    )
    if len(known) == len(PHOTOS):
        st.markdown(verdict(lines))


def verdict(lines: dict[str, list[tuple[float, float]]]) -> str:
    """What the two lines say, in words."""
    few, many = ({name: points[place][1] for name, points in lines.items()} for place in (0, -1))
    ahead = [
        int(photos)
        for (photos, head), (_, nothing) in zip(lines[HEAD], lines[NOTHING], strict=True)
        if nothing >= head
    ]
    first = (
        f"With {PHOTOS[0]} photos of each class the new head names **{percent(few[HEAD])}** "
        f"rightly, the network from nothing {percent(few[NOTHING])}. "
    )
    if ahead:
        return first + (
            f"From {ahead[0]} photos on, the one from nothing is ahead: with {PHOTOS[-1]}, "
            f"{percent(many[NOTHING])} against {percent(many[HEAD])}. It may learn what only 6 to "
            "9 have; frozen features cannot. That is what fine-tuning is for: thaw them, and "
            "learn on with small steps."
        )
    return first + (
        f"With {PHOTOS[-1]} it is {percent(many[HEAD])} against {percent(many[NOTHING])}: what it "
        "brings is still worth more than what it could learn."
    )


LAB = Lab(
    anchor="transfer-learning",
    title="Transfer learning",
    hint="what a network brings that has learnt elsewhere",
    words=(
        "Edges, strokes and corners are the same everywhere. A network that has learnt on other "
        "pictures can already see them: freeze its layers, put a new *head* on top, and teach "
        "only that. With few photos this is worth much."
    ),
    question=(
        "Before you press the button: from how many photos of each class on would you rather "
        "begin from nothing?"
    ),
    answer=(
        "Where the two lines cross. Large pretrained networks have learnt from a million photos, "
        "and theirs cross much later, if ever: with your own photos, begin with one of them."
    ),
    draw=show,
)
