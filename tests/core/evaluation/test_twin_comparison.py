"""From the answers of twins to a verdict in words."""

import numpy as np
import pandas as pd
import pytest

from core.evaluation.twin_comparison import HARMS, HELPS, UNCLEAR, describe, photo_table
from core.evaluation.twin_words import headline, points, power_sentence, sentences
from core.training.twin_plan import SIDES
from tests.made_up_twins import made_up_twins


def grid(seeds, photos, first_share, second_share):
    """Right or not: the same photos are hard in every seed."""
    place = np.arange(photos) / photos
    return [np.tile(place < share, (seeds, 1)) for share in (first_share, second_share)]


@pytest.mark.parametrize(
    "first, second, verdict, words",
    [
        (0.9, 0.7, HELPS, "It helps: 90 % right with Gentle and 70 % right without augmentation."),
        (0.6, 0.8, HARMS, "It does harm: 60 % right with Gentle"),
        (0.81, 0.8, UNCLEAR, "No difference that this test set can show: 81 %"),
    ],
)
def test_the_verdict_follows_from_the_interval(shapes_workspace, first, second, verdict, words):
    plan = made_up_twins(shapes_workspace, "shapes", seeds=1).plan
    found = describe(*grid(3, 200, first, second), [0, 1, 2])
    found |= {"split": "test", "epochs": {side: [1, 1, 1] for side in SIDES}}
    assert found["verdict"] == verdict
    assert "(1 epoch) says little" in " ".join(sentences(plan, found))
    assert headline(plan, found).startswith(words)
    said = " ".join(sentences(plan, found))
    assert "found on 200 photos and 3 pairs" in said
    assert ("would take about" in said) == (verdict == UNCLEAR)
    assert found["difference"]["value"] == pytest.approx(first - second)
    assert sum(found["changed"].values()) == round(200 * abs(first - second))


def test_equal_twins_need_no_number_of_photos(shapes_workspace):
    plan = made_up_twins(shapes_workspace, "shapes", seeds=1).plan
    found = describe(*grid(1, 40, 0.8, 0.8), [0])
    found |= {"split": "test", "epochs": {side: [12] for side in SIDES}}
    assert found["photos_needed"] is None and found["spread"] is None
    said = " ".join(sentences(plan, found))
    assert "Not a single answer changed" in said and "would take" not in said
    assert "compare with three" in said and "says little" not in said


def test_unequal_starts_ask_for_more_of_them(shapes_workspace):
    plan = made_up_twins(shapes_workspace, "shapes", seeds=1).plan
    first, second = grid(3, 200, 0.8, 0.8)
    first[0, 160:190] = True
    found = describe(first, second, [0, 1, 2])
    found |= {"split": "test", "epochs": {side: [2, 2, 2] for side in SIDES}}
    assert found["verdict"] == UNCLEAR
    assert "more starts" in " ".join(sentences(plan, found))
    assert [pair["gained"] for pair in found["pairs"]] == [30, 0, 0]
    assert found["pairs"][0]["p"] < 0.05  # this pair alone would have been believed


def test_the_table_holds_both_answers_of_every_photo():
    def table(said):
        columns = {"id": ["a", "b"], "label": ["cat", "dog"], "predicted": said}
        return pd.DataFrame(columns | {"p_cat": [0.7, 0.4], "p_dog": [0.3, 0.6]})

    made = photo_table({"with": [table(["cat", "dog"])], "without": [table(["dog", "dog"])]})
    assert made["gained"].tolist() == [True, False] and not made["lost"].any()
    assert made["answer_with"].tolist() == ["cat", "dog"]
    assert made["probability_with"].tolist() == pytest.approx([0.7, 0.6])
    assert made["right_without"].tolist() == [0, 1]


def test_classes_are_compared_by_themselves(shapes_workspace):
    found = made_up_twins(shapes_workspace, "shapes", edge=0.3).comparison()
    assert [row["name"] for row in found["classes"]] == ["disc", "frame"]
    assert sum(row["photos"] for row in found["classes"]) == found["photos"]
    mean = np.average(
        [row["value"] for row in found["classes"]], weights=[r["photos"] for r in found["classes"]]
    )
    assert mean == pytest.approx(found["difference"]["value"])
    assert all(row["low"] <= row["value"] <= row["high"] for row in found["classes"])


def test_numbers_in_words():
    said = [points(share) for share in (0.031, -0.01, 0.0, 0.0001, 0.2)]
    assert said == ["+3.1 points", "−1 point", "0 points", "0 points", "+20 points"]
    assert "too few to show any" in power_sentence(4, "test", 0.1)
    assert "about 14 percentage points" in power_sentence(72, "validation", 0.18)
