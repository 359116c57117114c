"""The same training with each backend of Keras that is installed."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from core.workspace import APP_FOLDER

# Of 360 digits; the spread of two trainings that each get 97 % of them right is 1.3 %.
NOISE = 0.035


@pytest.fixture(scope="module")
def with_tensorflow(tmp_path_factory):
    from tests.core.training.digits_training import train_digits

    return train_digits(tmp_path_factory.mktemp("tensorflow"), 1)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_another_backend_learns_digits_as_well(backend, request, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"Keras' backend {backend!r} is not installed here")
    expected = request.getfixturevalue("with_tensorflow")
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.training.digits_training", str(tmp_path), "1"],
        cwd=APP_FOLDER,
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["backend"] == backend
    assert found["accuracy"] == pytest.approx(found["told"], abs=0.003)
    assert found["accuracy"] > 0.9
    assert found["accuracy"] == pytest.approx(expected["accuracy"], abs=NOISE)
