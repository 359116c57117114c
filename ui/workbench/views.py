"""The workbench: the chosen network's layers, to be looked at and changed."""

from collections.abc import Callable

import streamlit as st

from core.errors import LoupeError
from core.models.architecture import Architecture, Place
from core.training.recipes import Recipe
from ui import messages, model_choice, network_plan, network_view, state
from ui.components.drawing import drawing
from ui.diagrams import network_svg
from ui.model_choice import ModelChoice
from ui.settings.choice import chosen_training
from ui.view_switch import View, choose_view, go_to_view
from ui.workbench.bench import Bench
from ui.workbench.cards import show_cards
from ui.workbench.draft import Draft, choose
from ui.workbench.handout import program_view, show_drawing
from ui.workbench.inspector import show_inspector
from ui.workbench.palette import show_palette
from ui.workbench.shelf import show_code, show_saved
from ui.workbench.totals import show_totals

MANY_LAYERS = 40


def _layers(bench: Bench) -> None:
    stack, side = st.columns([7, 5], gap="medium")
    with stack:
        show_cards(bench)
    with side:
        show_palette(bench)
        show_inspector(bench)
    show_totals(bench)


def _plan(bench: Bench) -> None:
    rows = bench.survey.rows
    many = len(rows) > MANY_LAYERS
    fold = st.toggle(
        "Draw repeated layers once", many, key=f"{bench.key}-fold-{many}", help=FOLD_HELP
    )
    svg = network_plan.plan_svg(bench.layers, rows, fold=fold)
    show_drawing(svg, bench.key)
    with st.expander("As blocks: how the picture becomes smaller and deeper"):
        drawing(network_svg(rows, bench.picture.shape), key="network-drawing")


def _table(bench: Bench) -> None:
    st.html(network_view.layer_table(bench.survey.rows))


UNUSED = "The next training uses the last of your networks that works."
UNUSABLE = "Repair it or change the pictures before you train."
FOLD_HELP = "Equal layers that follow each other are drawn once, with how often they come."
VIEWS = (
    View(
        "layers",
        "Layers",
        ":material/layers:",
        "Add, move and change layers. The figures beside each follow as you go.",
        _layers,
    ),
    View(
        "plan",
        "Drawing",
        ":material/account_tree:",
        "The whole network from the picture to the answer, with its shortcuts.",
        _plan,
    ),
    View(
        "table",
        "Table",
        ":material/table_rows:",
        "Every layer, what it is for, and the sum that leads to its size.",
        _table,
    ),
    program_view(show_code),
    View(
        "saved",
        "Saved",
        ":material/bookmarks:",
        "Networks you gave a name, and the way in and out for files.",
        show_saved,
    ),
)


@st.fragment
def show_workbench(
    dataset_name: str, choice: ModelChoice, recipe: Recipe, num_classes: int, photos: int
) -> None:
    """The network that `choice` names, as changed for this data set.

    Args:
        dataset_name: Whose photos it is to learn; changes are kept beside them.
        recipe: The recipe that was chosen; a stack of layers.
        photos: How many photos a round of training has.
    """
    with messages.guard():
        draft = Draft(dataset_name, num_classes)
        own = recipe.architecture
        layers = draft.now or own
        if not isinstance(layers, Architecture):
            return
        recipe = _with_settings(dataset_name, recipe)
        bench = Bench(draft, recipe, layers, choice.picture, num_classes, photos)
        _whose(bench, dataset_name)
        view = choose_view(VIEWS, f"{bench.key}-view")
        _what_was_said(bench)
        if bench.refusal and view is not VIEWS[0]:
            messages.show_error(bench.refusal)
        view.draw(bench)


def _with_settings(dataset_name: str, recipe: Recipe) -> Recipe:
    """With what was changed on the page Training, which says so where that cannot be read."""
    try:
        return recipe.model_copy(update={"training": chosen_training(dataset_name, recipe)})
    except LoupeError:
        return recipe


def _whose(bench: Bench, dataset_name: str) -> None:
    """One line that is always there: what the next training uses."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{bench.key}-whose"):
        if bench.survey.problem:
            _cannot(bench, dataset_name)
        elif bench.layers != bench.recipe.architecture:
            st.caption(f"“{bench.recipe.title}” with your changes; the next training uses them.")
            _line_button("Back to the recipe's own layers", "restart_alt", bench, _own_layers)
        else:
            st.caption(f"The layers of “{bench.recipe.title}” as they come.")


def _cannot(bench: Bench, dataset_name: str) -> None:
    place = bench.problem.place if bench.problem else bench.chosen
    used = UNUSED if model_choice.kept_choice(dataset_name).draft is not None else UNUSABLE
    st.caption(f":red[“{bench.titles[place]}” cannot work as it is.] {used}")
    _line_button("Show it", "visibility", bench, lambda bench: _show(bench, place))


def _line_button(words: str, icon: str, bench: Bench, do: Callable[[Bench], None]) -> None:
    st.button(
        words,
        icon=f":material/{icon}:",
        type="tertiary",
        key=f"{bench.key}-{icon}",
        on_click=do,
        args=(bench,),
    )


def _own_layers(bench: Bench) -> None:
    if isinstance(bench.recipe.architecture, Architecture):
        bench.put(bench.recipe.architecture, (0,))


def _show(bench: Bench, place: Place) -> None:
    choose(bench.layers, place)
    go_to_view(VIEWS[0].name)


def _what_was_said(bench: Bench) -> None:
    """In a place of its own, so that what comes below stays as it is."""
    with st.container(key=f"{bench.key}-heard"):
        said = state.get(f"{bench.key}-said")
        if said is not None:
            state.put(f"{bench.key}-said", None)
            messages.show_error(said)
