"""Another photo, or a varied copy of the same one, to lay beside the photo at hand."""

import streamlit as st

from core.augmentation.drawing import Drawn, draw
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS, STEP_KINDS
from core.augmentation.strength import at_ends, can_be_shown, strengths
from core.augmentation.transforms import apply
from core.datasets.manifest import Dataset
from core.evaluation.picture_size import asked_picture
from core.images import encode_png
from ui import state
from ui.galleries import taking_turns
from ui.inside.compare_pair import COPY, PHOTO, Pair, as_address, ask_for, asked, look
from ui.inside.inside import Inside
from ui.photo_sources import Photo, dataset_photo, picture_address
from ui.uploads import PICTURE_TYPES

TRAINED, KEPT, UPLOAD = "trained", "kept", "file"
STRENGTH = 3  # of the levels from nothing to the most
MOST_PHOTOS = 2000


def photo_pair(inside: Inside) -> Pair | None:
    """The photo and another one; None while that is not chosen."""
    other = _other_photo(inside)
    if other is None:
        return None
    names = tuple(_called(photo) for photo in (inside.photo, other))
    if names[0] == names[1]:
        names = names[0], f"another {names[1]}"
    dataset = inside.run.config.dataset
    pictures = [picture_address(one, dataset) for one in (inside.photo, other)]
    return Pair(
        PHOTO,
        look(inside),
        look(inside, other.source),
        (names[0], names[1]),
        (pictures[0], pictures[1]),
        (inside.run, inside.run),
    )


def copy_pair(inside: Inside) -> Pair | None:
    """The photo and a copy of it that was varied."""
    picture = asked_picture(inside.run, inside.photo.source, inside.image_size)
    drawn = _choose_copy(inside)
    copy = apply(picture, drawn)
    happened = "; ".join(f"{step}: {text}" for step, text in drawn.describe())
    st.caption(
        f"What was done to the copy: {happened}."
        if happened
        else "This time nothing was done: the recipe leaves some photos as they are."
    )
    different = _photo_of_another_class(inside)
    return Pair(
        COPY,
        look(inside),
        look(inside, encode_png(copy)),
        ("the photo", "its copy"),
        (as_address(picture), as_address(copy)),
        (inside.run, inside.run),
        None if different is None else look(inside, different.source),
    )


def _other_photo(inside: Inside) -> Photo | None:
    dataset = inside.dataset
    wanted = asked()[1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if dataset is not None:
            where = UPLOAD if wanted == UPLOAD else PHOTO
            state.set_widget("compare-where", where)
            st.segmented_control(
                "Where is it?",
                [PHOTO, UPLOAD],
                required=True,
                format_func=lambda one: "In the data set" if one == PHOTO else "A file",
                key="compare-where",
                on_change=_where_chosen,
            )
            if where == PHOTO:
                return _from_dataset(inside, dataset, wanted)
    file = st.file_uploader("The other photo", type=PICTURE_TYPES, key="compare-file")
    return Photo(file.name, file.getvalue()) if file else None


def _where_chosen() -> None:
    ask_for(PHOTO, UPLOAD if state.widget("compare-where") == UPLOAD else "")


def _from_dataset(inside: Inside, dataset: Dataset, wanted: str) -> Photo | None:
    known = set(dataset.manifest["id"])
    fallback = _photo_of_another_class(inside)
    current = wanted if wanted in known else (fallback.photo_id if fallback else None)
    if current is None:
        st.caption("There is no other photo in this data set.")
        return None
    photo = dataset_photo(dataset, current)
    state.set_widget("compare-class", photo.truth)
    st.selectbox(
        "Of the class",
        dataset.class_names,
        key="compare-class",
        on_change=lambda: _next_of_class(inside, str(state.widget("compare-class")), None),
        width=220,
    )
    st.button(
        "Another one",
        icon=":material/shuffle:",
        key="compare-another",
        on_click=_next_of_class,
        args=(inside, photo.truth, current),
    )
    return photo


def _next_of_class(inside: Inside, label: str | None, current: str | None) -> None:
    if inside.dataset is None:
        return
    used = inside.dataset.used
    ids = [str(one) for one in used["id"][used["label"] == label]]
    ids = [one for one in ids if one != inside.photo.photo_id or len(ids) == 1]
    place = ids.index(current) + 1 if current in ids else 0
    if ids:
        ask_for(PHOTO, ids[place % len(ids)])


def _photo_of_another_class(inside: Inside) -> Photo | None:
    dataset = inside.dataset
    if dataset is None:
        return None
    for photo_id, label in taking_turns(dataset.used)[["id", "label"]].head(MOST_PHOTOS).values:
        if label != inside.photo.truth and photo_id != inside.photo.photo_id:
            return dataset_photo(dataset, str(photo_id))
    return None


def _called(photo: Photo) -> str:
    return photo.truth or photo.name


def _choose_copy(inside: Inside) -> Drawn:
    """What is done to the copy, as the address says: a recipe and a draw, or a step and a level."""
    recipes = _recipes(inside)
    steps = [kind for kind in STEP_KINDS if kind not in MIXING_KINDS and kind != "randaugment"]
    what, _, rest = asked()[1].partition(",")
    if what not in recipes and what not in steps:
        what, rest = next(iter(recipes), "horizontal_flip"), ""
    number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 7 else None
    state.set_widget("compare-copy", what)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Varied by",
            [*recipes, *steps],
            format_func=lambda one: _variation_words(inside, one),
            key="compare-copy",
            on_change=lambda: ask_for(COPY, state.widget("compare-copy")),
            width=340,
        )
        if what in recipes:
            draw_number = 1 if number is None else number
            st.button(
                "Draw another",
                icon=":material/casino:",
                key="compare-draw",
                on_click=ask_for,
                args=(COPY, f"{what},{draw_number + 1}"),
            )
            return draw(recipes[what], draw_number)
        return _one_step(inside, what, number)


def _one_step(inside: Inside, kind: str, level: int | None) -> Drawn:
    recipe = inside.run.config.recipe.augmentation
    step = STEP_KINDS[kind](kind=kind)
    if not can_be_shown(kind):
        return Drawn(step.changes(step.extreme), recipe.fill_mode, recipe.fill_value)
    values = strengths(kind)
    level = STRENGTH if level is None or not 0 < level < len(values) else level
    state.set_widget("compare-level", level)
    st.select_slider(
        "How strongly",
        list(range(1, len(values))),
        key="compare-level",
        on_change=lambda: ask_for(COPY, f"{kind},{state.widget('compare-level')}"),
        width=260,
    )
    return at_ends(step, values[level], recipe)[0]


def _recipes(inside: Inside) -> dict[str, AugmentationRecipe]:
    kept = state.augmentation_recipe(inside.run.config.dataset)
    found = {TRAINED: inside.run.config.recipe.augmentation, KEPT: kept}
    return {
        name: recipe
        for name, recipe in found.items()
        if recipe is not None and any(step.enabled for step in recipe.steps)
    }


def _variation_words(inside: Inside, what: str) -> str:
    if what == TRAINED:
        return "what the training did to photos"
    if what == KEPT:
        return f"the recipe kept for {inside.run.config.dataset}"
    return f"only this: {STEP_KINDS[what].label}"
