"""The running average of the weights, against one made by hand."""

import keras
import numpy as np
import pytest

from core.jobs import State, run_job
from core.models.builder import build
from core.models.loading import load_model
from core.training.averaging import AveragingModel, UseAverage
from core.training.callbacks import synchronise
from core.training.runs import create_run
from tests.conftest import small_recipe

MOMENTUM = 0.8


def network():
    keras.utils.set_random_seed(3)
    numbers = keras.Input((6,))
    value = keras.layers.BatchNormalization(momentum=0.5)(keras.layers.Dense(5)(numbers))
    answer = keras.layers.Dense(2, activation="softmax")(keras.layers.Dropout(0.2)(value))
    return keras.Model(numbers, answer)


class Witness(keras.callbacks.Callback):
    """Writes down the weights after every step, and those that validation and others see."""

    def __init__(self, source):
        super().__init__()
        self._source, self.after, self.tested, self.ended = source, [], [], []

    def _look(self, where):
        synchronise(self.model)
        where.append(self._source.get_weights())

    def on_train_batch_end(self, batch, logs=None):
        self._look(self.after)
        if len(self.after) == 11:  # in the middle of the third epoch
            self.model.stop_training = True

    def on_test_begin(self, logs=None):
        self._look(self.tested)

    def on_epoch_end(self, epoch, logs=None):
        self._look(self.ended)


def by_hand(steps):
    weights = MOMENTUM ** np.arange(len(steps))[::-1]
    return [np.average(values, axis=0, weights=weights) for values in zip(*steps, strict=True)]


@pytest.mark.parametrize("validates", [True, False])
def test_average_and_weights_are_where_they_should_be_at_every_step(validates):
    source = network()
    trainer = AveragingModel(source.inputs, source.outputs)
    trainer.begin(MOMENTUM)
    trainer.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    given = np.random.default_rng(0).normal(size=(32, 6)).astype(np.float32)
    known = (given[:, 0] > 0).astype(np.int32)
    witness = Witness(source)
    checked = (given, known) if validates else None
    callbacks = [UseAverage(), witness]
    trainer.fit(given, known, 8, 5, 0, callbacks, validation_data=checked, shuffle=False)
    assert len(witness.after) == 11
    assert len(witness.tested) == (3 if validates else 0)
    for number, seen in enumerate(witness.ended):
        expected = by_hand(witness.after[: 4 * (number + 1)])
        for one, other in zip(seen, expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
    for seen, ended in zip(witness.tested, witness.ended, strict=validates):
        assert all(map(np.array_equal, seen, ended))
    # It learnt on from the weights, not from the average.
    fifth = witness.after[4]
    assert max(np.abs(a - b).max() for a, b in zip(fifth, witness.after[3], strict=True)) < max(
        np.abs(a - b).max() for a, b in zip(fifth, witness.ended[0], strict=True)
    )
    final = source.get_weights()
    for one, other in zip(final, by_hand(witness.after), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_kept_model_and_its_scores_are_the_averages(shapes_workspace):
    given = {"weight_averaging": 0.9, "keep": "last", "epochs": 3, "schedule": "constant"}
    data = small_recipe(**given).model_dump()
    first, *others = data["architecture"]["layers"]
    normalised = [first, {"kind": "batch_normalization", "momentum": 0.8}, *others]
    data["architecture"]["layers"] = normalised
    recipe = type(small_recipe()).model_validate(data)
    run = create_run(shapes_workspace, "shapes", recipe)
    status = run_job(run.folder)
    assert status.state is State.FINISHED, (run.folder / "log.txt").read_text()
    model = load_model(run.model_path)
    fresh = build(recipe.architecture, recipe.picture.shape, 2)
    assert [v.path for v in model.variables] == [v.path for v in fresh.variables]
    diary = np.load(run.folder / "history" / "probabilities.npz")
    from core.datasets.prepared import prepare
    from core.evaluation.results import dataset_of
    from core.models.loading import predict_probabilities

    prepared = prepare(dataset_of(run), recipe.picture)
    pictures = prepared.array[prepared.indices(diary["ids"].tolist())]
    answers = predict_probabilities(model, pictures)
    assert diary["probabilities"][-1] == pytest.approx(answers, abs=1e-4)
