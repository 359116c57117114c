"""The controls of the augmentation lab: presets, steps in groups, their order, undo."""

from typing import Any

import streamlit as st

from core.augmentation.presets import BUTTERFLIES, DESCRIBED, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import GROUPS, MIXING_KINDS, STEP_KINDS, Step
from core.errors import LoupeError
from ui import forms, messages, state
from ui.components.step_order import step_order

STEPS_TO_UNDO = 100
ORDER_NOTE = (
    "They happen from top to bottom. Neighbours that move and turn are done at once; MixUp and "
    "CutMix always come last."
)


def scope_of(dataset_name: str | None) -> str:
    """Under which name this data set's recipe is kept while it is edited."""
    return f"augment-{dataset_name or 'drawn'}"


def edited_recipe(dataset_name: str | None) -> AugmentationRecipe:
    """Draws the controls and returns the recipe they describe."""
    scope = scope_of(dataset_name)
    draft = current(dataset_name)
    _history_buttons(scope)
    _presets(scope, draft)
    expert = st.toggle(
        "Show chances",
        key=f"{scope}-expert",
        help="Every step can happen to each photo, or only to a share of them.",
    )
    key = f"{scope}-{state.get(f'{scope}-revision', 0)}"
    steps: dict[str, Step] = {}
    for group in GROUPS:
        steps |= _group(group, draft, key, expert)
    base = forms.model_form(AugmentationRecipe, draft, key, ["fill_mode"])
    if base.fill_mode == "constant":
        base = forms.model_form(AugmentationRecipe, base, key, ["fill_value"])
    recipe = named(base.model_copy(update={"steps": _in_order(steps, draft)}))
    _remember(scope, draft, recipe)
    _order(scope, recipe)
    return recipe


def current(dataset_name: str | None) -> AugmentationRecipe:
    """The recipe being edited, or the one kept for the data set, or the tutorial's."""
    draft = state.get(f"{scope_of(dataset_name)}-draft")
    return draft or state.augmentation_recipe(dataset_name) or BUTTERFLIES


def tell_of_unread(dataset_name: str | None, instead: str) -> None:
    """Says that the recipe kept for the data set cannot be read, and what happens `instead`."""
    problem = state.augmentation_problem(dataset_name)
    if problem:
        st.warning(
            "**The recipe kept for these photos cannot be read.** "
            f"{messages.literal(problem.message)} It may come from a newer Loupe: open it there, "
            f"or choose another here. {instead} Nothing is lost: *augmentation.json* is left as "
            "it is, and set aside when you choose another.",
            icon=":material/report:",
        )


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


def named(recipe: AugmentationRecipe) -> AugmentationRecipe:
    """The recipe with the name of the preset that it is, or with its own."""
    preset = preset_of(recipe)
    own = "own" if recipe.name in PRESETS else recipe.name
    return recipe.model_copy(update={"name": preset or own})


def start_from(scope: str, recipe: AugmentationRecipe) -> None:
    """Lets the controls show `recipe`; what they showed can be brought back."""
    before = state.get(f"{scope}-draft")
    if before is not None and before != recipe:
        _push(scope, before)
    _show(scope, recipe)


def change_step(dataset_name: str | None, step: Step) -> None:
    """Puts `step` into the recipe being edited, at its place or at the end."""
    draft = current(dataset_name)
    rest = {one.kind: one for one in draft.steps} | {step.kind: step}
    start_from(scope_of(dataset_name), draft.model_copy(update={"steps": tuple(rest.values())}))


def undo(scope: str) -> None:
    """Brings back the recipe before the last change."""
    _travel(scope, "past", "future")


def redo(scope: str) -> None:
    """Takes an undo back."""
    _travel(scope, "future", "past")


def _travel(scope: str, source: str, goal: str) -> None:
    waiting = state.get(f"{scope}-{source}", ())
    if not waiting:
        return
    others = state.get(f"{scope}-{goal}", ())
    state.put(f"{scope}-{goal}", (*others, state.get(f"{scope}-draft")))
    state.put(f"{scope}-{source}", waiting[:-1])
    _show(scope, waiting[-1])


def _show(scope: str, recipe: AugmentationRecipe) -> None:
    state.put(f"{scope}-draft", recipe)
    state.put(f"{scope}-revision", state.get(f"{scope}-revision", 0) + 1)


def _push(scope: str, recipe: AugmentationRecipe) -> None:
    past = (*state.get(f"{scope}-past", ()), recipe)
    state.put(f"{scope}-past", past[-STEPS_TO_UNDO:])
    state.put(f"{scope}-future", ())


def _remember(scope: str, before: AugmentationRecipe, recipe: AugmentationRecipe) -> None:
    if _content(before) != _content(recipe):
        _push(scope, before)
    state.put(f"{scope}-draft", recipe)


