"""Augmented copies around their photos, on the similarity map of the data set."""

import base64
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import streamlit as st

from core.augmentation.preview import Wall, wall
from core.datasets.dataset import Dataset
from core.datasets.edits import photos as counted
from core.datasets.marks import pack
from core.evaluation.copies_map import PlacedCopies, descriptors, place_copies
from core.images import encode_jpeg, thumbnail
from ui import cache, messages, previews, state
from ui.components.photo_map import photo_map
from ui.galleries import Tile, photo_url, picture_wall
from ui.lab.lab import Lab
from ui.lab.photos import LabPhoto
from ui.lab.wall import draw_again, drawn_list, other_photos
from ui.palette import class_colors
from ui.photos.facts import BY_EYE
from ui.photos.map_view import colored, map_file
from ui.photos.measuring import MAP, offer, offer_embedding

DRAWS = 6
KEY = "coverage-map"
TIP = 156  # pixels of a copy below the pointer
HOW = (
    "The map was made for your photos, and it has no formula for new pictures: a copy goes to the "
    "middle of the six photos it is most like, the likest counting most. One that was not changed "
    "lies on its photo. Distances on a map are only roughly right; which photo a copy is most like "
    "is found among all their numbers, not on the map. Colour and form are a rough eye; choose a "
    "model under *Judged by*, and you can ask what it has learnt."
)


class Mapped(NamedTuple):
    """The photos of a map that are in use.

    Attributes:
        rows: The row of each photo, by its id.
        vectors: float32 (N, D), unit length.
        places: float32 (N, 2).
        labels: Their classes.
    """

    rows: dict[str, int]
    vectors: np.ndarray
    places: np.ndarray
    labels: list[str]


def show_copies_map(lab: Lab) -> None:
    """The map with copies of the lab's photos, or the offer to make it."""
    if lab.dataset_name is None:
        return
    dataset = cache.dataset(lab.dataset_name)
    st.subheader("On the map of your photos", anchor=False)
    by = _by(lab)
    mapped = _mapped(dataset, by)
    if mapped is None:
        _offer(dataset, by)
        return
    photos = [photo for photo in lab.photos if photo.photo_id in mapped.rows]
    if not photos:
        st.caption("The photos at hand came after the map was made. Make it anew under Photos.")
        return
    made = wall(
        [photo.picture for photo in photos],
        lab.recipe,
        lab.seed,
        DRAWS,
        [photo.row for photo in photos],
    )
    placed = _placed(lab, by, mapped, photos, made)
    st.markdown(stray_words(mapped, photos, placed, by))
    with st.container(horizontal=True):
        st.button(
            "Other photos",
            icon=":material/image_search:",
            key="coverage-others",
            on_click=other_photos,
        )
        st.button("Draw again", icon=":material/casino:", key="coverage-again", on_click=draw_again)
        messages.why(HOW, "How are they placed?")
    _draw(dataset, by, photos, made, placed)
    _enlarged(dataset, lab, mapped, photos, made, placed)


def _by(lab: Lab) -> str:
    """By whose eyes photos are alike: those of the judge can be had, too."""
    if lab.run is None:
        return BY_EYE
    words = {BY_EYE: "Colour and form", lab.run.name: f"What {lab.run.name} learnt"}
    return str(
        st.segmented_control(
            "Alike in",
            list(words),
            default=BY_EYE,
            required=True,
            format_func=lambda name: words[name],
            key=f"coverage-by-{lab.run.name}",
            wrap=True,
        )
    )


def _offer(dataset: Dataset, by: str) -> None:
    if by != BY_EYE:
        offer_embedding(by)
        return
    why = (
        "**Where do the copies fall among your photos?** For that every photo is looked at once, "
        "and those that look alike are put close together."
    )
    offer(MAP, {"dataset": dataset.name}, f"Map of {dataset.title}", why, "Make the map")


def _mapped(dataset: Dataset, by: str) -> Mapped | None:
    made = cache.similarity_map(map_file(dataset, by))
    known = cache.measures(dataset) if by == BY_EYE else cache.embeddings(by)
    if made is None or known is None:
        return None

    def join() -> Mapped:
        ids = known.table.index.tolist() if by == BY_EYE else known.ids  # type: ignore[union-attr]
        vectors = known.descriptors if by == BY_EYE else known.vectors  # type: ignore[union-attr]
        vector_rows = {photo_id: row for row, photo_id in enumerate(ids)}
        place_rows = {photo_id: row for row, photo_id in enumerate(made.ids)}
        used = [
            (photo_id, label)
            for photo_id, label in zip(dataset.used["id"], dataset.used["label"], strict=True)
            if photo_id in vector_rows and photo_id in place_rows
        ]
        return Mapped(
            {photo_id: row for row, (photo_id, _) in enumerate(used)},
            vectors[[vector_rows[photo_id] for photo_id, _ in used]],
            made.places[[place_rows[photo_id] for photo_id, _ in used]],
            [label for _, label in used],
        )

    key = (dataset.name, dataset.version, by, cache.stamps(map_file(dataset, by)), len(made.ids))
    return cache.kept("coverage-mapped", key, join, 1)


