"""The same training once more, from nothing but its `config.json`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.datasets.dataset import Dataset
from core.datasets.fingerprint import differences, fingerprint
from core.datasets.manifest import open_dataset, versions
from core.datasets.versions import joined
from core.errors import LoupeError, NotFound
from core.expected import expected
from core.foreign_json import read_object
from core.training.runs import Run, RunConfig, create_run, open_run
from core.workspace import Workspace

LARGEST_FILE = 2_000_000  # characters; a network of 500 layers with every variation has 150,000
BY_TIME = (
    "It ran for a time, not for a number of epochs, so the curve will be alike and not quite "
    "the same."
)
UNMARKED = (
    "Its config.json does not say which photos those were; only the version's number and the "
    "classes were compared."
)


@dataclass(frozen=True)
class Repeat:
    """What is needed to repeat a training here.

    Attributes:
        dataset: The very photos it learnt from.
        notes: Sentences about what is not quite as it was; empty where all is.
    """

    config: RunConfig
    dataset: Dataset
    notes: tuple[str, ...]

    def create(self, name: str | None = None) -> Run:
        """A new run, not yet launched.

        Raises:
            LoupeError: As `create_run`.
        """
        dataset = self.dataset
        return create_run(
            Workspace(dataset.folder.parents[1]),
            dataset.name,
            self.config.recipe,
            name,
            dataset.version,
        )


def config_of(workspace: Workspace, run_or_file: str) -> RunConfig:
    """The configuration of a run of this workspace, or in a `config.json` from anywhere.

    Raises:
        NotFound: If there is neither such a run nor such a file.
        LoupeError: If the file holds no configuration of a training, or one of a newer Loupe.
    """
    path = Path(run_or_file)
    if path.is_dir():
        path = path / "config.json"
    try:
        return read_config(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise LoupeError(f"{path} is no text.", "Name the config.json of a training.") from error
    except OSError:
        pass
    try:
        return open_run(workspace, run_or_file).config
    except NotFound as error:
        raise NotFound(
            f"There is no training and no file {run_or_file!r}.",
            "Name a run (see: python -m core runs) or the config.json of one.",
        ) from error


def read_config(text: str) -> RunConfig:
    """The configuration that `text` holds: a run's `config.json`, or that of a bundle.

    Raises:
        LoupeError: If it is none, or comes from a newer Loupe; says what is wrong with it.
    """
    data = read_object(text, "training", LARGEST_FILE)
    if isinstance(data.get("run"), dict):
        data = data["run"]
    unknown = set(data) - set(RunConfig.model_fields)
    if unknown and {"recipe", "dataset"} <= set(data):
        raise LoupeError(
            f"This training says {sorted(unknown)[0]!r:.60}, which this Loupe does not know.",
            "It was made by a newer Loupe: repeat it there, or update this one.",
        )
    try:
        return RunConfig.model_validate(data)
    except ValidationError as error:
        raise _as_sentence(error.errors()[0]) from error


def find_again(workspace: Workspace, config: RunConfig) -> Repeat:
    """The photos that `config` learnt from, wherever in the workspace's versions they are.

    Raises:
        NotFound: If there is no data set of that name.
        LoupeError: If none of its versions is what was learnt from; says what differs.
    """
    instead = f"python -m core train DATASET --from {config.run}"
    try:
        newest = open_dataset(workspace, config.dataset)
    except NotFound as error:
        raise NotFound(
            f"There is no data set {config.dataset!r} here, which {config.run!r} learnt from.",
            "Import the same photos under this name. To train the same way on others: " + instead,
        ) from error
    dataset = _version_of(workspace, config, newest)
    notes = [] if config.recipe.training.epochs is not None else [BY_TIME]
    if config.photos is None:
        notes.append(UNMARKED)
    if dataset.version != config.dataset_version:
        notes.append(
            f"The photos it learnt from are version {dataset.version} of {dataset.title} here; "
            f"where it was trained, they were version {config.dataset_version}."
        )
    return Repeat(config, dataset, tuple(notes))


def _version_of(workspace: Workspace, config: RunConfig, newest: Dataset) -> Dataset:
    """The version with the photos of `config`: the one of its number first, then the others."""
    known = list(versions(newest.folder))
    turn = sorted(known, key=lambda number: (number != config.dataset_version, -number))
    looked_at = None
    for number in turn if config.photos else [config.dataset_version]:
        if number not in known:
            continue
        dataset = open_dataset(workspace, newest.name, number)
        if _is_the_same(config, dataset):
            return dataset
        looked_at = looked_at or dataset
    raise _other_photos(config, newest, looked_at)


def _is_the_same(config: RunConfig, dataset: Dataset) -> bool:
    if config.photos is None:
        return dataset.class_names == config.class_names
    return fingerprint(dataset).digest == config.photos.digest


def _other_photos(config: RunConfig, newest: Dataset, looked_at: Dataset | None) -> LoupeError:
    next_step = (
        f"To train the same way on the photos that are here: python -m core train {newest.name} "
        f"--from {config.run}"
    )
    if looked_at is None:
        return LoupeError(
            f"{config.run!r} learnt from version {config.dataset_version} of {newest.title}, and "
            f"here it has {len(versions(newest.folder))}.",
            next_step,
        )
    if config.photos is None:
        said = [
            f"the classes {joined(looked_at.class_names)} instead of {joined(config.class_names)}"
        ]
    else:
        said = differences(config.photos, fingerprint(looked_at))
    return LoupeError(
        f"{newest.title} is not what {config.run!r} learnt from: version {looked_at.version} has "
        f"{joined(said)}.",
        next_step,
    )


def _as_sentence(problem: Any) -> LoupeError:
    place = [str(part) for part in problem["loc"]]
    where = ".".join(part for part in place if part not in ("layers", "backbone")) or "The file"
    if problem["type"] == "extra_forbidden":
        return LoupeError(
            f"This training says {where!r:.80}, which this Loupe does not know.",
            "It was made by a newer Loupe: repeat it there, or update this one.",
        )
    if problem["type"] == "missing":
        return LoupeError(
            f"This is no configuration of a training: it lacks {where!r:.80}.",
            "Name the config.json of a training.",
        )
    received = problem["input"]
    shown = "" if isinstance(received, dict | list) else f" Received {received!r:.60}."
    return LoupeError(
        f"The configuration cannot be used, {where!r:.80}: {expected(problem)}.{shown}",
        "Correct it and try again.",
    )
