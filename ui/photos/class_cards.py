"""Collecting class by class: a card per class, with its colour, count and newest photos."""

import hashlib
from html import escape
from typing import NamedTuple
from urllib.parse import quote

import streamlit as st

from core.datasets.collection_journal import Contents, Entry
from core.datasets.dataset import Dataset
from core.datasets.edits import checked_label, photos
from core.errors import LoupeError
from ui import messages, state
from ui.components.photo_strip import StripPhoto, photo_strip
from ui.galleries import page_of, photo_url
from ui.palette import class_colors
from ui.photos import open_collection
from ui.photos.collect_stage import STAGES, open_stage, stage
from ui.photos.collection_ending import ending, waiting_ones
from ui.photos.import_form import target

PER_PAGE, NEWEST = 12, 9
# As many cards beside each other as the screen has room for, however wide it is.
GRID_STYLE = """<style>.st-key-class-grid {display: grid; align-items: start; gap: 1rem;
grid-template-columns: repeat(auto-fill, minmax(min(272px, 100%), 1fr))}
.st-key-class-grid > * {width: 100% !important}</style>"""


class ClassCard(NamedTuple):
    """What a card shows.

    Attributes:
        label: The class.
        color: Its colour, as `#rrggbb`.
        new: The photos collected for it, oldest first.
        there: How many the data set has already.
    """

    label: str
    color: str
    new: list[Entry]
    there: int

    @property
    def mark(self) -> str:
        """For the keys of its widgets, which bear no odd signs."""
        return hashlib.sha256(self.label.encode()).hexdigest()[:10]

    @property
    def count_words(self) -> str:
        if not self.there:
            return photos(len(self.new)) if self.new else "No photos yet"
        return f"{photos(self.there)}, +{len(self.new):,} new" if self.new else photos(self.there)


@st.fragment
@messages.guarded
def class_cards(dataset: Dataset | None) -> None:
    """A card per class, what fills the chosen one, and the button that goes on."""
    into = target(dataset, "collecting", verb="")
    collection = open_collection.open_now()
    contents = open_collection.contents_of(collection)
    cards = cards_of(contents, into)
    # Always there, so that what stands below keeps its place and the camera goes on.
    with st.container(key="collecting-words"):
        first_words(cards)
        waiting_ones(quiet=bool(contents.entries()))
        open_collection.undo_bar()
    stage(cards, into)
    grid(cards, contents, into)
    ending(collection, contents, into)


def first_words(cards: list[ClassCard]) -> None:
    """Why one class is not enough, as long as there is no second one."""
    if not cards:
        st.markdown(
            "Name what your photos show, one class after the other, and fill each with the "
            "camera, by drawing or with files. **Two classes at least:** with a single one, "
            "every answer would be that one, and nothing could be learnt."
        )
    elif len(cards) == 1:
        st.info(
            "Now a second class. A model learns what tells classes apart; with a single one it "
            "would always give the same answer. A class “nothing of it” will do.",
            icon=":material/call_split:",
        )


def cards_of(contents: Contents, into: Dataset | None) -> list[ClassCard]:
    """The classes of the data set first, then those that are new."""
    found = contents.by_class()
    there = into.class_counts() if into else {}
    names = [*there, *(name for name in found if name not in there)]
    colors = class_colors(names)
    return [
        ClassCard(name, colors[name], found.get(name, []), there.get(name, 0)) for name in names
    ]


def grid(cards: list[ClassCard], contents: Contents, into: Dataset | None) -> None:
    """The cards side by side, and behind the last one the way to a further class."""
    places = page_of(len(cards), PER_PAGE, "collecting-page") if cards else range(0)
    st.html(GRID_STYLE)
    with st.container(key="class-grid"):
        for card in cards[places.start : places.stop]:
            draw_card(card, contents, into)
        add_class_form(into, {card.label for card in cards})


