"""What the classes could be: the likeliest reading shown at once, the others a click away."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from core.datasets.edits import photos
from ui.messages import literal
from ui.palette import class_colors

CLASSES_SHOWN = 12
Proposal = Mapping[str, Any]

STYLE = """<style>
.loupe-proposal {display: grid; gap: .7rem;
  grid-template-columns: repeat(auto-fill, minmax(min(178px, 46%), 1fr))}
.loupe-proposal > div {border: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  border-radius: 9px; padding: .55rem .65rem .6rem; min-width: 0;
  border-top: 4px solid var(--class)}
.loupe-proposal b, .loupe-proposal small {display: block; overflow: hidden; white-space: nowrap;
  text-overflow: ellipsis; line-height: 1.4}
.loupe-proposal small {font-size: .8rem; color: color-mix(in srgb, currentColor 68%, transparent)}
.loupe-proposal .three {display: grid; grid-template-columns: repeat(3, 1fr); gap: .25rem;
  margin: .4rem 0 .25rem}
.loupe-proposal img {width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 5px;
  display: block}
</style>"""


def choose_proposal(look: Mapping[str, Any], key: str, one_class: bool) -> Proposal | None:
    """Draws the proposals and returns the chosen one; None when none makes a data set.

    Args:
        look: What `core.datasets.looking.look` saw.
        one_class: Whether a single class is enough, as for adding to a data set.
    """
    fitting = [each for each in look["proposals"] if one_class or each["num_classes"] > 1]
    if not fitting:
        st.warning(
            "Nothing here says what the photos show: neither folders, nor file names, nor a table. "
            "Sort them into a folder per class, add a table of files and classes (.csv), or fill "
            "one class after the other: choose **class by class** above.",
            icon=":material/help:",
        )
        return None
    chosen = _heading(fitting, key)
    st.html(_cards(chosen, look["thumbnails"]))
    _splits(chosen)
    _left_out(chosen)
    return chosen


def summary(proposal: Proposal) -> str:
    """`"3 classes, 481 photos"`."""
    count = proposal["num_classes"]
    classes = "1 class" if count == 1 else f"{count:,} classes"
    return f"{classes}, {photos(proposal['num_photos'])}"


def _heading(fitting: Sequence[Proposal], key: str) -> Proposal:
    """The chosen reading in words, and the others behind a button."""
    number = 0
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-reading"):
        heading = st.empty()
        if len(fitting) > 1:
            with st.popover("Read it another way", icon=":material/account_tree:"):
                number = st.radio(
                    "What says the class of a photo?",
                    range(len(fitting)),
                    format_func=lambda place: fitting[place]["title"],
                    captions=[_caption(each) for each in fitting],
                    key=f"{key}-proposal",
                )
    chosen = fitting[number or 0]
    words = f"**{summary(chosen)}**: {literal(_lower(chosen['title']))}."
    heading.markdown(f":material/category: {words}")
    return chosen


def _caption(proposal: Proposal) -> str:
    names = ", ".join(literal(name) for name in list(proposal["counts"])[:4])
    more = ", …" if proposal["num_classes"] > 4 else ""
    return f"{summary(proposal)}: {names}{more}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _cards(proposal: Proposal, thumbnails: Mapping[str, str]) -> str:
    names = list(proposal["counts"])
    colors = class_colors(names)
    cards = "".join(
        _card(name, proposal, colors[name], thumbnails) for name in names[:CLASSES_SHOWN]
    )
    more = proposal["num_classes"] - min(len(names), CLASSES_SHOWN)
    rest = f"<div style='border-style: dashed'><b>and {more:,} more</b></div>" if more else ""
    return f"{STYLE}<div class='loupe-proposal'>{cards}{rest}</div>"


def _card(name: str, proposal: Proposal, color: str, thumbnails: Mapping[str, str]) -> str:
    examples = proposal["examples"][name]
    shown = [thumbnails[file] for file in examples if file in thumbnails]
    pictures = "".join(f"<img alt='' src='{escape(address)}'>" for address in shown)
    files = ", ".join(file.rsplit("/", 1)[-1] for file in examples)
    return (
        f"<div style='--class: {color}'><b title='{escape(name)}'>{escape(name)}</b>"
        f"<small>{photos(proposal['counts'][name])}</small>"
        + (f"<div class='three'>{pictures}</div>" if pictures else "")
        + f"<small title='{escape(', '.join(examples))}'>{escape(files)}</small></div>"
    )


def _splits(proposal: Proposal) -> None:
    if proposal["splits"]:
        told = ", ".join(f"{name} {count:,}" for name, count in proposal["splits"].items())
        st.caption(f":material/call_split: It brings its own split: {told}. It is kept.")


def _left_out(proposal: Proposal) -> None:
    groups = proposal["left_out"]
    count = sum(group["count"] for group in groups)
    if not count:
        return
    words = "1 file would be left out" if count == 1 else f"{count:,} files would be left out"
    with st.expander(words, icon=":material/report:"):
        rows = [
            {
                "files": group["count"],
                "reason": group["reason"],
                "examples": ", ".join(group["examples"]),
            }
            for group in groups
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=LEFT_OUT_COLUMNS)


LEFT_OUT_COLUMNS = {
    "files": st.column_config.NumberColumn("Files", width="small"),
    "reason": st.column_config.TextColumn("Why", width="large"),
    "examples": st.column_config.TextColumn("For example", width="large"),
}
