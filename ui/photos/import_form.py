"""Bringing photos in: samples, files and folders from the browser, or a path."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.samples import SAMPLES
from core.datasets.splits import SplitShares
from core.errors import LoupeError, UnusableSource
from core.jobs import new_job
from core.launcher import launch
from core.workspace import free_name, read_json, slugify
from ui import cache, job_view, messages, previews, state, uploads
from ui.components.upload_stream import upload_stream
from ui.galleries import Tile, picture_wall
from ui.photos.proposal_view import Proposal, choose_proposal
from ui.photos.source_look import looked_at

IMPORT = "core.datasets.jobs:import_job"
ADD = "core.datasets.jobs:add_job"
OWN_ADDRESSES = ("localhost", "127.0.0.1", "::1")


def import_form(dataset: Dataset | None = None) -> None:
    """All ways in; starts the import and reruns the page, which then shows it.

    Args:
        dataset: The data set on show, which photos can be added to; None when there is none.
    """
    samples = {":material/eco: Samples": lambda _: sample_cards()}
    own = {":material/upload: Files and folders": upload_form}
    if serves_this_computer():
        own |= {":material/hard_drive: This computer": path_form}
    # Who has no photos yet meets the samples first.
    ways = samples | own if dataset is None else own | samples
    for tab, draw in zip(st.tabs(list(ways), key="import-tabs"), ways.values(), strict=True):
        with tab, messages.guard():
            draw(dataset)


def serves_this_computer() -> bool:
    """Whether only this computer's own browser reaches the server: then paths make sense."""
    return st.config.get_option("server.address") in OWN_ADDRESSES


def start_import(
    source: str | Path,
    name: str,
    shares: SplitShares,
    seed: int,
    labelling: dict[str, Any] | None = None,
) -> None:
    """Launches the import as a job of its own."""
    arguments: dict[str, Any] = {
        "source": str(source),
        "name": free_title(name),
        "split": f"{shares.train}/{shares.validation}/{shares.test}",
        "seed": seed,
        "labelling": labelling,
    }
    start(IMPORT, arguments, f"Import {name}")


def start_adding(dataset: Dataset, source: str | Path, labelling: dict[str, Any]) -> None:
    """Launches the adding of photos to `dataset` as a job of its own."""
    arguments = {"dataset": dataset.name, "source": str(source), "labelling": labelling}
    start(ADD, arguments, f"Add photos to {dataset.title}")


def start(function: str, arguments: dict[str, Any], title: str) -> None:
    """Launches a job and shows it on the page."""
    folder = new_job(cache.workspace(), function, arguments, title)
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


def upload_form(dataset: Dataset | None) -> None:
    """An archive, a folder or files, through the browser."""
    arrived = upload_stream("upload") or state.get("arrived")
    state.put("arrived", arrived)
    if not arrived:
        return
    try:
        source = uploads.received(arrived["file"])
    except LoupeError:  # it was imported, or a day has passed
        state.put("arrived", None)
        return
    with st.container(border=True, key="arrived"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = uploads.split_name(arrived["name"])[0]
            st.subheader(f":material/inventory_2: {title}", anchor=False, width="stretch")
            st.button(
                "Throw it away",
                icon=":material/delete:",
                type="tertiary",
                key="upload-away",
                on_click=throw_away,
                args=(arrived["file"],),
                help="Removes what was uploaded; your own files stay.",
            )
        examine(source, title, dataset, "upload")


def throw_away(file: str) -> None:
    uploads.remove(file)
    state.put("arrived", None)


def path_form(dataset: Dataset | None) -> None:
    """A folder or archive on the computer that Loupe runs on."""
    path = st.text_input(
        "Folder or archive",
        placeholder="/home/you/photos/bears",
        key="path",
        help="On the computer that Loupe runs on. The files stay where they are and are copied.",
    ).strip()
    source = Path(path).expanduser()
    if not path:
        st.caption(
            "A folder per class is read at once. For anything else Loupe proposes what the "
            "classes are, and shows it before it does anything."
        )
    elif not source.exists():
        raise UnusableSource(
            f"There is no folder or file {path}.", "Check how it is written; it must exist."
        )
    else:
        examine(source, source.name.split(".")[0] or source.name, dataset, "path")


def examine(source: Path, title: str, dataset: Dataset | None, key: str) -> None:
    """What is in a source, what its classes could be, and the button that takes it in."""
    if under_way(source):
        st.info(
            "It is being imported: how far it is stands at the top of this page.",
            icon=":material/downloading:",
        )
        return
    look = looked_at(source, key)
    if look is None:
        return
    into = target(dataset, key)
    proposal = choose_proposal(look, key, one_class=into is not None)
    if proposal is None:
        return
    if into is not None:
        add_button(source, into, proposal, key)
        return
    chosen = settings(key, title)
    if st.button("Import", type="primary", icon=":material/check:", key=f"{key}-go"):
        start_import(source, *chosen, labelling=proposal["labelling"])


def under_way(source: Path) -> bool:
    """Whether a job takes the photos of `source` in just now."""
    jobs = [folder for folder in map(job_view.find_job, (IMPORT, ADD)) if folder]
    sources = [read_json(folder / "job.json")["arguments"].get("source") for folder in jobs]
    return str(source) in sources


def target(dataset: Dataset | None, key: str, verb: str = "Add to ") -> Dataset | None:
    """The data set that the photos go into; None for a new one.

    Args:
        verb: What stands before the data set's title on its button.
    """
    if dataset is None:
        return None
    chosen = st.segmented_control(
        "The photos go into",
        ["this", "new"],
        default="this",
        required=True,
        format_func=lambda name: f"{verb}{dataset.title}" if name == "this" else "A new data set",
        key=f"{key}-target",
    )
    return dataset if chosen == "this" else None


def add_button(source: Path, dataset: Dataset, proposal: Proposal, key: str) -> None:
    """Adds what was chosen to the data set on show."""
    labelling: dict[str, Any] = dict(proposal["labelling"])
    label: str | None = "-"
    if labelling["kind"] == "one":
        label = st.selectbox(
            "Class",
            list(dataset.class_names),
            index=None,
            accept_new_options=True,
            placeholder="Choose a class, or write a new one",
            key=f"{key}-label",
        )
        labelling["label"] = label or ""
    words = f"Add {photos(proposal['num_photos'])} to {dataset.title}"
    if st.button(
        words, type="primary", icon=":material/check:", key=f"{key}-go", disabled=not label
    ):
        start_adding(dataset, source, labelling)


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
