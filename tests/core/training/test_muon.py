import keras
import numpy as np
import pytest

from core.training.config import TrainingConfig
from core.training.muon import LONGEST_SIDE, Muon
from core.training.objective import make_optimizer

RATE = 0.01


def variables() -> dict[str, keras.Variable]:
    """A kernel for each part of the rule, in the order of a network; the last one answers."""
    random = np.random.default_rng(0)
    shapes = {
        "convolution": (3, 3, 8, 16),
        "offsets": (16,),
        "depthwise": (3, 3, 16, 1),
        "hidden": (64, 12),
        "endless": (LONGEST_SIDE + 1, LONGEST_SIDE + 1),
        "answer": (12, 3),
    }
    return {
        name: keras.Variable(random.normal(size=shape).astype(np.float32), name=name)
        for name, shape in shapes.items()
    }


def moved_by(optimizer: keras.optimizers.Optimizer, steps: int = 1) -> dict[str, np.ndarray]:
    """How far each variable is after some steps, always with the same gradients."""
    learning, random = variables(), np.random.default_rng(1)
    before = {name: np.array(variable) for name, variable in learning.items()}
    optimizer.build(list(learning.values()))
    gradients = [
        keras.ops.convert_to_tensor(random.normal(size=each.shape).astype(np.float32))
        for each in learning.values()
    ]
    for _ in range(steps):
        optimizer.apply(gradients, list(learning.values()))
    return {name: np.array(variable) - before[name] for name, variable in learning.items()}


def optimizer_of(name: str) -> keras.optimizers.Optimizer:
    return make_optimizer(TrainingConfig(epochs=1, optimizer=name, learning_rate=RATE))


@pytest.mark.parametrize(("name", "sides"), [("convolution", (72, 16)), ("hidden", (64, 12))])
def test_a_kernel_moves_equally_far_in_every_direction(name: str, sides: tuple[int, int]) -> None:
    step = moved_by(optimizer_of("muon"))[name].reshape(sides)
    gradient = np.random.default_rng(1)
    given = {each: gradient.normal(size=v.shape) for each, v in variables().items()}[name]
    rows, _, columns = np.linalg.svd(given.reshape(sides), full_matrices=False)
    nearest = -rows @ columns
    cosine = (step * nearest).sum() / np.linalg.norm(step) / np.linalg.norm(nearest)
    assert cosine > 0.97
    stretches = np.linalg.svd(step, compute_uv=False) / (RATE * 0.2 * max(sides) ** 0.5)
    assert stretches.min() > 0.6 and stretches.max() < 1.3


@pytest.mark.parametrize("sides", [(72, 16), (16, 72), (1152, 256), (20, 20)])
def test_a_matrix_is_evened_out_as_keras_does_it(sides: tuple[int, int]) -> None:
    matrix = np.random.default_rng(2).normal(size=sides).astype(np.float32) * 1e-3
    ours, theirs = (
        np.array(kind().zeropower_via_newtonschulz5(keras.ops.convert_to_tensor(matrix), 5))
        for kind in (Muon, keras.optimizers.Muon)
    )
    np.testing.assert_allclose(ours, theirs, atol=2e-4)


def test_its_steps_are_as_long_as_those_of_adamw() -> None:
    lengths = [
        np.sqrt(np.mean(moved_by(optimizer_of(name), 20)["convolution"] ** 2))
        for name in ("muon", "adamw")
    ]
    assert 0.1 < lengths[0] / lengths[1] < 1


def test_what_is_no_kernel_of_a_hidden_layer_moves_as_by_adamw() -> None:
    ours, theirs = (moved_by(optimizer_of(name), 3) for name in ("muon", "adamw"))
    for name in ("offsets", "depthwise", "endless", "answer"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-7)
    assert not np.allclose(ours["convolution"], theirs["convolution"], rtol=0.1)


def test_kernels_shrink_by_their_weight_decay() -> None:
    training = TrainingConfig(epochs=1, optimizer="muon", learning_rate=0.1, weight_decay=0.5)
    optimizer, learning = make_optimizer(training), variables()
    before = {name: np.array(variable) for name, variable in learning.items()}
    optimizer.apply(
        [keras.ops.zeros(each.shape) for each in learning.values()], list(learning.values())
    )
    for name in ("convolution", "hidden", "answer"):
        assert np.array(learning[name]) == pytest.approx(0.95 * before[name], rel=1e-5)


def test_it_can_be_written_down_and_made_anew() -> None:
    made = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer_of("muon")))
    assert isinstance(made, Muon) and float(made.learning_rate) == pytest.approx(RATE)
