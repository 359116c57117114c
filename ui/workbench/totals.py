"""What the whole network takes: weights, work, memory, and time on this machine."""

import streamlit as st

from core.models import probe
from core.models.architecture import Architecture
from core.models.open_size import forbids_open, smallest_side
from core.models.probe import Pace
from ui import cache, messages, numbers_in_words, state
from ui.charts import figures_html
from ui.workbench.bench import Bench
from ui.workbench.cards import sees

BYTES_PER_WEIGHT = 4
SECONDS = 120
TIMING = "Timing a few steps of training, for some seconds …"


def show_totals(bench: Bench) -> None:
    """The sums over all layers, and how long a round through the photos takes here."""
    found = bench.survey
    if found.problem:
        messages.show_error(found.problem)
        st.caption(f"The figures of the {len(found.rows)} layers that work:")
    batch = bench.recipe.training.batch_size
    short, size = numbers_in_words.short, numbers_in_words.size
    maps = [row for row in found.rows if len(row.output_shape) == 3]
    st.html(
        figures_html(
            {
                "layers": str(len(found.rows)),
                "weights to learn": f"{found.parameters:,}",
                "size of the model": size(found.parameters * BYTES_PER_WEIGHT),
                "multiplications per photo": short(found.multiply_adds),
                f"memory for {batch} photos, at least": size(found.memory * batch),
                "the last map": sees(maps[-1].receptive_field, bench.picture.image_size),
            }
        )
    )
    if found.problem is None:
        _time(bench, batch)
        st.caption(_open_words(bench))


def _time(bench: Bench, batch: int) -> None:
    what = (bench.layers, bench.picture.shape, bench.num_classes, batch)
    pace = probe.kept_pace(cache.workspace(), *what)
    if pace is None:
        pressed = st.button(
            "Measure the time per epoch",
            icon=":material/timer:",
            key=f"{bench.key}-measure",
            help="Trains a few steps of this very network on this machine, with noise for photos.",
        )
        if pressed and _measure(what):
            state.rerun_part()
        return
    low, high = pace.epoch(bench.photos)
    st.markdown(
        f"**{numbers_in_words.time_range(low, high)}** per epoch of {bench.photos:,} photos on "
        f"this machine, {1 / pace.slow:,.0f} to {1 / pace.quick:,.0f} photos a second."
    )


def _measure(what: tuple[Architecture, tuple[int, int, int], int, int]) -> bool:
    layers, *rest = what
    with messages.guard(), st.spinner(TIMING):
        measured = cache.engine().call(
            "core.models.probe:probe", layers.model_dump(mode="json"), *rest, timeout=SECONDS
        )
        probe.keep_pace(cache.workspace(), *what, Pace(*measured))
        return True
    return False


def _open_words(bench: Bench) -> str:
    forbidden = forbids_open(bench.layers)
    if forbidden:
        return f"Takes pictures of this one size. {forbidden}"
    side = cache.remembered(smallest_side, bench.layers, bench.picture.shape[2], bench.num_classes)
    return f"Its layers take pictures of any size from {side} × {side} pixels up."
