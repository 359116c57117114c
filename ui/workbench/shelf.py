"""Networks as things: saved under a name, renamed, duplicated, deleted; as JSON and as code."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import LoupeError
from core.models import saved
from core.models.architecture_json import read_architecture, write_architecture
from core.models.keras_code import keras_code
from core.workspace import restore
from ui import cache, messages, state
from ui.workbench.bench import Bench
from ui.workbench.handout import show_program

MOST_BYTES = 2_000_000


def show_saved(bench: Bench) -> None:
    """Save the network on the bench; open, rename, duplicate and delete those that are saved."""
    left, right = st.columns(2, gap="large")
    with left:
        _save(bench)
        _saved(bench)
        _undelete(bench)
    with right:
        _json(bench)


def _save(bench: Bench) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Save this network as",
            max_chars=saved.LONGEST_NAME,
            key=f"{bench.key}-name",
            placeholder="such as two blocks",
        )
        if st.button("Save", icon=":material/save:", key=f"{bench.key}-save"):
            with messages.guard():
                saved.save_architecture(cache.workspace(), bench.layers, name)
                st.toast(f"Saved {messages.literal(name.strip())}.")


def _saved(bench: Bench) -> None:
    known = saved.list_saved(cache.workspace())
    for key, problem in saved.list_unreadable(cache.workspace()).items():
        st.warning(
            f"**{messages.literal(key)} cannot be read.** {messages.literal(problem.message)} Its "
            "file is left as it is.",
            icon=":material/report:",
        )
    if not known:
        st.caption("Nothing saved yet.")
        return
    for key, layers in known.items():
        with st.container(border=True, key=f"{bench.key}-saved-{key}", gap="xsmall"):
            kinds = f"{len(layers.places())} layers"
            st.markdown(f"**{messages.literal(layers.name)}** · {kinds}")
            with st.container(horizontal=True, gap="xsmall"):
                _act(bench, key, "Open", "folder_open", lambda k: _open(bench, k))
                _act(bench, key, "Duplicate", "content_copy", _duplicate)
                _act(bench, key, "Delete", "delete", lambda k: _delete(bench, k))
                with st.popover("Rename", icon=":material/edit:", key=f"{bench.key}-rename-{key}"):
                    _rename(bench, key, layers.name)


def _act(bench: Bench, key: str, words: str, icon: str, do: Callable[[str], Any]) -> None:
    def act() -> None:
        try:
            do(key)
        except LoupeError as error:
            bench.say(error)

    st.button(
        words,
        icon=f":material/{icon}:",
        key=f"{bench.key}-{words.lower()}-{key}",
        type="tertiary",
        on_click=act,
    )


def _rename(bench: Bench, key: str, name: str) -> None:
    field = f"{bench.key}-newname-{key}"
    st.text_input("New name", name, max_chars=saved.LONGEST_NAME, key=field)

    def keep(key: str) -> None:
        saved.rename_saved(cache.workspace(), key, str(state.widget(field, name)))

    _act(bench, key, "Keep this name", "check", keep)


def _open(bench: Bench, key: str) -> None:
    bench.put(saved.get_saved(cache.workspace(), key), (0,))


def _duplicate(key: str) -> None:
    saved.duplicate_saved(cache.workspace(), key)


def _delete(bench: Bench, key: str) -> None:
    token = saved.delete_saved(cache.workspace(), key)
    state.put(f"{bench.key}-deleted", token)


def _undelete(bench: Bench) -> None:
    if state.get(f"{bench.key}-deleted"):
        st.button(
            "Bring the deleted one back",
            icon=":material/undo:",
            type="tertiary",
            key=f"{bench.key}-undelete",
            on_click=_restore,
            args=(bench,),
        )


def _restore(bench: Bench) -> None:
    try:
        restore(cache.workspace(), state.get(f"{bench.key}-deleted"))
    except LoupeError as error:
        bench.say(error)
    state.put(f"{bench.key}-deleted", None)


def _json(bench: Bench) -> None:
    text = write_architecture(bench.layers)
    with st.expander("This network as JSON", icon=":material/data_object:"):
        st.code(text, language="json", height=260)
    st.download_button(
        "Download JSON",
        text,
        "network.json",
        "application/json",
        icon=":material/download:",
        key=f"{bench.key}-json-out",
        on_click="ignore",
    )
    uploaded = st.file_uploader(
        "Open a network's file", "json", key=f"{bench.key}-file", max_upload_size=1
    )
    pasted = st.text_area(
        "Or paste its JSON", key=f"{bench.key}-json", height=110, placeholder='{"layers": […]}'
    )
    if st.button("Put it on the bench", icon=":material/input:", key=f"{bench.key}-json-use"):
        _read(bench, uploaded.getvalue() if uploaded else pasted.encode())


def _read(bench: Bench, data: bytes) -> None:
    try:
        read = read_architecture(data[:MOST_BYTES].decode("utf-8", errors="replace"))
    except LoupeError as error:
        messages.show_error(error)
        st.caption("The network on the bench is unchanged.")
    else:
        bench.put(read, (0,))
        state.rerun_part()


def show_code(bench: Bench) -> None:
    """The program that builds this network."""
    if bench.survey.problem:
        st.caption("There is code as soon as every layer can work.")
        return
    if bench.layers.open_size:
        st.caption("Height and width of its input are open (`None`), as chosen with the layers.")
    code = keras_code(
        bench.layers,
        bench.picture.shape,
        bench.num_classes,
        bench.recipe.augmentation.rescale,
    )
    show_program(code, bench.key)
