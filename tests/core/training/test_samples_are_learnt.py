"""The samples can be learnt, and only because pictures and labels belong together."""

import numpy as np
import pytest

from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, save_version
from core.jobs import run_job
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import open_workspace


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    workspace = open_workspace(tmp_path_factory.mktemp("samples"))
    for name in ("digits", "pond-insects"):
        import_dataset(workspace, f"sample:{name}", name)
    return workspace


def accuracy_after(workspace, dataset_name, **overrides):
    recipe = apply_overrides(get_recipe("small-cnn"), overrides)
    run = create_run(workspace, dataset_name, recipe)
    status = run_job(run.folder)
    assert status.state == "finished", (run.folder / "log.txt").read_text()
    return status.result["test_accuracy"]


def shuffle_labels(workspace, dataset_name):
    """The same photos in the same splits, under names drawn by lot."""
    dataset = open_dataset(workspace, dataset_name)
    labels = np.random.default_rng(0).permutation(dataset.manifest["label"].to_numpy())
    save_version(dataset, dataset.manifest.assign(label=labels))


@pytest.mark.parametrize(
    ("dataset_name", "settings", "chance"),
    [
        ("digits", {"picture.image_size": "32x32", "epochs": 4}, 0.1),
        ("pond-insects", {"epochs": 25}, 0.5),
    ],
)
def test_a_sample_is_learnt_and_shuffled_labels_stay_at_chance(
    samples, dataset_name, settings, chance
):
    assert accuracy_after(samples, dataset_name, **settings) >= 0.95
    shuffle_labels(samples, dataset_name)
    guessed = accuracy_after(samples, dataset_name, **settings | {"epochs": 4})
    n = len(open_dataset(samples, dataset_name).split("test"))
    assert abs(guessed - chance) < 4 * np.sqrt(chance * (1 - chance) / n)
