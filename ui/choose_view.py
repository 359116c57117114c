"""The button that chooses a network for the photos at hand, and says why."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.models.backbones import Backbone
from core.training.choosing import Choice, choose
from core.training.recipes import get_recipe
from ui import messages, model_choice, state
from ui.settings.keeping import LENGTH, Kept

TIMES = {"1 min": 60.0, "5 min": 300.0, "15 min": 900.0, "1 h": 3600.0}
DEFAULT_TIME = "5 min"


def choose_for_me(dataset: Dataset) -> None:
    """How much time there is, the button, and the reasons of the last choice."""
    key = f"choose-for-me-{dataset.name}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        time = st.segmented_control(
            "How long may training take?",
            list(TIMES),
            default=DEFAULT_TIME,
            required=True,
            key=f"{key}.time",
            width="content",
        )
        pressed = st.button(
            "Choose for me",
            icon=":material/auto_fix_high:",
            key=f"{key}.go",
            help="Looks at how many photos you have, how large and of what kind they are, and at "
            "this computer",
        )
    if pressed:
        with messages.guard():
            choice = choose(dataset, TIMES[time])
            keep(dataset, choice)
            # Other widgets from now on: those that were drawn before would keep their values.
            state.put("choices", int(state.get("choices") or 0) + 1)
            state.put(key, [choice.recipe.title, *choice.reasons])
            st.rerun()
    chosen = get_recipe(model_choice.kept_choice(dataset.name).recipe)
    show_reasons(state.get(key), chosen.title)


def keep(dataset: Dataset, choice: Choice) -> None:
    """The next training uses what was chosen, for as long as was allowed."""
    recipe = choice.recipe
    backbone = recipe.architecture if isinstance(recipe.architecture, Backbone) else None
    model_choice.take_recipe(dataset.name, recipe.name)
    chosen = model_choice.kept_choice(dataset.name)
    model_choice.keep_choice(
        dataset.name,
        chosen.model_copy(update={"picture": recipe.picture, "backbone": backbone}),
    )
    own = get_recipe(recipe.name)
    if recipe.training != own.training:
        Kept(dataset.name, own).put(**{name: getattr(recipe.training, name) for name in LENGTH})


def show_reasons(reasons: list[str] | None, current: str) -> None:
    """Title and reasons of a choice, if there was one and `current` is still what was chosen."""
    if reasons and reasons[0] == current:
        title, *sentences = reasons
        listed = "\n".join(f"- {sentence}" for sentence in sentences)
        st.info(f"**{title}** was chosen.\n\n{listed}", icon=":material/auto_fix_high:")
