"""Small but real trainings."""

import shutil

import numpy as np
import pytest

from core.datasets.manifest import open_dataset, save_version
from core.jobs import State, request_stop, run_job
from core.models.loading import load_model
from core.training.runs import create_run
from tests.conftest import small_recipe


def train(workspace, listener=None, **overrides):
    run = create_run(workspace, "shapes", small_recipe(**overrides))
    return run, run_job(run.folder, listener)


def test_a_training_learns_and_leaves_everything_behind(trained_run):
    status, metrics = trained_run.status(), trained_run.metrics()
    assert status.state is State.FINISHED
    assert status.device.startswith(("CPU, ", "GPU: "))
    assert [row["epoch"] for row in metrics] == list(range(1, 13))
    needed = {"loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate"}
    assert needed <= set(metrics[0])
    assert metrics[-1]["loss"] < metrics[0]["loss"]
    assert [row["seconds"] for row in metrics] == sorted(row["seconds"] for row in metrics)
    result = status.result
    assert result["epochs"] == 12
    assert result["train_accuracy"] >= 0.8
    assert result["test_accuracy"] == trained_run.evaluation()["accuracy"]
    assert result["parameters"] == load_model(trained_run.model_path).count_params()


def test_a_training_on_mixed_pictures_learns_from_their_shares(shapes_workspace):
    data = small_recipe(epochs=2).model_dump()
    data["augmentation"]["steps"] = [{"kind": "mixup", "alpha": 1.0}, {"kind": "cutmix"}]
    run = create_run(shapes_workspace, "shapes", type(small_recipe()).model_validate(data))
    status = run_job(run.folder)
    assert status.state is State.FINISHED, status.message
    rows = run.metrics()
    assert all(0 <= row["accuracy"] <= 1 and 0 <= row["val_accuracy"] <= 1 for row in rows)
    assert 0.3 < rows[0]["val_loss"] < 2


def test_the_learning_rate_follows_the_cycle(trained_run):
    rates = [row["learning_rate"] for row in trained_run.metrics()]
    peak = rates.index(max(rates))
    assert 0 < peak < 6
    assert rates[-1] < 0.02 * max(rates)


def test_the_model_takes_raw_pixels_and_carries_no_training_with_it(trained_run):
    model = load_model(trained_run.model_path)
    assert model.input_shape == (None, 16, 16, 3)
    assert model.get_layer("rescaling").scale == pytest.approx(1 / 255)
    assert not model.compiled


def test_the_live_curve_and_the_pace_are_told_while_it_runs(shapes_workspace):
    heard = []
    train(shapes_workspace, lambda status: heard.append(status.model_copy(deep=True)))
    training = [status for status in heard if status.phase == "Training" and status.extra]
    assert training[0].extra["batches"] == 5
    assert training[-1].unit == "steps"
    last = heard[-1].extra
    assert len(last["live"]["epoch"]) == len(last["live"]["loss"]) > 0
    phases = list(dict.fromkeys(status.phase for status in heard))
    wanted = ["Preparing photos", "Building the network", "Training", "Testing"]
    assert [phase for phase in phases if phase in wanted] == wanted


def test_the_diary_holds_the_same_dozen_after_every_epoch(trained_run):
    diary = np.load(trained_run.folder / "history" / "probabilities.npz")
    dataset = open_dataset(trained_run.workspace, "shapes")
    shown = min(12, len(dataset.split("validation")))
    assert diary["probabilities"].shape == (12, shown, 2)
    assert diary["probabilities"].sum(axis=2) == pytest.approx(1, abs=1e-5)
    labels = [trained_run.config.class_names[number] for number in diary["labels"]]
    assert labels == [dataset.photo(photo)["label"] for photo in diary["ids"]]
    assert set(labels) == {"disc", "frame"}


def test_the_same_seed_repeats_a_training_and_another_does_not(shapes_workspace):
    first, again, other = (train(shapes_workspace, seed=seed)[0].metrics() for seed in (1, 1, 2))
    losses = [[row["loss"] for row in metrics] for metrics in (first, again, other)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert losses[0] != pytest.approx(losses[2], rel=1e-3)


def test_a_time_budget_is_kept(shapes_workspace):
    run, status = train(shapes_workspace, epochs=None, budget_seconds=2)
    assert status.state is State.FINISHED
    assert 2 <= status.result["seconds"] < 20
    assert run.metrics()[-1]["learning_rate"] < 0.001


def test_a_stop_while_training_keeps_and_tests_the_model(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", small_recipe(epochs=5000))

    def stop(status):
        if status.extra.get("epoch", 0) >= 2:
            request_stop(run.folder)

    status = run_job(run.folder, stop)
    assert status.state is State.STOPPED
    assert status.result["test_accuracy"] == run.evaluation()["accuracy"]
    assert load_model(run.model_path).count_params() == status.result["parameters"]
    assert 2 <= status.result["epochs"] < 5000


def test_a_stop_before_the_first_step_ends_without_a_model(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", small_recipe())
    request_stop(run.folder)
    assert run_job(run.folder).state is State.STOPPED
    assert not run.has_model


def test_a_learning_rate_out_of_bounds_fails_in_a_sentence(shapes_workspace):
    recipe = small_recipe(optimizer="sgd", learning_rate=10, schedule="constant", epochs=200)
    data = recipe.model_dump()
    data["architecture"]["layers"][0]["activation"] = "linear"
    data["architecture"]["layers"][2]["activation"] = "linear"
    data["augmentation"]["rescale"] = 1.0
    run = create_run(shapes_workspace, "shapes", type(recipe).model_validate(data))
    status = run_job(run.folder)
    assert status.state is State.FAILED
    assert "grew beyond all bounds" in status.message
    assert status.next_step == "Use a learning rate below 10."


def test_without_photos_to_validate_or_test_it_still_trains(shapes_workspace, workspace):
    shutil.copytree(shapes_workspace.datasets / "shapes", workspace.datasets / "shapes")
    dataset = open_dataset(workspace, "shapes")
    save_version(dataset, dataset.manifest.assign(split="train"))
    run, status = train(workspace)
    assert status.state is State.FINISHED, status
    assert status.result["val_accuracy"] is status.result["test_accuracy"] is None
    assert run.has_model


def test_without_photos_to_train_on_it_says_so(shapes_workspace, workspace):
    shutil.copytree(shapes_workspace.datasets / "shapes", workspace.datasets / "shapes")
    dataset = open_dataset(workspace, "shapes")
    save_version(dataset, dataset.manifest.assign(split="test"))
    _, status = train(workspace)
    assert (status.state, status.next_step) == (
        State.FAILED,
        "Move some photos to the split 'train'.",
    )


@pytest.mark.parametrize(("output", "optimizer"), [("auto", "rmsprop"), ("softmax", "adam")])
def test_every_kind_of_answer_and_optimizer_trains(shapes_workspace, output, optimizer):
    data = small_recipe(optimizer=optimizer, epochs=1).model_dump()
    data["architecture"]["layers"][-1]["activation"] = output
    recipe = type(small_recipe()).model_validate(data)
    run = create_run(shapes_workspace, "shapes", recipe)
    assert run_job(run.folder).state is State.FINISHED
    units = 1 if output == "auto" else 2
    assert load_model(run.model_path).output_shape == (None, units)
