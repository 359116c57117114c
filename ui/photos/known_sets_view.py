"""Well-known data sets, a card and a button each."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.web.known_sets import KNOWN_SETS, KnownSet, keras_folder
from core.jobs import new_job
from core.launcher import launch
from ui import cache, job_view, messages, state
from ui.photos.import_form import free_title

KNOWN = "core.datasets.jobs:known_set_job"
SIZES = {
    100: "100 per class",
    500: "500 per class",
    2000: "2,000 per class",
    0: "All of them",
}


def known_sets(dataset: Dataset | None) -> None:
    """The sets that people in the field know by name."""
    running = job_view.find_job(KNOWN)
    if running is not None:
        # The page itself shows it as it shows every import.
        if state.get("import-job") != running.name:
            state.put("import-job", running.name)
            st.rerun()
        st.caption("A set is being fetched; the next one can follow when it is done.")
        return
    st.markdown(
        "Fetched from where they are published, held against the published checksum, and kept "
        "for the next time. **How much of it** decides how long everything after takes."
    )
    per_class = st.segmented_control(
        "How many photos to learn from",
        list(SIZES),
        default=500,
        required=True,
        format_func=lambda number: SIZES[number],
        key="known-size",
        help="The test photos come in proportion.",
        wrap=True,
    )
    sets = list(KNOWN_SETS.values())
    for first in range(0, len(sets), 3):
        columns = st.columns(3)
        for column, known in zip(columns, sets[first : first + 3], strict=False):
            with column:
                card(known, int(per_class or 0))
    st.caption(
        f"Without a connection: put the files into {messages.literal(str(keras_folder()))}, where "
        "Keras keeps them too, or bring a folder or an archive of your own."
    )


def card(known: KnownSet, per_class: int) -> None:
    """One set: what it shows, how much there is, and the button that brings it."""
    here = all(file.path.is_file() for file in known.files)
    with st.container(border=True, height="stretch"):
        st.subheader(known.title, anchor=False)
        st.markdown(known.sentence)
        classes = len(known.classes or known.folders)
        size = "here already" if here else f"{known.megabytes:,.0f} MB to fetch"
        st.caption(
            f"{known.photos:,} photos in {classes} classes, {known.picture}. "
            f":material/{'download_done' if here else 'download'}: {size}."
        )
        if known.licence:
            st.caption(f":material/balance: {known.author}, {known.licence}.")
        else:
            st.caption(f":material/balance: {known.author}. For research and teaching.")
        if st.button(f"Get {known.title}", icon=":material/add:", key=f"known-{known.name}"):
            start(known, per_class)


def start(known: KnownSet, per_class: int) -> None:
    """Launches the job that fetches and imports a set."""
    arguments = {
        "known_set": known.name,
        "name": free_title(known.title),
        "per_class": per_class,
    }
    folder = new_job(cache.workspace(), KNOWN, arguments, f"Get {known.title}")
    launch(folder)
    state.put("import-job", folder.name)
    st.rerun()
