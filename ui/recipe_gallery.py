"""The recipes to choose from: the chosen one on top, the others in groups, a line each."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

import streamlit as st

from core.models.backbones import Backbone
from core.training.recipe_sizes import RecipeSize, made_of, ratio_in_words, size_of
from core.training.recipes import Recipe
from ui import messages, numbers_in_words
from ui.palette import CLASS_COLORS, GOOD

OWN, TUTORIALS, PRETRAINED = "Our own", "From tutorials", "Pretrained"
TUTORIAL_NAMES = (
    "dragonflies",
    "dragonflies-light",
    "butterflies",
    "butterflies-dropout",
    "cifar10-grey",
    "cifar10-colour",
    "bears",
)
GROUP_WORDS = {
    OWN: "Small networks that learn everything from your photos.",
    TUTORIALS: "Networks of well-known tutorials, as their authors built them.",
    PRETRAINED: "Networks that have learnt from a million photos: only the last layer is new, so "
    "they look at each photo once.",
}
# The bars' axes, in powers of ten: from so much to so much.
WEIGHTS_AXIS, WORK_AXIS = (4, 8), (6, 10)
# Pixels on the screen for a picture of 300 pixels.
PICTURE_SIDE = 26
SCALE = (
    "Each mark on a bar is ten times the one before it. Time is an estimate by the arithmetic, "
    "for one photo: in every round, or once where the network looks only once."
)


def recipe_cards(recipes: Sequence[Recipe], chosen: str, num_classes: int) -> str | None:
    """The chosen recipe, and a line per recipe; returns the name of the one just pressed."""
    sizes = {recipe.name: size_of(recipe, num_classes) for recipe in recipes}
    known = {recipe.name: recipe for recipe in recipes}
    groups = grouped(recipes)
    mine = next(title for title, members in groups.items() if known[chosen] in members)
    st.html(f"<style>{CSS}</style>{chosen_html(known[chosen], groups[mine], sizes)}")
    pressed = None
    with st.container(key="recipe-gallery", gap="xsmall"):
        titles = [f"{title} · {len(members)}" for title, members in groups.items()]
        start = f"{mine} · {len(groups[mine])}"
        tabs = st.tabs(titles, default=start, key="recipe-groups")
        for tab, (title, members) in zip(tabs, groups.items(), strict=True):
            with tab, st.container(gap="xxsmall"):
                st.caption(GROUP_WORDS[title])
                st.html(HEAD)
                for recipe in members:
                    if _line(recipe, sizes, chosen):
                        pressed = recipe.name
    messages.why(SCALE, "How to read this?")
    return pressed


def grouped(recipes: Sequence[Recipe]) -> dict[str, list[Recipe]]:
    """The recipes by group; tutorials in the order of their stories, the others by their work."""
    by_name = {recipe.name: recipe for recipe in recipes}
    tutorials = [by_name[name] for name in TUTORIAL_NAMES if name in by_name]
    others = [recipe for recipe in recipes if recipe.name not in TUTORIAL_NAMES]
    others.sort(key=lambda recipe: size_of(recipe, 2).work)
    return {
        OWN: [one for one in others if not isinstance(one.architecture, Backbone)],
        TUTORIALS: tutorials,
        PRETRAINED: [one for one in others if isinstance(one.architecture, Backbone)],
    }


def _line(recipe: Recipe, sizes: Mapping[str, RecipeSize], chosen: str) -> bool:
    is_chosen = recipe.name == chosen
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"recipe-{recipe.name}"
    ):
        st.html(line_html(recipe, sizes, chosen), width="stretch")
        return st.button(
            "Chosen" if is_chosen else "Choose",
            key=f"choose-{recipe.name}",
            icon=":material/check:" if is_chosen else None,
            disabled=is_chosen,
            help=f"{recipe.summary}",
            width=112,
        )


def chosen_html(recipe: Recipe, group: Sequence[Recipe], sizes: Mapping[str, RecipeSize]) -> str:
    """The chosen recipe in full, beside the lightest of its group, as HTML."""
    height, width = recipe.picture.image_size
    size = sizes[recipe.name]
    facts = [
        made_of(recipe),
        f"{numbers_in_words.short(size.weights)} weights",
        f"{numbers_in_words.short(size.work)} multiplications for a photo"
        + _beside_the_lightest(recipe, group, sizes),
        f"made for pictures of {height} × {width}"
        + (" in grey" if recipe.picture.color_mode == "grayscale" else ""),
    ]
    return (
        f"<section class='lp-chosen'><b>{escape(recipe.title)}</b>"
        f"<p>{escape(recipe.summary)}</p><small>{escape(' · '.join(facts))}</small></section>"
    )


def _beside_the_lightest(
    recipe: Recipe, group: Sequence[Recipe], sizes: Mapping[str, RecipeSize]
) -> str:
    lightest = min(group, key=lambda one: sizes[one.name].work)
    ratio = sizes[recipe.name].work / sizes[lightest.name].work
    return f", {ratio_in_words(ratio)} those of {lightest.title}" if ratio > 1 else ""


def line_html(recipe: Recipe, sizes: Mapping[str, RecipeSize], chosen: str) -> str:
    """One recipe beside the others: title, weights, work, picture and time, as HTML."""
    size = sizes[recipe.name]
    height, width = recipe.picture.image_size
    side = PICTURE_SIDE * max(height, width) / 300
    grey = " grey" if recipe.picture.color_mode == "grayscale" else ""
    short = numbers_in_words.short
    return (
        f"<div class='lp-recipe{' mine' if recipe.name == chosen else ''}'>"
        f"<div class='t'><b>{escape(recipe.title.removesuffix(', pretrained'))}</b></div>"
        f"<small>{escape(_in_short(recipe))}</small>"
        f"<div class='w' data-label='weights'>{_bar(size.weights, WEIGHTS_AXIS)}"
        f"<span>{short(size.weights)}</span></div>"
        f"<div class='m' data-label='work'>{_bar(size.work, WORK_AXIS)}"
        f"<span>{short(size.work)}</span></div>"
        f"<div class='p' data-label='picture'><i class='pic{grey}' style='width:{side:.0f}px;"
        f"height:{side:.0f}px'></i><span>{height} × {width}</span></div>"
        f"<div class='s' data-label='time'><span>{_time(size, sizes[chosen])}</span></div></div>"
    )


def _in_short(recipe: Recipe) -> str:
    """What it can, where that is known, and the first sentence of what it is for."""
    sentence = recipe.summary.split(". ")[0].rstrip(".") + "."
    if not isinstance(recipe.architecture, Backbone) or recipe.name in TUTORIAL_NAMES:
        return sentence
    return f"Names {recipe.architecture.family.top_1:g} % of things rightly. {sentence}"


def _time(size: RecipeSize, chosen: RecipeSize) -> str:
    ratio = size.learning_work / chosen.learning_work
    when = "once" if size.once else "each round"
    return f"<b>{ratio_in_words(ratio)}</b> {when}"


def _bar(value: int, axis: tuple[int, int]) -> str:
    low, high = axis
    share = min(1.0, max(0.0, (log10(max(1, value)) - low) / (high - low)))
    return f"<i class='bar' style='--steps:{high - low}'><i style='width:{share:.1%}'></i></i>"


HEAD = (
    "<div class='lp-recipe lp-recipe-head' aria-hidden='true'><div class='t'></div>"
    "<div class='w'>Weights</div><div class='m'>Work per photo</div><div class='p'>Picture</div>"
    "<div class='s'>Time, chosen = 1</div></div>"
)
CSS = f"""
.lp-chosen {{border: 1px solid color-mix(in srgb, {GOOD} 55%, transparent); border-radius: .6rem;
  background: color-mix(in srgb, {GOOD} 9%, transparent); padding: .7rem 1rem}}
