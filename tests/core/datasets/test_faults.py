"""Killed or out of space at any step: all or nothing, nothing lost, nothing left behind."""

import hashlib
import os
import shutil
import subprocess
import time
import zipfile

import pandas as pd
import pytest

from core.datasets import staging, tidying
from core.datasets.collections import create_collection, list_collections
from core.datasets.edits import exclude, relabel
from core.datasets.importing import import_dataset
from core.datasets.manifest import list_datasets, open_dataset, undo
from core.datasets.tidying import tidy_workspace
from core.jobs import State, new_job, read_status, run_job
from core.locks import is_locked
from core.workspace import open_workspace
from tests.core.datasets.faults import OPERATIONS, Zygote
from tests.core.datasets.photos import class_folders, jpeg

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")

# So many steps of each operation are tried, spread over all of it. LOUPE_ALL_FAULTS=1: each.
MOST_STEPS = 10_000 if os.environ.get("LOUPE_ALL_FAULTS") else 4


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a workspace that has some of everything, and sources beside it."""
    home = tmp_path_factory.mktemp("home")
    class_folders(home / "folder", birds=3, fish=3)
    for path in (home / "folder").rglob("*.jpg"):  # no photo that "pets" has already
        path.write_bytes(jpeg(hash_number(str(path.relative_to(home)))))
    workspace = open_workspace(home / "workspace")
    workspace.uploads.mkdir()
    with zipfile.ZipFile(workspace.uploads / "photos.zip", "w") as archive:
        for path in sorted((home / "folder").rglob("*.jpg")):
            archive.write(path, path.relative_to(home / "folder"))
    dataset = import_dataset(workspace, class_folders(home / "pets", cats=4, dogs=4), "pets")
    dataset = exclude(dataset, dataset.manifest["id"][4:6].tolist())
    undo(relabel(dataset, dataset.manifest["id"][:1].tolist(), "tigers"))
    collection = create_collection(workspace, "found")
    for number in range(6):
        collection.add(jpeg(900 + number), ("ants", "bees")[number % 2], f"{number}.jpg")
    collection.remove([collection.entries()[-1].id])
    return home


def hash_number(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:6], 16)


@pytest.fixture
def no_patience(monkeypatch):
    """What was left a moment ago counts as left long ago."""
    monkeypatch.setattr(staging, "ABANDONED_AFTER_SECONDS", -1)
    monkeypatch.setattr(tidying, "LEFTOVER_AFTER_SECONDS", -1)


def copy_of(home, place):
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home, place)
    return open_workspace(place / "workspace")


def steps_to_try(total):
    # What takes a thousand steps takes a second each time.
    most = MOST_STEPS if total < 500 else MOST_STEPS // 2
    stride = max(1, total / most)
    return sorted({1 + int(stride * number) for number in range(most)} & {*range(total + 1)})


def bytes_of_photos(workspace):
    """Every photo that a data set or a collection names, by its content."""
    found = {}
    for summary in list_datasets(workspace):
        dataset = open_dataset(workspace, summary["name"])
        for file, told in zip(
            dataset.manifest["file"], dataset.manifest["content_hash"], strict=True
        ):
            data = (dataset.folder / file).read_bytes()
            assert hashlib.sha256(data).hexdigest() == told, f"{file} is not what it was"
            found[told] = file
    for collection in list_collections(workspace):
        for entry in collection.entries():
            data = collection.path(entry).read_bytes()
            found[hashlib.sha256(data).hexdigest()] = entry.id
    return set(found)


def state_of(workspace):
    """Everything that a person would notice."""
    opened = [open_dataset(workspace, summary["name"]) for summary in list_datasets(workspace)]
    datasets = {each.name: (_rows(each), each.changes, each.undone) for each in opened}
    collections = {
        each.name: [(entry.label, entry.name) for entry in each.entries()]
        for each in list_collections(workspace)
    }
    return datasets, collections


def _rows(dataset):
    """The manifest, without the name that each adding draws for its folder."""
    files = dataset.manifest["file"].str.replace("added-[0-9a-f]{8}", "added", regex=True)
    return dataset.manifest.assign(file=files).to_dict("list")


def orphans(workspace):
    """Files that nothing refers to."""
    found = []
    for path in workspace.root.rglob("*"):
        hidden = path.name.startswith(".") or path.name.endswith((".part", ".new", ".gone", ".tmp"))
        if hidden:
            found.append(path)
    for dataset in workspace.datasets.iterdir():
        assert (dataset / "dataset.json").is_file(), f"{dataset} is no data set"
        assert not (dataset / "adding.json").exists()
        named = set()
        for manifest in (dataset / "manifests").iterdir():
            named |= set(pd.read_parquet(manifest)["file"])
        stored = {
            path.relative_to(dataset).as_posix()
            for path in (dataset / "photos").rglob("*")
            if path.is_file()
        }
        found += sorted(stored - named)
        latest = max(int(path.stem) for path in (dataset / "manifests").iterdir())
        about = tidying.read_json(dataset / "dataset.json")
        found += [f"manifest {latest}"] * (latest > about["latest"])
    for collection in list_collections(workspace):
        photos = {path.name for path in (collection.folder / "photos").glob("*")}
        found += sorted(photos - collection.known())
    for place in workspace.bin.glob("*"):
        found += [place] * ({path.name for path in place.iterdir()} <= {"origin.json"})
    for job in workspace.jobs.iterdir():
        found += [job] * (not (job / "status.json").exists())
    return found


def require_editable(workspace):
    for summary in list_datasets(workspace):
        dataset = open_dataset(workspace, summary["name"])
        changed = relabel(dataset, dataset.manifest["id"][:1].tolist(), "something else")
        assert undo(changed).manifest.equals(dataset.manifest)


@pytest.fixture(scope="module")
def known():
    """The outcomes of each operation, found once."""
    return {}


def outcomes(known, zygote, home, place, operation):
    """What may be seen afterwards, which photos there are before, and how many steps it takes."""
    if operation not in known:
        known[operation] = _outcomes(zygote, home, place, operation)
    return known[operation]


def _outcomes(zygote, home, place, operation):
    """What may be seen afterwards: the state before, after, and those in between that are whole."""
    workspace = copy_of(home, place)
    before, photos = state_of(workspace), bytes_of_photos(workspace)
    done = zygote.run(workspace.root, operation)
    assert done["ended"] == "done", done["error"]
    after = state_of(workspace)
    allowed = [before, after, (after[0], before[1])]  # in the data set, not yet out of its source
    if operation == "collect photos":
        old, new = before[1]["found"], after[1]["found"]
        allowed += [
            (before[0], before[1] | {"found": new[:count]}) for count in range(len(old), len(new))
        ]
    return allowed, photos, done["steps"]


def wait_for_helpers(workspace):
    """Until the crew of what was killed is gone too: its processes hold the folder's lock."""
    deadline = time.monotonic() + 30
    for lock in workspace.datasets.rglob(staging.LOCK):
        while is_locked(lock) and time.monotonic() < deadline:
            time.sleep(0.01)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_any_step(operation, known, zygote, home, tmp_path, no_patience):
    place = tmp_path / "home"
    allowed, photos, steps = outcomes(known, zygote, home, place, operation)
    assert steps > 1
    for step in steps_to_try(steps):
        workspace = copy_of(home, place)
        assert zygote.run(workspace.root, operation, "kill", step)["ended"] == "killed"
        wait_for_helpers(workspace)
        tidy_workspace(workspace)
        told = f"{operation}, killed at step {step} of {steps}"
        assert state_of(workspace) in allowed, told
        assert orphans(workspace) == [], told
        kept = bytes_of_photos(workspace)
        assert kept >= photos or operation in ("delete a data set", "discard a collection"), told
        require_editable(workspace)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_full_disk_is_told_and_leaves_nothing(
    operation, known, zygote, home, tmp_path, no_patience
):
    place = tmp_path / "home"
    allowed, photos, steps = outcomes(known, zygote, home, place, operation)
    for step in steps_to_try(steps):
        workspace = copy_of(home, place)
        result = zygote.run(workspace.root, operation, "full", step)
        told = f"{operation}, no space from step {step} of {steps}: {result}"
        if result["ended"] == "failed":
            assert "no space left" in result["error"], told
        # Without waiting for the next start.
        assert state_of(workspace) in allowed, told
        assert orphans(workspace) == [], told
        assert bytes_of_photos(workspace) >= photos or result["ended"] == "done", told
        require_editable(workspace)


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 1 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system is not permitted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_real_small_disk_fills_up_and_the_job_says_so(small_disk, tmp_path):
    source = class_folders(tmp_path / "many", cats=300, dogs=300)
    for path in source.rglob("*.jpg"):
        with path.open("ab") as file:
            file.write(bytes(4000))
    workspace = open_workspace(small_disk)
    arguments = {"source": str(source), "name": "pets"}
    folder = new_job(workspace, "core.datasets.jobs:import_job", arguments, "Import")
    status = run_job(folder)
    assert status.state is State.FAILED
    assert "no space left for 'pets'" in read_status(folder).message
    assert list(workspace.datasets.iterdir()) == []
    assert shutil.disk_usage(small_disk).free > 900_000
