"""Recipes as things: saved under a name, opened, duplicated, compared, as JSON and as code."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.augmentation import saved
from core.augmentation.code import as_albumentations, as_generator_arguments, as_keras
from core.augmentation.comparing import differences
from core.augmentation.presets import DESCRIBED
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe, write_recipe
from core.errors import LoupeError
from ui import cache, messages, previews, recipe_editor, state
from ui.lab.lab import Lab

CODE = {
    "JSON": (write_recipe, "json"),
    "Keras layers": (as_keras, "python"),
    "albumentations": (as_albumentations, "python"),
    "ImageDataGenerator": (as_generator_arguments, "python"),
}
COMPARED_PHOTOS, COMPARED_DRAWS = 3, 3


def show_shelf(recipe: AugmentationRecipe, dataset_name: str | None) -> None:
    """Save, open, duplicate and delete."""
    with st.expander("Saved recipes", icon=":material/bookmarks:", key="augment-shelf"):
        name = st.text_input(
            "Name", "", max_chars=60, key="augment-name", placeholder="such as garden photos"
        )
        if st.button("Save", icon=":material/save:", key="augment-save"):
            _save(recipe, name)
        _unreadable()
        known = saved.list_saved(cache.workspace())
        if not known:
            st.caption("Nothing saved yet.")
            return
        key = st.selectbox(
            "Saved", list(known), format_func=lambda key: known[key].name, key="augment-saved"
        )
        with st.container(horizontal=True):
            scope = recipe_editor.scope_of(dataset_name)
            st.button("Open", key="augment-open", on_click=_open, args=(scope, known[key]))
            st.button("Duplicate", key="augment-duplicate", on_click=_duplicate, args=(key,))
            st.button("Delete", key="augment-delete", on_click=_delete, args=(key,))
        _undo_delete()


def _unreadable() -> None:
    for key, problem in saved.list_unreadable(cache.workspace()).items():
        st.warning(
            f"**{messages.literal(key)} cannot be read.** {messages.literal(problem.message)} It "
            "may come from a newer Loupe: open it there. Its file is left as it is.",
            icon=":material/report:",
        )


def _save(recipe: AugmentationRecipe, name: str) -> None:
    try:
        saved.save_recipe(cache.workspace(), recipe, name)
        st.toast(f"Saved {name.strip()}.")
    except LoupeError as error:
        messages.show_error(error)


def _open(scope: str, recipe: AugmentationRecipe) -> None:
    recipe_editor.start_from(scope, recipe)


def _duplicate(key: str) -> None:
    saved.duplicate_saved(cache.workspace(), key)


def _delete(key: str) -> None:
    state.put("augment-deleted", saved.delete_saved(cache.workspace(), key))


def _undo_delete() -> None:
    if state.get("augment-deleted"):
        st.button(
            "Bring the deleted one back",
            icon=":material/undo:",
            type="tertiary",
            key="augment-undelete",
            on_click=_restore,
        )


def _restore() -> None:
    from core.workspace import restore

    restore(cache.workspace(), state.get("augment-deleted"))
    state.put("augment-deleted", None)


def show_code(lab: Lab) -> None:
    """The recipe as JSON and as code, and the way in for JSON."""
    form = str(
        st.segmented_control(
            "As", list(CODE), default="JSON", required=True, key="augment-code", wrap=True
        )
    )
    write, language = CODE[form]
    st.code(write(lab.recipe), language=language)
    if form == "JSON":
        st.download_button(
            "Download",
            write(lab.recipe),
            "augmentation.json",
            "application/json",
            icon=":material/download:",
            key="augment-json-out",
            on_click="ignore",
        )
        _json_in(lab.dataset_name)


def _json_in(dataset_name: str | None) -> None:
    text = st.text_area(
        "Or paste a recipe", key="augment-json", height=110, placeholder='{"steps": […]}'
    )
    if st.button("Use this recipe", icon=":material/input:", key="augment-json-use"):
        try:
            read = read_recipe(text)
        except LoupeError as error:
            messages.show_error(error)
            st.caption("The recipe you had is unchanged.")
        else:
            recipe_editor.start_from(recipe_editor.scope_of(dataset_name), read)
            state.rerun_part()


def show_comparison(lab: Lab) -> None:
    """Two recipes: what sets them apart in words, and the same photos under both."""
    recipe = lab.recipe
    choices = _choices(recipe)
    names = list(choices)
    left, right = st.columns(2)
    first = left.selectbox("First", names, key="augment-first")
    other = next(at for at, name in enumerate(names) if differences(recipe, choices[name]))
    second = right.selectbox("Second", names, index=other, key="augment-second")
    found = differences(choices[first], choices[second])
    if found:
        rows = [(one.what, one.first, one.second) for one in found]
        st.table(pd.DataFrame(rows, columns=["", f"{first}", f"{second} "]).set_index(""))
    else:
        st.info("Both do the same.", icon=":material/equal:")
    pictures = [photo.picture for photo in lab.photos[:COMPARED_PHOTOS]]
    for place, (column, name) in enumerate(((left, first), (right, second))):
        html = previews.wall_html(
            pictures, recipe_editor.effective(choices[name]), lab.seed, COMPARED_DRAWS
        ).replace("loupe-draws", f"loupe-compared-{place}")
        column.html(html)


def _choices(recipe: AugmentationRecipe) -> Mapping[str, AugmentationRecipe]:
    choices = {"The one beside": recipe}
    choices |= {preset.title: preset.recipe for preset in DESCRIBED.values()}
    return choices | {
        f"{one.name} (saved)": one for one in saved.list_saved(cache.workspace()).values()
    }
