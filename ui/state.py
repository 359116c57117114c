"""Where the visitor is and what they chose: the only file that touches
`st.session_state` and `st.query_params`.

The address bar holds the data set and the run, so that it can be copied and sent.
Streamlit clears it on every change of page; `sync_address` writes it again.
"""

import secrets
from collections.abc import Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.recipe_json import read_recipe_file
from core.errors import LoupeError
from core.workspace import write_json
from ui import cache

PAGES_FOLDER = Path(__file__).resolve().parent.parent / "pages"
CARRIED = ("dataset", "run")
_PREFIX = "loupe."


def sync_address(page_name: str) -> None:
    """Takes the selection from the address, or puts the remembered one back into it.

    A page that shows a data set names it in the address even if nobody chose one; home
    does not, so that it keeps following the newest.
    """
    asked = {name: st.query_params.get(name) for name in CARRIED}
    if asked["dataset"] and asked["dataset"] != get("dataset") and not asked["run"]:
        put("run", None)
    for name, wanted in asked.items():
        if wanted:
            put(name, wanted)
        elif get(name):
            st.query_params[name] = get(name)
    if asked["run"] and not asked["dataset"]:
        _adopt_dataset_of(asked["run"])
    if page_name != "home" and not get("dataset") and current_dataset_name():
        select_dataset(current_dataset_name(), keep_run=True)


def _adopt_dataset_of(run_name: str) -> None:
    for run in cache.runs():
        if run["name"] == run_name:
            select_dataset(run["dataset"], keep_run=True)


def current_dataset_name() -> str | None:
    """The data set in the address, else the newest; None when there is none."""
    chosen = get("dataset")
    if chosen:
        return str(chosen)
    known = cache.datasets()
    return str(known[0]["name"]) if known else None


def select_dataset(name: str | None, keep_run: bool = False) -> None:
    """Shows `name` on every page from now on; None forgets the choice."""
    _select("dataset", name)
    if not keep_run:
        select_run(None)


def current_run_name() -> str | None:
    """The run in the address, else the newest on the current data set; None when there is none."""
    chosen = get("run")
    if chosen:
        return str(chosen)
    dataset_name = current_dataset_name()
    known = cache.runs(dataset_name) if dataset_name else []
    return str(known[0]["name"]) if known else None


def select_run(name: str | None) -> None:
    """Shows the run `name` on every page from now on; None forgets the choice.

    A cross-validation that stands in its place gives way.
    """
    _select("run", name)
    set_address("cv", None)


def _select(kind: str, name: str | None) -> None:
    put(kind, name)
    if name:
        st.query_params[kind] = name
    else:
        st.query_params.pop(kind, None)


def get(key: str, default: Any = None) -> Any:
    """A small value of this visit."""
    return st.session_state.get(_PREFIX + key, default)


def put(key: str, value: Any) -> None:
    """Keeps a small value for this visit."""
    st.session_state[_PREFIX + key] = value


def visit() -> str:
    """A name for this visit, unlike that of any other."""
    if get("visit") is None:
        put("visit", secrets.token_hex(8))
    return str(get("visit"))


def widget(key: str, default: Any = None) -> Any:
    """The value of the widget with `key`."""
    return st.session_state.get(key, default)


def set_widget(key: str, value: Any) -> None:
    """Sets the widget with `key`, before it is drawn or from a callback."""
    st.session_state[key] = value


def event(key: str, name: str) -> Any:
    """What the component with `key` has just told by its trigger `name`; for its callback."""
    told = st.session_state.get(key)
    return told.get(name) if told is not None else None


def address(key: str, default: str | None = None) -> str | None:
    """A further part of the address, such as `layer` or `photo`."""
    return st.query_params.get(key, default)


def set_address(key: str, value: str | None) -> None:
    """Writes a further part of the address; None takes it away."""
    if value is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def address_list(key: str) -> list[str]:
    """All values of a part of the address that may stand there several times."""
    return list(st.query_params.get_all(key))


def set_address_list(key: str, values: Sequence[str]) -> None:
    """Writes a part of the address once per value; takes it away where there is none."""
    if not values:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != list(values):
        st.query_params[key] = list(values)


def carried_params(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The parameters a link needs so that the next page shows the same, or what `extra` says."""
    params = {name: str(get(name)) for name in CARRIED if get(name)}
    params.update(extra or {})
    if params.get("dataset") != get("dataset") and "run" not in (extra or {}):
        params.pop("run", None)
    return params


def page_path(page: str) -> str:
    """The file of a page, as `st.Page` and `st.switch_page` want it."""
    return str(PAGES_FOLDER / f"{page}.py")


def page_link(
    page: str,
    label: str,
    icon: str | None = None,
    params: Mapping[str, str] | None = None,
    as_button: bool = False,
    help: str | None = None,
    key: str | None = None,
) -> None:
    """A link to a page of ours that keeps `?dataset=` and `?run=`.

    Args:
        page: The page's file name without `.py`, such as `"training"`.
        params: More for the address, such as `{"layer": "conv2d"}`.
        as_button: A primary button instead of a plain link.
    """
    query = carried_params(params)
    if as_button:
        key = key or f"go-{page}-{label}"
        if st.button(label, type="primary", icon=icon, help=help, key=key):
            go_to(page, params)
    else:
        st.page_link(page_path(page), label=label, icon=icon, help=help, query_params=query)


def go_to(page: str, params: Mapping[str, str] | None = None) -> None:
    """Opens another page with the same data set and run."""
    st.switch_page(page_path(page), query_params=carried_params(params))


def rerun_part() -> None:
    """Runs the fragment at hand again, or the page where all of it is being run."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def augmentation_is_kept(dataset_name: str | None) -> bool:
    """Whether an augmentation recipe was chosen for the data set, and can be used."""
    return augmentation_recipe(dataset_name) is not None


def augmentation_recipe(dataset_name: str | None) -> AugmentationRecipe | None:
    """The augmentation recipe chosen for the data set; None when none was, or it is unreadable."""
    kept = _kept_recipe(dataset_name)
    return kept if isinstance(kept, AugmentationRecipe) else None


def augmentation_problem(dataset_name: str | None) -> LoupeError | None:
    """Why the recipe that was chosen cannot be used; None where nothing is wrong with it."""
    kept = _kept_recipe(dataset_name)
    return kept if isinstance(kept, LoupeError) else None


def keep_augmentation_recipe(dataset_name: str, recipe: AugmentationRecipe) -> None:
    """Keeps `recipe` beside the photos: the next training uses it.

    One that cannot be read, perhaps from a newer Loupe, is not lost: it gets another name.
    """
    file = _recipe_file(dataset_name)
    if augmentation_problem(dataset_name):
        file.rename(_free_path(file.with_name("augmentation-unread.json")))
    write_json(file, recipe.model_dump(mode="json"))


def forget_augmentation_recipe(dataset_name: str) -> None:
    """Chooses none for the data set: the next training uses its network's own."""
    _recipe_file(dataset_name).unlink(missing_ok=True)


def _kept_recipe(dataset_name: str | None) -> AugmentationRecipe | LoupeError | None:
    if dataset_name is None or not _recipe_file(dataset_name).is_file():
        return None
    return read_recipe_file(_recipe_file(dataset_name))


def _recipe_file(dataset_name: str) -> Path:
    return cache.workspace().datasets / Path(dataset_name).name / "augmentation.json"


def _free_path(path: Path) -> Path:
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())
