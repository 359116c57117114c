"""What would bring the uncovered photos inside, and what goes too far: with a button each."""

from typing import Any

import streamlit as st

from core.augmentation.comparing import name_of
from core.augmentation.steps import Step
from core.augmentation.strength import can_be_shown
from core.evaluation.coverage import Coverage
from core.evaluation.coverage_advice import Closer, TooWide, Trials, closers, too_wide
from core.evaluation.look import LOOKS
from core.evaluation.metrics import percent
from ui import cache, recipe_editor
from ui.lab.coverage_photos import Training
from ui.lab.lab import Lab
from ui.lab.strip import with_unit
from ui.lab.target import Target

TITLES = {look.name: look for look in LOOKS}


def show_advice(lab: Lab, coverage: Coverage, training: Training, target: Target) -> None:
    """Tries steps on some of the photos and says what they would do."""
    key = (training.key, target.key, lab.recipe)
    place = st.empty()
    close, wide = cache.kept(
        "coverage-advice", key, lambda: _try(lab, coverage, training, place), 16
    )
    place.empty()
    if coverage.gaps and not close:
        st.info(
            "None of Loupe's steps would bring these photos inside. More training photos that "
            "look like them would.",
            icon=":material/add_a_photo:",
        )
    on = {step.kind for step in lab.recipe.steps}
    for one in close:
        words = "Widen this step" if one.step.kind in on else "Add this step"
        _card(lab, one.step, closing_words(one, coverage, target), words, ":material/add:")
    for wider in wide:
        words = "Narrow this step" if wider.step.enabled else "Switch it off"
        _card(lab, wider.step, wide_words(wider, target), words, ":material/compress:")


def _try(
    lab: Lab, coverage: Coverage, training: Training, place: Any
) -> tuple[list[Closer], list[TooWide]]:
    def progress(done: int, total: int, message: str) -> None:
        # Said again and again, so that a slider that is moved meanwhile can interrupt.
        place.caption(":material/science: Trying which step would help")

    trials = Trials(training.pictures, training.rows, lab.recipe, progress=progress)
    return closers(coverage, trials), too_wide(coverage, trials)


def _card(lab: Lab, step: Step, words: str, button: str, icon: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(words, width="stretch")
        st.button(
            button,
            icon=icon,
            key=f"coverage-{step.kind}-{button}",
            on_click=recipe_editor.change_step,
            args=(lab.dataset_name, step),
        )


def step_words(step: Step) -> str:
    """A step with its strength, as in "Brightness (largest change 0.35 of the light)"."""
    if not can_be_shown(step.kind):
        return f"**{step.label}** for {percent(step.probability)} of the pictures"
    value = with_unit(step, getattr(step, step.strength))
    return f"**{step.label}** ({name_of(step.kind, step.strength)} {value})"


def closing_words(closer: Closer, coverage: Coverage, target: Target) -> str:
    """What a step would bring inside, in a sentence."""
    spreads = {spread.look.name: spread for spread in coverage.spreads}
    parts = []
    for name, (covered, outside) in closer.covers.items():
        after, look = spreads[name].after, TITLES[name]
        how = look.low if after.below >= after.above else look.high
        parts.append(f"{covered} of the {outside} {how} ones")
    return f"{step_words(closer.step)} would cover {' and '.join(parts)}."


def wide_words(wide: TooWide, target: Target) -> str:
    """What goes too far, and what would do, in a sentence."""
    look = wide.spread.look
    do = step_words(wide.step) if wide.step.enabled else f"Without **{wide.step.label}**"
    with_it = f"With {do} it" if wide.step.enabled else f"{do} it"
    return (
        f"{percent(wide.share)} of the copies are {look.low} or {look.high} than all of the "
        f"{target.named(len(wide.spread.seen))} ({percent(wide.before)} of your photos are). "
        f"Learning from what never comes takes time. {with_it} would be {percent(wide.left)}, and "
        f"no less would be covered."
    )
