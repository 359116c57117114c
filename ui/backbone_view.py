"""A backbone on the page: which of its blocks are frozen, what looking costs, what can be set."""

from html import escape

import streamlit as st

from core.datasets.dataset import Dataset
from core.images import PictureSpec
from core.models.backbones import Backbone
from core.models.weights import models_folder, needs_fetching
from core.training.recipes import Recipe
from core.training.runs import Run
from core.training.speed import cost
from ui import cache, forms, job_view, messages, state

FROZEN = "stays as it is"
SETTINGS = ("variants", "dropout", "hidden", "unit_length")
UNFROZEN_SETTINGS = ("unfrozen_epochs", "unfrozen_learning_rate")
NONE = "None: all stay frozen"
UNFROZEN = (
    "On top of that comes the time in which the unfrozen blocks learn from the photos themselves, "
    "rounds planned: {}."
)
WHY_FROZEN = (
    "The lower blocks of a network see edges and textures, which are the same in every photo; "
    "the upper ones see shapes and parts. What it knows is worth more than a few hundred photos "
    "can teach it, so it stays frozen and only the new head learns. With many photos, the last "
    "blocks may learn too, in very small steps, after the head has learnt."
)


def backbone_part(
    dataset: Dataset, recipe: Recipe, kept: Backbone | None, picture: PictureSpec
) -> Backbone | None:
    """Settings and picture of the recipe's backbone; None where the recipe has none.

    Args:
        kept: What was set before.

    Returns:
        The backbone with what is set now.
    """
    if not isinstance(recipe.architecture, Backbone):
        return None
    start = kept or recipe.architecture
    st.subheader("What it already knows", anchor=False)
    weights_note(start, picture)
    with messages.guard():
        backbone = settings(dataset, start, recipe.name)
        st.html(strip_html(backbone, len(dataset.class_names)))
        st.caption(cost_words(dataset, backbone, picture))
        messages.why(WHY_FROZEN, "Why frozen?")
        return backbone
    return start


def settings(dataset: Dataset, start: Backbone, recipe_name: str) -> Backbone:
    """A form for what can be set of a backbone."""
    key = f"backbone-{dataset.name}-{recipe_name}{state.get('choices', '')}"
    names = [block.name for block in start.blocks]
    left, right = st.columns(2, gap="large")
    with left:
        chosen = forms.model_form(Backbone, start, key, SETTINGS)
    with right:
        block = st.selectbox(
            "Blocks that learn too, from here on",
            [None, *reversed(names)],
            index=0 if start.unfreeze_from is None else names[::-1].index(start.unfreeze_from) + 1,
            format_func=lambda name: name or NONE,
            key=f"{key}.unfreeze_from",
            help="Once the head has learnt, this block and all after it learn through the "
            "pictures, with all variations, which takes far longer.",
        )
        chosen = chosen.model_copy(update={"unfreeze_from": block})
        if block is not None:
            chosen = forms.model_form(Backbone, chosen, key, UNFROZEN_SETTINGS)
    return chosen


def weights_note(backbone: Backbone, picture: PictureSpec) -> None:
    """Says whether what it has learnt is on this computer."""
    file = needs_fetching(backbone, picture.image_size)
    if file is None:
        st.caption(":material/check_circle: What it has learnt is on this computer.")
        return
    st.info(
        f"What it has learnt (about {file.megabytes:.0f} MB) is fetched from the internet when the "
        f"training starts. Without a connection, put the file `{file.name}` into the folder "
        f"`{models_folder()}`.",
        icon=":material/download:",
    )


def cost_words(dataset: Dataset, backbone: Backbone, picture: PictureSpec) -> str:
    """How long the frozen part looks at the photos, once, and what is kept of that."""
    counts = dataset.split_counts()
    plain = len(dataset.used)
    looks = plain + counts["train"] * backbone.variants
    need = cost(cache.workspace().root, backbone, picture, looks)
    copies = f" and {counts['train'] * backbone.variants:,} varied copies" * bool(backbone.variants)
    sure = "measured here" if need.measured else "a guess until it was measured here"
    return (
        f"It looks at {plain:,} photos{copies} once: about {job_view.duration(need.seconds)} "
        f"({sure}) and {need.megabytes:.1f} MB. Photos it has seen before cost nothing."
        + (f" {UNFROZEN.format(backbone.unfrozen_epochs)}" if backbone.unfreeze_from else "")
    )


