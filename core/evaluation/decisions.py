"""What a person decided about suspect photos: kept for good, and each can be taken back.

Decisions are remembered by the photo's content, beside the data set. A decision counts as long
as the photo is as it was decided: a photo that was kept, or moved, and now has another class,
comes again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.datasets.dataset import Dataset
from core.datasets.edits import exclude, relabel, restore
from core.datasets.manifest import open_dataset, undo
from core.errors import LoupeError
from core.evaluation.suspects import Queue, Suspect
from core.locks import locked
from core.workspace import Workspace, read_json, write_json

FILE = "decisions.json"
LOCK = "decisions.lock"
REASON = "looked at as a suspect"
Action = Literal["keep", "move", "exclude"]
ACTIONS = ("keep", "move", "exclude")
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Decision:
    """One photo's verdict.

    Attributes:
        content_hash: Of the photo.
        action: "keep", "move" or "exclude".
        label: The class it has afterwards.
        before: The class it had.
        version: The data set's version that the decision made; 0 for "keep".
        time: Seconds since 1970.
    """

    content_hash: str
    action: Action
    label: str
    before: str
    version: int
    time: float


def read_decisions(dataset: Dataset) -> list[Decision]:
    """All decisions on the data set, oldest first; one per photo, the last one."""
    path = dataset.folder / FILE
    return [Decision(**entry) for entry in read_json(path)] if path.is_file() else []


def in_force(dataset: Dataset) -> dict[str, Decision]:
    """The decisions that the data set as it stands agrees with, by photo id."""
    by_hash = {decision.content_hash: decision for decision in read_decisions(dataset)}
    # A decision about a class that nobody is in any more: the class was renamed since.
    names = set(dataset.manifest["label"])
    rows = dataset.manifest[dataset.manifest["content_hash"].isin(list(by_hash))]
    found = {}
    for photo, content, label, excluded in zip(
        rows["id"], rows["content_hash"], rows["label"], rows["excluded"], strict=True
    ):
        decision = by_hash[content]
        wanted = excluded if decision.action == "exclude" else not excluded
        same = decision.label == label or decision.label not in names
        if wanted and (decision.action == "exclude" or same):
            found[photo] = decision
    return found


def undecided(dataset: Dataset, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Those of `suspects` that wait for a verdict: in use, as they were, and not decided."""
    decided = in_force(dataset)
    labels = dict(zip(dataset.used["id"], dataset.used["label"], strict=True))
    return [
        suspect
        for suspect in suspects
        if suspect.id not in decided and labels.get(suspect.id) == suspect.label
    ]


def since_search(dataset: Dataset, queue: Queue) -> Queue:
    """`queue` without the photos that had been decided about before it was made."""
    made = queue.about.get("time", 0.0)
    before = {photo for photo, decision in in_force(dataset).items() if decision.time < made}
    return replace(queue, suspects=[each for each in queue.suspects if each.id not in before])


def decide(
    workspace: Workspace, name: str, photo: str, action: str, label: str = ""
) -> dict[str, Any]:
    """Keeps, moves or excludes a photo, and remembers it.

    Moving and excluding are edits of the data set, each with its own version. Deciding the
    same again changes nothing.

    Args:
        label: For "move": the class, one of the data set's.

    Returns:
        What `progress_of` returns.

    Raises:
        LoupeError: If there is no such action or class.
        NotFound: If there is no such data set or photo.
    """
    if action not in ACTIONS:
        raise LoupeError(f"There is no action {action!r}.", f"Choose {', '.join(ACTIONS)}.")
    folder = open_dataset(workspace, name).folder
    with locked(folder / LOCK):
        dataset = open_dataset(workspace, name)
        row = dataset.photo(photo)
        if action == "move" and label not in dataset.class_names:
            raise LoupeError(f"There is no class {label!r}.", "Choose one of the data set's.")
        target = label if action == "move" else str(row["label"])
        earlier = {decision.content_hash: decision for decision in read_decisions(dataset)}
        changed = _edit(dataset, photo, action, target)
        made = Decision(
            content_hash=str(row["content_hash"]),
            action=action,  # type: ignore[arg-type]
            label=target,
            before=str(row["label"]),
            version=changed.version if changed is not dataset else 0,
            time=time.time(),
        )
        earlier.pop(made.content_hash, None)
        _write(dataset, [*earlier.values(), made])
    return progress_of(changed)


def _edit(dataset: Dataset, photo: str, action: str, label: str) -> Dataset:
    row = dataset.photo(photo)
    if action == "exclude":
        return dataset if row["excluded"] else exclude(dataset, [photo], REASON)
    if row["excluded"]:
        dataset = restore(dataset, [photo])
    if action == "move" and row["label"] != label:
        return relabel(dataset, [photo], label)
    return dataset


def take_back(workspace: Workspace, name: str, photo: str = "") -> dict[str, Any]:
    """Undoes the decision on `photo`, or the last one that is in force.

    Where nothing else was changed since, this is the data set's own undo; else the photo is
    moved back, or used again, by a further edit.

    Returns:
        What `progress_of` returns, with the id of the photo as `photo`.

    Raises:
        LoupeError: If there is nothing to take back.
    """
    folder = open_dataset(workspace, name).folder
    with locked(folder / LOCK):
        dataset = open_dataset(workspace, name)
        valid = in_force(dataset)
        photo = photo or max(valid, key=lambda each: valid[each].time, default="")
        if photo not in valid:
            raise LoupeError("There is no decision to take back.")
        decision = valid[photo]
        changed = _reverse(dataset, photo, decision)
        kept = read_decisions(dataset)
        _write(dataset, [each for each in kept if each.content_hash != decision.content_hash])
    return progress_of(changed) | {"photo": photo}


def _reverse(dataset: Dataset, photo: str, decision: Decision) -> Dataset:
    if not decision.version:
        return dataset
    if dataset.version == decision.version:
        return undo(dataset)
    if decision.action == "exclude":
        return restore(dataset, [photo])
    return relabel(dataset, [photo], decision.before)


def progress_of(dataset: Dataset) -> dict[str, Any]:
    """version, and how many decisions are in force: keep, move, exclude."""
    decided: list[str] = [decision.action for decision in in_force(dataset).values()]
    return {"version": dataset.version} | {action: decided.count(action) for action in ACTIONS}


def _write(dataset: Dataset, decisions: list[Decision]) -> None:
    write_json(dataset.folder / FILE, [vars(decision) for decision in decisions])
