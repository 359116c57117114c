"""How it learns: the way of the optimizer down a valley, and the learning rate on its course."""

import streamlit as st

from core.models.backbones import Backbone
from ui.charts.valley import valley_chart
from ui.schedule_view import schedule_view
from ui.settings.scene import Scene

DESCEND = "core.training.valley:descend"
# What the way depends on; the rest of the settings does not change it.
MATTERS = (
    "optimizer",
    "learning_rate",
    "momentum",
    "schedule",
    "drops",
    "drop_to",
    "decay",
    "weight_decay",
    "batch_size",
    "seed",
)
# Of the height that was to be lost; words for how the way ends.
ARRIVED, HARDLY_MOVED, LEAPS = 0.05, 0.6, 1.5
LEGEND = (
    "Two weights of a network on the way into a valley, from the orange dot to the green one, in "
    "{steps} steps of these settings. The valley is made up; the rule, its rate, its schedule and "
    "the noise of the batch size are the training's."
)
FLAT = " It is as flat as for a head that learns from features of equal length."
EVENLY = " Muon evens out whole filters, which two weights are not: here it goes as AdamW does."


def optimizer(scene: Scene) -> None:
    """The way of two weights, with all settings of the group."""
    training = scene.training
    content = tuple(getattr(training, name) for name in MATTERS)
    backbone = scene.recipe.architecture
    equal = isinstance(backbone, Backbone) and backbone.unit_length
    found = scene.asking.ask_or_say(DESCEND, training, equal, content=(*content, equal))
    if found is None:
        return
    words = way_in_words(found["heights"], found["lost"])
    chart = valley_chart(found["path"], found["steepness"])
    st.vega_lite_chart(chart, key=f"{scene.key}.valley", alt=f"The way down a valley. {words}")
    words += EVENLY * (training.optimizer == "muon")
    legend = LEGEND.format(steps=len(found["path"]) - 1) + FLAT * equal
    st.markdown(f":small[**{words}**]", help=legend)


def schedule(scene: Scene) -> None:
    schedule_view(scene.training, scene.steps, scene.key)


def way_in_words(heights: list[float], lost: bool) -> str:
    """How the way ends.

    Args:
        heights: At each place, the first is 1.
        lost: Whether it left the valley.
    """
    if lost:
        return (
            f"It leaps out of the valley after {len(heights)} steps: a smaller learning rate "
            "would stay in it."
        )
    steps, left = len(heights) - 1, heights[-1]
    if max(heights) > LEAPS:
        return (
            f"It leaps about, up to {max(heights):.0f} times as high as it began; after {steps} "
            f"steps {left:.0%} of the height is left."
        )
    if left <= ARRIVED:
        there = next(step for step, height in enumerate(heights) if height <= ARRIVED)
        restless = max(heights[there:]) > 2 * ARRIVED
        end = "but goes past it at first" if restless else "and stays there"
        return f"It is down after {there} of {steps} steps {end}; {left:.1%} of the height is left."
    if left >= HARDLY_MOVED:
        return f"After {steps} steps it is still up on the slope, with {left:.0%} of the height."
    return f"After {steps} steps it is on its way, with {left:.0%} of the height left."
