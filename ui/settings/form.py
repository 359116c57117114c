"""The settings of a training: groups of cards, each with its controls and what they do."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import LoupeError
from core.training.config import GROUPS, SHOWN
from core.training.recipes import Recipe
from core.training.remarks import remarks
from core.training.settings import (
    FIELDS,
    Change,
    about,
    changes,
    fields_of,
    in_words,
    matters,
    sentence,
)
from ui import cache, forms, messages, state
from ui.rate_finder import rate_finder
from ui.settings import (
    ending_previews,
    learning_previews,
    machine_previews,
    mixing,
    photo_previews,
    rote_previews,
)
from ui.settings.asking import Asking
from ui.settings.keeping import Kept
from ui.settings.scene import Scene

Preview = Callable[[Scene], None]
# A card begins with a field that has a preview; these are on the card of another one.
PREVIEWS: dict[str, Preview] = {
    "optimizer": learning_previews.optimizer,
    "schedule": learning_previews.schedule,
    "batch_size": photo_previews.batch_size,
    "balance": photo_previews.balance,
    "validation_share": photo_previews.validation_share,
    "label_smoothing": rote_previews.label_smoothing,
    "doubt_labels": rote_previews.doubt_labels,
    "weight_decay": rote_previews.weight_decay,
    "weight_averaging": rote_previews.weight_averaging,
    "early_stopping": ending_previews.ending,
    "seed": photo_previews.seed,
    "precision": machine_previews.precision,
    "xla": machine_previews.xla,
}
ON_THE_CARD_OF = {
    "momentum": "optimizer",
    "learning_rate": "optimizer",
    "drops": "schedule",
    "drop_to": "schedule",
    "decay": "schedule",
    "keep": "early_stopping",
}

NOTHING_TO_SHOW = "There are no training photos yet on which to show what the settings do."


def settings_form(recipe: Recipe, kept: Kept, key: str) -> None:
    """Draws the settings; what is changed goes into `kept`, and the page is drawn anew.

    Args:
        recipe: With the settings chosen now.
        key: Prefix of the widgets: the field `seed` has `f"{key}.seed"`.
    """
    own = kept.recipe.training
    changed = changes(own, recipe.training)
    # Its title never changes: another one would fold it.
    box = st.expander("Settings", icon=":material/tune:", key=f"{key}.settings", on_change="rerun")
    if not box.open:
        _changed(changed, kept, key)
    with box:
        if box.open:
            _changed(changed, kept, key)
        scene = Scene(cache.dataset(kept.dataset_name), recipe, own, key, Asking())
        tabs = st.tabs(list(GROUPS), key=f"{key}.groups", on_change="rerun")
        something = bool(len(scene.labels))
        if not something:
            st.caption(NOTHING_TO_SHOW)
        for group, tab in zip(GROUPS, tabs, strict=True):
            with tab:
                _group(group, scene, kept, shown=bool(box.open and tab.open and something))
        scene.asking.watch()
    _remarks(recipe, kept.dataset_name)


def summary(changed: list[Change]) -> str:
    """What was changed, in a line."""
    if not changed:
        return "As the recipe has them."
    parts = [f"{one.label} {one.own} → **{one.chosen}**" for one in changed]
    return f"Changed: {', '.join(parts)}"


def cards_of(group: str) -> list[list[str]]:
    """The fields of a group, those of one card together."""
    cards: dict[str, list[str]] = {}
    for name in fields_of(group):
        cards.setdefault(ON_THE_CARD_OF.get(name, name), []).append(name)
    places = {name: place for place, name in enumerate(ON_THE_CARD_OF, start=1)}
    return [sorted(names, key=lambda name: places.get(name, 0)) for names in cards.values()]


def _changed(changed: list[Change], kept: Kept, key: str) -> None:
    """What was changed, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.ways-back"):
        st.markdown(f":small[{summary(changed)}]", width="stretch" if changed else "content")
        if changed:
            st.button(
                "Back to the recipe's own",
                icon=":material/restart_alt:",
                key=f"{key}.back",
                on_click=kept.go_back,
            )
        if kept.can_bring_back:
            st.button(
                "Bring my settings back",
                icon=":material/undo:",
                type="tertiary",
                key=f"{key}.forth",
                on_click=kept.bring_back,
            )


def _group(group: str, scene: Scene, kept: Kept, shown: bool) -> None:
    for names in cards_of(group):
        _card(names, scene, kept, shown)
        if group == SHOWN and "balance" in names:
            _frame(
                f"{scene.key}.card-mixing",
                partial(mixing.controls, scene),
                partial(mixing.preview, scene) if shown else None,
            )


def _card(names: list[str], scene: Scene, kept: Kept, shown: bool) -> None:
    preview = PREVIEWS.get(names[0])

    def controls() -> None:
        for name in names:
            if matters(scene.training, name):
                _setting(name, scene, kept)

    def below() -> None:
        if "learning_rate" in names and shown:
            _finder(scene, kept)

    _frame(
        f"{scene.key}.card-{names[0]}",
        controls,
        partial(preview, scene) if preview and shown else None,
        below,
    )


def _frame(
    key: str,
    controls: Callable[[], None],
    preview: Callable[[], None] | None,
    below: Callable[[], None] | None = None,
) -> None:
    """Controls to the left, what they do to the right; a preview that fails leaves the controls."""
    with st.container(border=True, key=key):
        left, right = st.columns([5, 6], gap="medium")
        with left:
            controls()
        with right:
            if preview is not None:
                with messages.guard():
                    preview()
        if below is not None:
            below()


def _setting(name: str, scene: Scene, kept: Kept) -> None:
    """One control with its sentence, and the way back if it is not the recipe's own."""
    field, value = FIELDS[name], getattr(scene.training, name)
    own, key = getattr(scene.own, name), scene.key

    def take() -> None:
        kept.put(**{name: forms.chosen(field, name, key)})

    forms.field_widget(field, name, value, key, on_change=take, tooltip=False)
    st.caption(sentence(name, value))
    if value != own:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge("changed", icon=":material/edit:", color="orange")
            st.button(
                f"Back to {in_words(name, own)}",
                type="tertiary",
                icon=":material/undo:",
                key=f"{key}.{name}.back",
                help=f"{about(name)['label']}: the recipe's own",
                on_click=kept.go_back,
                args=(name,),
            )


def _finder(scene: Scene, kept: Kept) -> None:
    found = rate_finder(scene.dataset.name, scene.recipe, scene.key)
    if found is not None and found != scene.training.learning_rate:
        kept.put(learning_rate=found)
        state.rerun_part()


def _remarks(recipe: Recipe, dataset_name: str) -> None:
    """What these settings will not do, gently."""
    try:
        dataset = cache.dataset(dataset_name)
        key = (str(dataset.folder), dataset.version, recipe.model_dump_json())
        said = cache.kept("settings-remarks", key, lambda: remarks(recipe, dataset))
    except LoupeError:
        return
    for words in said:
        st.caption(f":material/info: {messages.literal(words)}")
