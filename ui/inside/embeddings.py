"""All photos on a plane, as the network sees them: what it takes for alike lies close together."""

import base64
from typing import Any
from urllib.parse import quote

import numpy as np
import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.marks import marked_of, pack, read_marks
from core.datasets.similarity import missing_from
from core.evaluation.metrics import percent
from core.inspection.embeddings import embeddings_path
from core.training.runs import Run
from ui import cache, job_view, messages, state
from ui.components.photo_map import photo_map
from ui.galleries import photo_url
from ui.inside.embeddings_data import PCA, TSNE, Flat, colours, flat, here, neighbours_alike
from ui.inside.embeddings_photo import show_opened
from ui.inside.inside import Inside
from ui.photo_sources import picture_address
from ui.photos import marking
from ui.photos.measuring import EMBED, offer, offer_embedding

KEY = "embeddings"
ARRANGE = "core.inspection.embeddings:map_job"
METHODS = {PCA: "Widest spread (PCA)", TSNE: "Who is near whom (t-SNE)"}
COLOURS = {
    "class": "Class",
    "right": "Right or wrong",
    "sure": "How sure",
    "answer": "What it answers",
    "split": "Split",
}
HERE_COLOR = "#ff8a3d"
WATCH_SECONDS = 2.0
HOW = (
    "Before its answer the network turns every photo into a row of numbers: those of its last "
    "hidden layer. Photos with similar numbers are alike to it, whatever their pixels.\n\n"
    "**PCA** looks at all photos from the side from which they are spread most widely: distances "
    "are honest, but what differs in other directions lies on top of each other. **t-SNE** keeps "
    "neighbours together as well as it can; how large a group is and how far from another says "
    "little."
)


def show_embeddings(inside: Inside) -> None:
    """The offer to ask the network about all photos, or the plane with them."""
    dataset, run = inside.dataset, inside.run
    if dataset is None:
        st.info("The photos that this network learnt from are no longer here.")
        return
    known = cache.embeddings(run.name)
    if known is None or missing_from(dataset, known.ids):
        if known is None:
            st.markdown(
                "**Where does the network put this photo among all others?** For that it looks at "
                "every photo once; what it saw is kept with the training."
            )
        offer_embedding(run.name)
        if known is None:
            _watch(run)
            return
    elif _is_looking(run):
        offer_embedding(run.name)  # how far it is, and a way to stop it
    method, by = _choices()
    made = flat(run, method)
    if made is None:
        _offer_arranging(run)
        made = flat(run, PCA)
        if made is None:
            return
        st.caption("Until then, the plane of their widest spread:")
    _plane(inside, dataset, made, by)
    show_opened(run, dataset, made)


def _watch(run: Run) -> None:
    """Shows the plane as soon as there are numbers, while the job still arranges them."""
    if not _is_looking(run):
        return

    def look() -> None:
        if embeddings_path(run).is_file() and cache.embeddings(run.name) is not None:
            st.rerun()

    st.fragment(look, run_every=WATCH_SECONDS)()


def _is_looking(run: Run) -> bool:
    """Whether the job that asks this very run about all photos is at work."""
    return job_view.find_job(EMBED, {"run": run.name}) is not None


def _offer_arranging(run: Run) -> None:
    if _is_looking(run):
        return
    why = (
        "**Photos that are near each other in all numbers, near each other on the plane.** To "
        "arrange them takes from seconds to a few minutes."
    )
    title = f"Arrange what {run.name} saw"
    offer(ARRANGE, {"run": run.name}, title, why, "Arrange them", key="arrange")


def _choices() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = _choice("Laid out by", METHODS, "plane")
        by = _choice("Coloured by", COLOURS, "color")
        messages.why(HOW, "What is this?")
    return method, by


def _choice(title: str, words: dict[str, str], part: str) -> str:
    wanted = state.address(part) or ""
    current = wanted if wanted in words else next(iter(words))
    key = f"embeddings-{part}"
    state.set_widget(key, current)
    st.segmented_control(
        title,
        list(words),
        required=True,
        format_func=lambda name: words[name],
        key=key,
        on_change=lambda: state.set_address(part, str(state.widget(key))),
        wrap=True,
    )
    return current


def _plane(inside: Inside, dataset: Dataset, made: Flat, by: str) -> None:
    run = inside.run
    st.markdown(plane_words(run, dataset, made))
    if made.known.probabilities is None and by in ("right", "sure", "answer"):
        st.caption("This was made before answers were kept with it: it is coloured by class.")
    codes, groups = colours(run, dataset, made.known, by)
    marks = read_marks(dataset)
    method = TSNE if made.plane is None else PCA
    photo_map(
        key=KEY,
        points=f"/api/datasets/{quote(dataset.name)}/map?by={quote(run.name)}&plane={method}"
        f"&stamp={made.stamp}",
        source=photo_url(dataset.name, "ID", "SIZE").replace("/ID?size=SIZE", "/{id}?size={size}"),
        codes=base64.b64encode(codes.tobytes()).decode(),
        groups=groups,
        marked=pack(np.array([photo_id in marks for photo_id in made.known.ids], bool)),
        heard=marking.heard(KEY),
        classes=[],
        on_marks=lambda: marking.take_changes(dataset.name, KEY, state.event(KEY, "marks")),
        on_act=lambda: _act(dataset.name),
        copies=[_here(inside, dataset, made)],
        fixed=True,
    )
    marked = len(marked_of(dataset))
    if marked:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{marked:,}** marked", width="content")
            state.page_link("photos", "Work on them under Photos", icon=":material/photo_library:")


def _here(inside: Inside, dataset: Dataset, made: Flat) -> dict[str, Any]:
    """The photo at hand as a mark on the plane, joined with the photo it is most like."""
    place, nearest = here(inside, made)
    own = nearest == inside.photo.photo_id
    return {
        "x": float(place[0]),
        "y": float(place[1]),
        "from": nearest,
        "color": HERE_COLOR,
        "picture": picture_address(inside.photo, dataset.name),
        "words": "the photo at hand" if own else "the photo at hand, joined with the likest",
        "stray": False,
        "here": True,
    }


def _act(name: str) -> None:
    message = state.event(KEY, "act")
    if not isinstance(message, dict):
        return
    marking.take_changes(name, KEY, message)
    if message.get("name") == "open" and message.get("value") in cache.dataset(name).places:
        state.set_address("near", str(message["value"]))


def plane_words(run: Run, dataset: Dataset, made: Flat) -> str:
    """What the plane shows and what it hides, in figures, as Markdown."""
    count = made.known.vectors.shape[1]
    alike = neighbours_alike(run, dataset, made)
    said = ""
    if alike is not None:
        whole, shown = alike
        said = (
            f"**In all {count:,} numbers, {percent(whole)} of the photos lie next to one of their "
            f"own class; on this plane {percent(shown)}.** "
        )
    if made.plane is not None:
        return said + (
            f"It holds {percent(sum(made.plane.explained))} of all differences; the rest lies on "
            "top of each other here."
        )
    return said + "Only neighbourhood counts here, not how far groups are from each other."
