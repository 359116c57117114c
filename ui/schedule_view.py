"""The learning rate of a training on the page: planned before it, used after it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.training.config import TrainingConfig
from core.training.schedule import rate_in_words
from ui.charts.schedule import schedule_chart, schedule_words, used_rate_chart


def schedule_view(training: TrainingConfig, steps: int | None, key: str) -> None:
    """The planned learning rate as a chart, and in words below.

    Args:
        steps: How many batches the whole training will see; None while unknown.
    """
    words = schedule_words(training, steps)
    st.vega_lite_chart(
        schedule_chart(training, steps), key=f"{key}.schedule-chart", alt=f"Learning rate. {words}"
    )
    st.caption(words)


def used_rate(metrics: Sequence[dict[str, Any]], key: str) -> None:
    """The learning rate that a training really used, folded; nothing before its first epoch."""
    rates = [row["learning_rate"] for row in metrics if row.get("learning_rate") is not None]
    if not rates:
        return
    with st.expander("The learning rate it used", icon=":material/trending_down:"):
        words = (
            f"At the end of the first epoch it was {rate_in_words(rates[0])}, at its highest "
            f"{rate_in_words(max(rates))}, in the end {rate_in_words(rates[-1])}."
        )
        st.vega_lite_chart(used_rate_chart(metrics), key=f"{key}.used-rate", alt=words)
        st.caption(words)
