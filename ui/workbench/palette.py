"""What can be added to the network, in families, and what it can be started from anew."""

from collections.abc import Mapping

import streamlit as st

from core.errors import LoupeError
from core.models import saved
from core.models.architecture import Architecture
from core.models.layers import FAMILIES, TITLES, Layer, Output, kind_of
from core.training.recipes import list_recipes
from ui import cache, state
from ui.workbench.bench import Bench


def show_palette(bench: Bench) -> None:
    """Undo and redo, the layers to add, the networks to start from."""
    # A popover whose state is told is shut anew under another key: a choice in it closes it.
    choices = state.get(f"{bench.key}-choices", 0)
    with st.container(horizontal=True, gap="small"):
        for words, icon in (("Undo", ":material/undo:"), ("Redo", ":material/redo:")):
            st.button(
                words,
                icon=icon,
                key=f"{bench.key}-{words.lower()}",
                type="tertiary",
                disabled=not bench.draft.can(words.lower()),
                on_click=bench.travel,
                args=(words.lower(),),
            )
        with st.popover(
            "Add a layer",
            icon=":material/add:",
            key=f"{bench.key}-palette-{choices}",
            on_change="rerun",
        ):
            _families(bench)
        with st.popover(
            "Start from",
            icon=":material/content_copy:",
            key=f"{bench.key}-starts-{choices}",
            on_change="rerun",
        ):
            _starts(bench)


def _families(bench: Bench) -> None:
    st.caption(f"After “{bench.titles[bench.chosen]}”, the layer that is open.")
    for family, kinds in FAMILIES.items():
        offered = [kind for kind in kinds if kind is not Output]
        with st.container(gap="xsmall"):
            st.markdown(f"**{family}**")
            with st.container(horizontal=True, gap="xsmall"):
                for kind in offered:
                    _add_button(bench, kind)


def _add_button(bench: Bench, kind: type[Layer]) -> None:
    layer = kind()
    st.button(
        TITLES[kind_of(layer)],
        key=f"{bench.key}-add-{kind_of(layer)}",
        help=(kind.__doc__ or "").splitlines()[0],
        on_click=_add,
        args=(bench, layer),
    )


def _add(bench: Bench, layer: Layer) -> None:
    _shut(bench)
    try:
        bench.add(layer)
    except LoupeError as error:
        bench.say(error)


def _begin(bench: Bench, layers: Architecture) -> None:
    _shut(bench)
    bench.put(layers, (0,))


def _shut(bench: Bench) -> None:
    state.put(f"{bench.key}-choices", state.get(f"{bench.key}-choices", 0) + 1)


def _starts(bench: Bench) -> None:
    st.caption("Puts that network's layers on the bench. Yours can be brought back with Undo.")
    for title, layers in starts().items():
        st.button(
            title,
            key=f"{bench.key}-from-{title}",
            disabled=layers == bench.layers,
            on_click=_begin,
            args=(bench, layers),
            width="stretch",
        )


def starts() -> Mapping[str, Architecture]:
    """The networks to start from: of the recipes that are stacks of layers, and the saved."""
    known = {
        recipe.title: recipe.architecture
        for recipe in list_recipes()
        if isinstance(recipe.architecture, Architecture)
    }
    kept = saved.list_saved(cache.workspace())
    return known | {f"{layers.name} (saved)": layers for layers in kept.values()}
