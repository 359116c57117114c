"""What a cross-validation found: the figure and its spread, the photos, what it means."""

from typing import Any

import streamlit as st

from core.datasets.edits import photos as counted
from core.datasets.manifest import open_dataset
from core.datasets.versions import difference, joined
from core.errors import LoupeError
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.cross_plan import CrossPlan
from core.evaluation.cross_words import (
    beside_single_split,
    headline,
    sentences,
    share,
    without_single_split,
)
from core.jobs import State
from core.training.recipes import Recipe
from core.training.runs import Run
from ui import cache, charts, job_view, messages
from ui.cross.compared import comparison
from ui.cross.photos import matrix, predictions, wrong

WHY = (
    "A network is good when it is right about photos that it has **not** learnt from. One test of "
    "that depends on which photos happened to be put aside for it: with a few dozen, luck alone "
    "moves the figure by several points.\n\n"
    "So the photos are dealt into parts. For each part a new network is trained on all the "
    "others, and judges the photos of that part. In the end **every photo has been judged once, "
    "by a network that never saw it**, and the parts show how far the figure moves.\n\n"
    "The networks themselves are not kept: what was checked is the recipe, with its network, "
    "variations and settings. Train it on all the photos to have a network to use."
)


def result(cross: CrossValidation) -> None:
    """Everything that came out, the sentence first."""
    plan, report = cross.plan, cross.report() or {}
    with st.container(border=True, key="cross-verdict"):
        st.markdown(f"### {messages.literal(headline(report))}")
        dots(cross)
        st.caption("A dot for each part; the dashed line is their mean, the band their spread.")
        for sentence in sentences(plan, report):
            st.markdown(messages.literal(sentence))
        with st.container(horizontal=True, vertical_alignment="center"):
            _download(cross)
            messages.why(WHY, "What does this mean?")
    _about(plan, report)
    st.subheader("Beside a single split", anchor=False)
    _single_split(plan, report)
    st.subheader("Beside another cross-validation", anchor=False)
    st.fragment(messages.guarded(comparison))(cross)
    st.subheader("What was taken for what", anchor=False)
    st.fragment(messages.guarded(matrix))(cross, report)
    st.subheader("The photos it got wrong", anchor=False)
    st.fragment(messages.guarded(wrong))(cross)
    st.subheader("Class by class", anchor=False)
    st.html(charts.per_class_table(report["classes"], report["class_names"]))
    _parts(report, plan)


def dots(cross: CrossValidation) -> None:
    """A dot for every part that is done, and a place for those to come."""
    plan, report = cross.plan, cross.report()
    parts = report["parts"] if report else []
    mean, spread = (report["mean"], report["spread"]) if report else (None, None)
    st.vega_lite_chart(
        charts.part_dots(parts, len(plan.order()), plan.folds, mean, spread),
        key=f"cross-dots-{cross.name}",
        alt=charts.spoken_dots(parts, mean),
    )


def _download(cross: CrossValidation) -> None:
    files = cross.photos()[["id", "file"]]
    table = predictions(cross).merge(files, on="id", how="left")
    first = ["id", "file"]
    table = table[first + [name for name in table.columns if name not in first]]
    st.download_button(
        "Download every answer (CSV)",
        table.to_csv(index=False).encode("utf-8-sig"),
        file_name=f"{cross.name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="cross-download",
        help="A row per photo and round: what it is, what it was called, how sure.",
    )


def _about(plan: CrossPlan, report: dict[str, Any]) -> None:
    """What was checked on what, how long it took, and what has changed since."""
    training, (height, width) = plan.recipe.training, plan.recipe.picture.image_size
    length = (
        f"{training.epochs:,} epochs each"
        if training.epochs
        else f"{job_view.duration(training.budget_seconds or 0)} each"
    )
    since = _changes(plan)
    words = (
        f"{plan.recipe.title} on pictures of {width} × {height}, {length}, seed {training.seed}; "
        f"{job_view.duration(report['seconds'])} for all parts; version "
        f"{plan.dataset_version:,} of the photos"
    )
    if since:
        words += f". Since then: {joined(since)}"
    st.caption(f":material/history: {messages.literal(words)}.")


def _changes(plan: CrossPlan) -> list[str]:
    try:
        version = cache.dataset(plan.dataset).version
        return list(cache.remembered(_between, plan.dataset, plan.dataset_version, version))
    except LoupeError:
        return []


def _between(name: str, then: int, now: int) -> list[str]:
    versions = [open_dataset(cache.workspace(), name, version) for version in (then, now)]
    return difference(versions[0].manifest, versions[1].manifest)


def _single_split(plan: CrossPlan, report: dict[str, Any]) -> None:
    """How one training and its one test compare with this, or would."""
    found = _training_like(plan)
    if found is not None:
        run, evaluation, alike = found
        said = beside_single_split(report, run.name, evaluation, alike)
        st.markdown(messages.literal(said))
        _intervals(run.name, evaluation, report)
        return
    tests = 0
    try:
        dataset = open_dataset(cache.workspace(), plan.dataset, plan.dataset_version)
        tests = dataset.split_counts()["test"]
    except LoupeError:
        pass
    said = without_single_split(report, tests)
    st.markdown(messages.literal(said or "There is no training with a test to compare with yet."))


def _training_like(plan: CrossPlan) -> tuple[Run, dict[str, Any], bool] | None:
    """The newest tested training of the recipe, its test, and whether its settings are the same;
    one with the same settings before others."""
    others = []
    for summary in cache.runs(plan.dataset):
        if summary["recipe"] != plan.recipe.name or summary["test_accuracy"] is None:
            continue
        run = cache.run(summary["name"])
        evaluation = run.evaluation()
        if evaluation and State(summary["state"]).is_over:
            alike = _without_seed(run.config.recipe) == _without_seed(plan.recipe)
            others.append((run, evaluation, alike))
    return next((one for one in others if one[2]), others[0] if others else None)


def _without_seed(recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"training": recipe.training.model_copy(update={"seed": 0})})


def _intervals(name: str, evaluation: dict[str, Any], report: dict[str, Any]) -> None:
    rows = (
        (f"{name}, one split", evaluation["accuracy"], evaluation["interval"], evaluation["n"]),
        ("This check", report["accuracy"], report["interval"], report["photos"]),
    )
    for column, (title, value, (low, high), photos) in zip(st.columns(2), rows, strict=True):
        with column:
            st.markdown(
                f"**{share(value)}** {messages.literal(title)}  \n:gray[{counted(photos)}, "
                f"95 % interval {share(low)} to {share(high)}]"
            )
            st.html(charts.interval_bar(value, low, high))


def _parts(report: dict[str, Any], plan: CrossPlan) -> None:
    with st.expander("Part by part", icon=":material/table_rows:"):
        rows = [
            {
                "Round": part["round"],
                "Part": part["part"],
                "Right": f"{part['right']} of {part['photos']}",
                "Accuracy": part["accuracy"],
                "Learnt from": part["learnt"],
                "Epochs": part["epochs"],
                "Kept epoch": part["kept_epoch"],
                "Seconds": part["seconds"],
                "As it learnt": part["curve"],
            }
            for part in report["parts"]
        ]
        columns = {
            "Accuracy": st.column_config.NumberColumn(format="percent"),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
            "As it learnt": st.column_config.LineChartColumn(y_min=0, y_max=1),
            "Round": None if plan.repeats == 1 else "Round",
        }
        st.dataframe(rows, hide_index=True, column_config=columns)
