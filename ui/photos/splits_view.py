"""Who trains, who checks, who tests: chosen here, seen before it is applied."""

import random
from pathlib import Path

import pandas as pd
import streamlit as st

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.edits import photos as counted
from core.datasets.manifest import open_dataset, undo
from core.datasets.near_groups import near_groups, near_stamp
from core.datasets.split_plan import (
    Division,
    SplitPlan,
    apply_plan,
    divide,
    folder_levels,
    group_summary,
    split_of_fold,
    values,
)
from core.datasets.splits import SplitShares
from core.evaluation.split_warnings import interval_sentence, is_small_test, split_warnings
from core.training.same_split import runs_on_split
from ui import cache, charts, forms, messages, state
from ui.galleries import photo_grid, rows_of, taking_turns
from ui.photos.split_pictures import fold_grid, split_bars
from ui.photos.words import SPLIT_WORDS

SHOWN_TESTS = 12
MOST_VALUES = 200
SHARED_OUT = "share out"
FIELDS = {
    "percentages": ("stratified", "keep_groups"),
    "folds": ("folds", "stratified", "keep_groups"),
    "folder": ("level",),
    "source": ("source",),
}


def splits_view(dataset: Dataset) -> None:
    """The form, the picture of what it would do, and the button that does it."""
    just_applied(dataset)
    st.fragment(messages.guarded(_plan_and_picture))(dataset)


def just_applied(dataset: Dataset) -> None:
    """Says what was done, once it was, with a way back."""
    if state.get("split-applied") != (dataset.name, dataset.version):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        what = dataset.changes.get(dataset.version, "The split")
        st.markdown(f":material/task_alt: **{what}** is in use now.", width="stretch")
        st.button("Undo", icon=":material/undo:", key="split-undo", on_click=_undo, args=(dataset,))


def _undo(dataset: Dataset) -> None:
    with messages.guard():
        undo(dataset)
    state.put("split-applied", None)


def _plan_and_picture(dataset: Dataset) -> None:
    if len(dataset.used) < 2:
        st.info("There are not enough photos to share out.", icon=":material/info:")
        return
    form, picture = st.columns([2, 3], gap="large")
    with form:
        plan = plan_form(dataset)
    division = _division(dataset, plan)
    with picture:
        who_goes_where(dataset, plan, division)
    told(dataset, division)
    apply_button(dataset, plan, division)
    test_photos(dataset, division)


def plan_form(dataset: Dataset) -> SplitPlan:
    """Everything that can be chosen, as a plan."""
    how = forms.model_form(SplitPlan, None, "split", ["how"])
    plan = forms.model_form(SplitPlan, how, "split", _fields(how, dataset))
    if plan.how != "folds":
        plan = plan.model_copy(update={"shares": shares_slider()})
    if plan.how in ("folder", "source"):
        plan = plan.model_copy(update={"sides": sides_table(dataset, plan)})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        drawn = int(state.get("split-seed", 0))
        start = plan.model_copy(update={"seed": drawn})
        plan = forms.model_form(SplitPlan, start, f"split-{drawn}", ["seed"])
        st.button(
            "Draw again",
            icon=":material/casino:",
            key="split-draw",
            on_click=_draw_again,
            help="Another seed: other photos in each split, in the same proportions.",
        )
    return plan


def _fields(plan: SplitPlan, dataset: Dataset) -> list[str]:
    fields = list(FIELDS[plan.how])
    if plan.how == "folder" and folder_levels(dataset.used) == 1:
        fields.remove("level")
    return fields


def _draw_again() -> None:
    state.put("split-seed", random.randrange(1_000_000))  # noqa: S311 - not a secret


def shares_slider() -> SplitShares:
    """Two handles on one line: where training ends, and where the test begins."""
    train, end = st.slider(
        "Training up to the first handle, validation up to the second, the rest is the test",
        0,
        100,
        (70, 85),
        format="%d %%",
        key="split-shares",
    )
    train = max(1, train)
    shares = SplitShares(train=train, validation=max(0, end - train), test=100 - max(end, train))
    st.caption(
        f"{shares.train} % to learn from, {shares.validation} % to check, "
        f"{shares.test} % for the test."
    )
    return shares


def sides_table(dataset: Dataset, plan: SplitPlan) -> dict[str, str]:
    """Every folder or source with its photos and, where one was chosen, its split."""
    counts = values(plan, dataset.used).value_counts()
    table = pd.DataFrame({"value": counts.index, "photos": counts.to_numpy(), "side": SHARED_OUT})
    what = "Folder" if plan.how == "folder" else plan.source.capitalize()
    if len(table) == 1:
        st.info(
            f"All photos have the same {what.lower()}: there is nothing to tell apart by.",
            icon=":material/info:",
        )
    edited = st.data_editor(
        table.head(MOST_VALUES),
        hide_index=True,
        disabled=["value", "photos"],
        height=min(300, 38 + 35 * min(len(table), MOST_VALUES)),
        column_config={
            "value": st.column_config.TextColumn(what),
            "photos": st.column_config.NumberColumn("Photos", width="small"),
            "side": st.column_config.SelectboxColumn(
                "Goes to",
                options=[SHARED_OUT, *SPLITS],
                required=True,
                help="A split, or shared out: whole, by the percentages above.",
            ),
        },
        key=f"split-sides-{plan.how}-{plan.level}-{plan.source}",
    )
    if len(table) > MOST_VALUES:
        st.caption(f"The {MOST_VALUES} largest of {len(table):,}; the others are shared out.")
    pairs = zip(edited["value"], edited["side"], strict=True)
    return {value: side for value, side in pairs if side in SPLITS}