def what_is_frozen(run: Run) -> None:
    """The picture of a run's backbone, folded; nothing where it has none."""
    backbone = run.config.recipe.architecture
    if isinstance(backbone, Backbone):
        with st.expander("What is frozen, and what learns", icon=":material/ac_unit:"):
            st.html(strip_html(backbone, len(run.config.class_names)))


def copies_words(backbone: Backbone, variations: str) -> str:
    """What becomes of the variations in a training with this backbone."""
    if backbone.unfreeze_from:
        return f"{variations}; {backbone.variants} copies of each photo while it is frozen"
    if backbone.variants:
        return f"{variations}; {backbone.variants} copies of each photo"
    return "none: the frozen network looks at each photo once, as it is"


def strip_html(backbone: Backbone, num_classes: int) -> str:
    """The blocks from the picture to the answer: which are frozen, and what each weighs."""
    head = (backbone.features + 1) * num_classes
    if backbone.hidden:
        head = (backbone.features + 1) * backbone.hidden + (backbone.hidden + 1) * num_classes
    learning = backbone.learning_from
    cells = [
        _cell(block.name, block.parameters, number >= learning)
        for number, block in enumerate(backbone.blocks)
    ]
    frozen = sum(block.parameters for block in backbone.blocks[:learning])
    unfrozen = sum(block.parameters for block in backbone.blocks[learning:])
    words = (
        f"{frozen:,} weights stay as they are; {unfrozen + head:,} learn"
        + (f", {head:,} of them in the new head" if unfrozen else ", all in the new head")
        + "."
    )
    body = "".join([*cells, _cell("head", head, True, "new")])
    return (
        f"<style>{CSS}</style><figure class='lp-frozen'><div role='img' "
        f"aria-label='{escape(_spoken(backbone), quote=True)}'>{body}</div>"
        f"<figcaption><span class='key'><i class='frozen'></i>frozen</span>"
        f"<span class='key'><i class='learns'></i>learns</span> {escape(words)}</figcaption>"
        f"</figure>"
    )


def _spoken(backbone: Backbone) -> str:
    names = [block.name for block in backbone.blocks]
    frozen, learns = names[: backbone.learning_from], names[backbone.learning_from :]
    parts = [f"Frozen: {', '.join(frozen)}."] if frozen else []
    return " ".join([*parts, f"Learning: {', '.join([*learns, 'the new head'])}."])


def _cell(name: str, weights: int, learns: bool, note: str = "") -> str:
    # As wide as the square root of its weights: readable from a hundred to a few million.
    share = max(1.0, weights**0.5)
    state = "learns" if learns else "frozen"
    lock = "" if learns else "<b aria-hidden='true'>&#10052;</b>"
    title = f"{name}: {weights:,} weights, {'learns' if learns else FROZEN}"
    return (
        f"<span class='{state} {note}' style='flex-grow:{share:.0f}' "
        f"title='{escape(title, quote=True)}'>{lock}<em>{escape(name)}</em>"
        f"<small>{_short(weights)}</small></span>"
    )


def _short(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1e6:.1f} M"
    return f"{number / 1000:.0f} k" if number >= 1000 else str(number)


CSS = """
.lp-frozen {margin: .3rem 0 0}
.lp-frozen > div {display: flex; flex-wrap: wrap; gap: 3px}
.lp-frozen span[style] {flex-basis: 6.9rem; min-width: 6.9rem; padding: .35rem .5rem .4rem;
  border-radius: .35rem; line-height: 1.25; position: relative; box-sizing: border-box;
  border: 1px solid transparent}
.lp-frozen .frozen {background: color-mix(in srgb, #1f6fb2 16%, transparent);
  border-color: color-mix(in srgb, #1f6fb2 45%, transparent)}
.lp-frozen .learns {background: color-mix(in srgb, #d1702e 26%, transparent);
  border-color: color-mix(in srgb, #d1702e 75%, transparent)}
.lp-frozen .new {border-style: dashed}
.lp-frozen em {display: block; font-style: normal; font-size: .8rem; overflow-wrap: anywhere}
.lp-frozen small {font-size: .78rem; opacity: .8; font-variant-numeric: tabular-nums}
.lp-frozen b {position: absolute; right: .4rem; bottom: .25rem; font-weight: 400;
  font-size: .8rem; opacity: .65}
.lp-frozen figcaption {margin-top: .5rem; font-size: .88rem; opacity: .92}
.lp-frozen .key {margin-right: .9rem; white-space: nowrap}
.lp-frozen .key i {display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem;
  border: 1px solid; margin-right: .35rem; vertical-align: -.08rem}
"""
