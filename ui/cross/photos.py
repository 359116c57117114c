"""The photos of a cross-validation: what was taken for what, and those it got wrong."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pandas as pd
import streamlit as st

from core.datasets.edits import photos as counted
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.cross_report import wrong_photos
from core.evaluation.metrics import percent
from ui import cache, charts, messages, state
from ui.components.changed_photos import changed_photos
from ui.galleries import page_of, photo_url
from ui.palette import class_colors
from ui.photos.photo_dialog import enlarged

TRUE, SAID = "is", "called"
PER_CELL, PER_PAGE = 6, 12


def predictions(cross: CrossValidation) -> pd.DataFrame:
    """Every photo's answers, read again when they have changed.

    Raises:
        LoupeError: If they cannot be read.
    """
    stamp = cache.stamps(cross.folder / "predictions.parquet")
    return cast(pd.DataFrame, cache.remembered(_read, str(cross.folder), stamp))


def _read(folder: str, stamp: Any) -> pd.DataFrame:
    return CrossValidation(Path(folder)).predictions()


def matrix(cross: CrossValidation, report: dict[str, Any]) -> None:
    """The confusion matrix of all answers beside the photos of the cell that was clicked."""
    names = report["class_names"]
    drawing, photos = st.columns([5, 6], gap="large")
    with drawing:
        selection = st.plotly_chart(
            charts.confusion_heatmap(report["confusion"], names, st.context.theme.type == "dark"),
            key=f"cross-confusion-{cross.name}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt="What each class was taken for, over all parts",
        )
        if report["answers"] > report["photos"]:
            st.caption("Counted are answers: every photo has one in each round.")
        cell = charts.clicked_cell(selection)
        if cell:
            state.set_address(TRUE, names[cell[0]])
            state.set_address(SAID, names[cell[1]])
    with photos:
        _cell(cross, names, state.address(TRUE), state.address(SAID))


def _cell(
    cross: CrossValidation, names: Sequence[str], truth: str | None, said: str | None
) -> None:
    if truth not in names or said not in names:
        st.markdown(
            "Each row is what a photo **really is**, each column what the network that had not "
            "seen it **called it**. Blue cells are right, red ones wrong.\n\n"
            ":material/touch_app: Click a cell to see its photos."
        )
        return
    table = predictions(cross)
    cell = table[(table["label"] == truth) & (table["predicted"] == said)]
    cell = cell.sort_values("probability", ascending=False).drop_duplicates("id")
    how = "rightly" if truth == said else "wrongly"
    is_it, called = messages.literal(str(truth)), messages.literal(str(said))
    rounds = table["round"].nunique()
    once = "" if rounds == 1 else f" in one of {rounds} rounds or more"
    st.markdown(f"**{counted(len(cell))}** of **{is_it}**, {how} called **{called}**{once}")
    if len(cell):
        cards(cross, cell, f"cross-cell-{truth}-{said}", PER_CELL)


def wrong(cross: CrossValidation) -> None:
    """The photos that were taken for something else, the surest mistakes first."""
    table = wrong_photos(predictions(cross))
    if table.empty:
        st.markdown("There are none: every photo was recognised by a network that never saw it.")
        return
    st.markdown(
        f"**{len(table):,}** of them, the surest mistakes first. Some are hard, some show what is "
        "missing among the photos, and some are simply filed under the wrong class."
    )
    cards(cross, table, "cross-wrong", PER_PAGE)


def cards(cross: CrossValidation, table: pd.DataFrame, key: str, per_page: int) -> None:
    """A page of photos with what they were taken for; a click opens one."""
    places = page_of(len(table), per_page, key=f"{key}-{cross.name}-page")
    shown = table.iloc[places.start : places.stop].to_dict("records")
    colors = class_colors(cross.plan.class_names)
    photos = [card(cross.plan.dataset, row, colors) for row in shown]
    opened = changed_photos(photos, key=f"{key}-{cross.name}", title="Photos and their answers")
    if opened:
        state.set_address("photo", opened)
        open_photo(cross.plan.dataset, opened, table["id"].tolist())


def open_photo(dataset_name: str, photo: str, ids: list[str]) -> None:
    """Opens a photo over the page, if it is still there."""
    if photo in cache.dataset(dataset_name).places:
        enlarged(dataset_name, photo, lambda name: ids)
    else:
        st.toast("This photo is no longer in the data set.", icon=":material/info:")


def card(dataset_name: str, row: dict[Any, Any], colors: dict[str, str]) -> dict[str, Any]:
    label, said = str(row["label"]), str(row["predicted"])
    rounds, times = int(row.get("rounds", 1)), int(row.get("wrong", 1))
    return {
        "id": row["id"],
        "source": photo_url(dataset_name, str(row["id"]), 320),
        "label": label,
        "color": colors.get(label, "#888888"),
        "answers": [
            {
                "who": "was called" if rounds < 2 else f"in {times} of {rounds} rounds called",
                "said": said,
                "color": colors.get(said, "#888888"),
                "sure": percent(float(row["probability"])),
                "right": label == said,
            }
        ],
    }
