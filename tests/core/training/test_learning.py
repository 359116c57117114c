"""The one loop, on made-up points: quick trainings with every setting."""

import keras
import numpy as np
import pytest

from core.jobs import State, run_job
from core.models.loading import load_model
from core.reporter import Reporter
from core.status import JobStatus
from core.training.config import TrainingConfig
from core.training.features import Features
from core.training.frozen import FeatureBatches
from core.training.keeping import Diary
from core.training.learning import learn
from core.training.runs import create_run
from tests.conftest import small_recipe

ALL = {
    "optimizer": "sgd",
    "momentum": 0.8,
    "weight_decay": 0.01,
    "label_smoothing": 0.05,
    "doubt_labels": 20,
    "balance": "weights",
    "early_stopping": 50,
    "keep": "best",
    "weight_averaging": 0.9,
    "precision": "mixed",
}


def points(counts, seed, copies=0):
    """Two clouds that overlap, as features with copies, and their class numbers."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], counts)
    near = labels[:, None] * 1.5
    plain = rng.normal(near, 1.0, (len(labels), 2)).astype(np.float16)
    varied = rng.normal(np.repeat(near, copies, axis=0), 1.0, (len(labels) * copies, 2))
    places = np.arange(len(labels) * copies).reshape(len(labels), copies)
    rows = np.arange(len(labels))
    return Features(plain, rows, varied.astype(np.float16), places), labels.astype(np.int32)


def learn_on_points(folder, counts=(300, 20), snapshots=None, **given):
    """The kept model, the report and the validation points."""
    training = TrainingConfig(**{"epochs": 6, "learning_rate": 0.03, "batch_size": 16} | given)
    keras.utils.set_random_seed(training.seed)
    balanced = training.balance == "batches"
    batches = FeatureBatches(
        *points(counts, 1, 2), training.seed, training.batch_size, True, balanced
    )
    checking = points((200, 200), 2)
    validation = FeatureBatches(*checking, 0, 128, False)
    head, keeper = (
        keras.Sequential(
            [
                keras.Input((2,)),
                keras.layers.Dense(4, activation="relu"),
                keras.layers.BatchNormalization(momentum=0.8),
                keras.layers.Dense(2, activation="softmax"),
            ]
        )
        for _ in range(2)
    )
    folder.mkdir(exist_ok=True)
    diary = Diary(head, checking[0].plain[:2], ["a", "b"], np.array([0, 0]), folder / "history")
    path = folder / "model.keras"
    _, report = learn(
        training,
        head,
        keeper,
        path,
        batches,
        validation,
        diary,
        Reporter(folder, JobStatus()),
        snapshots=snapshots,
    )
    return keras.models.load_model(path), report, checking


def recall(model, checking, label):
    features, labels = checking
    said = np.asarray(model(features.plain.astype(np.float32))).argmax(axis=1)
    return float((said[labels == label] == label).mean())


def test_a_rare_class_gains_by_weights_and_by_balanced_batches(tmp_path):
    found = {}
    for balance in ("off", "weights", "batches"):
        model, report, checking = learn_on_points(tmp_path / balance, balance=balance)
        found[balance] = [recall(model, checking, label) for label in (0, 1)]
        # Accuracy is that of the photos as they are, whatever the loss is weighted with.
        assert report.history[-1]["val_accuracy"] == pytest.approx(
            np.mean(found[balance]), abs=0.02
        )
    assert found["off"][1] < 0.5
    for balance in ("weights", "batches"):
        assert found[balance][1] > found["off"][1] + 0.25
        assert min(found[balance]) > 0.6


def test_balanced_batches_hold_equal_shares_and_all_copies_of_the_rare():
    features, labels = points((90, 6), 0, 2)
    batches = FeatureBatches(features, labels, 5, 16, True, balanced=True)
    assert len(batches) == 6 and batches.photos == 96
    versions = []
    for epoch in range(3):
        batches.begin(epoch)
        for number in range(len(batches)):
            rows, given = batches[number]
            assert (given == 1).sum() == 8
            versions += [tuple(row) for row in rows[given == 1].tolist()]
    known = np.concatenate([features.plain[90:], features.varied[180:]]).astype(np.float32)
    assert set(versions) == {tuple(row) for row in known.tolist()}
    counts = np.unique(versions, axis=0, return_counts=True)[1]
    assert counts.max() - counts.min() <= 3


def test_everything_at_once_repeats_by_the_same_seed(tmp_path):
    given = ALL | {"balance": "batches", "epochs": 3}
    runs = [
        learn_on_points(tmp_path / name, (90, 10), seed=seed, **given)
        for name, seed in (("one", 1), ("two", 1), ("three", 2))
    ]
    curves = [
        [[row[key] for key in ("loss", "val_loss", "accuracy")] for row in report.history]
        for _, report, _ in runs
    ]
    np.testing.assert_allclose(curves[0], curves[1], rtol=1e-3)
    assert not np.allclose(curves[0], curves[2], rtol=1e-3)
    one, two, _ = (model.get_weights() for model, _, _ in runs)
    for weights, others in zip(one, two, strict=True):
        np.testing.assert_allclose(weights, others, atol=1e-4)


def test_a_network_learns_with_every_setting_at_once_and_the_same_again(shapes_workspace):
    given = ALL | {"epochs": 4, "schedule": "inverse-time", "weight_averaging": 0.5}
    curves = []
    for _ in range(2):
        run = create_run(shapes_workspace, "shapes", small_recipe(**given))
        status = run_job(run.folder)
        assert status.state is State.FINISHED, (run.folder / "log.txt").read_text()
        curves.append([[row["loss"], row["val_loss"]] for row in run.metrics()])
    np.testing.assert_allclose(*curves, rtol=5e-3)
    assert curves[0][-1][0] < curves[0][0][0]
    model = load_model(run.model_path)
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    kept = min(run.metrics(), key=lambda row: row["val_loss"])
    assert status.result["kept_epoch"] == kept["epoch"]


@pytest.mark.parametrize("keep", ["last", "best"])
def test_the_epoch_that_is_kept_is_the_one_asked_for(tmp_path, keep):
    # Far too large steps: it stumbles from one epoch to the next.
    given = {"learning_rate": 1, "optimizer": "adam", "schedule": "constant"}
    model, report, checking = learn_on_points(tmp_path / keep, keep=keep, **given)
    losses = [row["val_loss"] for row in report.history]
    assert np.argmin(losses) < len(losses) - 1
    kept = int(np.argmin(losses)) + 1 if keep == "best" else len(losses)
    right = np.mean([recall(model, checking, label) for label in (0, 1)])
    assert right == pytest.approx(report.history[kept - 1]["val_accuracy"], abs=0.003)