def _placed(lab: Lab, by: str, mapped: Mapped, photos: list[LabPhoto], made: Wall) -> PlacedCopies:
    flat = [photo.picture for photo in photos] + [one for row in made.pictures for one in row]
    if by == BY_EYE:
        vectors = descriptors(flat)
    else:
        vectors = cache.engine().call(
            "core.inspection.embeddings:embed_pictures",
            str(cache.run(by).folder),
            np.stack(flat),
        )
    plain, copies = vectors[: len(photos)], vectors[len(photos) :]
    return place_copies(
        mapped.vectors,
        mapped.places,
        mapped.labels,
        [mapped.rows[photo.photo_id] for photo in photos],
        plain,
        copies.reshape(len(photos), DRAWS, -1),
    )


def stray_words(
    mapped: Mapped, photos: list[LabPhoto], placed: PlacedCopies, by: str = BY_EYE
) -> str:
    """How many copies look more like a photo of another class than like their own, as Markdown."""
    count = placed.strays.size
    whose = "In colour and form" if by == BY_EYE else f"To {messages.literal(by)}"
    strays = int(placed.strays.sum())
    if not strays:
        return (
            f"{whose}, each of the {count} copies is most like its own photo or another of its "
            "class."
        )
    pairs: dict[tuple[str, str], int] = {}
    for row, draw in zip(*np.nonzero(placed.strays), strict=True):
        other = mapped.labels[int(placed.nearest[row, draw])]
        pair = photos[row].label, other
        pairs[pair] = pairs.get(pair, 0) + 1
    ordered = sorted(pairs.items(), key=lambda one: -one[1])
    named = ", ".join(
        f"{times} of {messages.literal(own)} like {messages.literal(other)}"
        for (own, other), times in ordered[:4]
    )
    return (
        f"**{whose}, {strays} of the {count} copies {'is' if strays == 1 else 'are'} more like a "
        f"photo of another class than like any of their own:** {named}. They have a thick rim. "
        "Look at them: do they still show what their label says?"
    )


def _draw(
    dataset: Dataset, by: str, photos: list[LabPhoto], made: Wall, placed: PlacedCopies
) -> None:
    path = map_file(dataset, by)
    known = cache.similarity_map(path)
    if known is None:
        return
    rows = np.array([dataset.places.get(photo_id, -1) for photo_id in known.ids])
    codes, groups = colored(dataset, rows, "class")
    source = photo_url(dataset.name, "ID", "SIZE").replace("/ID?size=SIZE", "/{id}?size={size}")
    photo_map(
        key=KEY,
        points=f"/api/datasets/{quote(dataset.name)}/map?by={quote(by)}"
        f"&stamp={cache.stamps(path)[0]}",
        source=source,
        codes=base64.b64encode(codes.tobytes()).decode(),
        groups=groups,
        marked=pack(np.zeros(len(known.ids), bool)),
        heard=None,
        classes=[],
        on_marks=lambda: None,
        on_act=_chosen,
        copies=_entries(dataset, photos, made, placed),
        quiet=True,
    )


def _entries(
    dataset: Dataset, photos: list[LabPhoto], made: Wall, placed: PlacedCopies
) -> list[dict[str, Any]]:
    colors = class_colors(dataset.class_names)
    entries = []
    for row, photo in enumerate(photos):
        for draw, picture in enumerate(made.pictures[row]):
            x, y = placed.places[row, draw].tolist()
            small = base64.b64encode(encode_jpeg(thumbnail(picture, TIP), 80)).decode()
            entries.append(
                {
                    "x": x,
                    "y": y,
                    "from": photo.photo_id,
                    "color": colors[photo.label],
                    "picture": f"data:image/jpeg;base64,{small}",
                    "words": f"{photo.label}: {previews.words(made.drawn[row][draw])}",
                    "stray": bool(placed.strays[row, draw]),
                }
            )
    return entries


def _chosen() -> None:
    message = state.event(KEY, "act")
    if isinstance(message, dict) and message.get("name") == "copy":
        state.put("coverage-copy", message.get("value"))


def _enlarged(
    dataset: Dataset,
    lab: Lab,
    mapped: Mapped,
    photos: list[LabPhoto],
    made: Wall,
    placed: PlacedCopies,
) -> None:
    """The copy that was clicked, its photo, and the photo that it is most like."""
    chosen = state.get("coverage-copy")
    if not isinstance(chosen, int) or not 0 <= chosen < placed.strays.size:
        return
    row, draw = divmod(chosen, DRAWS)
    photo = photos[row]
    near = list(mapped.rows)[int(placed.nearest[row, draw])]
    own = near == photo.photo_id
    other = mapped.labels[mapped.rows[near]]
    tiles = [
        Tile(photo.picture, photo.label, original=True),
        Tile(made.pictures[row][draw], "copy"),
    ]
    if not own:
        path = str(dataset.photo_path(near))
        tiles.append(Tile(previews.picture_of(path, near, lab.spec), f"most like: {other}"))
    with st.container(border=True, key="coverage-enlarged"):
        left, right = st.columns([3, 2], gap="medium")
        left.html(picture_wall(tiles, len(tiles), "loupe-copy", fold=False))
        right.markdown(f"**What was drawn**\n\n{drawn_list(made.drawn[row][draw])}")
        if own:
            right.caption(f"Of all {counted(len(mapped.rows))} it is most like its own.")
