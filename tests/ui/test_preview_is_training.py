"""What the lab shows is what a training gets: to the bit, and through the job that trains.

The pictures are taken where TensorFlow hands them to the model's training step, so that nothing
between the prepared array and the network can change them unnoticed.
"""

from dataclasses import dataclass

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.augmentation.presets import BUTTERFLIES
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from core.datasets.manifest import open_dataset
from core.jobs import run_job
from core.training.batches import epoch_order
from core.training.runs import Run, create_run
from core.workspace import Workspace
from tests.conftest import small_recipe
from ui.lab.photos import LabPhoto, lab_photos
from ui.lab.wall import _varied

SEED, EPOCHS = 7, 2
EVERYTHING = AugmentationRecipe(
    name="everything",
    steps=tuple(step.model_validate({"probability": 0.7}) for step in STEP_KINDS.values()),
    fill_mode="reflect",
)


@dataclass
class Training:
    """A run, what its model was given in each epoch, and the lab's photos of its data set."""

    run: Run
    epochs: list[tuple[np.ndarray, np.ndarray]]
    photos: list[LabPhoto]


def trained(
    workspace: Workspace, augmentation: AugmentationRecipe, monkeypatch: pytest.MonkeyPatch
) -> Training:
    """Trains as the training page does, all photos in one batch, and notes every batch."""
    monkeypatch.setenv("LOUPE_HOME", str(workspace.root))
    seen: list[tuple[np.ndarray, np.ndarray]] = []
    train_step = keras.Model.train_step

    def note(pictures: np.ndarray, labels: np.ndarray) -> np.int32:
        seen.append((pictures.copy(), labels.copy()))
        return np.int32(0)

    def noted_step(model: keras.Model, data: tuple) -> dict:
        tf.numpy_function(note, data[:2], tf.int32)
        return train_step(model, data)

    monkeypatch.setattr(keras.Model, "train_step", noted_step)
    recipe = small_recipe(epochs=EPOCHS, batch_size=64, seed=SEED)
    recipe = recipe.model_copy(update={"augmentation": augmentation})
    run = create_run(workspace, "shapes", recipe)
    assert run_job(run.folder).state == "finished", (run.folder / "log.txt").read_text()
    count = len(open_dataset(workspace, "shapes").split("train"))
    photos = lab_photos("shapes", recipe.picture, count, 0)
    assert len(seen) == EPOCHS and len(photos) == count == len(seen[0][0])
    return Training(run, seen, photos)


def test_the_wall_shows_what_a_training_gets(shapes_workspace, monkeypatch) -> None:
    made = trained(shapes_workspace, BUTTERFLIES, monkeypatch)
    wall = _varied(made.photos, BUTTERFLIES, SEED, EPOCHS)
    originals = [photo.picture for photo in made.photos]
    for epoch, (pictures, _) in enumerate(made.epochs):
        shown = [row[epoch] for row in wall.pictures]
        assert sorted(one.tobytes() for one in shown) == sorted(one.tobytes() for one in pictures)
        assert (np.stack(shown) != np.stack(originals)).any(axis=(1, 2, 3)).all()
    # A handful at a time, as the page asks for them, is the same.
    few = _varied(made.photos[3:9], BUTTERFLIES, SEED, EPOCHS).pictures
    np.testing.assert_array_equal(np.array(few), np.array(wall.pictures[3:9]))


def test_the_wall_shows_mixed_pictures_and_labels_as_a_training_gets_them(
    shapes_workspace, monkeypatch
) -> None:
    made = trained(shapes_workspace, EVERYTHING, monkeypatch)
    class_names = list(made.run.config.class_names)
    by_row = {photo.row: photo for photo in made.photos}
    photos = [by_row[row] for row in sorted(by_row)]
    numbers = np.array([class_names.index(photo.label) for photo in photos])
    for epoch, (pictures, labels) in enumerate(made.epochs):
        # Who is mixed with whom depends on the places in the batch.
        batch = [photos[place] for place in epoch_order(numbers, SEED, epoch)]
        wall = _varied(batch, EVERYTHING, SEED, EPOCHS)
        np.testing.assert_array_equal(np.stack([row[epoch] for row in wall.pictures]), pictures)
        shares = np.stack([row[epoch] for row in wall.shares])
        classes = [class_names.index(photo.label) for photo in batch]
        np.testing.assert_allclose(shares @ np.eye(len(class_names))[classes], labels, atol=1e-6)
        assert ((labels > 0) & (labels < 1)).any()
