"""What the model says about a photo: in words, as bars; for several photos as a table."""

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.evaluation.metrics import percent
from core.evaluation.picture_size import picture_for
from core.training.runs import Run
from ui import cache, charts
from ui.charts.style import BASE_CSS
from ui.galleries import page_of
from ui.palette import class_colors
from ui.photo_sources import Photo, picture_address
from ui.picture_preview import preview_html

SURE, UNSURE = 0.9, 0.6
ROWS_PER_PAGE = 20
Size = tuple[int, int]


def ask(
    run: Run, photo: Photo, mirrored: bool = False, image_size: Size | None = None
) -> dict[str, Any]:
    """The model's answer: label, probability, probabilities, repairs.

    Args:
        mirrored: Whether it looks at the mirror image as well and answers with the mean.
        image_size: (height, width) at which it looks; None for the run's own.

    Raises:
        UnusablePicture: If the file cannot be read as a picture.
        LoupeError: If the model does not take pictures of this size.
    """
    stamp = run.model_path.stat().st_mtime_ns
    return cache.remembered(_ask, str(run.folder), stamp, photo.source, mirrored, image_size)


def _ask(
    folder: str, stamp: int, source: bytes | str, mirrored: bool, image_size: Size | None
) -> dict[str, Any]:
    function = "core.evaluation.prediction:predict_picture"
    return cache.engine().call(function, folder, source, mirrored, image_size)


def show_answer(
    run: Run, photo: Photo, mirrored: bool = False, image_size: Size | None = None
) -> None:
    """One photo, as it is and as the network sees it, beside the ranked classes.

    Raises:
        UnusablePicture: If the file cannot be read as a picture.
    """
    config = run.config
    answer = ask(run, photo, mirrored, image_size)
    pictures, words = st.columns(2, gap="large")
    with pictures:
        address = picture_address(photo, config.dataset)
        source = Path(photo.source) if isinstance(photo.source, str) else photo.source
        st.html(preview_html(address, source, picture_for(run, image_size)))
        if answer["repairs"]:
            st.caption(f"To read {photo.name}: {'; '.join(answer['repairs'])}.")
    with words:
        st.markdown(f"#### {headline(answer)}")
        if photo.truth is not None:
            st.markdown(verdict(answer["label"], photo.truth))
        names = config.class_names
        st.html(charts.probability_bars(answer["probabilities"], names, photo.truth))


def headline(answer: Mapping[str, Any]) -> str:
    """The answer in words that fit how sure it is."""
    label, sure = answer["label"], percent(answer["probability"])
    if answer["probability"] >= SURE:
        return f"This is {label}, {sure} sure"
    if answer["probability"] >= UNSURE:
        return f"Probably {label}, {sure} sure"
    ranked = sorted(answer["probabilities"].items(), key=lambda item: -item[1])
    return f"Hard to say: {ranked[0][0]} or {ranked[1][0]}"


def verdict(label: str, truth: str) -> str:
    """Whether the answer is right, in Markdown."""
    if label == truth:
        return f":blue-badge[:material/check: right] It is {truth}."
    return f":red-badge[:material/close: wrong] It really is {truth}."


def show_table(
    run: Run, photos: Sequence[Photo], mirrored: bool = False, image_size: Size | None = None
) -> None:
    """Several photos, a row each; a file that cannot be read gets its reason."""
    rows = [_row(run, photo, mirrored, image_size) for photo in photos]
    places = page_of(len(rows), ROWS_PER_PAGE, key="answers-page")
    shown = rows[places.start : places.stop]
    pictures = photos[places.start : places.stop]
    st.html(table_html(run.config.dataset, pictures, shown, run.config.class_names))
    st.download_button(
        "Download as a table (CSV)",
        answers_csv(rows, run.config.class_names),
        file_name=f"{run.name}-answers.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _row(run: Run, photo: Photo, mirrored: bool, image_size: Size | None) -> dict[str, Any]:
    try:
        return {"file": photo.name, **ask(run, photo, mirrored, image_size)}
    except LoupeError as error:
        return {"file": photo.name, "error": str(error)}


def table_html(
    dataset_name: str,
    photos: Sequence[Photo],
    rows: Sequence[Mapping[str, Any]],
    class_names: Sequence[str],
) -> str:
    """A row per photo: thumbnail, file, answer, how sure, as HTML."""
    colors = class_colors(class_names)
    body = "".join(
        f"<tr>{_thumbnail(dataset_name, photo, row)}<th scope='row'>{escape(row['file'])}</th>"
        f"{_cells(row, colors)}</tr>"
        for photo, row in zip(photos, rows, strict=True)
    )
    return f"<style>{BASE_CSS}{CSS}</style><table class='lp-answers'>{body}</table>"


def answers_csv(rows: Sequence[Mapping[str, Any]], class_names: Sequence[str]) -> bytes:
    """file, label, probability, a column per class, error: for spreadsheets, UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["file", "label", "probability", *class_names, "error"])
    for row in rows:
        shares = row.get("probabilities", {})
        writer.writerow(
            [row["file"], row.get("label", ""), row.get("probability", "")]
            + [shares.get(name, "") for name in class_names]
            + [row.get("error", "")]
        )
    return stream.getvalue().encode("utf-8-sig")


def _thumbnail(dataset_name: str, photo: Photo, row: Mapping[str, Any]) -> str:
    if "error" in row:
        return "<td></td>"
    return f"<td><img alt='' src='{picture_address(photo, dataset_name)}'></td>"


def _cells(row: Mapping[str, Any], colors: Mapping[str, str]) -> str:
    if "error" in row:
        return f"<td colspan='2' class='bad'>{escape(row['error'])}</td>"
    chip = f"<i class='lp-chip' style='background:{colors.get(row['label'], '#888')}'></i>"
    sure = percent(row["probability"])
    return f"<td>{chip}{escape(row['label'])}</td><td class='n'>{sure}</td>"


CSS = """
.lp-answers {width: 100%; border-collapse: collapse; font-size: .95rem}
.lp-answers td, .lp-answers th {text-align: left; font-weight: 400; border: 0; padding: .4rem .8rem
  .4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent)}
.lp-answers td:first-child {width: 72px}
.lp-answers th {overflow-wrap: anywhere}
.lp-answers img {width: 56px; height: 56px; object-fit: cover; border-radius: .4rem;
  display: block}
.lp-answers .n {text-align: right; font-weight: 600; font-variant-numeric: tabular-nums}
.lp-answers .bad {opacity: .85}
"""
