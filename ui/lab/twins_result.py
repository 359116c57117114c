"""What a comparison found: the verdict, the differences, and the photos that changed side."""

from typing import Any

import streamlit as st

from core.datasets.edits import photos
from core.datasets.versions import difference, joined
from core.errors import LoupeError
from core.evaluation.metrics import percent
from core.evaluation.twin_comparison import HARMS, HELPS
from core.evaluation.twin_words import headline, sentences
from core.training.twin_plan import SIDES, Side, TwinPlan
from core.training.twins import Twins
from ui import cache, charts, messages, recipe_editor, state
from ui.charts.difference import Row
from ui.job_view import duration
from ui.lab.lab import Lab
from ui.lab.twins_photos import changed
from ui.lab.twins_trainings import curves, trainings
from ui.palette import class_colors

ICONS = {HELPS: ":material/thumb_up:", HARMS: ":material/thumb_down:"}
MANY_CLASSES = (
    "Every interval holds in 95 of 100 cases by itself. Among many classes, one or another "
    "seems to differ by luck alone."
)


def result(lab: Lab, twins: Twins) -> None:
    """Everything that came out, the verdict first."""
    plan, found = twins.plan, twins.comparison() or {}
    icon = ICONS.get(found["verdict"], ":material/balance:")
    with st.container(border=True, key="twins-verdict"):
        st.markdown(f"### {icon} {messages.literal(headline(plan, found))}")
        for sentence in sentences(plan, found):
            st.markdown(messages.literal(sentence))
        _buttons(lab, plan, found)
    _about(plan, found)
    st.subheader("The difference", anchor=False)
    _differences(plan, found)
    st.subheader("How often each is right", anchor=False)
    _accuracies(plan, found)
    st.subheader("Photos that changed side", anchor=False)
    changed(twins, len(found["seeds"]))
    st.subheader("How they learnt", anchor=False)
    curves(twins)
    trainings(twins)


def _buttons(lab: Lab, plan: TwinPlan, found: dict[str, Any]) -> None:
    """Take what was better; where nothing was shown, nothing is recommended."""
    better: Side = "without" if found["verdict"] == HARMS else "with"
    proven = found["verdict"] in (HELPS, HARMS)
    kept = state.augmentation_recipe(plan.dataset) == plan.augmentations[better]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            messages.literal(_use(plan, better)),
            type="primary" if proven else "secondary",
            icon=":material/check:",
            key="twins-use",
            disabled=kept,
            on_click=state.keep_augmentation_recipe,
            args=(plan.dataset, plan.augmentations[better]),
            help=f"The next training of these photos goes on {plan.words(better)}.",
        )
        st.button(
            "Open this recipe",
            type="tertiary",
            icon=":material/edit:",
            key="twins-open-recipe",
            on_click=recipe_editor.start_from,
            args=(lab.scope, plan.augmentations["with"]),
            help="Puts the recipe that was compared beside the pictures.",
        )
        if kept:
            st.caption(":material/check_circle: This is what the next training uses.")


def _use(plan: TwinPlan, side: Side) -> str:
    title = plan.titles[side]
    title = title[:1].upper() + title[1:] if title != "None" else "no augmentation"
    return f"Use {title} for training"


def _about(plan: TwinPlan, found: dict[str, Any]) -> None:
    """What was compared on what, and what has changed since."""
    training, (height, width) = plan.recipe.training, plan.recipe.picture.image_size
    length = (
        f"{training.epochs:,} epochs each"
        if training.epochs
        else f"{duration(training.budget_seconds or 0)} each"
    )
    seeds = ", ".join(str(seed) for seed in found["seeds"])
    words = (
        f"{plan.recipe.title} on pictures of {width} × {height}, {length}, seeds {seeds}, judged "
        f"by {photos(found['photos'])}; version {plan.dataset_version:,} of the photos"
    )
    since = _changes(plan)
    st.caption(f":material/history: {words}{f'. Since then: {joined(since)}' if since else ''}.")


def _changes(plan: TwinPlan) -> list[str]:
    try:
        version = cache.dataset(plan.dataset).version
        return cache.remembered(_changes_between, plan.dataset, plan.dataset_version, version)
    except LoupeError:
        return []


def _changes_between(name: str, then: int, now: int) -> list[str]:
    from core.datasets.manifest import open_dataset

    versions = [open_dataset(cache.workspace(), name, version) for version in (then, now)]
    return difference(versions[0].manifest, versions[1].manifest)


def _differences(plan: TwinPlan, found: dict[str, Any]) -> None:
    colors = class_colors(plan.class_names)
    whole = found["difference"]
    values = tuple(pair["value"] for pair in found["pairs"]) if len(found["pairs"]) > 1 else ()
    rows = [Row("All photos", note=photos(found["photos"]), values=values, **whole)]
    for one in found["classes"]:
        ends = {name: one[name] for name in ("value", "low", "high")}
        note = f"{percent(one['with'])} and {percent(one['without'])} of {one['photos']:,}"
        rows.append(Row(one["name"], note=note, color=colors[one["name"]], **ends))
    sides = [f"better {plan.words(side)}" for side in SIDES]
    st.html(charts.difference_chart(rows, worse=sides[1], better=sides[0]))
    marks = " The thin marks are the pairs." if values else ""
    st.caption(f"The bars are 95 % intervals.{marks} {MANY_CLASSES}")


def _accuracies(plan: TwinPlan, found: dict[str, Any]) -> None:
    for column, side in zip(st.columns(2), SIDES, strict=True):
        one = found["accuracy"][side]
        with column:
            st.markdown(
                f"**{percent(one['value'])}** {messages.literal(plan.words(side))}  \n"
                f":gray[95 % interval {percent(one['low'])} to {percent(one['high'])}]"
            )
            st.html(charts.interval_bar(one["value"], one["low"], one["high"]))