.lp-chosen > b {{font-size: 1.12rem; font-weight: 600}}
.lp-chosen p.p, .lp-chosen p {{margin: .2rem 0 .3rem; line-height: 1.4}}
.lp-chosen small {{font-size: .86rem; opacity: .8}}
.lp-recipe {{display: grid; align-items: center; gap: 0 1rem; line-height: 1.25;
  grid-template-columns: minmax(0, 1fr) 6.4rem 6.4rem 6.2rem 6.6rem;
  --lp-track: color-mix(in srgb, currentColor 13%, transparent)}}
.lp-recipe .t b {{display: block; font-weight: 600}}
.lp-recipe small {{grid-row: 2; grid-column: 1 / -1; font-size: .82rem; line-height: 1.3;
  opacity: .78; padding-top: .15rem}}
.lp-recipe span {{font-size: .82rem; font-variant-numeric: tabular-nums; white-space: nowrap}}
.lp-recipe .bar {{display: block; height: 8px; border-radius: 4px; overflow: hidden;
  position: relative; background: var(--lp-track)}}
.lp-recipe .bar i {{display: block; height: 100%; background: {CLASS_COLORS[0]}}}
.lp-recipe .m .bar i {{background: {CLASS_COLORS[1]}}}
.lp-recipe .bar::after {{content: ""; position: absolute; inset: 0;
  background: repeating-linear-gradient(90deg, transparent 0,
  transparent calc(100% / var(--steps) - 1px),
  var(--st-background-color, Canvas) calc(100% / var(--steps) - 1px),
  var(--st-background-color, Canvas) calc(100% / var(--steps)))}}
.lp-recipe .p {{display: flex; align-items: center; gap: .5rem}}
.lp-recipe .pic {{display: block; flex: none; border-radius: 2px;
  background: linear-gradient(135deg, {CLASS_COLORS[2]}, {CLASS_COLORS[0]} 55%, {CLASS_COLORS[1]})}}
.lp-recipe .pic.grey {{background: linear-gradient(135deg, #555, #bbb)}}
.lp-recipe-head {{align-items: end; font-size: .78rem; opacity: .75;
  margin-right: calc(112px + 1rem)}}
.st-key-recipe-gallery [class*=st-key-recipe-] {{border-top: 1px solid
  color-mix(in srgb, currentColor 12%, transparent); padding: .3rem 0; flex-wrap: nowrap}}
@media (max-width: 900px) {{
  .lp-recipe-head {{display: none}}
  .lp-recipe {{grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .15rem .9rem;
    align-items: start}}
  .lp-recipe .t {{grid-column: 1 / -1; grid-row: 1}}
  .lp-recipe :is(.w, .m)::after {{content: " " attr(data-label); font-size: .82rem; opacity: .75}}
  .lp-recipe .s::before {{content: attr(data-label) " "; font-size: .82rem; opacity: .75}}
}}
"""
