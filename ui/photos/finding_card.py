"""One finding: what it is, what it does, examples, and the buttons that act."""

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.datasets.checks.acting import act, choose_class
from core.datasets.checks.findings import Finding, dismiss
from core.datasets.dataset import Dataset
from core.datasets.edits import exclude, photos
from ui import state
from ui.galleries import page_of, photo_url
from ui.palette import class_colors
from ui.photos.words import SPLIT_WORDS

Edit = Callable[[str, Callable[[Dataset], object]], None]

# What looks like a copy to Loupe may be none to a person.
MAY_ERR = ("near_duplicates", "label_conflicts", "leaks")
PHOTOS_SHOWN = 12
GROUPS_SHOWN = 4
COPIES_SHOWN = 6
BADGES = {
    "urgent": (":material/priority_high: Urgent", "red"),
    "look": (":material/visibility: Look at it", "orange"),
    "note": (":material/info: Good to know", "gray"),
}


def finding_card(dataset: Dataset, finding: Finding, edit: Edit) -> None:
    """Draws the card.

    Args:
        edit: Called with the data set's name and what to do to it.
    """
    with st.container(border=True, key=f"finding-{finding.kind}"):
        words, color = BADGES[finding.severity]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(finding.title, anchor=False, width="content")
            st.badge(words, color=color)  # type: ignore[arg-type]
        st.text(finding.sentence)
        st.text(f"What it does: {finding.effect}")
        rows = dataset.manifest.set_index("id")
        if finding.groups:
            _groups(dataset, finding, rows, edit)
        elif finding.ids:
            _examples(dataset, finding, rows, edit)
        _buttons(dataset, finding, rows, edit)


def _groups(dataset: Dataset, finding: Finding, rows: pd.DataFrame, edit: Edit) -> None:
    places = page_of(len(finding.groups), GROUPS_SHOWN, f"groups-{finding.kind}")
    for start in range(places.start, places.stop, 2):
        for column, place in zip(st.columns(2), range(start, places.stop), strict=False):
            with column, st.container(border=True, key=f"group-{finding.kind}-{place}"):
                _group(dataset, finding, rows, place, edit)


def _group(dataset: Dataset, finding: Finding, rows: pd.DataFrame, place: int, edit: Edit) -> None:
    group = [photo_id for photo_id in finding.groups[place] if photo_id in rows.index]
    shown = group[:COPIES_SHOWN]
    st.html(figures(dataset, rows.loc[shown], columns=min(3, max(2, len(shown)))))
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(group) > COPIES_SHOWN:
            st.caption(f"and {len(group) - COPIES_SHOWN:,} more", width="content")
        if finding.action == "choose_class":
            _class_buttons(dataset, finding, rows, place, edit)
        _dismiss_button(dataset, finding, (finding.groups[place],), str(place), edit)


def _class_buttons(
    dataset: Dataset, finding: Finding, rows: pd.DataFrame, place: int, edit: Edit
) -> None:
    group = finding.groups[place]
    for label in sorted(rows.loc[[key for key in group if key in rows.index], "label"].unique()):
        st.button(
            f"All are {_plain(label)}",
            key=f"class-{place}-{label}",
            on_click=edit,
            args=(
                dataset.name,
                lambda current, group=group, label=label: choose_class(current, group, label),
            ),
        )


def _dismiss_button(
    dataset: Dataset, finding: Finding, groups: Sequence[tuple[str, ...]], key: str, edit: Edit
) -> None:
    only = finding.model_copy(update={"groups": tuple(groups), "ids": groups[0]})
    st.button(
        "Not copies" if finding.kind in MAY_ERR else "Not a problem",
        key=f"dismiss-{finding.kind}-{key}",
        type="tertiary",
        icon=":material/close:",
        on_click=edit,
        args=(dataset.name, lambda current: dismiss(current, only)),
    )


def _examples(dataset: Dataset, finding: Finding, rows: pd.DataFrame, edit: Edit) -> None:
    places = page_of(len(finding.ids), PHOTOS_SHOWN, f"photos-{finding.kind}")
    shown = [key for key in finding.ids[places.start : places.stop] if key in rows.index]
    st.html(figures(dataset, rows.loc[shown], start=places.start + 1))
    if len(finding.ids) > 1:
        with st.popover("Only some of them", type="tertiary", icon=":material/checklist:"):
            _some(dataset, finding, dict(enumerate(shown, places.start + 1)), edit)


