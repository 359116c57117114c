"""RandAugment, MixUp, CutMix, cutout and erasing against their papers' definitions."""

import math

import numpy as np
import pytest
from scipy import stats

from core.augmentation import mixing
from core.augmentation.drawing import Drawn, draw
from core.augmentation.preview import one_at_a_time, wall
from core.augmentation.randaugment import OPERATIONS, at_magnitude
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import CutMix, Cutout, Elastic, Erasing, MixUp, RandAugment
from core.augmentation.transforms import apply
from tests.core.augmentation.drawn_photos import photo_like, what

UNLIKELY = 0.001  # that chance alone would look like this; seeds are fixed, so that it stays
BATCH = np.stack([photo_like((24, 32), 3, seed) for seed in range(6)])


def drawn_by(step, count: int = 400) -> list[Drawn]:
    recipe = AugmentationRecipe(steps=(step.model_copy(update={"probability": 1.0}),))
    return [draw(recipe, seed) for seed in range(count)]


def test_randaugment_chooses_n_of_fourteen_uniformly_with_repetition() -> None:
    assert len(OPERATIONS) == 14
    kinds = [
        tuple(change.kind for change in drawn.changes)
        for drawn in drawn_by(RandAugment(operations=3, magnitude=10), 3000)
    ]
    counts = [sum(names.count(kind) for names in kinds) for kind in OPERATIONS[1:]]
    left_out = 3000 * 3 - sum(counts)  # "identity" does nothing, and is not among the changes
    assert stats.chisquare([left_out, *counts]).pvalue > UNLIKELY
    assert max(map(len, kinds)) == 3
    assert any(len(set(names)) < len(names) for names in kinds)
    # The second is chosen whatever the first was.
    pairs = np.zeros((13, 13))
    for names in kinds:
        if len(names) == 3:
            pairs[OPERATIONS.index(names[0]) - 1, OPERATIONS.index(names[1]) - 1] += 1
    assert stats.chi2_contingency(pairs).pvalue > UNLIKELY


def test_randaugment_takes_either_side_as_often_and_one_strength_for_all() -> None:
    drawn = drawn_by(RandAugment(operations=2, magnitude=4), 1500)
    angles = [one.values for each in drawn for one in each.changes if one.kind == "rotation"]
    assert set(angles) == {(12.0,), (-12.0,)}
    assert stats.binomtest(angles.count((12.0,)), len(angles)).pvalue > UNLIKELY
    values = {change for each in drawn for change in each.changes}
    assert len(values) == 2 + 2 + 2 * 9  # no strength; one side; both sides


def test_randaugments_magnitude_is_the_share_of_autoaugments_ranges() -> None:
    at_ten = {kind: at_magnitude(kind, 10, True) for kind in OPERATIONS}
    assert at_ten["rotation"] == ("rotation", (30.0,))
    assert at_ten["slope_x"] == ("slope_x", (0.3,))
    assert at_ten["width_shift"] == ("width_shift", (pytest.approx(150 / 331),))
    assert at_ten["posterise"] == ("posterise", (4,))
    assert at_ten["solarise"] == ("solarise", (0,))
    assert at_ten["contrast"] == ("contrast", (pytest.approx(1.9),))
    assert at_magnitude("contrast", 10, False) == ("contrast", (pytest.approx(0.1),))
    assert at_magnitude("rotation", 5, False) == ("rotation", (-15.0,))
    assert at_ten["identity"] is None


def test_randaugment_at_no_magnitude_only_stretches_contrast() -> None:
    kinds = {
        change.kind
        for drawn in drawn_by(RandAugment(operations=2, magnitude=0))
        for change in drawn.changes
    }
    assert kinds == {"autocontrast", "equalise"}


@pytest.mark.parametrize("alpha", [0.2, 1.0])
def test_mixup_draws_its_shares_from_a_beta_distribution(alpha: float) -> None:
    shares = np.array(
        [(one.values("mixup") or (1,))[0] for one in drawn_by(MixUp(alpha=alpha), 3000)]
    )
    assert stats.kstest(shares, stats.beta(alpha, alpha).cdf).pvalue > UNLIKELY
    assert shares.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.08)


