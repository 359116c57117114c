"""At which size a trained network is asked, where it takes more than the one it learnt from."""

import streamlit as st

from core.evaluation.picture_size import offered_sizes
from core.evaluation.results import run_of
from core.training.runs import Run
from ui import cache

HELP = (
    "This network was trained with its picture size left open. Larger pictures show it finer "
    "detail, but everything also looks larger than what it learnt from."
)


def choose_asked_size(run: Run, key: str) -> tuple[int, int] | None:
    """A slider of sizes; None for the run's own, and where it takes no other."""
    own = run.config.recipe.picture.image_size
    sizes = cache.remembered(_sizes, str(run.folder), run.config.created)
    if len(sizes) < 2:
        return None
    words = {f"{height} × {width}": (height, width) for height, width in sizes}
    learnt = next(text for text, size in words.items() if size == own)
    chosen = st.select_slider(
        "Look at it smaller or larger",
        list(words),
        learnt,
        format_func=lambda text: f"{text} (as it learnt)" if text == learnt else text,
        key=f"{key}-asked-size-{run.name}",
        help=HELP,
        width=420,
    )
    return None if words[chosen] == own else words[chosen]


def _sizes(folder: str, created: str) -> list[tuple[int, int]]:
    return offered_sizes(run_of(folder))
