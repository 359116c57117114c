import keras
import numpy as np
import pytest

from core.errors import LoupeError, NotFound
from core.models.architecture import Architecture
from core.models.builder import build
from core.models.loading import load_model, predict_probabilities

FLAT = Architecture.model_validate(
    {"name": "flat", "layers": [{"kind": "flatten"}, {"kind": "output"}]}
)


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, (11, 6, 5, 3), dtype=np.uint8)


@pytest.mark.parametrize("num_classes", [2, 3])
def test_answers_are_probabilities_however_many_are_asked_at_once(num_classes, pictures):
    keras.utils.set_random_seed(1)
    model = build(FLAT, (6, 5, 3), num_classes)
    together = predict_probabilities(model, pictures, batch_size=4)
    one_by_one = [predict_probabilities(model, pictures[i : i + 1])[0] for i in range(11)]
    assert together.shape == (11, num_classes)
    assert together.dtype == np.float32
    assert together.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert together == pytest.approx(np.stack(one_by_one), abs=1e-6)


def test_a_model_rescales_by_itself(pictures):
    model = build(FLAT, (6, 5, 3), 2, rescale=1 / 255)
    weights, bias = model.get_layer("output").get_weights()
    expected = 1 / (1 + np.exp(-((pictures.reshape(11, -1) / 255.0) @ weights + bias)))
    assert predict_probabilities(model, pictures)[:, 1:] == pytest.approx(expected, abs=1e-5)


def test_no_pictures_no_answers():
    model = build(FLAT, (6, 5, 3), 2)
    assert predict_probabilities(model, np.zeros((0, 6, 5, 3), np.uint8)).shape == (0, 2)


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path, pictures):
    path = tmp_path / "model.keras"
    build(FLAT, (6, 5, 3), 2).save(path)
    first = load_model(path)
    assert load_model(path) is first
    second = build(FLAT, (6, 5, 3), 2)
    second.save(path)
    loaded = load_model(path)
    assert predict_probabilities(loaded, pictures) == pytest.approx(
        predict_probabilities(second, pictures), abs=1e-6
    )
    assert loaded is not first


def test_what_is_no_model_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(NotFound, match="no model in"):
        load_model(tmp_path / "model.keras")
    (tmp_path / "model.keras").write_bytes(b"not a model")
    with pytest.raises(LoupeError, match="cannot be read"):
        load_model(tmp_path / "model.keras")


def test_a_model_with_code_of_its_own_is_refused(tmp_path):
    picture = keras.Input((2, 2, 3))
    model = keras.Model(picture, keras.layers.Lambda(lambda value: value + 1)(picture))
    model.save(tmp_path / "model.keras")
    with pytest.raises(LoupeError, match="cannot be read"):
        load_model(tmp_path / "model.keras")
