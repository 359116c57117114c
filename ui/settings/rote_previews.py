"""Against rote learning: softened targets, doubted labels, shrinking weights, an average."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from core.training.effects import (
    doubted_answer,
    first_doubting_epoch,
    left_of_a_weight,
    running_average,
    steps_averaged,
    targets,
    wobbling_weight,
)
from ui import messages
from ui.charts.shares import ShareRow, share_bars
from ui.charts.valley import average_chart
from ui.galleries import photo_url
from ui.palette import GOOD
from ui.settings.scene import Scene

MOST_CLASSES = 6
EPOCHS = (1, 10, 50)
STEPS = 200


def label_smoothing(scene: Scene) -> None:
    """A photo of these and what it is to be answered with."""
    if not len(scene.labels):
        return
    place = int(scene.epoch.first[0])
    right = int(scene.labels[place])
    aims = targets(len(scene.class_names), right, scene.training.label_smoothing)
    numbers = [right, *(n for n in range(len(aims)) if n != right)][:MOST_CLASSES]
    rest = len(aims) - len(numbers)
    footer = f"and {rest} more classes with {aims[1 - min(right, 1)]:.2%} each" if rest else ""
    shown = {number: aims[number] for number in sorted(numbers)}
    _photo_and_shares(scene, place, shown, "What this photo is to be answered with", footer)
    st.caption(
        f"What it is to answer for this photo; without smoothing, 100 % "
        f"{messages.literal(scene.class_names[right])}."
    )


def doubt_labels(scene: Scene) -> None:
    """A photo of these, and how sure of another class the network must be to pass it over."""
    times, epochs = scene.training.doubt_labels, scene.training.epochs
    if times is None:
        st.caption("Every photo counts in every step, whatever the network says of it.")
        return
    if not len(scene.labels) or len(scene.class_names) < 2:
        return
    place = int(scene.epoch.first[0])
    own = int(scene.labels[place])
    other = (own + 1) % len(scene.class_names)
    believed = sorted(zip((own, other), doubted_answer(times), strict=True))
    _photo_and_shares(scene, place, dict(believed), "Where doubt begins")
    first = first_doubting_epoch(epochs) if epochs else None
    since = f"epoch {first} of {epochs} on" if first else "half of the training on"
    st.caption(
        f"This photo is labelled {messages.literal(scene.class_names[own])}. From {since}, it "
        "does not count whenever the network is surer than this of another class."
    )


def _photo_and_shares(
    scene: Scene, place: int, shares: Mapping[int, float], title: str, footer: str = ""
) -> None:
    """The training photo at `place`, and beside it a bar for each of these class numbers."""
    photo, label = scene.photos.iloc[place], scene.class_names[int(scene.labels[place])]
    names = {scene.class_names[number]: share for number, share in shares.items()}
    rows = [
        ShareRow(name, scene.colors[name], share, f"{share:.1%}") for name, share in names.items()
    ]
    left, bars = st.columns([1, 4], vertical_alignment="center")
    left.html(
        f"<img style='width: 100%; max-width: 6rem; border-radius: 6px' alt='{escape(label)}' "
        f"src='{photo_url(scene.dataset.name, str(photo['id']))}'>"
    )
    bars.html(share_bars(rows, title, footer))


def weight_decay(scene: Scene) -> None:
    """What is left of a weight that no photo needs."""
    training, per_epoch = scene.training, scene.steps_per_epoch
    rows = [
        ShareRow(
            "after 1 epoch" if epochs == 1 else f"after {epochs} epochs",
            GOOD,
            left := left_of_a_weight(training, epochs * per_epoch),
            f"{left:.1%}",
        )
        for epochs in EPOCHS
    ]
    st.html(share_bars(rows, "What is left of a weight"))
    st.caption(
        f"Of a weight that no photo needs: each of the {per_epoch:,} steps of an epoch "
        f"takes {training.learning_rate * training.weight_decay:.2%} of it, at the full rate."
    )


def weight_averaging(scene: Scene) -> None:
    """A wobbling weight and its average, and how far back that looks on these photos."""
    training = scene.training
    values = wobbling_weight(STEPS, training.batch_size, training.seed)
    averages = running_average(values, training.weight_averaging)
    names = "the weight", "what is kept"
    chart = average_chart(values.tolist(), averages.tolist(), names)
    st.vega_lite_chart(chart, key=f"{scene.key}.average", alt="A weight and its running average")
    if not training.weight_averaging:
        st.caption("No average: the model is what the last step made of it.")
        return
    back = steps_averaged(training.weight_averaging)
    st.caption(
        f"It looks back on about {back:,.0f} steps: {back / scene.steps_per_epoch:.2g} epochs of "
        f"these photos. Drawn: a weight that wobbles on its way, as batches of "
        f"{training.batch_size} make it, over {STEPS} steps."
    )