def _history_buttons(scope: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for words, icon, act, waiting in (
            ("Undo", ":material/undo:", undo, "past"),
            ("Redo", ":material/redo:", redo, "future"),
        ):
            st.button(
                words,
                icon=icon,
                key=f"{scope}-{words}",
                type="tertiary",
                disabled=not state.get(f"{scope}-{waiting}", ()),
                on_click=act,
                args=(scope,),
            )


def _presets(scope: str, draft: AugmentationRecipe) -> None:
    key, present = f"{scope}-preset", preset_of(draft)
    state.set_widget(key, present)
    st.pills(
        "Start from",
        list(PRESETS),
        key=key,
        format_func=lambda name: DESCRIBED[name].title,
        on_change=_take_preset,
        args=(scope,),
        wrap=True,
        help="Butterflies is the tutorial's recipe; gentle is a good default for small pictures.",
    )
    if present:
        st.caption(DESCRIBED[present].reason)


def _take_preset(scope: str) -> None:
    chosen = state.widget(f"{scope}-preset")
    if chosen:
        start_from(scope, PRESETS[chosen])


def _group(group: str, draft: AugmentationRecipe, key: str, expert: bool) -> dict[str, Step]:
    kinds = [kind for kind, model in STEP_KINDS.items() if model.group == group]
    on = [step.kind for step in draft.steps if step.enabled and step.kind in kinds]
    title = f"{group} · {len(on)} on" if on else group
    with st.expander(title, expanded=bool(on), key=f"{key}-{group}"):
        return {kind: _step(kind, draft, key, expert) for kind in kinds}


def _step(kind: str, draft: AugmentationRecipe, key: str, expert: bool) -> Any:
    model = STEP_KINDS[kind]
    start: Any = next((step for step in draft.steps if step.kind == kind), None)
    start = start or model.model_validate({"enabled": False})
    key = f"{key}-{kind}"
    with st.container(gap="xsmall"):
        on = st.toggle(model.label, start.enabled, key=f"{key}.on", help=model.__doc__)
        if not on:
            return start.model_copy(update={"enabled": False})
        start = start.model_copy(update={"enabled": True})
        try:
            return forms.model_form(model, start, key, fields_of(model, expert))
        except LoupeError as error:
            messages.show_error(error)
            return start


def fields_of(model: type[Step], expert: bool) -> list[str]:
    """Which fields of a step are shown: its chance only if asked for, or if it has no other."""
    fields = [name for name in model.model_fields if name not in ("kind", "enabled")]
    if len(fields) == 1 or expert:
        return fields
    return [name for name in fields if name != "probability"]


def _in_order(steps: dict[str, Step], draft: AugmentationRecipe) -> tuple[Step, ...]:
    """As in the draft; a step that was just switched on comes last, those that are off behind."""
    before: list[str] = [step.kind for step in draft.steps if step.enabled]
    on = [kind for kind in before if steps[kind].enabled]
    on += [kind for kind, step in steps.items() if step.enabled and kind not in on]
    off = [kind for kind, step in steps.items() if not step.enabled]
    return tuple(steps[kind] for kind in (*on, *off))


def _order(scope: str, recipe: AugmentationRecipe) -> None:
    on: dict[str, str] = {step.kind: step.label for step in recipe.steps if step.enabled}
    if len(on) < 2:
        return
    with st.expander("Order", key=f"{scope}-order-box", icon=":material/swap_vert:"):
        st.caption(ORDER_NOTE)
        order = step_order(on, key=f"{scope}-order", title="Steps of the recipe, in order")
    if order:
        reorder(scope, recipe, order)
        state.rerun_part()


def reorder(scope: str, recipe: AugmentationRecipe, order: list[str]) -> None:
    """Puts the steps that are on in `order`."""
    steps: dict[str, Step] = {step.kind: step for step in recipe.steps}
    rest = [kind for kind in steps if kind not in order]
    moved = tuple(steps[kind] for kind in (*order, *rest))
    start_from(scope, recipe.model_copy(update={"steps": moved}))


def _content(recipe: AugmentationRecipe) -> dict[str, Any]:
    """What the recipe does. Neighbours that are done at once have no order."""
    kept = effective(recipe)
    steps = [step.model_dump(exclude={"enabled"}) for step in kept.steps]
    fused = {kind for kind, model in STEP_KINDS.items() if model.group == GROUPS[0]} - {"elastic"}
    if all(step["kind"] in fused or step["kind"] in MIXING_KINDS for step in steps):
        steps = sorted(steps, key=lambda step: str(step["kind"]))
    unused = {} if kept.fill_mode == "constant" else {"fill_value": 0}
    return {**kept.model_dump(exclude={"name", "steps"}), **unused, "steps": steps}
