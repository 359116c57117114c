"""Label safety: steps that turn one class into another, shown on the photos that prove it."""

from itertools import groupby

import streamlit as st

from core.augmentation.recipe import AugmentationRecipe
from core.evaluation.findings import Findings
from core.evaluation.label_safety import Turn
from core.evaluation.metrics import percent
from core.evaluation.robustness import SPLITS
from core.evaluation.turned_photos import TurnedPhoto, turned_photos
from core.evaluation.unsafe_steps import unsafe_steps
from core.training.runs import Run
from ui import cache, messages, state
from ui.galleries import Tile, picture_wall
from ui.lab.asking import findings
from ui.lab.lab import Lab
from ui.view_switch import go_to_view

TITLE = ":material/swap_horiz: Does a step turn one class into another?"
SENTENCE = (
    "Upside down, a 6 is a 9; mirrored, a b is a d. A model trained with such a step learns wrong "
    "labels. Loupe asks a trained model about its photos under every step, any angle and both "
    "mirrors included, and looks for classes that are *exchanged*."
)
LIMITS = (
    "A class counts as turned when most of its photos are taken for **one** other class, with "
    "confidence, while that class loses its own photos and the opposite step takes it back. "
    "Photos that are merely spoilt are taken for anything, or all for the one class that this "
    "model answers when it is lost; that is damage, and the robustness report shows it.\n\n"
    "Steps that push all photos one way (darker, nearer, more contrast) exchange nothing, so this "
    "cannot judge them: a model that takes dark photos for night answers like one that is lost "
    "in the dark. **How far?** lets you judge those by eye. Nor does it see a class that nobody "
    "gave the model: a mirrored R is no other letter, but it is no R either."
)


def show_safety(lab: Lab) -> None:
    """What was found, with its photos, or the way to finding out."""
    found = findings(lab, TITLE, SENTENCE)
    if found is None or lab.run is None:
        return
    turns = sorted(found.turns, key=lambda turn: turn.kind)
    kinds = list(dict.fromkeys(turn.kind for turn in found.turns))
    heading(found, kinds)
    groups = {kind: list(group) for kind, group in groupby(turns, lambda turn: turn.kind)}
    for kind in kinds:
        card(lab.run, found, groups[kind])
    with st.expander("How this is found, and what it cannot see", icon=":material/lightbulb:"):
        st.markdown(LIMITS)


def heading(found: Findings, kinds: list[str]) -> None:
    """How many steps, in a sentence, and who could not be judged."""
    if kinds:
        steps = "One step turns" if len(kinds) == 1 else f"{len(kinds)} steps turn"
        st.subheader(f":material/warning: {steps} one class into another", anchor=False)
    else:
        st.subheader(":material/task_alt: No step turns one class into another", anchor=False)
        st.markdown(
            f"Of {len(found.report.trials) - 1} things done to {found.asked}, none exchanges two "
            "classes."
        )
    if found.unjudged:
        names = ", ".join(messages.literal(name) for name in found.unjudged)
        st.caption(f"Too few photos that the model names rightly, so not judged: {names}.")


def card(run: Run, found: Findings, turns: list[Turn]) -> None:
    """One step: a sentence per pair of classes, and photos before and after."""
    with st.container(border=True, key=f"safety-{turns[0].kind}"):
        st.subheader(turns[0].label, anchor=False)
        for place, turn in enumerate(turns):
            st.markdown(f"{messages.literal(turn.sentence)} **{messages.literal(turn.advice)}**")
            st.html(photos_html(run, found, turn, f"loupe-turn-{turn.kind}-{place}"))


def photos_html(run: Run, found: Findings, turn: Turn, name: str) -> str:
    """Photos of the class before and after, and what each is taken for."""
    about = found.report.about
    pictures = cache.remembered(
        _turned, run.name, about["split"], about["key"], turn.place, turn.first, turn.second
    )
    tiles = []
    for one in pictures:
        sure = percent(one.confidence).replace(" ", "\N{NO-BREAK SPACE}")
        taken = f"taken for {turn.names[turn.second]}, {sure}"
        tiles.append(Tile(one.before, turn.names[turn.first], hint="unchanged"))
        tiles.append(Tile(one.after, taken, original=True, hint=turn.done))
    return picture_wall(tiles, 8, name, fold=True) if tiles else ""


def _turned(
    run_name: str, split: str, key: str, place: int, first: int, second: int
) -> list[TurnedPhoto]:
    run = cache.run(run_name)
    found = cache.robustness(run, split)
    if found is None or found.report.about["key"] != key:
        return []
    turn = next(
        turn
        for turn in found.turns
        if (turn.place, turn.first, turn.second) == (place, first, second)
    )
    return turned_photos(run, found.report, turn)


def warn(lab: Lab) -> None:
    """Says which steps of the recipe at hand the last report found unsafe at their range."""
    for run in _judges(lab):
        for split in SPLITS:
            found = cache.robustness(run, split)
            if found is not None:
                say(lab.recipe, found, run)
                return


def say(recipe: AugmentationRecipe, found: Findings, run: Run) -> None:
    unsafe = unsafe_steps(recipe, found.turns)
    if not unsafe:
        return
    said = "\n".join(
        f"- **{messages.literal(step.label)}**: {messages.literal(step.sentence)}"
        for step in unsafe
    )
    with st.container(key="safety-warning"):
        st.warning(
            f"This recipe would teach wrong labels, as {messages.literal(run.name)} shows:\n\n"
            f"{said}",
            icon=":material/warning:",
        )
        if state.address("view") != "safety":
            st.button(
                "Show the photos",
                type="tertiary",
                icon=":material/arrow_forward:",
                key="safety-go",
                on_click=go_to_view,
                args=("safety",),
            )


def _judges(lab: Lab) -> list[Run]:
    """The judge, else the runs on these photos, newest first: labels are turned for all."""
    if lab.run is not None:
        return [lab.run]
    if lab.dataset_name is None:
        return []
    names = [str(run["name"]) for run in cache.runs(lab.dataset_name) if run["has_model"]]
    return [cache.run(name) for name in names]
