"""What many tests stand on: a workspace, a folder of drawn photos, a trained run."""

import os
import random
import shutil
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import settings

from core.images import encode_png
from core.models.architecture import Architecture
from core.progress import silent
from core.training.device import prepare_environment
from core.training.recipes import apply_overrides, get_recipe
from core.workspace import open_workspace

prepare_environment()
# A machine at work is slow; how long a test takes says nothing of what it tests.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

PHOTOS_PER_CLASS = 24


# The files that take longest beside the journeys, the longest first.
LONG_FILES = (
    "core/datasets/test_samples.py",
    "core/training/test_transfer.py",
    "core/training/test_endings.py",
    "core/datasets/test_faults.py",
    "benchmarks/test_benchmarks.py",
    "core/training/test_every_recipe.py",
    "pages/test_augmentation.py",
    "core/training/test_learning.py",
    "core/training/test_worker.py",
    "core/evaluation/test_cross_validation.py",
    "core/datasets/test_checks.py",
)


def pytest_collection_modifyitems(items):
    """Journeys first, then long files: two processes then end at about the same time."""
    here = Path(__file__).parent
    places = {here / file: place for place, file in enumerate(LONG_FILES)}

    def turn(item):
        if "journeys" in item.path.parts:
            return -1
        return places.get(item.path, len(LONG_FILES))

    items.sort(key=turn)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Chance is the same whenever a test runs: Keras draws its seeds for weights from Python's."""
    seed = crc32(item.nodeid.encode())
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - what other libraries draw from


def draw_shape(label, seed, size=24):
    """uint8 (size, size, 3): a bright disc or a frame, in any colour, on any dark ground."""
    generator = np.random.default_rng((seed, len(label)))
    rows, columns = np.mgrid[:size, :size]
    middle = size / 2 + generator.uniform(-2, 2, 2)
    rows, columns = abs(rows - middle[0]), abs(columns - middle[1])
    if label == "disc":
        inside = rows**2 + columns**2 < generator.uniform(5, 8) ** 2
    else:
        outer = np.maximum(rows, columns)
        half = generator.uniform(7, 9)
        inside = (outer < half) & (outer > half - 2.5)
    picture = generator.integers(0, 60, (size, size, 3))
    picture[inside] = generator.integers(150, 256, 3)
    return picture.astype(np.uint8)


def small_recipe(**overrides):
    """A network that trains in a second or two."""
    layers = [
        {"kind": "conv2d", "filters": 8, "activation": "relu"},
        {"kind": "max_pooling2d"},
        {"kind": "conv2d", "filters": 16, "activation": "relu"},
        {"kind": "global_average_pooling2d"},
        {"kind": "output"},
    ]
    architecture = Architecture.model_validate({"name": "tiny", "layers": layers})
    recipe = get_recipe("small-cnn").model_copy(update={"architecture": architecture})
    given = {
        "picture.image_size": "16x16",
        "precision": "full",
        "optimizer": "adamw",
        "weight_decay": 0.02,
        "epochs": 2,
        "batch_size": 8,
        "learning_rate": 0.01,
    }
    return apply_overrides(recipe, given | overrides)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty workspace, which is also the one that `LOUPE_HOME` names."""
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "workspace"))
    return open_workspace()


@pytest.fixture(scope="session")
def picture_folder(tmp_path_factory):
    """A folder with two class folders of 24 PNG files each. Read-only."""
    root = tmp_path_factory.mktemp("pictures")
    for label in ("disc", "frame"):
        (root / label).mkdir()
        for number in range(PHOTOS_PER_CLASS):
            data = encode_png(draw_shape(label, number))
            (root / label / f"{label}-{number:02d}.png").write_bytes(data)
    return root


@pytest.fixture(scope="session")
def shapes_datasets(picture_folder, tmp_path_factory):
    """A folder of data sets with "shapes" (disc, frame) in it. Read-only."""
    from core.datasets.importing import import_dataset

    workspace = open_workspace(tmp_path_factory.mktemp("shapes") / "workspace")
    import_dataset(workspace, picture_folder, "shapes", progress=silent)
    return workspace.datasets


@pytest.fixture
def shapes_workspace(shapes_datasets, tmp_path):
    """A workspace of one's own with the data set "shapes" in it."""
    return workspace_with(shapes_datasets, tmp_path / "shapes-workspace")


@pytest.fixture(scope="session")
def trained_run(shapes_datasets, tmp_path_factory):
    """A finished run on "shapes", twelve epochs long and good at it. Read-only."""
    from core.jobs import run_job
    from core.training.runs import create_run

    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("trained") / "workspace")
    run = create_run(workspace, "shapes", small_recipe(epochs=12), "tiny run")
    status = run_job(run.folder)
    assert status.state == "finished", (run.folder / "log.txt").read_text()
    return run


@pytest.fixture(scope="session")
def open_run(shapes_datasets, tmp_path_factory):
    """A finished run whose network leaves the size of its pictures open. Read-only."""
    from core.jobs import run_job
    from core.training.runs import create_run

    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("open") / "workspace")
    recipe = small_recipe(open_size="yes", epochs=2, **{"picture.image_size": "16x20"})
    run = create_run(workspace, "shapes", recipe, "open run")
    status = run_job(run.folder)
    assert status.state == "finished", (run.folder / "log.txt").read_text()
    return run


def workspace_with(datasets, root):
    workspace = open_workspace(root)
    shutil.copytree(datasets, workspace.datasets, dirs_exist_ok=True)
    return workspace


@pytest.fixture
def at_trained_run(trained_run, monkeypatch):
    """The trained run's workspace is the one that pages and command line open."""
    monkeypatch.setitem(os.environ, "LOUPE_HOME", str(trained_run.workspace.root))
    return trained_run
