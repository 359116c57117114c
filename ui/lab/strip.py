"""The strength strip: one step from least to most, to set how far it may go."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.augmentation import strength
from core.augmentation.comparing import name_of
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, Step
from core.evaluation.verdict import judge, label_shares
from ui import previews, recipe_editor, state
from ui.components.tile_wall import tile_wall
from ui.galleries import Tile
from ui.lab.judge import offer_judge
from ui.lab.judging import Asking
from ui.lab.lab import Lab
from ui.lab.photos import LabPhoto
from ui.lab.strength_curve import show_curve
from ui.lab.verdicts import BADGES, WAITING, judged_tile

LEGEND = (
    "From nothing to the most that this step can do, each picture at the end of its range. "
    "Click the last one that still looks like **{label}**: that sets the range."
)

JUDGED = f"The line in colour is what the model takes it for: {BADGES}."


def show_strip(lab: Lab) -> None:
    """Chooses step and photo, shows seven strengths, and takes the one that is clicked."""
    recipe = lab.recipe
    kind = _kind(recipe)
    with st.container(horizontal=True):
        photo = _photo(lab.photos)
        offer_judge(lab.run, lab.dataset_name)
    step = next((one for one in recipe.steps if one.kind == kind), None)
    start: Step = step or STEP_KINDS[kind].model_validate({"kind": kind})
    levels = strength.strip(photo.picture, start, recipe)
    used = strength.nearest(start) if step else None
    asking = Asking(lab.run) if lab.run else None
    st.caption(LEGEND.format(label=photo.label) + (f" {JUDGED}" if asking else ""))
    tiles = [
        Tile(level.picture, with_unit(start, level.value), hint=previews.words(level.drawn))
        for level in levels
    ]
    chosen = tile_wall(
        judged(tiles, photo.label, asking) if asking else tiles,
        len(levels),
        key=f"augment-strip-{kind}",
        title=f"{start.label} from least to most",
        selected=used,
        narrow=4,
    )
    if chosen is not None:
        recipe_editor.change_step(lab.dataset_name, levels[chosen].step)
        state.rerun_part()
    _said(start, step is not None)
    if asking:
        show_curve(asking, start, recipe, step is not None, partial(with_unit, start))


def judged(tiles: Sequence[Tile], label: str, asking: Asking) -> list[Tile]:
    """The strip with what the model says about each picture; the first is the original."""
    answers = asking.probabilities([tile.picture for tile in tiles])
    if answers is None:
        return list(tiles) if asking.error else [tile._replace(answer=WAITING) for tile in tiles]
    (own,) = label_shares([label], asking.class_names)
    shares = np.tile(own, (len(tiles) - 1, 1))
    first, *rest = judge(answers[0], own, answers[1:], shares)
    pairs = zip(tiles, [first, *rest], strict=True)
    return [judged_tile(tile, verdict, first, asking.class_names) for tile, verdict in pairs]


def _kind(recipe: AugmentationRecipe) -> str:
    kinds = [kind for kind in STEP_KINDS if strength.can_be_shown(kind)]
    on = [step.kind for step in recipe.steps if step.kind in kinds]
    return str(
        st.selectbox(
            "Step",
            kinds,
            index=kinds.index(on[0]) if on else 0,
            format_func=lambda kind: STEP_KINDS[kind].label,
            key="augment-strip-step",
        )
    )


def _photo(photos: Sequence[LabPhoto]) -> LabPhoto:
    place = state.get("augment-strip-photo", 0) % len(photos)
    st.button(
        "Another photo",
        icon=":material/image_search:",
        key="augment-strip-next",
        on_click=lambda: state.put("augment-strip-photo", place + 1),
    )
    return photos[place]


def with_unit(step: Step, value: float) -> str:
    """A strength with its unit, as in "40°" or "0.2 of the width"."""
    extra = type(step).model_fields[step.strength].json_schema_extra
    unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
    return f"{value:g}{'' if unit.startswith('°') else ' '}{unit}".strip()


def _said(step: Step, on: bool) -> None:
    value, name = with_unit(step, getattr(step, step.strength)), name_of(step.kind, step.strength)
    if on:
        st.markdown(f"**{step.label}** is on. Its {name} is {value}.")
    else:
        st.markdown(f"**{step.label}** is off. A click on a picture switches it on.")
