"""Bringing photos in: samples, an upload, pictures into named classes, or a path."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.samples import SAMPLES
from core.datasets.splits import SplitShares
from core.errors import UnusableSource
from core.jobs import new_job
from core.launcher import launch
from core.workspace import free_name, slugify
from ui import cache, previews, state, uploads
from ui.components.upload_stream import upload_stream
from ui.galleries import Tile, picture_wall

IMPORT = "core.datasets.jobs:import_job"
ARCHIVES = ["zip", "tar", "gz", "xz", "bz2", "tgz"]


def import_form() -> None:
    """All ways in; starts the import and reruns the page, which then shows it."""
    samples, archive, pictures, path = st.tabs(
        [
            ":material/eco: Samples",
            ":material/folder_zip: An archive",
            ":material/add_photo_alternate: Pictures",
            ":material/hard_drive: This computer",
        ],
        key="import-tabs",
    )
    with samples:
        sample_cards()
    with archive:
        archive_form()
    with pictures:
        pictures_form()
    with path:
        path_form()


def start_import(source: str | Path, name: str, shares: SplitShares, seed: int) -> None:
    """Launches the import as a job of its own."""
    workspace = cache.workspace()
    arguments: dict[str, Any] = {
        "source": str(source),
        "name": free_title(name),
        "split": f"{shares.train}/{shares.validation}/{shares.test}",
        "seed": seed,
    }
    folder = new_job(workspace, IMPORT, arguments, f"Import {name}")
    launch(folder)
    state.put("import-job", folder.name)
    st.rerun()


def free_title(name: str) -> str:
    """`name` as it was written, or with a number when it is taken."""
    taken = cache.workspace().datasets / slugify(name)
    return free_name(taken.parent, name) if taken.exists() else name


def sample_cards() -> None:
    """A card per sample data set, with examples and one button."""
    for column, sample in zip(st.columns(len(SAMPLES)), SAMPLES.values(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.subheader(f"{sample.title}", anchor=False)
            st.html(cache.remembered(_sample_wall, sample.name))
            st.markdown(sample.description)
            if st.button(
                f"Use {sample.title.lower()}", key=f"sample-{sample.name}", icon=":material/add:"
            ):
                start_import(f"sample:{sample.name}", sample.name, SplitShares(), 0)


def archive_form() -> None:
    """An archive with a folder per class, through the browser."""
    st.markdown(
        "A ZIP or TAR file with **a folder per class**, named after what its photos show. "
        "Folders called train, validation and test above them are kept as they are."
    )
    file = st.file_uploader("An archive of up to 200 MB", type=ARCHIVES, key="archive")
    with st.expander("Larger than 200 MB"):
        arrived = upload_stream("archive-stream", "Choose a large archive")
        if arrived:
            state.put("archive-arrived", arrived)
    arrived = state.get("archive-arrived")
    name = file.name if file else arrived["name"] if arrived else ""
    chosen = settings("archive", uploads.split_name(name)[0])
    if st.button("Import the archive", type="primary", key="archive-go", disabled=not name):
        source = uploads.keep_archive(file.name, file) if file else None
        if source is None and arrived:
            source = uploads.received(arrived["file"])
            state.put("archive-arrived", None)
        start_import(str(source), *chosen)


def pictures_form() -> None:
    """Picture files, class by class."""
    draft = state.get("draft") or "mine"
    counts = uploads.draft_counts(draft)
    st.markdown("Name a class, choose its pictures, add them; then the next class.")
    with st.form("add-pictures", clear_on_submit=True, border=True):
        label = st.text_input("Class", placeholder="for example: dragonfly", key="class-label")
        files = st.file_uploader(
            "Its pictures",
            type=uploads.PICTURE_TYPES,
            accept_multiple_files=True,
            key="class-files",
        )
        if st.form_submit_button("Add to this class", icon=":material/add:"):
            if not label.strip() or not files:
                raise UnusableSource("A class needs a name and at least one picture.")
            uploads.add_pictures(draft, label, files)
            counts = uploads.draft_counts(draft)
    if counts:
        st.markdown(
            "So far: " + ", ".join(f"**{label}** {count}" for label, count in counts.items())
        )
    chosen = settings("pictures", "my photos")
    if st.button(
        "Make the data set",
        type="primary",
        key="pictures-go",
        disabled=len(counts) < 2,
        help="A model needs at least two classes to tell apart.",
    ):
        start_import(uploads.close_draft(draft), *chosen)


def path_form() -> None:
    """A folder or archive on the computer that Loupe runs on."""
    path = st.text_input(
        "Folder or archive",
        placeholder="/home/you/photos/bears",
        key="path",
        help="On the computer that Loupe runs on. The files stay where they are and are copied.",
    ).strip()
    chosen = settings("path", Path(path).name if path else "")
    if st.button("Import", type="primary", key="path-go", disabled=not path):
        source = Path(path).expanduser()
        if not source.exists():
            raise UnusableSource(
                f"There is no folder or file {path}.", "Check how it is written; it must exist."
            )
        start_import(source, *chosen)


def settings(key: str, suggested: str) -> tuple[str, SplitShares, int]:
    """Name, split and seed of a data set."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    name = left.text_input("Name", suggested, key=f"{key}-name-{suggested}")
    with right.popover("Split and seed", icon=":material/tune:"):
        train, end = st.slider(
            "Train, validation, test (%)",
            0,
            100,
            (70, 85),
            step=5,
            key=f"{key}-split",
            help="The model learns from the first part, is checked on the second while it "
            "learns, and is tested once on the third.",
        )
        train = max(5, train)
        shares = SplitShares(
            train=train, validation=max(0, end - train), test=100 - max(end, train)
        )
        st.caption(
            f"{shares.train} % to learn from, {shares.validation} % to check, "
            f"{shares.test} % for the test."
        )
        seed = st.number_input(
            "Seed",
            0,
            1_000_000,
            0,
            key=f"{key}-seed",
            help="The same seed shares out the same photos again.",
        )
    return name.strip() or suggested or "photos", shares, int(seed)


def _sample_wall(name: str) -> str:
    tiles = [Tile(picture, "") for picture in previews.sample_pictures(name)]
    return picture_wall(tiles, 5, f"loupe-sample-{name}")
