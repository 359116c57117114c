"""A search that was begun: live while it works, then a look at what came, then a data set."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from core.datasets.collection_journal import Entry
from core.datasets.collections import PREFIX, Collection
from core.datasets.edits import photos
from core.datasets.web.journal import account, kept_search
from core.jobs import JobStatus, read_status
from ui import cache, job_view, messages, state
from ui.components.photo_review import photo_review
from ui.galleries import page_of
from ui.palette import class_colors
from ui.photos import web_search
from ui.photos.collection_ending import button, obstacle
from ui.photos.import_form import settings, start_import
from ui.photos.open_collection import start_adding

PER_PAGE, SLOTS = 24, 6
UNDO = "review-undo"


def harvest_view(collection: Collection, kind: str) -> None:
    """One search: how far it is, or what came of it."""
    title = messages.literal(collection.about["title"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False, width="stretch")
        st.button(
            "New search",
            icon=":material/add:",
            type="tertiary",
            key=f"{kind}-new",
            on_click=web_search.show,
            args=(web_search.NEW,),
            help="This one stays as it is, and goes on if it is at work.",
        )
    job = web_search.job_of(collection)
    if job is not None and job_view.is_running(job):
        with st.container(border=True, key="harvest-live"):
            job_view.follow(job, lambda folder, status: live(collection, folder, status), "harvest")
        return
    if job is not None:
        job_view.ending(read_status(job))
    came(collection)
    review(collection)
    ending(collection)


def live(collection: Collection, folder: Path, status: JobStatus) -> None:
    """The bar and, for each class, how many came and the newest of them."""
    job_view.progress(folder, status, "Stop and keep what came")
    classes = status.extra.get("classes")
    if classes:
        st.html(arriving_html(collection, classes, limit(collection)))


def limit(collection: Collection) -> int:
    """The most photos per class that the search asks for."""
    kept = kept_search(collection.folder)
    return int((kept or {}).get("search", {}).get("maximum", 1))


def arriving_html(collection: Collection, classes: dict[str, Any], most: int) -> str:
    """A row per class: name, count, bar, newest photos."""
    colors = class_colors(list(classes))
    rows = []
    for label, now in classes.items():
        pictures = "".join(
            f"<div><img alt='' src='{collected_url(collection.name, name, 160)}'></div>"
            for name in now.get("newest", [])
        )
        places = "<div></div>" * (SLOTS - len(now.get("newest", [])))
        words = f"{now['have']:,} of {most:,}"
        if now.get("exhausted") and now["have"] < most:
            words = f"{photos(now['have'])}, no more found"
        share = min(100, 100 * now["have"] / max(1, most))
        rows.append(
            f"<section><header><b>{escape(label)}</b><span>{words}</span></header>"
            f"<div class='bar'><i style='width:{share:.1f}%;background:{colors[label]}'></i></div>"
            f"<div class='newest'>{pictures}{places}</div></section>"
        )
    return f"<div class='loupe-arriving'>{''.join(rows)}</div>"


def collected_url(collection: str, entry_id: str, size: int) -> str:
    """The address of a collected photo's thumbnail."""
    return f"/api/collections/{quote(collection)}/photos/{quote(entry_id)}?size={size}"


def came(collection: Collection) -> None:
    """What the search brought, class by class, with reasons for what it did not."""
    told, most = account(collection), limit(collection)
    wanted = [row["label"] for row in _search(collection)["rows"]]
    numbers = {
        label: told["classes"].get(label, {"have": 0, "known": 0, "refused": 0})
        for label in dict.fromkeys([*wanted, *told["classes"]])
    }
    last = _last_seen(collection)
    done = {name for name, now in last.items() if now.get("exhausted")}
    lines = [
        f"- **{messages.literal(name)}:** {_words(now)}"
        + (", and no more can be found" if name in done and now["have"] < most else "")
        for name, now in numbers.items()
    ]
    st.markdown("\n".join(lines))
    with st.container(horizontal=True):
        missing = {label for label in wanted if numbers[label]["have"] < most}
        if missing:
            words = "Look again" if missing <= done else "Go on"
            again(collection, words, _search(collection), "Fetches what is still missing.")
        else:
            more = _search(collection) | {"maximum": min(2000, most + 100)}
            again(collection, "Fetch 100 more of each", more, "Goes on with the same search.")
        st.button(
            "Throw away",
            icon=":material/delete:",
            type="tertiary",
            key="search-away-button",
            on_click=web_search.throw_away,
            args=(collection,),
            help="Everything that came goes to the bin; you can undo this.",
        )
    if told["reasons"]:
        with st.expander(f"{photos(len(told['reasons']))} left out", icon=":material/report:"):
            st.dataframe(pd.DataFrame(told["reasons"]), hide_index=True, width="stretch")


