"""MixUp and CutMix among the settings: steps of the augmentation recipe of these photos."""

from typing import Any

import streamlit as st

from core.augmentation.drawing import draw_all, picture_seed
from core.augmentation.preview import batch
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS, STEP_KINDS, STEP_LABELS, Step
from ui import cache, previews, recipe_editor, state
from ui.galleries import Tile, picture_wall
from ui.settings.scene import Scene

SENTENCE = (
    "Two photos in one, and the label in the same shares: it can then not rely on a single detail. "
    "They are steps of the variations of these photos, the same as on the page Augmentation."
)
HELP = {
    "mixup": "Lays one photo over another, half transparent.",
    "cutmix": "Pastes a box of another photo into this one.",
}


def controls(scene: Scene) -> None:
    """A toggle for each, the way back, and the link to all the variations."""
    name, recipe = scene.dataset.name, scene.recipe.augmentation
    st.markdown("**Blend photos**")
    for kind in MIXING_KINDS:
        key, on = f"{scene.key}.{kind}", step_is_on(recipe, kind)
        if state.widget(key) != on:
            state.set_widget(key, on)
        st.toggle(
            STEP_LABELS[kind],
            key=key,
            help=HELP[kind],
            on_change=_switch,
            args=(name, recipe, kind, not on),
        )
    st.caption(SENTENCE)
    with st.container(horizontal=True, vertical_alignment="center"):
        if state.get(_past(name)):
            st.button(
                "Undo",
                icon=":material/undo:",
                type="tertiary",
                key=f"{scene.key}.mixing-undo",
                on_click=_undo,
                args=(name,),
            )
        state.page_link("augmentation", "All variations", icon=":material/auto_awesome_motion:")


def preview(scene: Scene) -> None:
    """Two of these photos, and what each step makes of them."""
    recipe = scene.recipe
    key = (str(scene.dataset.folder), scene.dataset.version, recipe.picture, scene.training.seed)
    steps = tuple(_step(recipe.augmentation, kind) for kind in MIXING_KINDS)
    html = cache.kept("settings-mixing", (*key, *steps), lambda: _blended(scene))
    if html:
        st.html(html)


def _blended(scene: Scene) -> str:
    chosen = previews.photos_in_turn(scene.dataset.name, 2, 0)
    if len(chosen) < 2:
        return ""
    spec = scene.recipe.picture
    pictures = [previews.picture_of(path, photo_id, spec) for photo_id, _, path, _ in chosen]
    labels = [label for _, label, _, _ in chosen]
    tiles = [
        Tile(picture, label, original=True) for picture, label in zip(pictures, labels, strict=True)
    ]
    for kind in MIXING_KINDS:
        alone = _alone(scene.recipe.augmentation, kind)
        drawn = draw_all(alone, [picture_seed(scene.training.seed, 0, row) for *_, row in chosen])
        made, _, shares = batch(pictures, drawn)
        words = f"{STEP_LABELS[kind]}: {previews.blended_label(shares[0], labels)}"
        tiles.append(Tile(made[0], words))
    return picture_wall(tiles, len(tiles), "loupe-mixing")


def step_is_on(recipe: AugmentationRecipe, kind: str) -> bool:
    """Whether the recipe has the step, switched on."""
    return any(step.kind == kind and step.enabled for step in recipe.steps)


def switched(recipe: AugmentationRecipe, kind: str, on: bool) -> AugmentationRecipe:
    """The recipe with the step on or off; one that it does not have comes last."""
    steps: dict[str, Step] = {step.kind: step for step in recipe.steps}
    steps[kind] = _step(recipe, kind).model_copy(update={"enabled": on})
    return recipe_editor.named(recipe.model_copy(update={"steps": tuple(steps.values())}))


def _step(recipe: AugmentationRecipe, kind: str) -> Step:
    found: Any = next((step for step in recipe.steps if step.kind == kind), None)
    return found or STEP_KINDS[kind].model_validate({})


def _alone(recipe: AugmentationRecipe, kind: str) -> AugmentationRecipe:
    """Only this step, which happens to every photo."""
    step = _step(recipe, kind).model_copy(update={"probability": 1.0, "enabled": True})
    return recipe.model_copy(update={"steps": (step,)})


def _past(dataset_name: str) -> str:
    return f"mixing-past-{dataset_name}"


def _switch(dataset_name: str, recipe: AugmentationRecipe, kind: str, on: bool) -> None:
    """Keeps the recipe with the step on or off, and shows it on the page Augmentation."""
    scope = recipe_editor.scope_of(dataset_name)
    edited = state.get(f"{scope}-draft") is not None
    before = state.augmentation_recipe(dataset_name), edited
    state.put(_past(dataset_name), (*state.get(_past(dataset_name), ()), before))
    changed = switched(recipe, kind, on)
    state.keep_augmentation_recipe(dataset_name, changed)
    if edited:
        recipe_editor.change_step(dataset_name, _step(changed, kind))


def _undo(dataset_name: str) -> None:
    *earlier, (recipe, edited) = state.get(_past(dataset_name))
    state.put(_past(dataset_name), tuple(earlier))
    if recipe is None:
        state.forget_augmentation_recipe(dataset_name)
    else:
        state.keep_augmentation_recipe(dataset_name, recipe)
    if edited:
        recipe_editor.undo(recipe_editor.scope_of(dataset_name))
