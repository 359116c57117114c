"""Augmentation: one change at a time, ten draws of a recipe, and where the label is lost."""

from typing import Any

import numpy as np
import streamlit as st

from core.augmentation.drawing import draw
from core.augmentation.presets import DESCRIBED
from core.augmentation.preview import wall
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, Step
from core.augmentation.strength import at_ends, at_strength
from core.augmentation.transforms import apply
from ui import messages, previews, state
from ui.concepts.lab import Lab
from ui.concepts.turned_six import show_turned_six
from ui.galleries import Tile, picture_wall

BASICS = (
    "rotation",
    "width_shift",
    "height_shift",
    "zoom",
    "shear",
    "horizontal_flip",
    "vertical_flip",
    "perspective",
    "brightness",
    "contrast",
    "saturation",
    "hue",
    "grey",
    "blur",
    "noise",
    "cutout",
)
FIRST = {"shear": 15.0}  # its default is the tutorials' and hardly to be seen
DRAWS, COLUMNS = 10, 5
RECIPES = [name for name, preset in DESCRIBED.items() if preset.recipe.steps]


@st.fragment
@messages.guarded
def show(picture: np.ndarray) -> None:
    """Three parts, one below the other."""
    _one_change(picture)
    st.subheader("Ten draws of a recipe", anchor=False)
    _recipe(picture)
    st.subheader("What must stay the same: the label", anchor=False)
    show_turned_six()
    state.page_link(
        "augmentation",
        "To the augmentation page",
        icon=":material/arrow_forward:",
    )


def _one_change(picture: np.ndarray) -> None:
    left, right = st.columns([7, 5], gap="large")
    with right:
        kind = st.selectbox(
            "Change",
            BASICS,
            format_func=lambda kind: STEP_KINDS[kind].label,
            key="concept-change",
        )
        step = _step(kind)
        st.caption(str(type(step).__doc__).strip().splitlines()[0])
    made = AugmentationRecipe(fill_mode="reflect", steps=(step,))  # type: ignore[arg-type]
    tiles = [Tile(picture, "Original", original=True)]
    if step.strength:
        ends = at_ends(step, getattr(step, step.strength), made)
        names = ("At most", "or at most") if len(ends) > 1 else ("At most",)
    else:
        ends, names = [draw(made, 0)], ("Changed",)
    for name, end in zip(names, ends, strict=True):
        tiles.append(Tile(apply(picture, end), f"{name}: {previews.words(end)}"))
    with left:
        st.html(picture_wall(tiles, 3, "loupe-lab-ends"))
    with right:
        st.caption(
            "Training draws anew for every photo and every epoch, anywhere between nothing and "
            "these. The picture is changed by the very code that trains."
        )


def _step(kind: str) -> Step:
    """The kind of step, as strong as the slider says."""
    model = STEP_KINDS[kind]
    step = model.model_validate({"kind": kind, "probability": 1.0})
    if not model.strength:
        return step
    field = model.model_fields[model.strength]
    about: Any = field.json_schema_extra
    kind_of = int if field.annotation is int else float
    first: Any = FIRST.get(kind, field.default)
    strength = st.slider(
        f"{about['label']} ({about['unit']})" if about["unit"] else str(about["label"]),
        min_value=kind_of(min(model.weakest, model.strongest)),
        max_value=kind_of(max(model.weakest, model.strongest)),
        value=kind_of(first),
        step=kind_of(about["step"]),
        format="%d" if about["step"] >= 1 else None,
        key=f"concept-strength-{kind}",
    )
    return at_strength(step, strength)


def _recipe(picture: np.ndarray) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Recipe",
            RECIPES,
            format_func=lambda name: DESCRIBED[name].title,
            key="concept-recipe",
            width=240,
        )
        st.button(
            "Draw again", icon=":material/casino:", on_click=_draw_again, key="concept-recipe-again"
        )
    st.caption(DESCRIBED[name].reason)
    seed = state.get("concept-recipe-seed", 0)
    made = wall([picture], DESCRIBED[name].recipe, seed, DRAWS)
    tiles = [
        Tile(one, previews.short(drawn), hint=previews.words(drawn))
        for one, drawn in zip(made.pictures[0], made.drawn[0], strict=True)
    ]
    st.html(picture_wall(tiles, COLUMNS, "loupe-lab-draws", fold=True))
    st.caption(
        "One photo, ten epochs: the network never sees the same pixels twice, and each time it is "
        "asked for the same answer."
    )


def _draw_again() -> None:
    state.put("concept-recipe-seed", state.get("concept-recipe-seed", 0) + 1)


LAB = Lab(
    anchor="augmentation",
    title="Augmentation",
    hint="one photo becomes many, and stays what it is",
    words=(
        "A network that sees the same few photos again and again learns the photos. So each is "
        "changed a little every time it is shown: turned, moved, mirrored, lit differently. The "
        "answer it is asked for stays the same, and that is what it learns."
    ),
    question=(
        "Find a change that would spoil photos of road signs with arrows, at any strength. And "
        "one that would spoil photos of ripe and unripe tomatoes."
    ),
    answer=(
        "The horizontal flip turns “left” into “right”. And hue, or taking the colour away, hides "
        "the very thing that tells ripe from unripe."
    ),
    draw=show,
)
