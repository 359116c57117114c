"""The controls of the augmentation lab: presets and a card per step, drawn from the recipe."""

from typing import Any

import streamlit as st

from core.augmentation.presets import BUTTERFLIES, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, STEP_LABELS
from ui import forms, state

PRESET_LABELS = {"butterflies": "Butterflies", "gentle": "Gentle", "none": "None"}
ALWAYS_SHOWN = {"horizontal_flip": ("probability",), "vertical_flip": ("probability",)}


def edited_recipe(dataset_name: str | None) -> AugmentationRecipe:
    """Draws the controls and returns the recipe they describe."""
    scope = f"augment-{dataset_name or 'drawn'}"
    draft = _draft(scope, dataset_name)
    _presets(scope, draft)
    expert = st.toggle(
        "Show chances",
        key=f"{scope}-expert",
        help="Every step can happen to each photo, or only to a share of them.",
    )
    key = f"{scope}-{state.get(f'{scope}-revision', 0)}"
    steps = [_step(kind, draft, key, expert) for kind in STEP_KINDS]
    base = forms.model_form(AugmentationRecipe, draft, key, ["fill_mode"])
    if base.fill_mode == "constant":
        base = forms.model_form(AugmentationRecipe, base, key, ["fill_value"])
    recipe = base.model_copy(update={"steps": tuple(steps)})
    recipe = recipe.model_copy(update={"name": preset_of(recipe) or "own"})
    state.put(f"{scope}-draft", recipe)
    return recipe


def effective(recipe: AugmentationRecipe) -> AugmentationRecipe:
    """The recipe without the steps that are switched off."""
    kept = tuple(step for step in recipe.steps if step.enabled)
    return recipe.model_copy(update={"steps": kept})


def preset_of(recipe: AugmentationRecipe) -> str | None:
    """The name of the preset that does the same, None when there is none."""
    for name, preset in PRESETS.items():
        if _content(preset) == _content(recipe):
            return name
    return None


def start_from(scope: str, recipe: AugmentationRecipe) -> None:
    """Lets the controls show `recipe`."""
    state.put(f"{scope}-draft", recipe)
    state.put(f"{scope}-revision", state.get(f"{scope}-revision", 0) + 1)


def _draft(scope: str, dataset_name: str | None) -> AugmentationRecipe:
    draft = state.get(f"{scope}-draft")
    return draft or state.augmentation_recipe(dataset_name) or BUTTERFLIES


def _presets(scope: str, draft: AugmentationRecipe) -> None:
    key = f"{scope}-preset"
    state.set_widget(key, preset_of(draft))
    st.pills(
        "Start from",
        list(PRESET_LABELS),
        key=key,
        format_func=lambda name: PRESET_LABELS[name],
        on_change=_take_preset,
        args=(scope,),
        wrap=True,
        help="Butterflies is the tutorial's recipe; gentle is a good default for small pictures.",
    )


def _take_preset(scope: str) -> None:
    chosen = state.widget(f"{scope}-preset")
    if chosen:
        start_from(scope, PRESETS[chosen])


def _step(kind: str, draft: AugmentationRecipe, key: str, expert: bool) -> Any:
    model = STEP_KINDS[kind]
    start: Any = next((step for step in draft.steps if step.kind == kind), None)
    start = start or model.model_validate({"enabled": False})
    key = f"{key}-{kind}"
    with st.container(gap="xsmall"):
        on = st.toggle(STEP_LABELS[kind], start.enabled, key=f"{key}.on", help=model.__doc__)
        if not on:
            return start.model_copy(update={"enabled": False})
        fields = [
            name
            for name in model.model_fields
            if name not in ("kind", "enabled")
            and (name != "probability" or expert or name in ALWAYS_SHOWN.get(kind, ()))
        ]
        return forms.model_form(model, start.model_copy(update={"enabled": True}), key, fields)


def _content(recipe: AugmentationRecipe) -> dict[str, Any]:
    kept = effective(recipe)
    steps = sorted(
        (step.model_dump(exclude={"enabled"}) for step in kept.steps),
        key=lambda step: str(step["kind"]),
    )
    unused = {} if kept.fill_mode == "constant" else {"fill_value": 0}
    return {**kept.model_dump(exclude={"name", "steps"}), **unused, "steps": steps}
