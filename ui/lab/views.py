"""The views of the augmentation lab: first those that show, then those that measure."""

import streamlit as st

from ui import messages, previews
from ui.lab.coverage import show_coverage
from ui.lab.eye import show_eye
from ui.lab.lab import Lab
from ui.lab.robustness import show_robustness
from ui.lab.safety import show_safety, warn
from ui.lab.shelf import show_code, show_comparison
from ui.lab.strip import show_strip
from ui.lab.twins import show_twins
from ui.lab.wall import show_wall
from ui.view_switch import View, choose_view


def one_at_a_time(lab: Lab) -> None:
    """Each step alone on the same photo, then all of them."""
    partner = lab.photos[1].picture if len(lab.photos) > 1 else None
    st.html(previews.steps_html(lab.photos[0].picture, lab.recipe, lab.seed, partner))


VIEWS = (
    View(
        "wall",
        "Wall",
        ":material/grid_view:",
        "Your photos in rows, chance in columns: what the model will be shown.",
        show_wall,
    ),
    View(
        "steps",
        "One by one",
        ":material/view_column:",
        "Each step alone on the same photo, then all of them together.",
        one_at_a_time,
    ),
    View(
        "strength",
        "How far?",
        ":material/tune:",
        "One step from nothing to the most, to set its range by eye.",
        show_strip,
    ),
    View(
        "eye",
        "Model's eye",
        ":material/visibility:",
        "One photo on its way from the file to the numbers that the model gets.",
        show_eye,
    ),
    View(
        "coverage",
        "Coverage",
        ":material/join_inner:",
        "Does what you train with look like what the model will meet? Measured, step by step.",
        show_coverage,
    ),
    View(
        "twins",
        "Does it help?",
        ":material/balance:",
        "The same network with the recipe and without it: which is right more often?",
        show_twins,
    ),
    View(
        "robustness",
        "Robustness",
        ":material/exercise:",
        "What a model withstands, step by step and class by class, and a recipe from it.",
        show_robustness,
    ),
    View(
        "safety",
        "Label safety",
        ":material/swap_horiz:",
        "Steps that turn one class into another, such as a 6 into a 9.",
        show_safety,
    ),
    View(
        "compare",
        "Compare",
        ":material/compare:",
        "Two recipes: what sets them apart, and the same photos under both.",
        show_comparison,
    ),
    View(
        "code",
        "As code",
        ":material/code:",
        "The recipe as JSON and as code for other programs, and the way in for JSON.",
        show_code,
    ),
)


def show_view(lab: Lab) -> None:
    """The buttons for all views, and the chosen one."""
    view = choose_view(VIEWS, key="augment-view")
    with messages.guard():
        warn(lab)
        view.draw(lab)
