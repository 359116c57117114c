"""Dropout: one photo through draw after draw of a real network."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.datasets.manifest import Dataset
from core.errors import LoupeError
from core.images import PictureSpec, load_picture
from core.training.runs import Run
from ui import cache, messages, state
from ui.components.learning_labs import learning_lab, picture_source
from ui.concepts.lab import Lab
from ui.galleries import taking_turns
from ui.palette import class_color
from ui.photo_sources import dataset_of, dataset_photo

ENGINE = "core.concepts.dropout_draws"
DIGITS = "digits"
SHOWN = PictureSpec(image_size=(160, 160), fit="crop")
PHOTOS = 12
RATE_HELP = (
    "A network learns with one rate. Here it may be asked at any other, to see what happens."
)
WAIT = "Asking a real network; the first time, it learns 1,400 digits for that: some seconds…"


class Asked(NamedTuple):
    """A network and a photo of it.

    Attributes:
        function: Of `ENGINE`, which answers for them.
        arguments: What comes first of its arguments.
        stamp: Changes when the network does.
        names: The classes, in the order of the answers.
        title: What the photo is.
        pixels: The photo, uint8.
    """

    function: str
    arguments: tuple[Any, ...]
    stamp: int
    names: list[str]
    title: str
    pixels: np.ndarray


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """A network and a photo to choose, the share that is left out, and what the draws answer."""
    known = run_with_dropout()
    chosen = _choose_network(known[0] if known else None)
    left, right = st.columns(2, gap="large")
    with left:
        asked = _digit() if known is None or chosen == DIGITS else _run_photo(*known)
    with right:
        percent = st.slider(
            "Left out", 0, 90, 50, 5, format="%d %%", key="concept-rate", help=RATE_HELP
        )
        st.button("Other draws", icon=":material/casino:", on_click=draw_again, key="concept-draw")
    with st.spinner(WAIT):
        found = cache.remembered(
            _ask,
            asked.function,
            asked.arguments,
            asked.stamp,
            percent / 100,
            state.get("concept-dropout", 0),
        )
    learning_lab("dropout", _told(asked, found))
    _say_own_rate(found["own_rate"], found["rate"])


def run_with_dropout() -> tuple[Run, Dataset] | None:
    """The current run and its photos, if it has learnt with dropout; None otherwise."""
    name = state.current_run_name()
    try:
        run = cache.run(name) if name else None
    except LoupeError:
        return None
    if run is None or not run.has_model or not learnt_with_dropout(run):
        return None
    dataset = dataset_of(run)
    return (run, dataset) if dataset is not None else None


def learnt_with_dropout(run: Run) -> bool:
    """Whether its network has a dropout layer that leaves anything out."""
    network = run.config.recipe.architecture
    if getattr(network, "dropout", 0):
        return True
    layers = getattr(network, "layers", ())
    return any(layer.kind == "dropout" and layer.rate > 0 for layer in layers)


def draw_again() -> None:
    """The next draws."""
    state.put("concept-dropout", state.get("concept-dropout", 0) + 1)


def _choose_network(run: Run | None) -> str:
    if run is None:
        st.caption(
            "A small network for handwritten digits, taught for this lab: 32 hidden values, with "
            "dropout before the answer. A run of your own that learnt with dropout can be asked "
            "too: choose it in the sidebar."
        )
        return DIGITS
    titles = {"run": f"Your run: {messages.literal(run.config.title)}", DIGITS: "Digits"}
    return str(
        st.segmented_control(
            "Network",
            list(titles),
            format_func=lambda name: titles[name],
            default="run",
            required=True,
            key="concept-dropout-network",
        )
    )


def _digit() -> Asked:
    with st.spinner(WAIT):
        offered = cache.remembered(_ask_digits)
    place = st.segmented_control(
        "Photo, from easy to hard",
        range(len(offered)),
        format_func=lambda at: f"{at + 1}: a {offered[at]['truth']}",
        default=3,
        required=True,
        key="concept-dropout-digit",
    )
    digit = offered[int(place)]
    return Asked(
        "of_digit",
        (int(place),),
        0,
        [str(number) for number in range(10)],
        f"A handwritten {digit['truth']}, which the network has never seen.",
        (digit["pixels"] * 255).round().astype(np.uint8),
    )


def _run_photo(run: Run, dataset: Dataset) -> Asked:
    test = dataset.split("test")
    photos = taking_turns(test if len(test) else dataset.used)["id"].tolist()[:PHOTOS]
    number = st.slider("Photo", 1, max(2, len(photos)), 1, key="concept-dropout-photo")
    photo = dataset_photo(dataset, str(photos[min(number, len(photos)) - 1]))
    kind = "test photo" if len(test) else "photo"
    return Asked(
        "of_run",
        (str(run.folder), str(photo.source)),
        run.model_path.stat().st_mtime_ns,
        list(run.config.class_names),
        f"A {kind} of the class {photo.truth}.",
        load_picture(dataset.photo_path(str(photo.photo_id)), SHOWN),
    )


def _ask(
    function: str, arguments: tuple[Any, ...], stamp: int, rate: float, seed: int
) -> dict[str, Any]:
    return cache.engine().call(f"{ENGINE}:{function}", *arguments, rate, seed)


def _ask_digits() -> list[dict[str, Any]]:
    return cache.engine().call(f"{ENGINE}:digits")


def _told(asked: Asked, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "names": asked.names,
        "colors": [class_color(place) for place in range(len(asked.names))],
        "picture": picture_source(asked.pixels),
        "fine": min(asked.pixels.shape[:2]) > 64,
        "title": asked.title,
        "rate": found["rate"],
        "units": found["units"],
        **{name: found[name].tolist() for name in ("values", "kept", "answers", "plain")},
    }


def _say_own_rate(own: float, asked: float) -> None:
    same = "as it is asked here" if abs(own - asked) < 1e-6 else f"not {asked:.0%} as here"
    st.caption(f"This network learnt with {own:.0%} left out, {same}.")


LAB = Lab(
    anchor="dropout",
    title="Dropout",
    hint="learn without relying on anyone",
    words=(
        "While a network learns, **dropout** leaves out a random part of the values between two "
        "layers, another one at every step. None can rely on its neighbour, so each has to be "
        "useful by itself, and the network is kept from learning photos by heart. In prediction "
        "everything works, and the same photo always gets the same answer. Here a real network "
        "answers as it does while it learns: the same photo, and every time something else is "
        "missing."
    ),
    question="At which rate do the answers stop scattering, and what happens at 90 %?",
    answer=(
        "At 0 % nothing is left out and all draws answer as prediction does. The more is missing, "
        "the more they scatter; at 90 % the few values that stay count tenfold, and many a draw is "
        "sure and wrong. Their mean stays near the prediction much longer than any single draw."
    ),
    draw=show,
)
