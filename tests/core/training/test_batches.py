from pathlib import Path

import keras
import numpy as np
import pytest

from core.augmentation.drawing import draw, picture_seed
from core.augmentation.presets import BUTTERFLIES
from core.augmentation.preview import wall
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, MixUp
from core.augmentation.transforms import apply
from core.training.batches import AugmentedBatches, FollowEpochs, epoch_order

PICTURES = np.random.default_rng(1).integers(0, 256, (40, 16, 18, 3), np.uint8)
INDICES = np.arange(5, 35)
LABELS = np.array([0] * 20 + [1] * 7 + [2] * 3)


def batches(**options) -> AugmentedBatches:
    settings = {"recipe": BUTTERFLIES, "seed": 3, "batch_size": 8} | options
    return AugmentedBatches(PICTURES, INDICES, LABELS, **settings)


def test_an_epoch_shows_every_picture_once_with_its_label() -> None:
    made = batches(recipe=NO_AUGMENTATION)
    sizes, seen = [], {}
    for number in range(len(made)):
        pictures, labels = made[number]
        assert pictures.dtype == np.uint8 and labels.dtype == np.int32
        sizes.append(len(pictures))
        for row, picture, label in zip(made.rows(number), pictures, labels, strict=True):
            np.testing.assert_array_equal(picture, PICTURES[row])
            seen[row] = label
    assert sizes == [8, 8, 8, 6]
    assert [seen[row] for row in INDICES] == LABELS.tolist()


@pytest.mark.parametrize("epoch", [0, 1])
def test_the_preview_is_the_training_to_the_bit(epoch: int, tmp_path: Path) -> None:
    np.save(tmp_path / "prepared.npy", PICTURES)
    array = np.load(tmp_path / "prepared.npy", mmap_mode="r")
    made = AugmentedBatches(array, INDICES, LABELS, BUTTERFLIES, seed=3, batch_size=30)
    for _ in range(epoch):
        made.on_epoch_end()
    rows = made.rows(0)
    shown, drawn, _ = wall(list(PICTURES[rows]), BUTTERFLIES, 3, columns=2, indices=rows)
    pictures, _ = made[0]
    np.testing.assert_array_equal(pictures, np.stack([row[epoch] for row in shown]))
    assert drawn[4][epoch] == draw(BUTTERFLIES, picture_seed(3, epoch, rows[4]))
    assert (pictures != PICTURES[rows]).any()


def everything() -> AugmentationRecipe:
    """Every step there is, each for most of the pictures."""
    return AugmentationRecipe(
        steps=tuple(step.model_validate({"probability": 0.7}) for step in STEP_KINDS.values())
    )


def test_the_preview_is_the_training_to_the_bit_with_every_step() -> None:
    made = batches(recipe=everything(), batch_size=30)
    rows = made.rows(0)
    shown, _, shares = wall(list(PICTURES[rows]), everything(), 3, columns=1, indices=rows)
    pictures, labels = made[0]
    np.testing.assert_array_equal(pictures, np.stack([row[0] for row in shown]))
    by_row = dict(zip(INDICES.tolist(), LABELS.tolist(), strict=True))
    expected = np.stack([row[0] for row in shares]) @ np.eye(3)[[by_row[row] for row in rows]]
    np.testing.assert_allclose(labels, expected, atol=1e-6)


def test_labels_are_shares_only_where_pictures_are_mixed() -> None:
    made = batches(recipe=AugmentationRecipe(steps=(MixUp(alpha=1.0),)), num_classes=5)
    _, labels = made[0]
    assert labels.shape == (8, 5) and labels.dtype == np.float32
    assert labels.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert ((labels > 0) & (labels < 1)).any()
    off = AugmentationRecipe(steps=(MixUp(enabled=False),))
    assert batches(recipe=off)[0][1].dtype == np.int32


def test_the_same_seed_repeats_and_epochs_and_seeds_differ() -> None:
    first, again, other = batches(), batches(), batches(seed=4)
    np.testing.assert_array_equal(first[1][0], again[1][0])
    assert (first[1][0] != other[1][0]).any()
    again.on_epoch_end()
    assert again.epoch == 1 and first.rows(1) != again.rows(1)
    first.begin(1)
    np.testing.assert_array_equal(again[1][0], first[1][0])


def test_without_shuffling_the_pictures_come_as_given() -> None:
    made = batches(shuffle=False)
    assert sum((made.rows(number) for number in range(len(made))), []) == INDICES.tolist()


def test_balanced_batches_give_every_class_an_equal_share() -> None:
    order = epoch_order(LABELS, seed=0, epoch=0, balanced=True)
    assert len(order) == 30
    shares = np.stack([np.bincount(LABELS[order[at : at + 6]]) for at in range(0, 30, 6)])
    assert (shares == 2).all()
    assert set(order[LABELS[order] == 2]) == {27, 28, 29}


def test_a_picture_shown_again_in_an_epoch_is_drawn_anew() -> None:
    made = batches(balanced=True, batch_size=30)
    pictures, _ = made[0]
    rows = np.array(made.rows(0))
    repeats = np.flatnonzero(rows == INDICES[28])
    assert len(repeats) >= 3
    for copy, place in enumerate(repeats):
        drawn = draw(BUTTERFLIES, picture_seed(3, 0, int(INDICES[28]), copy))
        np.testing.assert_array_equal(pictures[place], apply(PICTURES[INDICES[28]], drawn))
    assert (pictures[repeats[0]] != pictures[repeats[1]]).any()


class PixelSums(keras.layers.Layer):
    """Notes the sum of every batch that a training step really gets."""

    def __init__(self) -> None:
        super().__init__()
        self.sums: list[int] = []

    def call(self, pictures):
        if not isinstance(pictures, keras.KerasTensor) and hasattr(pictures, "numpy"):
            self.sums.append(int(pictures.numpy().astype(np.int64).sum()))
        return keras.ops.mean(pictures, axis=(1, 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_fit_trains_on_every_batch_of_every_epoch_in_order(workers: int) -> None:
    made, sums = batches(workers=workers), PixelSums()
    model = keras.Sequential([keras.Input((16, 18, 3)), sums, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, run_eagerly=True)
    follow = [FollowEpochs(made)]
    model.fit(made, epochs=5, initial_epoch=2, verbose=0, shuffle=False, callbacks=follow)
    expected, again = [], batches()
    for epoch in range(2, 5):
        again.begin(epoch)
        expected += [int(again[number][0].astype(np.int64).sum()) for number in range(len(again))]
    assert sums.sums == expected


def test_labels_that_do_not_fit_the_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="2 pictures with 1 labels"):
        AugmentedBatches(PICTURES, [0, 1], [0], BUTTERFLIES, seed=0)
