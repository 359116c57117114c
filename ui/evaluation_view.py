"""What the test split says about a run: matrix with its photos, classes, curves."""

from typing import Any

import pandas as pd
import streamlit as st

from core.evaluation.mistakes import mistakes
from core.evaluation.results import read_predictions
from core.training.runs import Run
from ui import cache, charts, state
from ui.galleries import page_of
from ui.photo_cards import answer_cards

CARDS_PER_PAGE = 12
TRUE, SAID = "is", "called"


def verdict(evaluation: dict[str, Any]) -> None:
    """The accuracy in words and drawn with its interval."""
    first, dot, rest = evaluation["sentence"].partition(". ")
    st.markdown(f"### {first}{dot.strip()}")
    low, high = evaluation["interval"]
    chance = max(sum(row) for row in evaluation["confusion"]) / max(1, evaluation["n"])
    st.html(charts.interval_bar(evaluation["accuracy"], low, high, chance))
    st.markdown(rest)


def matrix(run: Run, evaluation: dict[str, Any]) -> None:
    """The confusion matrix beside the photos of the cell that was clicked."""
    names = evaluation["class_names"]
    drawing, photos = st.columns([5, 6], gap="large")
    with drawing:
        selection = st.plotly_chart(
            charts.confusion_heatmap(
                evaluation["confusion"], names, st.context.theme.type == "dark"
            ),
            key=f"confusion-{run.name}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=evaluation["sentence"],
        )
        cell = charts.clicked_cell(selection)
        if cell:
            state.set_address(TRUE, names[cell[0]])
            state.set_address(SAID, names[cell[1]])
    with photos:
        _cell_photos(run, names, state.address(TRUE), state.address(SAID))


def _cell_photos(run: Run, names: list[str], truth: str | None, said: str | None) -> None:
    if truth not in names or said not in names:
        st.markdown(
            "Each row is what a photo **really is**, each column what the model **called it**. "
            "Blue cells are right, red ones wrong.\n\n"
            ":material/touch_app: Click a cell to see its photos."
        )
        return
    table = _predictions(run)
    cell = table[(table["label"] == truth) & (table["predicted"] == said)]
    cell = cell.sort_values("probability", ascending=False)
    how = "rightly" if truth == said else "wrongly"
    st.markdown(f"**{len(cell)}** of **{truth}**, {how} called **{said}**")
    if len(cell):
        places = page_of(len(cell), 6, key=f"cell-{truth}-{said}")
        shown = cell.iloc[places.start : places.stop]
        st.html(answer_cards(run.config.dataset, _records(shown), names))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def wrong_ones(run: Run, evaluation: dict[str, Any]) -> None:
    """The mistakes, those the model was surest of first."""
    names = evaluation["class_names"]
    wrong = mistakes(run)
    if not wrong:
        st.markdown("There are none: every test photo was recognised.")
        return
    st.markdown(
        "The ones it was surest of come first. Some are hard, some show what is missing among "
        "the training photos, and some are simply filed under the wrong class."
    )
    places = page_of(len(wrong), CARDS_PER_PAGE, key=f"wrong-{run.name}")
    st.html(answer_cards(run.config.dataset, wrong[places.start : places.stop], names))


def _predictions(run: Run) -> pd.DataFrame:
    stamp = (run.folder / "predictions.parquet").stat().st_mtime_ns
    return cache.remembered(_read, str(run.folder), stamp)


def _read(folder: str, stamp: int) -> pd.DataFrame:
    return read_predictions(folder)
