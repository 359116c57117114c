"""What the whole network takes: weights, work, memory, and time on this machine."""

import streamlit as st

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.open_size import forbids_open
from core.models.picture_sizes import smallest_side
from core.models.receptive_field import ReceptiveField
from core.training import pace
from core.training.config import TrainingConfig
from core.training.pace import Pace
from ui import cache, messages, numbers_in_words, state
from ui.charts import figures_html
from ui.workbench.bench import Bench
from ui.workbench.cards import sees
from ui.workbench.words import in_titles

BYTES_PER_WEIGHT = 4
SECONDS = 120
OPEN_HELP = (
    "Leaves height and width of the input open (None), so that the trained network can be asked "
    "about larger or smaller pictures than those it learnt from."
)
TIMING = "Timing a few steps of training, for some seconds …"


def show_totals(bench: Bench) -> None:
    """The sums over all layers, and how long a round through the photos takes here."""
    found = bench.survey
    if bench.refusal:
        messages.show_error(bench.refusal)
        st.caption(f"The figures of the {len(found.rows)} layers that work:")
    batch = bench.recipe.training.batch_size
    short, size = numbers_in_words.short, numbers_in_words.size
    maps = [row for row in found.rows if len(row.output_shape) == 3]
    st.html(
        figures_html(
            {
                "layers": str(len(found.rows)),
                "weights": f"{found.parameters:,}",
                "size of the model": size(found.parameters * BYTES_PER_WEIGHT),
                "multiplications per photo": short(found.multiply_adds),
                f"memory for {batch} photos, at least": size(found.memory * batch),
            }
            | _seen_by_the_last(maps[-1].receptive_field, bench.picture.image_size)
        )
    )
    if found.problem is None:
        _time(bench)
    _open_size(bench)


def _seen_by_the_last(field: ReceptiveField, image_size: tuple[int, int]) -> dict[str, str]:
    seen, _, apart = sees(field, image_size).removeprefix("sees ").partition(", ")
    return {"seen by each value of the last map" + (f", {apart} pixels" if apart else ""): seen}


def _time(bench: Bench) -> None:
    what = (bench.layers, bench.picture.shape, bench.num_classes, bench.recipe.training)
    workspace = cache.workspace()
    kept = pace.kept_pace(workspace, *what)
    if kept is not None:
        st.markdown(
            f"**{_epoch(kept, bench)}** on this machine, "
            f"{1 / kept.slow:,.0f} to {1 / kept.quick:,.0f} photos a second."
        )
        return
    guess = pace.guessed_pace(workspace, *what[:3])
    if guess is not None:
        st.markdown(
            f"**Roughly {_epoch(guess, bench)}** on this machine, judging by the network that "
            "was measured last."
        )
    pressed = st.button(
        "Measure the time per epoch",
        icon=":material/timer:",
        key=f"{bench.key}-measure",
        help="Trains a few steps of this very network on this machine, with noise for photos.",
    )
    if pressed and _measure(what):
        state.rerun_part()


def _epoch(found: Pace, bench: Bench) -> str:
    words = numbers_in_words.time_range(*found.epoch(bench.photos))
    return f"{words} per epoch of {bench.photos:,} photos"


def _measure(what: tuple[Architecture, tuple[int, int, int], int, TrainingConfig]) -> bool:
    layers, *rest = what
    with messages.guard(), st.spinner(TIMING):
        measured = cache.engine().call(
            "core.training.pace:measure", layers.model_dump(mode="json"), *rest, timeout=SECONDS
        )
        pace.keep_pace(cache.workspace(), *what, Pace(*measured))
        return True
    return False


def _open_size(bench: Bench) -> None:
    """The choice to leave the input's size open, and which layer forbids it."""
    forbidden = forbids_open(bench.layers)
    chosen, key = bench.layers.open_size, f"{bench.key}-open-size-{bench.draft.revision}"

    def change() -> None:
        layers = bench.layers.model_copy(update={"open_size": state.widget(key)})
        bench.put(layers, bench.chosen)

    st.toggle(
        "Pictures of any size",
        chosen,
        key=key,
        help=OPEN_HELP,
        disabled=forbidden is not None and not chosen,
        on_change=change,
    )
    if forbidden:
        why = in_titles(LoupeError(forbidden), bench.layers).message
        st.caption(f"Takes pictures of this one size. {why}")
    elif bench.survey.problem is None:
        st.caption(_open_words(bench))


def _open_words(bench: Bench) -> str:
    side = cache.remembered(smallest_side, bench.layers, bench.picture.shape[2], bench.num_classes)
    height, width = bench.picture.image_size
    if not bench.layers.open_size:
        return (
            f"Its layers would take pictures of any size from {side} × {side} pixels up; as it is "
            "it takes the one it learns from."
        )
    return (
        f"It learns from pictures of {height} × {width}, and can then be asked about any size from "
        f"{side} × {side} pixels up."
    )