def test_mixup_blends_pixels_and_labels_in_the_same_shares() -> None:
    drawn = drawn_by(MixUp(alpha=1), len(BATCH))
    mixed, shares = mixing.mix(BATCH, drawn)
    for place, one in enumerate(drawn):
        share, number = one.values("mixup")
        other = mixing.partner(place, number, len(BATCH))
        assert other != place
        expected = share * BATCH[place] + (1 - share) * BATCH[other].astype(float)
        np.testing.assert_allclose(mixed[place], expected, atol=0.51)
        row = np.zeros(len(BATCH))
        row[place], row[other] = share, 1 - share
        np.testing.assert_allclose(shares[place], row, atol=1e-6)


def test_every_other_picture_may_be_the_partner() -> None:
    numbers = (np.arange(500) + 0.5) / 500
    partners = [mixing.partner(2, number, 6) for number in numbers]
    assert set(partners) == {0, 1, 3, 4, 5}
    assert np.bincount(partners, minlength=6)[[0, 1, 3, 4, 5]].tolist() == [100] * 5


def test_cutmixs_box_has_the_papers_sides_and_the_label_its_real_area() -> None:
    rows, columns, left_over = mixing.box(0.75, 0.5, 0.5, 40, 60)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (20, 30)
    assert left_over == pytest.approx(0.75)
    rows, columns, left_over = mixing.box(0.75, 0.0, 0.0, 40, 60)
    assert (rows, columns) == (slice(0, 10), slice(0, 15))
    assert left_over == pytest.approx(1 - 150 / 2400)


@pytest.mark.parametrize("alpha", [0.3, 1.0])
def test_cutmixs_boxes_have_areas_of_one_minus_lambda_about_a_centre_anywhere(
    alpha: float,
) -> None:
    # Section 3.1: lambda from Beta(alpha, alpha), r_w = W √(1 - lambda), r_x uniform in 0..W.
    drawn = [one.values("cutmix") for one in drawn_by(CutMix(alpha=alpha), 2000)]
    shares, _, x, y = np.array([(1, 0, 0, 0) if one is None else one for one in drawn]).T
    assert stats.kstest(shares, stats.beta(alpha, alpha).cdf).pvalue > UNLIKELY
    for centre in (x, y):
        assert stats.kstest(centre, "uniform").pvalue > UNLIKELY
    assert abs(np.corrcoef([shares, x, y])[np.triu_indices(3, 1)]).max() < 0.08
    for share in shares[:200]:
        # In the middle nothing is cut off: the box's area is 1 - lambda, to whole pixels.
        left_over = mixing.box(share, 0.5, 0.5, 1000, 1400)[2]
        assert left_over == pytest.approx(share, abs=0.005)


def test_cutmixs_label_follows_the_box_that_was_cut_off_not_the_one_drawn() -> None:
    # As in the authors' code (train.py), which adjusts lambda to the pixels that were replaced.
    drawn = drawn_by(CutMix(), 600)
    pictures = np.zeros((2, 40, 50, 1), np.uint8)
    pictures[1] = 255
    larger = 0
    for one in drawn:
        if (values := one.values("cutmix")) is None:
            continue
        mixed, shares = mixing.mix(pictures, [one, Drawn()])
        assert shares[0, 0] == pytest.approx((mixed[0] == 0).mean(), abs=1e-6)
        larger += shares[0, 0] > values[0] + 0.02
    assert larger > 300


def test_cutmix_pastes_the_box_and_mixes_labels_by_what_is_left() -> None:
    drawn = drawn_by(CutMix(), len(BATCH))
    mixed, shares = mixing.mix(BATCH, drawn)
    for place, one in enumerate(drawn):
        if (values := one.values("cutmix")) is None:
            continue
        other = mixing.partner(place, values[1], len(BATCH))
        rows, columns, left_over = mixing.box(values[0], values[2], values[3], 24, 32)
        expected = BATCH[place].copy()
        expected[rows, columns] = BATCH[other][rows, columns]
        np.testing.assert_array_equal(mixed[place], expected)
        assert shares[place, place] == pytest.approx(left_over)
        assert shares[place, other] == pytest.approx(1 - left_over)


