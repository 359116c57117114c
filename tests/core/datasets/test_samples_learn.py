"""Both samples are learnt within half a minute of two cores, and only from their labels."""

import random
import shutil

import pytest

from core.datasets.importing import import_dataset
from core.datasets.samples import SAMPLES
from core.jobs import run_job
from core.progress import silent
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import open_workspace

# Epochs, not seconds, so that a busy machine tests the same: 42 and 20 seconds of one core.
EPOCHS = {"pond-insects": 38, "digits": 7}
CHANCE = {"pond-insects": 0.5, "digits": 0.1}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return open_workspace(tmp_path_factory.mktemp("learning"))


@pytest.fixture(scope="module", params=sorted(SAMPLES))
def written(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    SAMPLES[request.param].write(folder, silent)
    return request.param, folder


def accuracy_after(workspace, folder, name, epochs):
    import_dataset(workspace, folder, name)
    given = {"epochs": epochs, "budget_seconds": None}
    run = create_run(workspace, name, apply_overrides(get_recipe("small-cnn"), given))
    status = run_job(run.folder)
    assert status.state == "finished", status.message
    return status.result["test_accuracy"]


def shuffle_labels(folder, target):
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    labels = [file.parent.name for file in files]
    random.Random(4).shuffle(labels)
    for file, label in zip(files, labels, strict=True):
        (target / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target / label / file.name)


def test_the_recipe_learns_it(workspace, written):
    name, folder = written
    assert accuracy_after(workspace, folder, name, EPOCHS[name]) >= 0.95


def test_with_shuffled_labels_there_is_nothing_to_learn(workspace, written, tmp_path):
    name, folder = written
    shuffle_labels(folder, tmp_path / "shuffled")
    found = accuracy_after(workspace, tmp_path / "shuffled", f"{name}-shuffled", 3)
    assert abs(found - CHANCE[name]) < 0.14
