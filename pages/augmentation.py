"""Augmentation: vary the photos while training, and see beforehand what that does."""

import streamlit as st

from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec
from core.training.recipes import get_recipe, list_recipes
from ui import cache, messages, recipe_editor, state
from ui.lab.judge import choose_judge
from ui.lab.lab import Lab
from ui.lab.photos import lab_photos
from ui.lab.shelf import show_shelf
from ui.lab.views import show_view

ROWS = 6
SIZES = ("32", "64", "96", "128", "160", "224")


def picture_spec() -> PictureSpec:
    names = [recipe.name for recipe in list_recipes()]
    chosen = st.selectbox(
        "As the model sees it",
        names,
        index=names.index("small-cnn"),
        format_func=lambda name: f"{get_recipe(name).title}, {size_words(name)}",
        key="augment-spec",
        help="Every model gets its photos in one size. Small ones train faster and show less.",
    )
    spec = at_size(get_recipe(chosen).picture)
    grey = st.toggle(
        "In shades of grey",
        spec.color_mode == "grayscale",
        key=f"augment-grey-{chosen}",
        help="What a model that gets its photos without colour would see.",
    )
    return spec.model_copy(update={"color_mode": "grayscale" if grey else "rgb"})


def at_size(spec: PictureSpec) -> PictureSpec:
    """The same at the size in the address or in the box; trainings may set it freely, too."""
    asked = state.address("size", "")
    options = ["", *SIZES]
    size = st.selectbox(
        "Size",
        options,
        index=options.index(asked) if asked in options else 0,
        format_func=lambda size: f"{size} × {size} pixels" if size else "As that model has it",
        key="augment-size",
    )
    state.set_address("size", size or None)
    return spec.model_copy(update={"image_size": (int(size), int(size))}) if size else spec


def size_words(recipe_name: str) -> str:
    height, width = get_recipe(recipe_name).picture.image_size
    return f"{width} × {height} pixels"


def spec_words(spec: PictureSpec) -> str:
    height, width = spec.image_size
    colors = "in shades of grey" if spec.color_mode == "grayscale" else "in colour"
    return f"{width} × {height} pixels {colors}"


def keep(dataset_name: str, recipe: AugmentationRecipe) -> None:
    if st.button(
        "Use for training",
        type="primary",
        icon=":material/check:",
        width="stretch",
        key="augment-keep",
    ):
        state.keep_augmentation_recipe(dataset_name, recipe)
        st.rerun()
    recipe_editor.tell_of_unread(dataset_name, "Trainings use the recipe of their model.")
    kept = state.augmentation_recipe(dataset_name)
    if kept is None:
        st.caption("Nothing chosen yet: the training uses the recipe of its model.")
    elif kept == recipe:
        st.caption(":material/check_circle: This is what the next training uses.")
    else:
        st.caption("You have changed something since you chose it for training.")


@st.fragment
@messages.guarded
def lab(dataset_name: str | None) -> None:
    pictures, controls = st.columns([7, 3], gap="large")
    with controls:
        recipe = recipe_editor.effective(recipe_editor.edited_recipe(dataset_name))
        run = choose_judge(dataset_name)
        spec = run.config.recipe.picture if run else picture_spec()
        if run:
            st.caption(f"Pictures as that model gets them: {spec_words(spec)}.")
        if dataset_name is not None:
            keep(dataset_name, recipe)
        show_shelf(recipe, dataset_name)
    photos = lab_photos(dataset_name, spec, ROWS, state.get("augment-offset", 0))
    seed = int(state.widget("augment-seed", 0) or 0)
    with pictures:
        show_view(Lab(dataset_name, photos, recipe, spec, seed, run))


dataset_name = state.current_dataset_name()
messages.page_header(
    "Augmentation",
    "Vary your photos while the model learns, so that it learns what they show and not how "
    "they happened to be taken.",
    page="augmentation",
)
if dataset_name is None:
    messages.empty_state(
        "No photos yet: these insects are drawn by Loupe",
        "Try everything on them, or bring your own photos first.",
        page="photos",
        label="Bring photos",
    )
with messages.guard():
    if dataset_name is not None:
        cache.dataset(dataset_name)  # one that does not exist is said at once
    lab(dataset_name)
