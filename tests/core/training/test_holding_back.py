"""Validation photos that a run holds back from its own training photos."""

import shutil
from collections import Counter

import numpy as np
import pytest

from core.datasets.manifest import open_dataset, save_version
from core.errors import LoupeError
from core.evaluation.results import dataset_of, evaluate_run, photos_of_split, read_predictions
from core.jobs import State, run_job
from core.training.config import TrainingConfig
from core.training.holding_back import FILE, hold_back
from core.training.runs import Run, create_run
from core.workspace import read_json
from tests.conftest import small_recipe

SHARE = TrainingConfig(epochs=1, validation_share=0.2)


@pytest.fixture
def unchecked(shapes_datasets, workspace):
    """The data set "shapes" without validation photos, with a burst and with equal photos."""
    shutil.copytree(shapes_datasets / "shapes", workspace.datasets / "shapes")
    dataset = open_dataset(workspace, "shapes")
    manifest = dataset.manifest.copy()
    manifest["split"] = manifest["split"].replace("validation", "train")
    learnt = manifest.index[manifest["split"] == "train"]
    manifest.loc[learnt[:6], "group"] = "burst"
    manifest.loc[learnt[6:9], "content_hash"] = "equal"
    return save_version(dataset, manifest)


def run_in(folder):
    folder.mkdir(exist_ok=True)
    return Run(folder)


def test_the_same_share_of_each_class_and_groups_whole(unchecked, tmp_path):
    run = run_in(tmp_path / "run")
    for seed in range(8):
        held = hold_back(run, SHARE.model_copy(update={"seed": seed}), unchecked)
        assert len(held.split("train")) + len(held.split("validation")) == len(
            unchecked.split("train")
        )
        assert held.split("test").equals(unchecked.split("test"))
        counts = Counter(held.split("validation")["label"])
        wanted = {
            label: 0.2 * count
            for label, count in Counter(unchecked.split("train")["label"]).items()
        }
        assert all(abs(counts[label] - wanted[label]) <= 3 for label in wanted)
        for column, name in (("group", "burst"), ("content_hash", "equal")):
            assert held.used.loc[held.used[column] == name, "split"].nunique() == 1


def test_the_seed_decides_who(unchecked, tmp_path):
    run, chosen = run_in(tmp_path / "run"), []
    for seed in (1, 1, 2):
        hold_back(run, SHARE.model_copy(update={"seed": seed}), unchecked)
        chosen.append(read_json(run.folder / FILE)["ids"])
    assert chosen[0] == chosen[1] != chosen[2]


@pytest.mark.parametrize("share", [None, 0.2])
def test_nothing_is_held_back_unasked_or_where_there_is_enough(
    shapes_workspace, unchecked, tmp_path, share
):
    run = run_in(tmp_path / "run")
    hold_back(run, SHARE, unchecked)
    training = TrainingConfig(epochs=1, validation_share=share)
    dataset = open_dataset(shapes_workspace, "shapes") if share else unchecked
    assert hold_back(run, training, dataset) is dataset
    assert not (run.folder / FILE).exists()


def test_a_run_is_validated_on_photos_that_it_did_not_learn_from(unchecked, workspace):
    run = create_run(workspace, "shapes", small_recipe(validation_share=0.25, epochs=3))
    status = run_job(run.folder)
    assert status.state is State.FINISHED, status.message
    held = set(read_json(run.folder / FILE)["ids"])
    assert held <= set(unchecked.split("train")["id"])
    assert status.result["val_accuracy"] is not None
    assert set(np.load(run.folder / "history" / "probabilities.npz")["ids"]) <= held
    assert set(dataset_of(run).split("train")["id"]).isdisjoint(held)
    answer = evaluate_run(run, "validation")
    assert answer["n"] == len(held)
    assert set(read_predictions(run, "validation")["id"]) == held
    # The data set itself is as it was.
    assert not len(open_dataset(workspace, "shapes").split("validation"))


def test_without_a_share_there_are_no_validation_photos_to_ask_about(unchecked, workspace):
    run = create_run(workspace, "shapes", small_recipe())
    with pytest.raises(LoupeError, match="held none back"):
        photos_of_split(dataset_of(run), "validation")
