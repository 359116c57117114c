"""Whether a training has room, before it is started."""

import streamlit as st

from core.training.memory import doubt, fit_of, require_memory
from core.training.recipes import Recipe
from ui import cache, messages


def memory_line(dataset_name: str, recipe: Recipe) -> None:
    """What the training will take of the memory, and a warning where it might not fit.

    What cannot fit is told as `core.training.runs.create_run` would refuse it.
    """
    with messages.guard():
        dataset = cache.dataset(dataset_name)
        fit = fit_of(dataset, recipe)
        require_memory(dataset, recipe, fit)
        if warning := doubt(dataset, recipe, fit):
            st.warning(warning, icon=":material/memory:")
        else:
            st.caption(f"Memory: {fit.words()}", help=HELP)


HELP = (
    "Reckoned from the weights, from what the layers put out for a batch of photos, and from the "
    "batches made ahead. Larger pictures and larger batches need more. What really comes of it "
    "may be two fifths more or less."
)