def _some(dataset: Dataset, finding: Finding, shown: dict[int, str], edit: Edit) -> None:
    """Acting on single photos, called by their numbers."""
    numbers = st.pills(
        "Photos, by number", list(shown), selection_mode="multi", key=f"some-{finding.kind}"
    )
    chosen = tuple(shown[number] for number in numbers or () if number in shown)
    only = finding.model_copy(update={"ids": chosen})
    with st.container(horizontal=True):
        st.button(
            "Exclude these",
            key=f"exclude-some-{finding.kind}",
            disabled=not chosen,
            on_click=edit,
            args=(
                dataset.name,
                lambda current: exclude(current, chosen, finding.title.lower()),
            ),
        )
        st.button(
            "These are no problem",
            key=f"dismiss-some-{finding.kind}",
            disabled=not chosen,
            on_click=edit,
            args=(dataset.name, lambda current: dismiss(current, only)),
        )


def _buttons(dataset: Dataset, finding: Finding, rows: pd.DataFrame, edit: Edit) -> None:
    with st.container(horizontal=True):
        if words := _words_of_action(finding):
            st.button(
                words,
                key=f"act-{finding.kind}",
                type="primary",
                help="You can undo this.",
                on_click=edit,
                args=(dataset.name, lambda current: act(current, finding)),
            )
        if finding.action == "collect":
            st.button(
                "Add photos",
                key=f"collect-{finding.kind}",
                type="primary",
                icon=":material/add_photo_alternate:",
                on_click=state.set_address,
                args=("view", "add"),
            )
        if finding.ids:
            st.button(
                "Show in the gallery",
                key=f"gallery-{finding.kind}",
                icon=":material/photo_library:",
                on_click=_show_in_gallery,
                args=(finding.kind,),
            )
        st.button(
            "Not a problem",
            key=f"dismiss-{finding.kind}",
            type="tertiary",
            icon=":material/close:",
            help="Shown no more, until you ask for it above.",
            on_click=edit,
            args=(dataset.name, lambda current: dismiss(current, finding)),
        )


def _words_of_action(finding: Finding) -> str:
    if finding.action == "exclude":
        return "Exclude it" if len(finding.ids) == 1 else f"Exclude all {len(finding.ids):,}"
    if finding.action == "keep_one":
        extra = sum(len(group) - 1 for group in finding.groups)
        return f"Keep the largest of each, exclude {photos(extra)}"
    return "Move each to one side of the split" if finding.action == "same_split" else ""


def _show_in_gallery(kind: str) -> None:
    state.set_address("flag", kind)
    state.set_address("view", "gallery")


def figures(dataset: Dataset, rows: pd.DataFrame, start: int = 0, columns: int = 0) -> str:
    """Whole photos side by side with class and split, as HTML; numbered from `start`, if any."""
    colors = class_colors(dataset.class_names)
    parts = []
    for place, (photo_id, row) in enumerate(rows.iterrows()):
        label, split = escape(str(row["label"])), SPLIT_WORDS.get(row["split"], row["split"])
        number = f"{start + place}. " if start else ""
        parts.append(
            f"<figure><img loading='lazy' alt='{label}, {escape(str(row['source_file']))}'"
            f" title='{escape(str(row['source_file']))}, {row['width']} × {row['height']} pixels'"
            f" style='object-fit: contain'"
            f" src='{escape(photo_url(dataset.name, str(photo_id), 320))}'>"
            f"<figcaption><i style='background: {colors.get(str(row['label']), '#888')}'></i>"
            f"<span>{number}{label} · {escape(str(split))}</span></figcaption></figure>"
        )
    grid = f" style='grid-template-columns: repeat({columns}, minmax(0, 1fr))'" if columns else ""
    return f"<div class='loupe-photos'{grid}>{''.join(parts)}</div>"


MARKDOWN = "\\`*_[]{}()#+-!|<>$:~"


def _plain(words: str) -> str:
    """Words from outside, such as the name of a class, without Markdown."""
    return "".join(f"\\{letter}" if letter in MARKDOWN else letter for letter in words)
