"""The samples: they draw the same twice, nothing simple tells the two insects apart, and both
samples can be learnt, but only from their labels."""

import random
import shutil

import cv2
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.datasets.importing import import_dataset
from core.datasets.samples import SAMPLES, draw_insect, pond_insects
from core.demo import PICTURE_SIZE
from core.errors import LoupeError
from core.images import read_picture
from core.jobs import run_job
from core.progress import silent
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import open_workspace

SIDE = 64
CHANCE, NEAR_CHANCE = 0.5, 0.65


LABELS = ("damselfly", "dragonfly")


@pytest.fixture(scope="module")
def pond_insects_folder(tmp_path_factory):
    """The whole sample, as it is imported."""
    folder = tmp_path_factory.mktemp("pond-insects")
    SAMPLES["pond-insects"].write(folder, silent)
    return folder


@pytest.fixture(scope="module")
def insects(pond_insects_folder):
    """`uint8 (800, 64, 64, 3)` of the sample's pictures, and which of them are dragonflies."""
    files = [
        pond_insects_folder / label / f"{label}-{number + 1:03d}.jpg"
        for number in range(pond_insects.PER_CLASS)
        for label in LABELS
    ]
    pictures = [cv2.imread(str(file))[..., ::-1] for file in files]
    small = [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for one in pictures]
    return np.stack(small), np.tile([0, 1], pond_insects.PER_CLASS)


def accuracy_of(features, truth):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    return cross_val_score(model, features, truth, cv=5).mean()


def test_the_same_seed_draws_the_same_picture():
    first, again = draw_insect("dragonfly", 3), draw_insect("dragonfly", 3)

    assert first.shape == (128, 128, 3) and first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, draw_insect("dragonfly", 4))


def test_an_unknown_insect_is_refused():
    with pytest.raises(LoupeError, match="damselfly or dragonfly"):
        draw_insect("beetle", 0)


def test_colour_does_not_give_the_class_away(insects):
    pictures, truth = insects
    histograms = [
        np.concatenate([np.histogram(one[..., c], 16, (0, 256))[0] for c in range(3)])
        for one in pictures
    ]
    assert accuracy_of(pictures.mean(axis=(1, 2)), truth) < NEAR_CHANCE
    assert accuracy_of(np.stack(histograms), truth) < NEAR_CHANCE


def test_neither_do_contrast_and_the_amount_of_edges(insects):
    pictures, truth = insects
    greys = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in pictures]
    amounts = [(np.abs(cv2.Laplacian(one, cv2.CV_32F)).mean(), one.std()) for one in greys]
    assert accuracy_of(np.array(amounts), truth) < NEAR_CHANCE


def test_no_single_pixel_gives_the_class_away(insects):
    pictures, truth = insects
    values = pictures.reshape(len(pictures), -1).astype(float)
    half = len(values) // 2
    cuts = np.median(values[:half], axis=0)
    agreement = ((values > cuts) == truth[:, None]).astype(float)
    best = np.abs(agreement[:half].mean(axis=0) - 0.5).argmax()
    right = agreement[half:, best].mean()
    assert max(right, 1 - right) < NEAR_CHANCE


def test_insects_are_written_in_two_folders_and_several_shapes(tmp_path, monkeypatch):
    monkeypatch.setattr(pond_insects, "PER_CLASS", 6)
    heard = []
    SAMPLES["pond-insects"].write(tmp_path, lambda *said: heard.append(said))

    files = sorted(tmp_path.rglob("*.jpg"))
    shapes = {read_picture(file).array.shape for file in files}
    assert [len(list((tmp_path / label).iterdir())) for label in LABELS] == [6, 6]
    assert len(shapes) > 2 and all(min(shape[:2]) >= 120 for shape in shapes)
    assert heard[-1][:2] == (12, 12)


def test_digits_are_ten_folders_that_need_no_repair(digits):
    assert sorted(folder.name for folder in digits.iterdir()) == [str(n) for n in range(10)]
    files = list(digits.rglob("*.png"))
    first = read_picture(files[0])
    assert len(files) == 1797
    assert first.array.shape == (32, 32, 3) and first.repairs == ()
    assert np.ptp(first.array, axis=2).max() == 0 and first.array.max() > 200


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return open_workspace(tmp_path_factory.mktemp("learning"))


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    SAMPLES["digits"].write(folder, silent)
    return folder


def accuracy_after(workspace, folder, name, epochs):
    import_dataset(workspace, folder, name)
    given = {"epochs": epochs, "budget_seconds": None, "image_size": PICTURE_SIZE}
    run = create_run(workspace, name, apply_overrides(get_recipe("small-cnn"), given))
    status = run_job(run.folder)
    assert status.state == "finished", status.message
    return status.result["test_accuracy"]


def shuffle_labels(folder, target):
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    labels = [file.parent.name for file in files]
    random.Random(4).shuffle(labels)
    for file, label in zip(files, labels, strict=True):
        (target / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target / label / file.name)


def test_the_recipe_learns_the_insects(workspace, pond_insects_folder):
    assert accuracy_after(workspace, pond_insects_folder, "pond-insects", 14) >= 0.8


def test_the_recipe_learns_the_digits(workspace, digits):
    assert accuracy_after(workspace, digits, "digits", 5) >= 0.9


def test_with_shuffled_labels_there_is_nothing_to_learn(workspace, pond_insects_folder, tmp_path):
    shuffle_labels(pond_insects_folder, tmp_path / "shuffled")
    found = accuracy_after(workspace, tmp_path / "shuffled", "shuffled", 3)
    assert abs(found - CHANCE) < 0.14
