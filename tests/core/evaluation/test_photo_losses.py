import math

import pandas as pd
import pytest

from core.datasets.edits import relabel
from core.datasets.manifest import open_dataset
from core.errors import NotFound
from core.evaluation.photo_losses import losses, photo_losses
from core.evaluation.results import evaluate_run


def test_losses_follow_the_class_a_photo_has():
    table = pd.DataFrame({"cat": [0.9, 0.2], "dog": [0.1, 0.8]}, index=["a", "b"])
    found = losses(table, pd.Series({"a": "cat", "b": "cat", "c": "dog"}))
    assert found["loss"].tolist() == pytest.approx([-math.log(0.9), -math.log(0.2)])
    assert found["predicted"].tolist() == ["cat", "dog"]
    assert found["probability"].tolist() == pytest.approx([0.9, 0.8])


def test_a_class_the_run_does_not_know_is_left_out():
    table = pd.DataFrame({"cat": [0.9, 1.0], "dog": [0.1, 0.0]}, index=["a", "b"])
    found = losses(table, pd.Series({"a": "horse", "b": "dog"}))
    assert found.index.tolist() == ["b"]
    assert math.isfinite(found["loss"].iloc[0])


def test_every_evaluated_split_counts(known_run):
    evaluate_run(known_run, "validation")
    evaluate_run(known_run)
    found = photo_losses(known_run.workspace, known_run.name)
    dataset = open_dataset(known_run.workspace, "colors")
    asked = pd.concat([dataset.split("validation"), dataset.split("test")])
    assert set(asked["id"]) <= set(found.index)
    worst = found.sort_values("loss", ascending=False).index[:2]
    # The two photos that are blue and labelled red.
    assert [dataset.photo(photo)["label"] for photo in worst] == ["red", "red"]
    assert found.loc[worst, "predicted"].tolist() == ["blue", "blue"]


def test_without_any_evaluation_there_is_nothing_to_sort_by(shapes_workspace):
    from core.training.runs import create_run
    from tests.conftest import small_recipe

    run = create_run(shapes_workspace, "shapes", small_recipe())
    assert photo_losses(shapes_workspace, run.name) is None
    with pytest.raises(NotFound):
        photo_losses(shapes_workspace, "nowhere")


def test_a_photo_that_was_moved_is_judged_by_its_new_class(trained_run, tmp_path):
    import shutil

    from core.workspace import open_workspace

    shutil.copytree(trained_run.workspace.root, tmp_path / "own")
    workspace = open_workspace(tmp_path / "own")
    before = photo_losses(workspace, trained_run.name)
    dataset = open_dataset(workspace, "shapes")
    photo = before.sort_values("loss").index[0]
    other = {"disc": "frame", "frame": "disc"}[dataset.photo(photo)["label"]]
    relabel(dataset, [photo], other)
    after = photo_losses(workspace, trained_run.name)
    assert after.loc[photo, "loss"] > before.loc[photo, "loss"]
    assert after.drop(photo).equals(before.drop(photo))
