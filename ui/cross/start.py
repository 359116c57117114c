"""The way into a cross-validation, beside the button that starts a training."""

from pathlib import Path
from typing import cast, get_args

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos as counted
from core.datasets.manifest import open_dataset
from core.datasets.near_groups import near_stamp
from core.errors import LoupeError
from core.evaluation.cross_folder import create_cross, find_unfinished
from core.evaluation.cross_plan import (
    CrossSettings,
    Photos,
    has_own_folds,
    may_hide_copies,
    needs_checking,
    plan_cross_validation,
    possible_parts,
    usual_photos,
)
from core.evaluation.cross_words import UNCHECKED
from core.launcher import launch
from core.training.recipes import Recipe
from ui import cache, forms, job_view, messages, state
from ui.cross.estimate import seconds_of_check

PHOTO_WORDS = {"learning": "Training and validation", "all": "All, the test photos too"}


def offer_check(dataset_name: str, recipe: Recipe, key: str) -> None:
    """The button that opens the form.

    Args:
        recipe: What would be trained, settings and all.
        key: Prefix of the widgets' keys.
    """
    button = st.popover(
        "Check it several times",
        icon=":material/checklist:",
        width="content",
        help="Cross-validation: trains on some parts of the photos and judges the others, in turn.",
    )
    with button, messages.guard():
        _form(cache.dataset(dataset_name), recipe, f"{key}.check")


def _form(dataset: Dataset, recipe: Recipe, key: str) -> None:
    st.markdown("**Cross-validation: how good is it, beyond the luck of one split?**")
    photos = _photos(dataset, key)
    folds, repeats = _how_often(dataset, key)
    try:
        parts, note = _possible(dataset, photos, folds)
    except LoupeError as error:
        messages.show_error(error)
        return
    if note:
        st.caption(f":material/info: {messages.literal(note)}")
    counts = dataset.split_counts()
    count = len(dataset.used) if photos == "all" else counts["train"] + counts["validation"]
    st.markdown(_sentence(count, parts, repeats))
    st.caption(f":material/schedule: {_how_long(dataset, recipe, parts, repeats, count)}")
    if needs_checking(recipe.training):
        st.caption(
            "This training chooses its end by validation photos, so in each part some of the "
            "others are held back for that."
        )
    if may_hide_copies(dataset):
        st.caption(f":material/info: {UNCHECKED}")
        state.page_link(
            "photos", "Look for copies", icon=":material/troubleshoot:", params={"view": "checks"}
        )
    if st.button("Start the check", type="primary", icon=":material/checklist:", key=f"{key}.go"):
        _start(dataset.name, recipe, parts, repeats, photos)


def _photos(dataset: Dataset, key: str) -> Photos:
    """Which photos take part; those without a choice are told, not asked."""
    counts = dataset.split_counts()
    if not counts["test"] or not counts["train"] + counts["validation"]:
        return "all"
    options = list(get_args(Photos))
    chosen = st.segmented_control(
        "Photos that take part",
        options,
        default=usual_photos(dataset),
        required=True,
        format_func=lambda name: PHOTO_WORDS[name],
        key=f"{key}.photos",
        help=CrossSettings.model_fields["photos"].description,
        wrap=True,
    )
    return cast(Photos, chosen)


def _how_often(dataset: Dataset, key: str) -> tuple[int, int]:
    fields = ("repeats",) if has_own_folds(dataset) else ("folds", "repeats")
    start = CrossSettings()
    if has_own_folds(dataset):
        st.caption(":material/call_split: The parts are the folds that your split has made.")
        start = CrossSettings(folds=min(20, max(2, dataset.used["fold"].nunique())))
    settings = forms.model_form(CrossSettings, start, key, fields)
    return settings.folds, settings.repeats


def _sentence(photos: int, parts: int, repeats: int) -> str:
    rounds = "" if repeats == 1 else f" That is done {repeats} times, each time dealt anew."
    return (
        f"{counted(photos)} are dealt into {parts} parts. {parts} networks are trained as set "
        f"here, each on {parts - 1} {'part' if parts == 2 else 'parts'}, and each judges the one "
        "that it has not seen. So every photo is judged once by somebody who never learnt from "
        f"it.{rounds}"
    )


def _how_long(dataset: Dataset, recipe: Recipe, parts: int, repeats: int, photos: int) -> str:
    count = parts * repeats
    seconds = seconds_of_check(dataset, recipe, parts, repeats, photos)
    if seconds is None:
        return f"{count} trainings. How long they take shows after the first part."
    return f"{count} trainings, together about {job_view.duration(seconds)}."


def _possible(dataset: Dataset, photos: Photos, folds: int) -> tuple[int, str]:
    key = (str(dataset.folder), dataset.version, near_stamp(dataset), photos, folds)
    return cast(tuple[int, str], cache.remembered(_possible_of, *key))


def _possible_of(folder: str, version: int, stamp: int, photos: Photos, folds: int) -> object:
    dataset = open_dataset(cache.workspace(), Path(folder).name, version)
    return possible_parts(dataset, photos, folds)


def _start(name: str, recipe: Recipe, folds: int, repeats: int, photos: Photos) -> None:
    """Begins the check, or goes on with the same one where it was cut short, and shows it."""
    workspace = cache.workspace()
    plan = plan_cross_validation(workspace, name, recipe, folds, repeats, photos)
    cross = find_unfinished(workspace, plan) or create_cross(workspace, plan)
    launch(cross.folder)
    state.set_address("cv", cross.name)
    st.rerun()