def again(collection: Collection, words: str, search: dict[str, Any], help_text: str) -> None:
    """A button that lets the search go on."""
    if st.button(words, icon=":material/resume:", key="search-again", help=help_text):
        web_search.go_on(collection, search)
        st.rerun()


def _last_seen(collection: Collection) -> dict[str, Any]:
    """What the job that last worked on it told of each class."""
    job = web_search.job_of(collection)
    return read_status(job).extra.get("classes", {}) if job else {}


def _words(now: dict[str, int]) -> str:
    words = photos(now["have"])
    if now["known"]:
        words += f", {now['known']:,} were there already"
    if now["refused"]:
        words += f", {now['refused']:,} could not be used"
    return words if now["have"] or now["known"] or now["refused"] else "nothing was found"


def _search(collection: Collection) -> dict[str, Any]:
    return (kept_search(collection.folder) or {"search": {"rows": []}})["search"]


def review(collection: Collection) -> None:
    """All photos that came, with author and licence; each can be taken out and brought back."""
    entries = cache.collection(collection).entries()
    if not entries:
        st.info("There are no photos in it.", icon=":material/image_not_supported:")
        return
    st.markdown("**Look through them.** Take out what does not show its class; you can undo it.")
    labels = list(dict.fromkeys(entry.label for entry in entries))
    chosen = st.pills(
        "Show",
        labels,
        key=f"review-class-{collection.name}",
        label_visibility="collapsed",
    )
    undo_bar(collection)
    shown = [entry for entry in entries if chosen in (None, entry.label)]
    places = page_of(len(shown), PER_PAGE, f"review-page-{collection.name}-{chosen}")
    page = shown[places.start : places.stop]
    taken = photo_review(cards(collection, page, labels), key=f"review-{collection.name}")
    if taken in {entry.id for entry in entries}:
        collection.remove([str(taken)])
        state.put(UNDO, [*(state.get(UNDO) or [])[-99:], (collection.name, taken)])
        st.rerun()


def cards(
    collection: Collection, entries: Sequence[Entry], labels: Sequence[str]
) -> list[dict[str, Any]]:
    """Entries as the review component takes them."""
    colors = class_colors(labels)
    return [
        {
            "id": entry.id,
            "source": collected_url(collection.name, entry.id, 320),
            "label": entry.label,
            "color": colors[entry.label],
            "author": entry.author,
            "licence": entry.licence,
            "page": entry.source_page,
        }
        for entry in entries
    ]


def undo_bar(collection: Collection) -> None:
    """How many photos were taken out in this visit, and the way back for the last of them."""
    taken = [name for where, name in state.get(UNDO) or [] if where == collection.name]
    if taken:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/history: {photos(len(taken))} taken out.", width="stretch")
            st.button(
                "Undo the last",
                icon=":material/undo:",
                key="review-undo-button",
                on_click=_bring_back,
                args=(collection, taken[-1]),
            )


def _bring_back(collection: Collection, name: str) -> None:
    collection.restore([name])
    state.put(UNDO, [step for step in state.get(UNDO) or [] if step != (collection.name, name)])


def ending(collection: Collection) -> None:
    """The button that makes a data set of it, or adds it to the one it was meant for."""
    counts, about = collection.counts(), collection.about
    with st.container(border=True):
        # A data set that was deleted in the meantime cannot grow: then it becomes a new one.
        if about.get("dataset") in {known["name"] for known in cache.datasets()}:
            into = cache.dataset(about["dataset"])
            words = f"Add {photos(sum(counts.values()))} to {into.title}"
            if button(words, "" if counts else "There are no new photos.", "search-add"):
                web_search.show(None)
                start_adding(into, collection)
            return
        name, shares, seed = settings("search", about["title"])
        if button("Make the data set", obstacle(counts), "search-make"):
            web_search.show(None)
            start_import(PREFIX + collection.name, name, shares, seed)


def other_searches(kind: str) -> None:
    """Searches that were begun before, below the form."""
    for collection in web_search.searches(kind):
        counts = cache.collection(collection).by_class()
        number = sum(map(len, counts.values()))
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            title = messages.literal(collection.about["title"])
            st.markdown(
                f":material/hourglass_empty: An earlier search, **{title}**: {photos(number)} "
                "so far.",
                width="stretch",
            )
            st.button(
                "Open it",
                key=f"search-open-{collection.name}",
                on_click=web_search.show,
                args=(collection.name,),
            )
