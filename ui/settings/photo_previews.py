"""What it is shown: the first batch, the shares of the classes, what is held back, the seed."""

import streamlit as st

from ui.charts.shares import ShareRow, parts_bar, share_bars
from ui.palette import GOOD, QUIET, WARNING
from ui.settings.batch_strip import batch_strip
from ui.settings.scene import Scene

MOST_CLASSES = 10
MANY = 5  # so many parts of a batch get names


def batch_size(scene: Scene) -> None:
    """How many steps an epoch has, and what the first batch is made of."""
    epoch, total = scene.epoch, len(scene.labels)
    in_batch = scene.labels[epoch.first]
    parts = [
        ShareRow(name, scene.colors[name], count / len(in_batch), str(count))
        for number, name in enumerate(scene.class_names)
        if (count := int((in_batch == number).sum()))
    ]
    steps = "1 step" if epoch.steps == 1 else f"{epoch.steps:,} steps"
    st.markdown(
        f":small[**{total:,} training photos in batches of {scene.training.batch_size:,}: {steps} "
        "per epoch.** The first batch:]"
    )
    if len(parts) <= MANY:
        st.html(parts_bar(parts, "Classes of the first batch"))
    else:
        absent = len(scene.class_names) - len(parts)
        also = f"; {absent} classes are not in it" if absent else ""
        st.caption(f"{len(parts)} of {len(scene.class_names)} classes{also}")
    st.html(batch_strip(scene))


def balance(scene: Scene) -> None:
    """The share of each class in what is shown, or the weight of its mistakes."""
    if scene.training.balance == "weights":
        _weights(scene)
        return
    plain, epoch = scene.epoch_with(balance="off"), scene.epoch
    total = max(1, len(scene.labels))
    rows = []
    for number, name in _rarest_and_most(scene, plain.times.tolist()):
        before, now = plain.times[number] / total, epoch.times[number] / total
        value = f"{before:.0%} → {now:.0%}" if scene.training.balance == "batches" else f"{now:.0%}"
        rows.append(ShareRow(name, scene.colors[name], float(now), value, float(before)))
    st.html(share_bars(rows, "Share of each class in an epoch", _left_out(scene)))
    if scene.training.balance == "batches":
        unseen = f"{epoch.unseen:,} of the other photos wait for a later one"
        st.caption(
            f"In an epoch, a photo of the rarest class is shown up to {epoch.most.max()} times; "
            f"{unseen}. The line marks the share without balance."
        )
    else:
        st.caption("The share of each class in what it is shown, as your photos are.")


def _weights(scene: Scene) -> None:
    function = "core.training.objective:class_weights"
    content = (str(scene.dataset.folder), scene.dataset.version)
    count = len(scene.class_names)
    weights = scene.asking.ask_or_say(function, scene.labels, count, content=content)
    if weights is None:
        return
    most = max(weights)
    rows = [
        ShareRow(
            name, scene.colors[name], weights[number] / most, f"× {weights[number]:.2f}", 1 / most
        )
        for number, name in _rarest_and_most(scene, scene.epoch.times.tolist())
    ]
    st.html(share_bars(rows, "Weight of each class", _left_out(scene)))
    st.caption("What a mistake on each class counts. The line marks 1: as without weights.")


def validation_share(scene: Scene) -> None:
    """Training, validation and test photos, as they would be."""
    counts, held = scene.dataset.split_counts(), scene.held_back
    numbers = {
        "learnt from": (len(scene.photos), QUIET),
        "validation": (counts["validation"] + held, GOOD),
        "test": (counts["test"], WARNING),
    }
    total = max(1, sum(number for number, _ in numbers.values()))
    parts = [
        ShareRow(name, color, number / total, f"{number:,}")
        for name, (number, color) in numbers.items()
    ]
    st.html(parts_bar(parts, "Photos of each split"))
    if counts["validation"]:
        st.caption("These photos have a validation split already: it is used, and nothing else.")
    elif held:
        st.caption(
            "The same share of each class, chosen by the seed. Bursts and photos that look nearly "
            "the same stay on one side."
        )
    else:
        st.caption("No photos tell how good each epoch is on photos it has not learnt from.")


def seed(scene: Scene) -> None:
    """The photos it begins with."""
    st.html(batch_strip(scene, 8))
    st.caption("The first photos of the first batch. Another number begins with others.")


def _rarest_and_most(scene: Scene, times: list[int]) -> list[tuple[int, str]]:
    """Class numbers and names; of many only the rarest and the most frequent ones."""
    numbered = list(enumerate(scene.class_names))
    if len(numbered) <= MOST_CLASSES:
        return numbered
    ordered = sorted(numbered, key=lambda entry: times[entry[0]])
    return [*ordered[: MOST_CLASSES // 2], *ordered[-MOST_CLASSES // 2 :]]


def _left_out(scene: Scene) -> str:
    rest = len(scene.class_names) - MOST_CLASSES
    return f"The rarest and the most frequent; {rest} classes between them" if rest > 0 else ""
