"""What people do to photos by mouse, finger or key, in the gallery and on the map."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.edits import exclude, photos, relabel, restore, set_splits
from core.datasets.marks import change_marks, known, marked_of, read_marks, set_marks
from core.datasets.selection import between
from ui import cache, state
from ui.photos.editing import Edit, attempt
from ui.photos.undo_bar import redo_edit, undo_edit


def heard(key: str) -> dict[str, Any] | None:
    """The last change of the component `key` that was taken note of."""
    return state.get(f"heard-{key}")


def take_changes(name: str, key: str, message: Any) -> None:
    """Marks and unmarks what a component says, each of its changes once.

    Args:
        message: `{"client", "changes": [{"number", "add", "remove"}]}`, as a browser sent it.
    """
    if not isinstance(message, Mapping):
        return
    client, last = str(message.get("client")), heard(key)
    done = last["number"] if last and last["client"] == client else 0
    dataset = cache.dataset(name)
    current = set(read_marks(dataset))
    for change in _numbered(message.get("changes")):
        if change["number"] > done:
            done = change["number"]
            current |= set(known(dataset, change.get("add")))
            current -= set(known(dataset, change.get("remove")))
    before = read_marks(dataset)
    change_marks(dataset, current - before, before - current)
    state.put(f"heard-{key}", {"client": client, "number": done})


def act(name: str, message: Mapping[str, Any], order: Callable[[], Sequence[str]]) -> None:
    """Does what a key, a double click or a long range asks for.

    Args:
        message: `{"name", "value", "at"}`; what is not understood is passed over.
        order: The ids of all photos that match now, for a range across pages.
    """
    dataset, asked = cache.dataset(name), message.get("name")
    value, at = message.get("value"), known(dataset, [message.get("at")])
    chosen = marked_of(dataset) or at
    if asked == "move" and value in dataset.class_names:
        edit(name, chosen, lambda data, ids: relabel(data, ids, str(value)))
    elif asked == "exclude":
        edit(name, chosen, exclude)
    elif asked == "restore":
        edit(name, chosen, restore)
    elif asked in ("undo", "redo"):
        (undo_edit if asked == "undo" else redo_edit)(name)
    elif asked == "similar" and (at or chosen):
        find_similar((at or chosen)[0])
    elif asked == "open" and (opened := known(dataset, [value])):
        state.set_address("photo", opened[0])
    elif asked == "range" and isinstance(value, list) and len(value) == 2:
        change_marks(dataset, add=between(order(), str(value[0]), str(value[1])))


def edit(
    name: str, ids: Sequence[str], change: Callable[[Dataset, Sequence[str]], Dataset]
) -> None:
    """Edits photos; those that were marked are used up by it, and can be marked again."""
    one: Edit = lambda dataset: change(dataset, ids)  # noqa: E731
    if ids and attempt(name, one):
        forget_marks(name, ids)


def move(name: str, label: str) -> None:
    """Moves the marked photos to a class, which may be a new one."""
    edit(name, marked_of(cache.dataset(name)), lambda data, ids: relabel(data, ids, label))


def take_out(name: str, reason: str = "by hand") -> None:
    """Excludes the marked photos."""
    edit(name, marked_of(cache.dataset(name)), lambda data, ids: exclude(data, ids, reason))


def bring_back(name: str) -> None:
    """Restores the marked photos."""
    edit(name, marked_of(cache.dataset(name)), restore)


def put_into_split(name: str, split: str) -> None:
    """Puts the marked photos into `"train"`, `"validation"` or `"test"`."""
    if split in SPLITS:
        edit(name, marked_of(cache.dataset(name)), lambda data, ids: _into(data, ids, split))


def find_similar(photo_id: str) -> None:
    """Shows what is most like a photo, in the gallery."""
    state.set_address("similar", photo_id)
    state.set_address("sort", "similar")
    for part in ("photo", "page", "marked"):
        state.set_address(part, None)
    state.set_address("view", "gallery")


def mark(name: str, ids: Iterable[str]) -> None:
    """Marks more photos."""
    change_marks(cache.dataset(name), add=ids)


def forget_marks(name: str, ids: Iterable[str] | None = None) -> None:
    """Unmarks `ids`, or all; `mark_again` brings them back."""
    dataset = cache.dataset(name)
    before = read_marks(dataset)
    gone = before if ids is None else before & set(ids)
    if gone:
        state.put(f"marks-before-{name}", gone)
        change_marks(dataset, remove=gone)


def marked_before(name: str) -> frozenset[str]:
    """The marks that were used up or cleared last."""
    return state.get(f"marks-before-{name}") or frozenset()


def mark_again(name: str) -> None:
    """Marks what was marked before the last action."""
    set_marks(cache.dataset(name), marked_before(name))
    state.put(f"marks-before-{name}", None)


def _into(dataset: Dataset, ids: Sequence[str], split: str) -> Dataset:
    places = dict.fromkeys(ids, split)
    return set_splits(dataset, places, f"{photos(len(ids))} put into {split}")


def _numbered(changes: Any) -> list[Mapping[str, Any]]:
    if not isinstance(changes, list):
        return []
    return [
        change
        for change in changes
        if isinstance(change, Mapping) and isinstance(change.get("number"), int)
    ]
