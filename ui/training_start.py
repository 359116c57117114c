"""What a new training will do: for how long, on which pictures, with which settings."""

from html import escape

import streamlit as st

from core.errors import LoupeError
from core.launcher import launch
from core.models.backbones import Backbone
from core.training.recipes import Recipe
from core.training.repeating import BY_TIME, find_again
from core.training.runs import Run, create_run
from ui import cache, messages, recipe_editor, state
from ui.backbone_view import copies_words
from ui.cross.start import offer_check
from ui.misfit_view import tell_misfit
from ui.model_choice import recipe_to_train
from ui.settings.choice import chosen_training
from ui.settings.form import settings_form
from ui.settings.keeping import Kept
from ui.settings.length import how_long
from ui.training_memory import memory_line


@st.fragment
@messages.guarded
def start_form(dataset_name: str) -> None:
    """Everything that can be chosen, with good choices already made, and the button."""
    own = recipe_to_train(dataset_name)
    key, kept = f"train-{dataset_name}-{own.name}", Kept(dataset_name, own)
    recipe = _with_settings(own, kept, key)
    _plan(dataset_name, recipe)
    if tell_misfit(cache.dataset(dataset_name)):
        return
    how_long(recipe.training, kept, key)
    settings_form(recipe, kept, key)
    memory_line(dataset_name, recipe)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Start training", type="primary", icon=":material/play_arrow:", key=f"{key}.start"
        )
        offer_check(dataset_name, recipe, key)
        place = st.empty()
    place.caption("Trains on: …")
    if pressed:
        with messages.guard():
            start_training(dataset_name, recipe)
    place.caption(f"Trains on: {_device()}")


def _with_settings(own: Recipe, kept: Kept, key: str) -> Recipe:
    """The recipe with the settings that were kept; its own where those do not fit."""
    try:
        training = chosen_training(kept.dataset_name, own)
    except LoupeError as error:
        messages.show_error(error)
        st.button(
            "Back to the recipe's own settings",
            icon=":material/restart_alt:",
            key=f"{key}.mend",
            on_click=kept.go_back,
            args=tuple(kept.values),
        )
        return own
    return own.model_copy(update={"training": training})


def start_training(dataset_name: str, recipe: Recipe) -> None:
    """Creates a run, launches it and shows it."""
    run = create_run(cache.workspace(), dataset_name, recipe)
    _launch(run)


def repeat_button(run: Run) -> None:
    """The same training once more as a new run, with a word on what that means for the photos."""
    config = run.config
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Repeat exactly this training", icon=":material/replay:", type="tertiary"
        )
        st.caption(_same_photos(run), width="content")
    if pressed:
        with messages.guard():
            _launch(find_again(run.workspace, config).create())


def _same_photos(run: Run) -> str:
    """Which photos a repetition learns from, and whether its curve will be the same."""
    config = run.config
    words = "The same settings and seed"
    try:
        newest = cache.dataset(config.dataset).version
    except LoupeError:
        return f"{words}."
    words += f", on the same photos: version {config.dataset_version:,}"
    if newest != config.dataset_version:
        words += f", not the {newest:,} of today"
    by_time = config.recipe.training.epochs is None
    return f"{words}. {BY_TIME}" if by_time else f"{words}."


def _launch(run: Run) -> None:
    launch(run.folder)
    state.select_run(run.name)
    st.rerun()


def _plan(dataset_name: str, recipe: Recipe) -> None:
    """Which network and which variations, each with the link to change it."""
    height, width = recipe.picture.image_size
    steps = [step.kind.replace("_", " ") for step in recipe.augmentation.steps if step.enabled]
    kept = state.augmentation_is_kept(dataset_name)
    whose = "yours" if kept else "the network's own"
    variations = f"{', '.join(steps)} ({whose})" if steps else f"none ({whose})"
    if isinstance(recipe.architecture, Backbone):
        variations = copies_words(recipe.architecture, variations)
    rows = {
        "Network": f"{recipe.title}, pictures of {height} × {width}{_open_words(recipe)}",
        "Variations of every photo": variations,
    }
    cells = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows.items())
    st.html(f"<style>{PLAN_CSS}</style><dl class='lp-plan'>{cells}</dl>")
    instead = "This training would use the network's own variations."
    recipe_editor.tell_of_unread(dataset_name, instead)
    with st.container(horizontal=True):
        state.page_link("model", "Change the network", icon=":material/layers:")
        state.page_link(
            "augmentation", "Change the variations", icon=":material/auto_awesome_motion:"
        )


def _open_words(recipe: Recipe) -> str:
    return "; asked later about any size" if getattr(recipe.architecture, "open_size", 0) else ""


def _device() -> str:
    with messages.guard():
        return str(cache.remembered(ask_device))
    return "this computer"


def ask_device() -> str:
    """What will compute, as the engine sees it: "CPU, 2 cores"."""
    return str(cache.engine().call("core.training.device:device_name"))


PLAN_CSS = """
.lp-plan.lp-plan {display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem;
  margin: 0; padding: 0}
.lp-plan dt {opacity: .75}
.lp-plan dd {margin: 0; font-weight: 500}
@media (max-width: 640px) {.lp-plan.lp-plan {grid-template-columns: 1fr; gap: .1rem}
  .lp-plan dd {margin-bottom: .5rem}}
"""
