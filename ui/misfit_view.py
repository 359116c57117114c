"""A network that cannot work on the chosen pictures: said before the training, mended there."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.errors import LoupeError
from core.images import PictureSpec
from core.models.architecture import Architecture
from core.training.fitting import Misfit, misfit
from core.training.recipes import Recipe
from ui import messages, model_choice, state
from ui.workbench.words import in_titles

LAST_ONE = "Until it can, the next training uses the last of your networks that works."


def tell_misfit(dataset: Dataset) -> bool:
    """Says what keeps the chosen network from learning these photos, with the nearest size.

    Returns:
        Whether a training is out of the question.
    """
    choice = model_choice.kept_choice(dataset.name)
    recipe, classes = model_choice.recipe_to_train(dataset.name), len(dataset.class_names)
    found = misfit(recipe, classes)
    if found is not None:
        messages.show_error(_said(found, recipe))
        _offer(dataset, found)
        return True
    if choice.draft is not None:
        drafted = misfit(recipe.model_copy(update={"architecture": choice.draft}), classes)
        if drafted is not None:
            said = f"{in_titles(drafted.problem, choice.draft).message} {LAST_ONE}"
            st.warning(messages.literal(said), icon=":material/construction:")
            _offer(dataset, drafted)
    return False


def _said(found: Misfit, recipe: Recipe) -> LoupeError:
    network = recipe.architecture
    return in_titles(found.problem, network) if isinstance(network, Architecture) else found.problem


def _offer(dataset: Dataset, found: Misfit) -> None:
    if found.nearest is None:
        return
    height, width = found.nearest
    if st.button(
        f"Use pictures of {height} × {width}",
        icon=":material/aspect_ratio:",
        key=f"nearest-size-{dataset.name}",
        help="The nearest size that the network can work on.",
    ):
        _take(dataset, found.nearest)
        st.rerun()


def _take(dataset: Dataset, image_size: tuple[int, int]) -> None:
    choice = model_choice.kept_choice(dataset.name)
    picture = PictureSpec.model_validate(choice.picture.model_dump() | {"image_size": image_size})
    model_choice.keep_choice(dataset.name, choice.model_copy(update={"picture": picture}))
    if choice.draft is not None:
        model_choice.keep_layers(dataset.name, choice.draft, len(dataset.class_names))
    # Other widgets from now on: those that were drawn before would keep the size they show.
    state.put("choices", int(state.get("choices") or 0) + 1)
