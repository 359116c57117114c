"""Augmentation: vary the photos while training, and see beforehand what that does."""

import streamlit as st

from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec
from core.training.recipes import get_recipe, list_recipes
from ui import messages, previews, recipe_editor, state

ROWS, DRAWS = 6, 5
LEGEND = (
    "Under each picture stands what was drawn for it: the turn in degrees, how far it moved, "
    "how much wider × higher it became, and whether it is mirrored."
)


def pictures(dataset_name: str | None, spec: PictureSpec, offset: int) -> list:
    if dataset_name is None:
        return previews.drawn_pictures(spec, ROWS, offset)
    return previews.dataset_pictures(dataset_name, spec, ROWS, offset)


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
    return get_recipe(chosen).picture


def size_words(recipe_name: str) -> str:
    height, width = get_recipe(recipe_name).picture.image_size
    return f"{width} × {height} pixels"


def more(key: str) -> None:
    state.put(key, state.get(key, 0) + 1)


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


@st.fragment
@messages.guarded
def lab(dataset_name: str | None) -> None:
    wall, controls = st.columns([7, 3], gap="large")
    with controls:
        recipe = recipe_editor.effective(recipe_editor.edited_recipe(dataset_name))
        spec = picture_spec()
        if dataset_name is not None:
            keep(dataset_name, recipe)
    shown = pictures(dataset_name, spec, state.get("augment-offset", 0))
    with wall:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            seed = st.number_input(
                "Seed",
                0,
                1_000_000,
                key="augment-seed",
                width=140,
                help="The same seed draws the same variations again.",
            )
            st.button(
                "Draw again", icon=":material/casino:", on_click=draw_again, key="augment-again"
            )
            st.button(
                "Other photos",
                icon=":material/image_search:",
                on_click=more,
                args=("augment-offset",),
                key="augment-others",
            )
        st.html(previews.wall_html(shown, recipe, int(seed), DRAWS))
        st.caption(LEGEND)
        st.header("One at a time, then all", anchor=False)
        st.html(previews.steps_html(shown[0], recipe, int(seed)))
    rescaling(shown[0], recipe)
    with st.expander("This recipe as a file", icon=":material/data_object:"):
        st.code(recipe.model_dump_json(indent=1), language="json")


def draw_again() -> None:
    state.set_widget("augment-seed", state.widget("augment-seed", 0) + 1)


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
