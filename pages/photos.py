"""Photos: bring them in, and look at what you have."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.manifest import delete_dataset
from core.jobs import State, read_status
from core.workspace import restore
from ui import cache, job_view, messages, state
from ui.photos.collecting import collecting
from ui.photos.import_form import ADD, IMPORT
from ui.photos.overview import left_out
from ui.photos.views import show_view
from ui.view_switch import go_to_view


def running_import() -> None:
    """Shows the import or adding under way, or how the last one of this visit ended."""
    folder = job_view.find_job(IMPORT) or job_view.find_job(ADD) or last_import()
    if folder is None:
        return
    status = read_status(folder)
    if status.state is State.FINISHED:
        state.put("import-job", None)
        state.select_dataset(status.result["dataset"])
        added = status.result if "added" in status.result else None
        state.put("added", added)
        state.put("imported", None if added else status.result["dataset"])
        st.rerun()  # the sidebar, drawn before, shows the new data set too
    with st.container(border=True):
        if job_view.is_running(folder):
            st.subheader(f":material/downloading: {status.title}", anchor=False)
            state.put("import-job", folder.name)
        job_view.follow(folder, lambda path, now: job_view.progress(path, now), key="import")


def last_import():
    name = state.get("import-job")
    folder = cache.workspace().jobs / str(name)
    return folder if name and folder.is_dir() else None


def welcome(dataset: Dataset) -> None:
    """The good news after an import, once."""
    if state.get("imported") != dataset.name:
        return
    sentence = f"**{len(dataset.used):,} photos in {len(dataset.class_names)} classes** are ready."
    if dataset.skipped:
        sentence += f" {len(dataset.skipped)} files could not be used; see below why."
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/task_alt: {sentence}", width="stretch")
        st.button(
            "Check them",
            icon=":material/troubleshoot:",
            key="welcome-check",
            on_click=go_to_view,
            args=("checks",),
            help="Look for copies, spoilt photos and thin classes.",
        )
        state.page_link(
            "augmentation", "Vary them", icon=":material/arrow_forward:", as_button=True
        )


def added(dataset: Dataset) -> None:
    """What an adding came to, until it is put away."""
    result = state.get("added")
    if not result or result["dataset"] != dataset.name:
        return
    classes = ", ".join(
        f"{messages.literal(name)} {count:,}" for name, count in result["classes"].items()
    )
    with st.container(border=True, key="added"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/task_alt: **{photos(result['added'])} added** ({classes}). "
                "Undo takes them out again.",
                width="stretch",
            )
            st.button("Close", key="added-close", on_click=state.put, args=("added", None))
        left_out(result["skipped"])


def undo_delete() -> None:
    """A way back after a data set was deleted."""
    token = state.get("deleted-dataset")
    if not token:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/delete: The data set is in the bin.", width="stretch")
        st.button(
            "Undo", icon=":material/undo:", key="undo-delete", on_click=bring_back, args=(token,)
        )


def bring_back(token: str) -> None:
    state.select_dataset(restore(cache.workspace(), token).name)
    state.put("deleted-dataset", None)


def delete(name: str) -> None:
    state.put("deleted-dataset", delete_dataset(cache.workspace(), name))
    state.select_dataset(None)


def look(dataset: Dataset) -> None:
    """The data set on show."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"{dataset.title}", width="stretch", anchor=False)
        st.button(
            "Delete",
            icon=":material/delete:",
            type="tertiary",
            key="delete-dataset",
            on_click=delete,
            args=(dataset.name,),
            help="You can undo this.",
        )
    welcome(dataset)
    added(dataset)
    show_view(dataset)


messages.page_header(
    "Photos",
    "Bring photos in, a folder per class, and look at what the model will learn from.",
    page="photos",
)
undo_delete()
with messages.guard():
    running_import()
name = state.current_dataset_name()
if name is None:
    messages.empty_state(
        "No photos yet",
        "Take one of the samples below, or bring your own. Or watch Loupe do everything once.",
    )
    with messages.guard():
        collecting(None)
else:
    with messages.guard():
        look(cache.dataset(name))
