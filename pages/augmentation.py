"""Augmentation: vary the photos while training, and see beforehand what that does."""

import streamlit as st

from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec
from core.training.recipes import get_recipe, list_recipes
from ui import messages, previews, recipe_editor, state
from ui.lab.eye import show_eye
from ui.lab.photos import LabPhoto, lab_photos
from ui.lab.shelf import show_code, show_comparison, show_shelf
from ui.lab.strip import show_strip
from ui.lab.wall import show_wall

ROWS = 6
SIZES = ("32", "64", "96", "128", "160", "224")
VIEWS = {
    "wall": "Wall",
    "steps": "One by one",
    "strength": "How far?",
    "eye": "Model's eye",
    "compare": "Compare",
    "code": "As code",
}


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
    kept = state.augmentation_recipe(dataset_name)
    if kept is None:
        st.caption("Nothing chosen yet: the training uses the recipe of its model.")
    elif kept == recipe:
        st.caption(":material/check_circle: This is what the next training uses.")
    else:
        st.caption("You have changed something since you chose it for training.")


def chosen_view() -> str:
    """The view in the address, chosen with the buttons above the pictures."""
    asked = state.address("view", "wall")
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default=asked if asked in VIEWS else "wall",
        required=True,
        format_func=lambda name: VIEWS[name],
        key="augment-view",
        label_visibility="collapsed",
        wrap=True,
    )
    state.set_address("view", None if view == "wall" else str(view))
    return str(view)


@st.fragment
@messages.guarded
def lab(dataset_name: str | None) -> None:
    pictures, controls = st.columns([7, 3], gap="large")
    with controls:
        recipe = recipe_editor.effective(recipe_editor.edited_recipe(dataset_name))
        spec = picture_spec()
        if dataset_name is not None:
            keep(dataset_name, recipe)
        show_shelf(recipe, dataset_name)
    photos = lab_photos(dataset_name, spec, ROWS, state.get("augment-offset", 0))
    with pictures:
        show_view(chosen_view(), photos, recipe, spec, dataset_name)


def show_view(
    view: str,
    photos: list[LabPhoto],
    recipe: AugmentationRecipe,
    spec: PictureSpec,
    dataset_name: str | None,
) -> None:
    seed = int(state.widget("augment-seed", 0) or 0)
    if view == "wall":
        show_wall(photos, recipe)
    elif view == "steps":
        one_at_a_time(photos, recipe, seed)
    elif view == "strength":
        show_strip(photos, recipe, dataset_name)
    elif view == "eye":
        show_eye(photos, recipe, spec)
        rescaling(photos[0].picture, recipe)
    elif view == "compare":
        show_comparison(recipe, photos, seed)
    else:
        show_code(recipe, dataset_name)


def one_at_a_time(photos: list[LabPhoto], recipe: AugmentationRecipe, seed: int) -> None:
    st.markdown("Each step alone on the same photo, then all of them together.")
    partner = photos[1].picture if len(photos) > 1 else None
    st.html(previews.steps_html(photos[0].picture, recipe, seed, partner))


def rescaling(picture, recipe: AugmentationRecipe) -> None:
    st.header("Rescaling", anchor=False)
    st.markdown(
        "A photo is a table of numbers. The model's first layer makes small numbers of them, "
        "because learning moves in small steps. Here are 25 pixels from the middle of the "
        "first photo."
    )
    st.html(previews.numbers_html(picture, recipe))


dataset_name = state.current_dataset_name()
messages.page_header(
    "Augmentation",
    "Vary your photos while the model learns, so that it learns what they show and not how "
    "they happened to be taken.",
)
if dataset_name is None:
    messages.empty_state(
        "No photos yet: these insects are drawn by Loupe",
        "Try everything on them, or bring your own photos first.",
        page="photos",
        label="Bring photos",
    )
lab(dataset_name)
