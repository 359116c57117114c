"""The concepts page's small labs: each one idea, a control or two, and the arithmetic."""

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts.convolution import PRESETS, as_grey, convolve, pixel_sum
from core.concepts.layers import dense, draw_dropout, pool, relu, softmax
from core.concepts.overfitting import MAX_DEGREE, fit_curve
from core.concepts.sizes import output_size
from ui import concept_diagrams as diagram
from ui import concept_drawings as draw
from ui import messages, state

PATCH = 7
CHANNELS = ("Grey", "Red", "Green", "Blue")
CLASSES = ("dragonfly", "damselfly", "pond skater")
EVIDENCE = ("Wings spread flat", "Wings folded back", "Long thin legs")
EVIDENCE_WEIGHTS = np.array([[4.0, -2.0, -2.0], [-3.0, 4.0, -1.0], [-2.0, 0.5, 4.0]])
EVIDENCE_BIAS = np.array([0.0, 0.0, -0.5])
UNITS, DRAWS = 12, 10


def grey(picture: np.ndarray) -> np.ndarray:
    """A colour picture as one number per pixel, `float64` `(height, width)`."""
    return picture[..., :3].mean(axis=2).round()


@st.fragment
@messages.guarded
def pixels(picture: np.ndarray) -> None:
    """A frame on the picture and the numbers inside it."""
    left, right = st.columns([5, 7], gap="large")
    height, width = picture.shape[:2]
    with right:
        channel = st.segmented_control(
            "Which numbers", CHANNELS, default="Grey", required=True, key="concept-channel"
        )
        column = st.slider("From the left", 0, width - PATCH, width // 2, key="concept-column")
        row = st.slider("From the top", 0, height - PATCH, height // 2 - 6, key="concept-row")
        number = CHANNELS.index(channel or "Grey") - 1
        plane = grey(picture) if number < 0 else picture[..., number]
        patch = plane[row : row + PATCH, column : column + PATCH]
        st.html(draw.row(draw.number_grid(patch, "0 is black, 255 is as bright as it gets")))
    with left:
        caption = f"{width} × {height} pixels × 3 colours = {picture[..., :3].size:,} numbers"
        st.html(draw.row(draw.picture(picture, caption, (row, column, PATCH)), css=""))


@st.fragment
@messages.guarded
def convolution(picture: np.ndarray) -> None:
    """A kernel to choose and to edit, its feature map, and one pixel's sum."""
    plane = grey(picture)
    left, right = st.columns([7, 5], gap="large")
    with right:
        preset = st.selectbox(
            "Kernel",
            list(PRESETS),
            format_func=lambda name: PRESETS[name].title,
            key="concept-preset",
            help="These are made by hand. A network finds its own while it learns.",
        )
        st.caption(PRESETS[preset].effect)
        weights = edited_weights(preset)
        last = plane.shape[0] - 3
        column = st.slider("Pixel, from the left", 0, last, last // 2 - 3, key="concept-x")
        row = st.slider("Pixel, from the top", 0, last, last // 2 + 5, key="concept-y")
    found = convolve(plane, weights)
    shown = as_grey(found, signed=weights.sum() < 0.5)
    with left:
        st.html(
            draw.row(
                draw.picture(plane.astype(np.uint8), "The picture in grey", (row, column, 3)),
                draw.picture(shown, "Its feature map", (row, column, 1)),
                css="pair",
            )
        )
        st.html(arithmetic(plane, weights, row, column))


def arithmetic(plane: np.ndarray, weights: np.ndarray, row: int, column: int) -> str:
    """Nine pixels times nine weights, and their sum."""
    one = pixel_sum(plane, weights, row, column)
    return draw.row(
        draw.number_grid(one.patch, "nine pixels"),
        draw.sign("×"),
        draw.number_grid(one.weights, "nine weights", signed=True),
        draw.sign("="),
        draw.number_grid(one.products, "nine products", signed=True),
        draw.sign("→ sum"),
        f"<span class='sum'>{draw.number(round(one.total, 1))}</span>",
    )


def edited_weights(preset: str) -> np.ndarray:
    """The nine weights, as the visitor left them."""
    table = pd.DataFrame(
        np.array(PRESETS[preset].weights, float), columns=["left", "middle", "right"]
    )
    edited = st.data_editor(
        table, hide_index=True, key=f"concept-kernel-{preset}", width=270, row_height=34
    )
    st.caption("Click a weight and type another.")
    return edited.fillna(0).to_numpy(float)


@st.fragment
@messages.guarded
def sizes() -> None:
    """The formula with the visitor's numbers, drawn."""
    columns = st.columns(4)
    width = columns[0].slider("Width W", 3, 16, 10, key="concept-w")
    kernel = columns[1].slider("Kernel F", 1, 7, 3, key="concept-f")
    padding = columns[2].slider("Padding P", 0, 3, 0, key="concept-p")
    stride = columns[3].slider("Stride S", 1, 4, 2, key="concept-s")
    fit = output_size(width, kernel, padding, stride)
    st.html(draw.row(f"<span class='formula'>{fit.arithmetic}</span>"))
    st.markdown(fit.sentence)
    st.html(diagram.windows_drawing(width, kernel, padding, stride, fit))
    st.caption(
        "Each bar is one place of the window and becomes one number. Dashed cells are padding. "
        "Cells that no window reaches are orange."
    )


@st.fragment
@messages.guarded
def rectifier(picture: np.ndarray) -> None:
    """One number through ReLU, and a whole feature map."""
    left, right = st.columns(2, gap="large")
    with left:
        value = st.slider("A number from a feature map", -5.0, 5.0, -2.0, 0.5, key="concept-z")
        st.html(diagram.relu_curve(value))
        after = max(value, 0.0)
        st.markdown(f"max(0, {draw.number(value)}) = **{draw.number(after)}**")
    found = edges(picture)
    with right:
        st.html(
            draw.row(
                draw.picture(as_grey(found), "Before: grey is zero, darker is negative"),
                draw.picture(as_grey(relu(found)), "After: nothing below zero is left"),
                css="pair",
            )
        )


@st.fragment
@messages.guarded
def pooling(picture: np.ndarray) -> None:
    """Two by two numbers become one."""
    found = relu(edges(picture))
    row, column = busiest(found, 6)
    patch = found[row : row + 6, column : column + 6]
    left, right = st.columns([7, 5], gap="large")
    with right:
        kind = st.segmented_control(
            "Keep", ["max", "average"], default="max", required=True, key="concept-pool"
        )
        window = st.slider("Window", 1, 9, 5, key="concept-window") - 1
        smaller = pool(found, kind="max" if kind == "max" else "average")
        before, after = (f"{one.shape[1]} × {one.shape[0]}" for one in (found, smaller))
        st.markdown(f"The whole map goes from {before} to **{after}** numbers: a quarter.")
    pooled = pool(patch, kind="max" if kind == "max" else "average")
    down, across = divmod(window, 3)
    four = frozenset((2 * down + i, 2 * across + j) for i in (0, 1) for j in (0, 1))
    with left:
        st.html(
            draw.row(
                draw.number_grid(patch.round(), "part of a feature map", True, four),
                draw.sign("→"),
                draw.number_grid(
                    pooled.round(), "after pooling", True, frozenset([(down, across)])
                ),
            )
        )


@st.fragment
@messages.guarded
def answer() -> None:
    """Evidence, weighed by a dense layer, shared out by softmax."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("How strongly three feature maps answer:")
        values = np.array(
            [
                st.slider(name, 0.0, 1.0, start, 0.05, key=f"concept-evidence-{place}")
                for place, (name, start) in enumerate(zip(EVIDENCE, (0.8, 0.1, 0.2), strict=True))
            ]
        )
    scores = dense(values, EVIDENCE_WEIGHTS, EVIDENCE_BIAS)
    shares = softmax(scores)
    with right:
        st.html(draw.probability_bars(CLASSES, [float(share) for share in shares]))
        st.html(draw.row(f"<div class='sums'>{'<br>'.join(sums(values, scores))}</div>"))
        total = " + ".join(f"{np.exp(score):.2f}" for score in scores)
        st.caption(
            f"Softmax raises e to each score ({total} = {np.exp(scores).sum():.2f}) and gives "
            "each class its share of the sum."
        )


def sums(values: np.ndarray, scores: np.ndarray) -> list[str]:
    """The weighted sum of every class, written out."""
    lines = []
    for place, (name, score) in enumerate(zip(CLASSES, scores, strict=True)):
        products = " + ".join(
            f"{value:.2f}·({draw.number(weight)})"
            for value, weight in zip(values, EVIDENCE_WEIGHTS[:, place], strict=True)
        )
        bias = f" + ({draw.number(EVIDENCE_BIAS[place])})" if EVIDENCE_BIAS[place] else ""
        lines.append(f"{name}: {products}{bias} = <b>{draw.number(round(score, 2))}</b>")
    return lines


@st.fragment
@messages.guarded
def dropout() -> None:
    """Ten draws of which units may work."""
    left, right = st.columns([5, 7], gap="large")
    with left:
        percent = st.slider("Left out", 0, 90, 50, 5, format="%d %%", key="concept-rate")
        st.button("Draw again", icon=":material/casino:", on_click=draw_again, key="concept-draw")
    kept = draw_dropout(UNITS, percent / 100, DRAWS, state.get("concept-dropout", 0))
    counts = kept.sum(axis=1)
    with left:
        st.markdown(
            f"On average {UNITS * (1 - percent / 100):.3g} of {UNITS} units stay. Here it is "
            f"between {counts.min()} and {counts.max()}, {counts.mean():.3g} on average."
        )
    with right:
        st.html(diagram.dropout_drawing(kept))


def draw_again() -> None:
    """The next draw."""
    state.put("concept-dropout", state.get("concept-dropout", 0) + 1)


@st.fragment
@messages.guarded
def overfitting() -> None:
    """A curve with more and more freedom through the same twelve points."""
    left, right = st.columns([7, 5], gap="large")
    with right:
        freedom = st.slider("Freedom of the curve", 1, MAX_DEGREE, 3, key="concept-freedom")
        fit = fit_curve(freedom)
        first, second = st.columns(2)
        first.metric("Off on its own points", f"{fit.train_error:.2f}")
        second.metric("Off on new points", f"{fit.fresh_error:.2f}")
        st.markdown(verdict(freedom))
    with left:
        st.html(diagram.curve_drawing(fit))
        st.caption("Orange: the points it learnt from. Grey: new ones. Green: what it learnt.")


def verdict(freedom: int) -> str:
    """What the two errors mean, in words."""
    best = min(range(1, MAX_DEGREE + 1), key=lambda degree: fit_curve(degree).fresh_error)
    if freedom < best - 1:
        return "**Too stiff.** It cannot follow the points, neither its own nor new ones."
    if freedom > best + 2:
        return (
            "**By heart.** It hits its own points better and better, and new ones worse and worse."
        )
    return "**About right.** It misses its own points a little and new ones hardly more."


def edges(picture: np.ndarray) -> np.ndarray:
    """The feature map that the ReLU and pooling labs work on."""
    return convolve(grey(picture), np.array(PRESETS["vertical-edges"].weights, float))


def busiest(values: np.ndarray, side: int) -> tuple[int, int]:
    """Row and column of the patch with the largest sum, on even places."""
    sums_of_patches = convolve(values, np.ones((side, side)), stride=2)
    row, column = np.unravel_index(int(sums_of_patches.argmax()), sums_of_patches.shape)
    return int(row) * 2, int(column) * 2