def test_both_mixtures_together_still_share_one_label() -> None:
    recipe = AugmentationRecipe(steps=(MixUp(alpha=1), CutMix(probability=1)))
    mixed, shares = mixing.mix(BATCH, [draw(recipe, seed) for seed in range(6)])
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert (shares >= 0).all() and (mixed != BATCH).any(axis=(1, 2, 3)).all()


def test_the_wall_mixes_within_a_column_and_says_how() -> None:
    recipe = AugmentationRecipe(steps=(MixUp(alpha=1),))
    shown, drawn, shares = wall(list(BATCH), recipe, seed=2, columns=3)
    for column in range(3):
        batch = [row[column] for row in drawn]
        mixed, expected = mixing.mix(BATCH, batch)
        np.testing.assert_array_equal(np.stack([row[column] for row in shown]), mixed)
        np.testing.assert_array_equal(np.stack([row[column] for row in shares]), expected)
    alone = one_at_a_time(BATCH[0], recipe, 2, partner=BATCH[1])
    assert (alone[1][1] != BATCH[0]).any() and (alone[0][1] == BATCH[0]).all()


def test_cutouts_square_lies_about_any_pixel_and_may_hang_over() -> None:
    picture = np.full((32, 32, 3), 200, np.uint8)
    black = [apply(picture, one) for one in drawn_by(Cutout(fraction=0.5, filling="black"), 600)]
    hidden = np.array([(one == 0).all(axis=2).sum() for one in black])
    assert hidden.max() == 16 * 16 and hidden.min() < 100
    how_often = np.mean([(one == 0).all(axis=2) for one in black], axis=0)
    assert how_often[16, 16] == pytest.approx(0.25, abs=0.06)
    assert how_often[0, 0] == pytest.approx(1 / 16, abs=0.04)


def test_cutouts_centre_is_any_pixel_as_likely_as_any_other() -> None:
    # DeVries and Taylor place the square about a random pixel, so that parts of it may lie
    # outside. They fill with 0 after normalising, which is the mean: our default.
    drawn = [one.values("cutout") for one in drawn_by(Cutout(fraction=0.5), 2000)]
    _, x, y, *_ = np.array(drawn).T
    for centre in (x, y):
        assert stats.kstest(centre, "uniform").pvalue > UNLIKELY
    assert abs(np.corrcoef(x, y)[0, 1]) < 0.08
    assert Cutout().filling == "mean"


def test_cutouts_fillings() -> None:
    picture = photo_like((20, 20), 3)
    mean = np.rint(picture.mean(axis=(0, 1)))
    centre = (1.0, 0.5, 0.5)
    np.testing.assert_allclose(apply(picture, what(cutout=(*centre, 0, 1)))[10, 10], mean, atol=1)
    assert (apply(picture, what(cutout=(*centre, 1, 1))) == 0).all()
    noisy = apply(np.zeros_like(picture), what(cutout=(*centre, 2, 1)))
    assert noisy.mean() == pytest.approx(127.5, abs=8)


def test_erasing_hides_its_share_inside_the_picture() -> None:
    picture = np.full((50, 60, 1), 9, np.uint8)
    step = Erasing(smallest=0.1, largest=0.3, filling="black")
    shares, ratios = [], []
    for one in drawn_by(step, 300):
        hidden = np.argwhere(apply(picture, one)[..., 0] == 0)
        (down, across) = np.ptp(hidden, axis=0) + 1
        assert len(hidden) == down * across
        shares.append(len(hidden) / 3000)
        ratios.append(math.log(down / across))
    assert 0.05 < min(shares) < 0.13 and 0.27 < max(shares) < 0.32
    assert -1.3 < min(ratios) < -0.9 and 0.9 < max(ratios) < 1.3


def test_elastic_moves_no_pixel_farther_than_drawn() -> None:
    ramp = np.tile(np.arange(100, dtype=np.uint8) * 2, (100, 1))[..., None]
    for one in drawn_by(Elastic(fraction=0.05), 20):
        largest = one.values("elastic")[0] * 100
        moved = np.abs(apply(ramp, one).astype(int) - ramp)[10:-10, 10:-10] / 2
        assert 0.2 * largest - 1 < moved.max() <= largest + 1
