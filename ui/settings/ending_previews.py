"""When it ends: what these settings would have made of the last training of these photos."""

from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.training.runs import Run
from ui import cache, messages
from ui.charts import curve_legend
from ui.charts.ending import ending_chart
from ui.settings.scene import Scene

REPLAY = "core.training.replay:replay"
FEWEST_EPOCHS = 3


def ending(scene: Scene) -> None:
    """The losses of the last training, where it would have ended, and which epoch is kept."""
    run = _last_run(scene)
    if run is None:
        st.caption(
            "After the first training of these photos, its curve shows here where it would have "
            "ended and which epoch would have been kept."
        )
        return
    rows = run.metrics()
    ran, training = run.config.recipe.training, scene.training
    photos = scene.dataset.split_counts()["validation"]
    content = (run.name, len(rows), photos, training.early_stopping, training.keep)
    found = scene.asking.ask_or_say(REPLAY, training, ran, rows, photos, content=content)
    if found is None:
        return
    sentence = in_words(found, len(rows))
    st.html(curve_legend())
    st.vega_lite_chart(ending_chart(rows, found), key=f"{scene.key}.ending", alt=sentence)
    st.caption(f"The last training, {messages.literal(run.name)}: {sentence}")


def in_words(found: dict[str, Any], epochs: int) -> str:
    """What `core.training.replay.replay` found, of a training of `epochs`."""
    stopped = found["stopped_after"]
    if stopped is None:
        ended = f"it would have gone on to its end, epoch {epochs},"
    else:
        ended = f"it would have stopped after epoch {stopped} of {epochs},"
    return f"{ended} and kept epoch {found['kept']}."


def _last_run(scene: Scene) -> Run | None:
    """The newest training of these photos with a curve to look at."""
    for entry in cache.runs(scene.dataset.name):
        if (entry["epochs"] or 0) >= FEWEST_EPOCHS:
            try:
                return cache.run(entry["name"])
            except LoupeError:
                continue
    return None
