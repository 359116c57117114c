"""Model: which network learns, what it looks at, and what it is made of."""

from typing import Any

import streamlit as st

from core.datasets.manifest import Dataset
from core.images import PictureSpec
from core.training.recipes import get_recipe
from ui import cache, messages, model_choice, network_view, state
from ui.backbone_view import backbone_part
from ui.choose_view import choose_for_me
from ui.galleries import photo_url
from ui.misfit_view import tell_misfit
from ui.model_choice import ModelChoice
from ui.picture_preview import preview_html
from ui.recipe_gallery import recipe_cards
from ui.workbench.pretrained import Pretrained, show_pretrained
from ui.workbench.views import show_workbench

COLORS = {"rgb": "In colour", "grayscale": "Shades of grey"}
FITS = {"stretch": "Stretch", "crop": "Crop", "pad": "Pad"}
SIDES = (28, 32, 48, 64, 75, 96, 128, 160, 192, 224, 256, 299, 384)


def choose_recipe(dataset: Dataset, choice: ModelChoice) -> ModelChoice:
    st.subheader("The network", anchor=False)
    pressed = recipe_cards(model_choice.offered_recipes(), choice.recipe, len(dataset.class_names))
    if pressed:
        model_choice.take_recipe(dataset.name, pressed)
        st.rerun()
    return choice


def choose_picture(dataset: Dataset, choice: ModelChoice) -> PictureSpec:
    st.subheader("What it sees of a photo", anchor=False)
    settings, preview = st.columns([2, 3], gap="large")
    key = f"picture-{dataset.name}-{choice.recipe}{state.get('choices', '')}"
    with settings:
        own = get_recipe(choice.recipe).picture.image_size
        size = choose_size(choice.picture.image_size, own, key)
        color_mode = choose("Colour", COLORS, choice.picture.color_mode, key)
        fit = choose("Fit", FITS, choice.picture.fit, key)
        spec = PictureSpec(image_size=size, color_mode=color_mode, fit=fit)
        messages.why(
            "Larger pictures show finer detail, but take longer: twice the side is four times "
            "the work. *Stretch* keeps the whole photo, *crop* keeps its shape and loses the "
            "edges, *pad* keeps both and adds black bars.",
            "Which size?",
        )
    with preview, messages.guard():
        show_preview(dataset, spec)
    return spec


def choose_size(current: tuple[int, int], own: tuple[int, int], key: str) -> tuple[int, int]:
    """The recipe's own size stays on offer, so that there is a way back."""
    offered = sorted({*((side, side) for side in SIDES), current, own})
    sizes = {f"{h} × {w}": (h, w) for h, w in offered}
    words = next(words for words, size in sizes.items() if size == current)
    chosen = st.select_slider("Picture size in pixels", sizes, words, key=f"{key}.image_size")
    return sizes[chosen]


def choose(label: str, options: dict[str, str], current: str, key: str) -> Any:
    return st.segmented_control(
        label,
        list(options),
        default=current,
        format_func=lambda option: options[option],
        required=True,
        key=f"{key}.{label}",
    )


def show_preview(dataset: Dataset, spec: PictureSpec) -> None:
    photos = dataset.used
    place = state.get("preview-photo", 0) % len(photos)
    photo_id = str(photos.iloc[place]["id"])
    address = photo_url(dataset.name, photo_id, 480)
    st.html(preview_html(address, dataset.photo_path(photo_id), spec))
    if st.button("Another photo", icon=":material/shuffle:", type="tertiary"):
        state.put("preview-photo", place + max(1, len(photos) // 7))
        st.rerun()


def show_page(dataset: Dataset) -> None:
    choose_for_me(dataset)
    choice = choose_recipe(dataset, model_choice.kept_choice(dataset.name))
    spec = choose_picture(dataset, choice)
    backbone = backbone_part(dataset, get_recipe(choice.recipe), choice.backbone, spec)
    choice = choice.model_copy(update={"picture": spec, "backbone": backbone})
    model_choice.keep_choice(dataset.name, choice)
    if choice.draft is not None:
        model_choice.keep_layers(dataset.name, choice.draft, len(dataset.class_names))
    impossible = tell_misfit(dataset)
    state.page_link("training", "Go to training", icon=":material/arrow_forward:", as_button=True)
    st.subheader("Inside the network", anchor=False)
    recipe, num_classes = get_recipe(choice.recipe), len(dataset.class_names)
    if backbone is not None and impossible:
        st.caption("Its blocks are shown here as soon as it can work on the pictures.")
        return
    if backbone is not None:
        show_pretrained(Pretrained(backbone, spec, num_classes, f"pretrained-{dataset.name}"))
        return
    show_workbench(dataset.name, choice, recipe, num_classes, len(dataset.split("train")))


def show_without_photos() -> None:
    messages.empty_state(
        "There are no photos to learn from yet",
        "Bring your photos first: their classes decide how the network ends. "
        "Meanwhile, this is what the networks look like.",
        page="photos",
        label="Bring your photos",
    )
    titles = {recipe.title: recipe for recipe in model_choice.offered_recipes()}
    title = st.selectbox("Network", list(titles))
    network_view.network(titles[title], titles[title].picture, num_classes=2)


messages.page_header(
    "Model",
    "Choose the network that will learn your photos, and how large it sees them.",
    page="model",
)
with messages.guard():
    dataset_name = state.current_dataset_name()
    if dataset_name is None:
        show_without_photos()
    else:
        show_page(cache.dataset(dataset_name))
