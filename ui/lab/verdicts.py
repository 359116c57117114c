"""What the judging model says about the wall: under the tiles and in a sentence."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.augmentation.preview import Wall, wall
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS, STEP_LABELS
from core.evaluation.metrics import percent
from core.evaluation.verdict import Verdict, in_words, judge, label_shares, steps_in_words, tally
from ui import messages
from ui.galleries import Answer, Tile
from ui.lab.judging import Asking
from ui.lab.photos import LabPhoto
from ui.palette import class_color

WAITING = Answer("…")
BADGES = "✕ now wrong, ✓ now right, ≠ changed otherwise"
KNOWN = (
    "These are training photos, which the model knows. **How far?** asks it about photos it has "
    "not learnt from."
)
CHANGES = {
    "lost": "now wrong",
    "won": "now right",
    "other": "another answer than for the original",
    "blended": "its label is mixed, so no single answer is right",
}
Verdicts = list[list[Verdict]]


def wall_verdicts(
    asking: Asking, photos: Sequence[LabPhoto], made: Wall, urgent: bool = True
) -> Verdicts | None:
    """A row per photo: on itself, then on its variations. None if nothing is known yet."""
    pictures = [
        one
        for photo, variants in zip(photos, made.pictures, strict=True)
        for one in (photo.picture, *variants)
    ]
    answers = asking.probabilities(pictures, urgent)
    if answers is None:
        return None
    labels, names = [photo.label for photo in photos], asking.class_names
    own = label_shares(labels, names)
    by_photo = answers.reshape(len(photos), -1, len(names))
    return [
        judge(row[0], own[place], row[1:], label_shares(labels, names, np.stack(shares)))
        for place, (row, shares) in enumerate(zip(by_photo, made.shares, strict=True))
    ]


def judged_tile(
    tile: Tile, verdict: Verdict, original: Verdict, class_names: Sequence[str]
) -> Tile:
    """The tile with what the model says about its picture."""
    words = in_hint(verdict, original, class_names)
    hint = f"{tile.hint or tile.caption}. {words}."
    return tile._replace(answer=tile_answer(verdict, class_names), hint=hint)


def tile_answer(verdict: Verdict, class_names: Sequence[str]) -> Answer:
    """What stands under the tile of a picture."""
    change = verdict.change if verdict.change in ("lost", "won", "other") else ""
    label, color = class_names[verdict.answer], class_color(verdict.answer)
    return Answer(label, percent(verdict.probability), color, change)


def in_hint(verdict: Verdict, original: Verdict, class_names: Sequence[str]) -> str:
    """The same in words, for the hint of the tile."""
    said = f"The model says {class_names[verdict.answer]}, {percent(verdict.probability)} sure"
    change = CHANGES.get(verdict.change)
    if verdict is original:
        return said + {True: ": right", False: ": wrong", None: ""}[verdict.right]
    if change is None:
        return said
    if verdict.change == "blended":
        return f"{said}; {change}"
    return f"{said}; for the original {class_names[original.answer]}: {change}"


def say(
    asking: Asking,
    verdicts: Verdicts | None,
    photos: Sequence[LabPhoto],
    recipe: AugmentationRecipe,
    seed: int,
    draws: int,
) -> None:
    """The wall in a sentence, and which step changes most; or why there is none yet."""
    if asking.error is not None:
        asking.show_error()
    elif verdicts is None:
        asking.watch()
    else:
        counted = tally(verdicts)
        alone = _flips_alone(asking, photos, recipe, seed, draws)
        steps = steps_in_words(alone, len(photos) * draws) if alone else ""
        st.markdown(messages.literal(f"{in_words(counted)} {steps}"))
        asking.watch("The model is looking at each step alone.", key="asking-steps")


def _flips_alone(
    asking: Asking, photos: Sequence[LabPhoto], recipe: AugmentationRecipe, seed: int, draws: int
) -> dict[str, int] | None:
    """For how many variations each step, acting alone as it was drawn, changes the answer."""
    kinds = [step.kind for step in recipe.steps if step.enabled and step.kind not in MIXING_KINDS]
    flips = {}
    for kind in kinds:
        count = _flips_of(asking, photos, recipe.only(kind), seed, draws)
        if asking.is_waiting:
            continue
        flips[STEP_LABELS[kind]] = count or 0
    return None if asking.is_waiting else flips


def _flips_of(
    asking: Asking, photos: Sequence[LabPhoto], recipe: AugmentationRecipe, seed: int, draws: int
) -> int | None:
    pictures, rows = [photo.picture for photo in photos], [photo.row for photo in photos]

    def count() -> int | None:
        made = wall(pictures, recipe, seed, draws, rows)
        verdicts = wall_verdicts(asking, photos, made, urgent=False)
        return None if verdicts is None else tally(verdicts).flips

    shown = tuple((photo.source, photo.photo_id, photo.row, photo.label) for photo in photos)
    return asking.derived(count, recipe.model_dump_json(exclude={"name"}), seed, draws, shown)
