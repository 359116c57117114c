"""The chosen layer: what it is for, its values as a form, and what is wrong with it."""

from html import escape

import streamlit as st

from core.errors import LoupeError
from core.models import edits
from core.models.layers import Layer, Output, ResidualBlock, kind_of
from ui import diagrams, forms, messages, numbers_in_words, state
from ui.workbench.bench import Bench
from ui.workbench.cards import sees

ORDER = (
    "filters",
    "units",
    "kernel_size",
    "pool_size",
    "strides",
    "padding",
    "depth_multiplier",
    "groups",
    "rate",
    "activation",
)


def show_inspector(bench: Bench) -> None:
    """The form of the chosen layer; a change of it is a change of the network."""
    place = bench.chosen
    layer = bench.layers.at(place)
    with st.container(border=True, key=f"{bench.key}-inspector", gap="small"):
        st.markdown(f"#### {bench.titles[place]}")
        within = f" Within “{bench.titles[place[:1]]}”." if len(place) == 2 else ""
        purpose = (layer.__doc__ or "").splitlines()[0]
        st.caption(f"{purpose}{within} In code: `{bench.names[place]}`.")
        _wrong(bench)
        _figures(bench)
        key = f"{bench.key}-{bench.draft.revision}-{'.'.join(map(str, place))}-{kind_of(layer)}"
        try:
            changed = forms.model_form(type(layer), layer, key, _fields(layer))
        except LoupeError as error:
            messages.show_error(error)
            return
        if isinstance(layer, ResidualBlock):
            st.caption("Choose one of the layers within it to change or add to them.")
        if isinstance(layer, Output):
            st.caption(_answers(layer, bench.num_classes))
    if changed != layer:
        _take(bench, changed)


def _take(bench: Bench, changed: Layer) -> None:
    bench.put(edits.replace(bench.layers, bench.chosen, changed), bench.chosen, by_form=True)
    state.rerun_part()


def _wrong(bench: Bench) -> None:
    problem, refusal = bench.problem, bench.refusal
    if problem is None or refusal is None or problem.place != bench.chosen:
        return
    messages.show_error(refusal)
    words = bench.repair_words
    if words:
        st.button(words, icon=":material/build:", key=f"{bench.key}-repair", on_click=bench.repair)


def _figures(bench: Bench) -> None:
    """All that the arithmetic says of the layer, one line each."""
    rows = bench.rows_at(bench.chosen)
    if not rows or rows[-1].place != bench.chosen:
        return
    memory = sum(row.memory for row in rows)
    batch, size = bench.recipe.training.batch_size, numbers_in_words.size
    lines = {
        "comes out": diagrams.shape_text(rows[-1].output_shape),
        "the sum": rows[-1].arithmetic,
        "weights": f"{sum(row.parameters for row in rows):,}",
        "multiplications": f"{sum(row.multiply_adds for row in rows):,}",
        "memory": f"{size(memory)} a photo, {size(memory * batch)} for {batch}",
        "each value": sees(rows[-1].receptive_field, bench.picture.image_size),
    }
    cells = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in lines.items() if value
    )
    st.html(f"<style>{FIGURES_CSS}</style><dl class='lp-layer'>{cells}</dl>")


def _fields(layer: Layer) -> list[str]:
    names = [name for name in type(layer).model_fields if name != "kind"]
    known = [name for name in ORDER if name in names]
    return known + [name for name in names if name not in known]


def _answers(layer: Output, num_classes: int) -> str:
    units = layer.units(num_classes)
    numbers = "one number" if units == 1 else f"{units} numbers"
    return f"With {num_classes} classes: {numbers}."


FIGURES_CSS = """
.lp-layer.lp-layer {display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem;
  margin: 0; padding: 0; font-size: .86rem; font-variant-numeric: tabular-nums}
.lp-layer dt {opacity: .7}
.lp-layer dd {margin: 0; overflow-wrap: anywhere}
"""
