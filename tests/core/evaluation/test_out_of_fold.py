"""Small but real judgements on drawn shapes."""

import shutil

import numpy as np
import pytest

from core.datasets.edits import exclude, relabel
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.evaluation.out_of_fold import FOLDER, OutOfFold, keep, read_out_of_fold
from core.evaluation.photo_losses import photo_losses
from core.evaluation.suspects import JOB, read_queue
from core.evaluation.teacher import (
    PRETRAINED,
    PRETRAINED_BACKBONES,
    PRETRAINED_SIZE,
    Plan,
    Teacher,
    teachers_for,
)
from core.jobs import State, new_job, request_stop, run_job
from core.models.weights import weights_files
from core.workspace import open_workspace
from tests.conftest import small_recipe, workspace_with

PLAN = Plan(folds=2, epochs=6)


def teacher(run=""):
    return Teacher(kind="recipe", title="A tiny network", recipe=small_recipe(), run=run)


def search(workspace, judge, plan=PLAN, listener=None):
    arguments = {
        "dataset": "shapes",
        "teacher": judge.model_dump(mode="json"),
        "plan": plan.model_dump(mode="json"),
    }
    folder = new_job(workspace, JOB, arguments, "search")
    return folder, run_job(folder, listener)


@pytest.fixture(scope="module")
def searched(shapes_datasets, tmp_path_factory):
    """A workspace in which two discs are called frames, and the search for them. Read-only."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("searched") / "workspace")
    dataset = open_dataset(workspace, "shapes")
    discs = dataset.used["id"][dataset.used["label"] == "disc"].tolist()
    dataset = relabel(dataset, discs[:2], "frame")
    exclude(dataset, discs[2:3])
    heard = []
    folder, status = search(
        workspace, teacher("a run"), listener=lambda told: heard.append(told.model_copy(deep=True))
    )
    assert status.state is State.FINISHED, (folder / "log.txt").read_text()
    return workspace, status, heard, discs


def test_every_photo_in_use_is_judged_once(searched):
    workspace, status, _, discs = searched
    dataset = open_dataset(workspace, "shapes")
    judged = read_out_of_fold(dataset.folder)
    assert judged.ids == dataset.used["id"].tolist() and discs[2] not in judged.ids
    assert judged.labels == dataset.used["label"].tolist()
    assert judged.probabilities.shape == (47, 2)
    assert judged.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert set(judged.folds) == {0, 1}
    assert judged.about["run"] == "a run" and judged.about["dataset_version"] == 3
    assert status.result["photos"] == 47
    assert read_out_of_fold(dataset.folder, "another run") is None
    assert len(judged.table().loc[judged.ids[0]]) == 2


def test_the_queue_lies_beside_the_data_set(searched):
    workspace, status, _, _ = searched
    queue = read_queue(open_dataset(workspace, "shapes"))
    assert status.result["suspects"] == len(queue.of_kind("class"))
    assert queue.about["teacher"] == "A tiny network"
    assert set(queue.typical) == {"disc", "frame"}


def test_progress_is_told_in_parts(searched):
    _, _, heard, _ = searched
    words = {status.message for status in heard}
    assert any(text.startswith("Part 1 of 2") for text in words)
    assert any(text.startswith("Part 2 of 2") for text in words)
    told = [status for status in heard if status.phase == "Judging" and status.total]
    assert [status.done for status in told] == sorted(status.done for status in told)
    assert told[-1].total == 12 and told[-1].unit == "epochs" and told[-1].share > 0.5


def test_nothing_is_left_of_the_trainings(searched):
    workspace, _, _, _ = searched
    assert not list((workspace.datasets / "shapes" / FOLDER).glob("part-*"))
    assert not list(workspace.jobs.glob("*/fold")) and not list(workspace.runs.iterdir())


def test_stopping_keeps_the_parts_that_are_done(shapes_workspace):
    stopped = []

    def stop_in_part_two(status):
        if status.message.startswith("Part 2 of 2: learning") and not stopped:
            stopped.append(status)
            request_stop(next(shapes_workspace.jobs.iterdir()))

    long = Plan(folds=2, epochs=10)
    _, status = search(shapes_workspace, teacher(), long, stop_in_part_two)
    assert status.state is State.STOPPED
    folder = shapes_workspace.datasets / "shapes" / FOLDER
    (part,) = folder.glob("part-*.npy")
    assert read_queue(open_dataset(shapes_workspace, "shapes")) is None
    np.save(part, np.tile(np.float32([0.25, 0.75]), (24, 1)))
    _, status = search(shapes_workspace, teacher(), long)
    assert status.state is State.FINISHED
    judged = read_out_of_fold(shapes_workspace.datasets / "shapes")
    assert (judged.probabilities[judged.folds == 0] == [0.25, 0.75]).all()
    assert not (judged.probabilities[judged.folds == 1] == [0.25, 0.75]).all()


def test_a_single_class_is_refused(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    exclude(dataset, dataset.used["id"][dataset.used["label"] == "disc"].tolist())
    _, status = search(shapes_workspace, teacher())
    assert status.state is State.FAILED
    assert "single class" in status.message and status.next_step


def test_without_weights_the_pretrained_teacher_says_what_to_do(shapes_workspace, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(shapes_workspace.root / "keras"))
    assert [each.kind for each in teachers_for(shapes_workspace, "shapes")] == ["recipe"]
    _, status = search(shapes_workspace, PRETRAINED)
    assert status.state is State.FAILED
    assert (
        "no weights" in status.message
        and weights_files(PRETRAINED_BACKBONES[0], PRETRAINED_SIZE)[0].name in status.next_step
    )


def test_a_network_from_the_cache_judges_too_and_looks_only_once(
    shapes_workspace, tmp_path, monkeypatch
):
    from core.training import features

    (tmp_path / "models").mkdir()
    (file,) = weights_files(PRETRAINED_BACKBONES[-1], PRETRAINED_SIZE)
    (tmp_path / "models" / file.name).write_bytes(b"not looked at by the stand-in")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(features, "frozen_function", lambda look: _averages)
    folder, status = search(shapes_workspace, teachers_for(shapes_workspace, "shapes")[0])
    assert status.state is State.FINISHED, (folder / "log.txt").read_text()
    judged = read_out_of_fold(shapes_workspace.datasets / "shapes")
    assert judged.distances.shape == (48,) and judged.accuracy > 0.8
    monkeypatch.setattr(features, "frozen_function", None)
    _, status = search(shapes_workspace, PRETRAINED, Plan(folds=3))
    assert status.state is State.FINISHED


def _averages(pictures):
    """Stands in for the network: coarse averages of a picture tell a disc from a frame."""
    coarse = pictures.reshape(len(pictures), 8, 28, 8, 28, 3).mean(axis=(2, 4)) / 127.5 - 1
    return np.pad(coarse.reshape(len(pictures), -1), ((0, 0), (0, 1280 - 192)))


def test_the_gallery_gets_losses_that_no_photo_learnt_by_heart(trained_run, tmp_path):
    workspace = open_workspace(tmp_path / "own")
    shutil.copytree(trained_run.workspace.root, workspace.root, dirs_exist_ok=True)
    dataset = open_dataset(workspace, "shapes")
    assert len(photo_losses(workspace, trained_run.name)) < 48
    judged = OutOfFold(
        ids=dataset.used["id"].tolist(),
        labels=dataset.used["label"].tolist(),
        folds=np.zeros(48, int),
        class_names=("disc", "frame"),
        probabilities=np.tile(np.float32([0.25, 0.75]), (48, 1)),
        distances=None,
        about={"run": trained_run.name},
    )
    keep(dataset, judged)
    found = photo_losses(workspace, trained_run.name)
    assert sorted(found.index) == sorted(judged.ids)
    learnt = dataset.split("train").set_index("id")["label"]
    expected = -np.log(np.where(learnt == "disc", 0.25, 0.75))
    assert found.loc[learnt.index, "loss"].to_numpy() == pytest.approx(expected)
    assert (found.loc[dataset.split("test")["id"], "probability"] != 0.75).any()


def test_plans_with_other_times_are_other_plans():
    one, other = teacher().digest(Plan(seconds=5)), teacher().digest(Plan(seconds=6))
    assert one != other
    assert teacher().timed_recipe(Plan(seconds=5), 3).training.seed == 3
    assert teacher().timed_recipe(Plan(epochs=2), 0).training.budget_seconds is None
    with pytest.raises(LoupeError):
        PRETRAINED.timed_recipe(Plan(), 0)