def draw_card(card: ClassCard, contents: Contents, into: Dataset | None) -> None:
    """One class."""
    with st.container(border=True, key=f"class-{card.mark}"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.html(heading(card), width="stretch")
            menu(card, contents, into)
        taken = None
        if card.new or card.there:
            taken = photo_strip(newest(card, into), key=f"strip-{card.mark}")
        with st.container(horizontal=True, gap="xsmall", wrap=False):
            for way, chosen in STAGES.items():
                st.button(
                    chosen.title,
                    width="stretch",
                    help=chosen.sentence,
                    key=f"{way}-{card.mark}",
                    on_click=begin,
                    args=(way, card.label, into),
                )
    if taken:
        take_out(card, taken)
        st.rerun()


def heading(card: ClassCard) -> str:
    """Colour, name and count of a class, as HTML."""
    return (
        f"<style>.st-key-class-{card.mark} {{border-top: 4px solid {card.color}}}</style>"
        "<div style='line-height: 1.3; overflow-wrap: anywhere'>"
        f"<b style='font-size: 1.08rem'>{escape(card.label)}</b><br>"
        f"<span style='font-size: .88rem; opacity: .8'>{escape(card.count_words)}</span></div>"
    )


def newest(card: ClassCard, into: Dataset | None) -> list[StripPhoto]:
    """The last nine photos collected, filled up with some that the data set has."""
    name = quote(str(state.get(open_collection.ADDRESS)))
    found = [
        StripPhoto(
            entry.id, f"/api/collections/{name}/photos/{quote(entry.id)}?size=160", entry.name
        )
        for entry in card.new[: -NEWEST - 1 : -1]
    ]
    if into is None or len(found) == NEWEST:
        return found
    known = into.used[into.used["label"] == card.label].head(NEWEST - len(found))
    return found + [
        StripPhoto(photo_id, photo_url(into.name, photo_id), str(name), kept=True)
        for photo_id, name in zip(known["id"], known["source_file"], strict=True)
    ]


def menu(card: ClassCard, contents: Contents, into: Dataset | None) -> None:
    """What else can be done with a class."""
    away = contents.taken_out(card.label)
    mine = card.label in contents.classes and not card.there
    if not (mine or card.new or away):
        return
    with st.popover("", icon=":material/more_vert:", type="tertiary", key=f"menu-{card.mark}"):
        if mine:
            rename_form(card)
        if card.new:
            st.button(
                f"Take out {photos(len(card.new))}",
                icon=":material/remove_selection:",
                key=f"empty-{card.mark}",
                on_click=empty,
                args=(card,),
                help="You can undo this.",
            )
        if away:
            st.button(
                f"Bring back {photos(len(away))} taken out",
                icon=":material/settings_backup_restore:",
                key=f"back-{card.mark}",
                on_click=bring_back,
                args=(away,),
            )
        if mine:
            st.button(
                "Remove this class",
                icon=":material/delete:",
                key=f"drop-{card.mark}",
                on_click=drop,
                args=(card,),
                help="You can undo this.",
            )


def rename_form(card: ClassCard) -> None:
    with st.form(f"rename-form-{card.mark}", border=False):
        name = st.text_input("Name", card.label, key=f"rename-{card.mark}")
        if st.form_submit_button("Rename", icon=":material/edit:"):
            rename(card, name)
            st.rerun()


def add_class_form(into: Dataset | None, taken: set[str]) -> None:
    """The card behind the last one."""
    with st.container(border=True), st.form("add-class", clear_on_submit=True, border=False):
        label = st.text_input(
            "Another class" if taken else "The first class",
            placeholder="for example: thumb up",
            key="new-class",
        )
        if st.form_submit_button("Add this class", icon=":material/add:"):
            label = checked_label(label)
            if label in taken:
                raise LoupeError(f"There is a class {label!r} already.", "Choose another name.")
            open_collection.opened(into).add_class(label)
            st.rerun()


def begin(way: str, label: str, into: Dataset | None) -> None:
    """Opens the camera, the pad or the file chooser for a class."""
    open_collection.opened(into)
    open_stage(way, label)


def take_out(card: ClassCard, entry_id: str) -> None:
    if entry_id not in {entry.id for entry in card.new}:
        return
    collection = open_collection.opened(None)
    collection.remove([entry_id])
    words = f"1 photo taken out of {messages.literal(card.label)}."
    open_collection.offer_undo(words, "photos", ([entry_id], None), collection)


def empty(card: ClassCard) -> None:
    collection = open_collection.opened(None)
    ids = [entry.id for entry in card.new]
    collection.remove(ids)
    words = f"{photos(len(ids))} taken out of {messages.literal(card.label)}."
    open_collection.offer_undo(words, "photos", (ids, None), collection)


def bring_back(ids: list[str]) -> None:
    open_collection.opened(None).restore(ids)


def drop(card: ClassCard) -> None:
    collection = open_collection.opened(None)
    ids = collection.drop_class(card.label)
    words = f"The class {messages.literal(card.label)} was removed, with {photos(len(ids))}."
    open_collection.offer_undo(words, "photos", (ids, card.label), collection)


def rename(card: ClassCard, name: str) -> None:
    collection = open_collection.opened(None)
    new = collection.rename_class(card.label, name)
    if new != card.label:
        words = f"{messages.literal(card.label)} is called {messages.literal(new)} now."
        open_collection.offer_undo(words, "name", (new, card.label), collection)
