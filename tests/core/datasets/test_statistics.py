import numpy as np
import pandas as pd
import pytest

from core.datasets.class_pictures import HUES, ClassPictures, class_pictures, read_class_pictures
from core.datasets.dataset import as_manifest
from core.datasets.edits import exclude, relabel
from core.datasets.manifest import open_dataset
from core.datasets.measures import measure
from core.datasets.statistics import (
    HUE_NAMES,
    MOST_OUTLIERS,
    QUANTITIES,
    comparison,
    effect_size,
    giveaways,
    hue_sentence,
    measured,
    named_hues,
    picture_sentence,
    spreads,
)

BRIGHTNESS = QUANTITIES[0]


@pytest.fixture
def dataset(shapes_workspace):
    return open_dataset(shapes_workspace, "shapes")


def table_of(**classes):
    rows = [(label, value) for label, values in classes.items() for value in values]
    ids = [f"photo {number}" for number in range(len(rows))]
    return pd.DataFrame(rows, columns=["label", "brightness"], index=ids)


def pictures_of(mean, hues=None):
    count = len(mean)
    return ClassPictures(
        tuple("abcdefgh"[:count]),
        np.array(mean, np.uint8),
        np.zeros((count, 64, 64, 3), np.uint8),
        np.array(hues if hues is not None else np.eye(count, HUES), np.float32),
        np.ones(count, np.float32),
        np.ones(count, np.int64),
    )


def test_a_large_difference_makes_one_look_twice():
    sentence, twice = comparison(
        table_of(night=[100, 101, 99, 102, 98], day=[140, 141, 139, 142, 138]), BRIGHTNESS
    )
    assert twice and "Photos of day are on average 40 % brighter than those of night" in sentence
    assert "the light instead of what they show" in sentence


def test_classes_that_are_alike_are_told_so_and_few_photos_say_nothing():
    values = [90, 100, 110, 120, 80]
    sentence, twice = comparison(table_of(one=values, other=values), BRIGHTNESS)
    assert not twice and sentence.startswith("No class stands out")
    assert comparison(table_of(one=values, other=[1.0]), BRIGHTNESS) == (
        "There are too few photos to compare the classes.",
        False,
    )


def test_the_effect_size_is_cohens():
    assert effect_size(np.array([1.0, 3.0]), np.array([4.0, 6.0])) == pytest.approx(3)
    assert effect_size(np.ones(4), np.ones(4)) == 0


def test_outliers_are_the_farthest_and_bounded():
    values = [*range(400), *range(9_000, 9_090)]
    spread = spreads(table_of(one=values), "brightness")
    assert spread[0].count == 490 and len(spread[0].outliers) == MOST_OUTLIERS
    assert min(value for _, value in spread[0].outliers) > 9_000
    assert spread[0].low == 0 and spread[0].high == 399


def test_the_measures_of_a_data_set_are_compared(dataset):
    table = measured(exclude(dataset, dataset.manifest["id"].tolist()[:4]), measure(dataset))
    assert len(table) == 44 and set(table["label"]) == {"disc", "frame"}
    assert table["megapixels"].tolist() == [24 * 24 / 1e6] * 44


def test_class_pictures_are_the_average_of_the_photos_in_use(dataset):
    made = class_pictures(dataset)
    assert made.class_names == ("disc", "frame") and made.counts.tolist() == [24, 24]
    assert made.mean.shape == made.spread.shape == (2, 64, 64, 3)
    # A disc is bright in its middle, a frame is not.
    middle = made.mean[:, 28:36, 28:36].mean(axis=(1, 2, 3))
    assert middle[0] > 2 * middle[1]
    assert made.hues.sum(axis=1) == pytest.approx(1, abs=1e-5)
    kept = read_class_pictures(dataset)
    assert np.array_equal(kept.mean, made.mean)
    moved = relabel(dataset, dataset.manifest["id"].tolist()[:3], "frame")
    assert read_class_pictures(moved) is None
    assert class_pictures(moved).counts.tolist() == [21, 27]


def test_an_average_with_a_shape_in_it_is_pointed_at():
    flat = np.full((64, 64, 3), 120)
    shaped = flat.copy()
    shaped[20:40] = 240
    soft = flat.copy()
    soft[20:40] = 140
    assert "The average of b has" in picture_sentence(pictures_of([soft, shaped, soft]))
    assert "no class gives itself away" in picture_sentence(pictures_of([soft, soft]))


def test_hues_are_named_and_compared():
    hues = np.zeros((2, HUES))
    hues[0, 8], hues[1, 16] = 1, 1  # 120° is green, 240° is blue
    pictures = pictures_of(np.zeros((2, 64, 64, 3)), hues)
    assert named_hues(pictures).sum(axis=1) == pytest.approx(1)
    assert [HUE_NAMES[k] for k in named_hues(pictures).argmax(axis=1)] == ["green", "blue"]
    sentence, twice = hue_sentence(pictures)
    assert twice and "100 % of the colour" in sentence and "0 %" in sentence
    red = np.zeros((1, HUES))
    red[0, 23] = 1
    assert named_hues(pictures_of(np.zeros((1, 64, 64, 3)), red)).argmax() == 0


def test_a_format_that_gives_a_class_away_is_told(dataset):
    assert giveaways(dataset, "format") == []
    manifest = as_manifest(
        [
            {
                "id": str(n),
                "label": "a" if n < 10 else "b",
                "format": "PNG" if n < 10 else "JPEG",
                "width": 1,
                "height": 1,
            }
            for n in range(20)
        ]
    )

    class Stand:
        used = manifest

    assert giveaways(Stand, "format") == [
        "10 photos of b (100 % of the class) are JPEG, and hardly any other.",
        "10 photos of a (100 % of the class) are PNG, and hardly any other.",
    ]
