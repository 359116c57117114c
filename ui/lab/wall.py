"""The wall: photos in rows, draws in columns; one of them enlarged and pinned."""

from collections.abc import Sequence

import streamlit as st

from core.augmentation.drawing import Drawn
from core.augmentation.preview import Wall, wall
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.sheets import contact_sheet, moving_picture
from core.images import encode_jpeg
from ui import previews, state
from ui.components.tile_wall import tile_wall
from ui.galleries import Tile, picture_wall
from ui.lab import verdicts
from ui.lab.judge import offer_judge
from ui.lab.judging import Asking
from ui.lab.lab import Lab
from ui.lab.photos import LabPhoto
from ui.lab.side_by_side import show_side_by_side

DRAWS = 6
FRAMES = 16
LEGEND = (
    "The first column is the photo, the others are six of its variations, made by the code that "
    "makes them in training. Under each stands what was drawn for it. Click one to enlarge it: "
    "it stays while you move sliders."
)

JUDGED = f"The line in colour is what the model takes it for: {verdicts.BADGES}. {verdicts.KNOWN}"


def show_wall(lab: Lab) -> None:
    """The wall with its buttons, and below it the pinned tile."""
    photos, recipe = lab.photos, lab.recipe
    seed = _buttons(lab)
    made = _varied(photos, recipe, seed, DRAWS)
    asking = Asking(lab.run) if lab.run else None
    said = verdicts.wall_verdicts(asking, photos, made) if asking else None
    sentence = st.container() if asking else None
    chosen = tile_wall(
        _tiles(photos, made, asking, said),
        DRAWS + 1,
        key="augment-wall",
        title="Your photos, each varied six times",
        selected=_pinned_place(seed),
    )
    if chosen is not None:
        row, column = divmod(chosen, DRAWS + 1)
        state.put("augment-pinned", (row, max(0, column - 1), seed))
        state.rerun_part()
    st.caption(LEGEND if asking is None else f"{LEGEND} {JUDGED}")
    _enlarged(photos, recipe, asking)
    _downloads(photos, made, recipe, seed)
    if asking and sentence:
        with sentence:  # last, because it asks about each step alone
            verdicts.say(asking, said, photos, recipe, seed, DRAWS)


def _varied(photos: Sequence[LabPhoto], recipe: AugmentationRecipe, seed: int, draws: int) -> Wall:
    """Column `n` is what a training with this seed makes of each photo in epoch `n`."""
    pictures, rows = [photo.picture for photo in photos], [photo.row for photo in photos]
    return wall(pictures, recipe, seed, draws, rows)


def _buttons(lab: Lab) -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input(
            "Seed",
            0,
            1_000_000,
            key="augment-seed",
            width=140,
            help="The same seed draws the same variations again.",
        )
        st.button("Draw again", icon=":material/casino:", on_click=draw_again, key="augment-again")
        st.button(
            "Other photos",
            icon=":material/image_search:",
            on_click=other_photos,
            key="augment-others",
        )
        offer_judge(lab.run, lab.dataset_name)
    return int(seed)


def draw_again() -> None:
    """Takes the next seed."""
    state.set_widget("augment-seed", state.widget("augment-seed", 0) + 1)


def other_photos() -> None:
    """Takes the next photos; what was pinned belonged to the others."""
    state.put("augment-offset", state.get("augment-offset", 0) + 1)
    state.put("augment-pinned", None)


def _tiles(
    photos: Sequence[LabPhoto],
    made: Wall,
    asking: Asking | None = None,
    said: verdicts.Verdicts | None = None,
) -> list[Tile]:
    labels = [photo.label for photo in photos]
    tiles = []
    for photo, variants, drawn, shares in zip(photos, *made, strict=True):
        tiles.append(Tile(photo.picture, photo.label, True, f"Original: {photo.label}"))
        tiles += [
            Tile(one, previews.caption(values, share, labels), hint=previews.words(values))
            for one, values, share in zip(variants, drawn, shares, strict=True)
        ]
    if asking is None or asking.error is not None:
        return tiles
    if said is None:
        return [tile._replace(answer=verdicts.WAITING) for tile in tiles]
    pairs = [(verdict, row[0]) for row in said for verdict in row]
    return [
        verdicts.judged_tile(tile, *pair, asking.class_names)
        for tile, pair in zip(tiles, pairs, strict=True)
    ]


def _pinned_place(seed: int) -> int | None:
    pinned = state.get("augment-pinned")
    if pinned is None or pinned[2] != seed:
        return None
    return int(pinned[0] * (DRAWS + 1) + pinned[1] + 1)


def _enlarged(
    photos: Sequence[LabPhoto], recipe: AugmentationRecipe, asking: Asking | None
) -> None:
    pinned = state.get("augment-pinned")
    if pinned is None or pinned[0] >= len(photos):
        return
    row, column, seed = pinned
    labels = [photo.label for photo in photos]
    made = _varied(photos, recipe, seed, column + 1)
    values, shares = made.drawn[row][column], made.shares[row][column]
    pictures = photos[row].picture, made.pictures[row][column]
    titles = labels[row], f"Seed {seed}, epoch {column + 1}"
    with st.container(border=True, key="augment-enlarged"):
        left, right = st.columns([3, 2], gap="medium")
        tiles = [Tile(pictures[0], titles[0], original=True), Tile(pictures[1], titles[1])]
        left.html(picture_wall(tiles, 2, "loupe-enlarged", fold=False))
        right.markdown(f"**Pinned: what was drawn**\n\n{drawn_list(values)}")
        if values.mixes:
            right.markdown(f"Label: {previews.blended_label(shares, labels)}")
        right.button("Let go", icon=":material/keep_off:", key="augment-unpin", on_click=_let_go)
        if asking:
            show_side_by_side(asking, pictures, labels[row], mixed=values.mixes)


def _let_go() -> None:
    state.put("augment-pinned", None)


def drawn_list(drawn: Drawn) -> str:
    """What was drawn, a line each, as Markdown."""
    lines = [f"- {step}: {words}" for step, words in drawn.describe()]
    return "\n".join(lines) or "- Nothing: this photo stays as it is."


def _downloads(
    photos: Sequence[LabPhoto], made: Wall, recipe: AugmentationRecipe, seed: int
) -> None:
    def sheet() -> bytes:
        rows = [[photo.picture, *row] for photo, row in zip(photos, made.pictures, strict=True)]
        return encode_jpeg(contact_sheet(rows), 92)

    def moving() -> bytes:
        row = int((state.get("augment-pinned") or (0,))[0]) % len(photos)
        return moving_picture(_varied(photos, recipe, seed, FRAMES).pictures[row])

    with st.container(horizontal=True):
        st.download_button(
            "Contact sheet",
            sheet,
            "augmentation.jpg",
            "image/jpeg",
            icon=":material/grid_on:",
            key="augment-sheet",
            on_click="ignore",
        )
        st.download_button(
            "Moving picture (GIF)",
            moving,
            "augmentation.gif",
            "image/gif",
            icon=":material/gif_box:",
            key="augment-gif",
            on_click="ignore",
            help="Sixteen variations of the pinned photo, or of the first one.",
        )
