import numpy as np

from core.augmentation.presets import BUTTERFLIES
from core.augmentation.preview import one_at_a_time, wall
from core.augmentation.steps import HorizontalFlip
from core.augmentation.transforms import apply, draw, picture_seed

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 20, 24, 3), np.uint8)


def test_wall_shows_a_row_per_picture_and_a_column_per_epoch() -> None:
    shown, drawn, _ = wall(list(PICTURES), BUTTERFLIES, seed=5, columns=4)
    assert [len(row) for row in shown] == [4, 4, 4]
    for index, row in enumerate(shown):
        for epoch, picture in enumerate(row):
            expected = draw(BUTTERFLIES, picture_seed(5, epoch, index))
            assert drawn[index][epoch] == expected
            np.testing.assert_array_equal(picture, apply(PICTURES[index], expected))
    assert len({values for row in drawn for values in row}) == 12


def test_wall_repeats_itself_and_another_seed_differs() -> None:
    first = wall(list(PICTURES), BUTTERFLIES, seed=5, columns=2).drawn
    assert wall(list(PICTURES), BUTTERFLIES, seed=5, columns=2).drawn == first
    assert wall(list(PICTURES), BUTTERFLIES, seed=6, columns=2).drawn != first


def test_wall_draws_by_the_rows_of_the_prepared_array() -> None:
    by_place = wall(list(PICTURES), BUTTERFLIES, seed=5, columns=2).drawn
    assert wall([PICTURES[2]], BUTTERFLIES, 5, 2, indices=[2]).drawn == [by_place[2]]


def test_one_at_a_time_shows_each_step_alone_as_it_is_among_the_others() -> None:
    shown = one_at_a_time(PICTURES[0], BUTTERFLIES, seed=8)
    assert [label for label, _, _ in shown] == [
        "Original",
        "Rotation",
        "Width shift",
        "Height shift",
        "Shear",
        "Zoom",
        "Horizontal flip",
        "All together",
    ]
    np.testing.assert_array_equal(shown[0][1], PICTURES[0])
    together = shown[-1][2]
    assert shown[1][2].changes == together.changes[:1]
    assert shown[1][2].describe()[0][0] == "Rotation"
    assert shown[6][2].values("horizontal_flip") == ()


def test_one_at_a_time_leaves_out_what_is_switched_off() -> None:
    off = BUTTERFLIES.model_copy(update={"steps": (HorizontalFlip(enabled=False),)})
    assert [label for label, _, _ in one_at_a_time(PICTURES[0], off, 0)] == [
        "Original",
        "All together",
    ]
