"""Photos: bring them in, and look at what you have."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.manifest import delete_dataset
from core.jobs import State, read_status
from core.workspace import restore
from ui import cache, dataset_view, job_view, messages, state
from ui.import_form import IMPORT, import_form


def running_import() -> None:
    """Shows the import under way, or how the last one of this visit ended."""
    folder = job_view.find_job(IMPORT) or last_import()
    if folder is None:
        return
    status = read_status(folder)
    if status.state is State.FINISHED:
        state.put("import-job", None)
        state.select_dataset(status.result["dataset"])
        state.put("imported", status.result["dataset"])
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
        state.page_link(
            "augmentation", "Vary them", icon=":material/arrow_forward:", as_button=True
        )


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
    dataset_view.overview(dataset)
    dataset_view.leftovers(dataset)
    st.header("All photos", anchor=False)
    dataset_view.gallery(dataset)


messages.page_header(
    "Photos", "Bring photos in, a folder per class, and look at what the model will learn from."
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
        import_form()
else:
    with (
        st.expander("Bring other photos", icon=":material/add_photo_alternate:"),
        messages.guard(),
    ):
        import_form()
    look(cache.dataset(name))