def who_goes_where(dataset: Dataset, plan: SplitPlan, division: Division) -> None:
    """The picture."""
    photos = dataset.used
    sides = photos["id"].map(division.splits)
    figures = {SPLIT_WORDS[name]: f"{int((sides == name).sum()):,}" for name in SPLITS}
    st.html(charts.figures_html(figures))
    if division.folds:
        counts = pd.crosstab(photos["label"], photos["id"].map(division.folds))
        counts = counts.reindex(columns=range(plan.folds), fill_value=0)
        roles = [split_of_fold(fold, plan.folds) for fold in range(plan.folds)]
        st.html(fold_grid(counts, dataset.class_names, roles))
        st.caption(
            "A training uses fold 0 as its test. Every photo keeps the number of its fold, so "
            "that each fold can take its turn."
        )
    else:
        st.html(
            split_bars(
                _counts(photos["label"], sides),
                _counts(photos["label"], photos["split"]),
                dataset.class_names,
            )
        )
    kept_together(division)


def _counts(labels: pd.Series, sides: pd.Series) -> dict[str, dict[str, int]]:
    table = pd.crosstab(labels.to_numpy(), sides.to_numpy())
    return {str(label): {str(k): int(n) for k, n in row.items()} for label, row in table.iterrows()}


def kept_together(division: Division) -> None:
    """How many bursts and look-alikes there are, and that they are whole."""
    summary = group_summary(division)
    if not summary["groups"]:
        return
    groups = "1 group" if summary["groups"] == 1 else f"{summary['groups']:,} groups"
    whole = "all whole" if not summary["torn"] else f"{summary['torn']:,} not whole"
    members = counted(summary["photos"])
    st.caption(f":material/link: {groups} of bursts and look-alikes ({members}), {whole}.")


def told(dataset: Dataset, division: Division) -> None:
    """What the split will not be able to tell, and what may still be compared."""
    near = near_groups(dataset) | _bursts(dataset)
    warnings = split_warnings(dataset.used, division.splits, near)
    for sentence in warnings:
        st.warning(sentence, icon=":material/warning:")
    tests = sum(division.splits.get(key) == "test" for key in dataset.used["id"])
    if not is_small_test(tests):
        st.caption(f":material/straighten: {interval_sentence(tests)}")
    if not division.moved(dataset.used):
        return
    runs = runs_on_split(cache.workspace(), dataset)
    if runs:
        trainings = "1 training" if len(runs) == 1 else f"{len(runs)} trainings"
        st.info(
            f"{trainings} learnt from the present split. After this change, compare only "
            "trainings on the same split.",
            icon=":material/compare_arrows:",
        )


def _bursts(dataset: Dataset) -> dict[str, str]:
    used = dataset.used
    named = used[used["group"] != ""]
    return {key: f"burst {group}" for key, group in zip(named["id"], named["group"], strict=True)}


def test_photos(dataset: Dataset, division: Division) -> None:
    """Some of those that would test."""
    used = dataset.used
    chosen = used[used["id"].map(division.splits) == "test"]
    if chosen.empty:
        return
    shown = taking_turns(chosen).head(SHOWN_TESTS)
    st.markdown(f"**The test** would begin with these, of {counted(len(chosen))}:")
    st.html(photo_grid(dataset.name, rows_of(shown), dataset.class_names))


def apply_button(dataset: Dataset, plan: SplitPlan, division: Division) -> None:
    """One edit, which can be undone."""
    moved = len(division.moved(dataset.manifest))
    folds = dataset.manifest["id"].map(lambda key: division.folds.get(key, -1))
    changes = moved or bool((folds != dataset.manifest["fold"]).any())
    with st.container(horizontal=True, vertical_alignment="center"):
        go = st.button(
            "Apply this split",
            type="primary",
            icon=":material/call_split:",
            key="split-apply",
            disabled=not changes,
        )
        words = f"{counted(moved)} would change sides" if changes else "It is shared out so now"
        st.caption(f"{words}. You can undo this.")
    if go:
        changed = apply_plan(dataset, plan, near_groups(dataset))
        state.put("split-applied", (changed.name, changed.version))
        st.rerun()


def _division(dataset: Dataset, plan: SplitPlan) -> Division:
    key = (str(dataset.folder), dataset.version, near_stamp(dataset), plan.model_dump_json())
    return cache.remembered(_divided, *key)


def _divided(folder: str, version: int, stamp: int, plan: str) -> Division:
    dataset = open_dataset(cache.workspace(), Path(folder).name, version)
    return divide(SplitPlan.model_validate_json(plan), dataset, near_groups(dataset))
