"""What the answers of the parts come to, and how it is said."""

import numpy as np
import pandas as pd
import pytest

from core.evaluation.cross_comparison import compare, compared_words, same_parts
from core.evaluation.cross_plan import CrossPlan
from core.evaluation.cross_report import describe, part_answers, rounds_of, wrong_photos
from core.evaluation.cross_words import (
    beside_single_split,
    headline,
    sentences,
    share,
    without_single_split,
)
from core.evaluation.metrics import wilson_interval
from tests.conftest import small_recipe

NAMES = ("bear", "fox")


def answers_of(right, folds, turn=0):
    """Answers in which the photos are right as told, in parts of equal size."""
    ids = [f"p{number:03d}" for number in range(len(right))]
    photos = pd.DataFrame({"id": ids, "label": [NAMES[n % 2] for n in range(len(right))]})
    sure = np.where(right, 0.9, 0.2).astype(np.float32)
    own = np.where(photos["label"] == "bear", sure, 1 - sure)
    table = np.stack([own, 1 - own], axis=1)
    parts = np.arange(len(right)) * folds // len(right)
    found = [
        part_answers(photos[parts == part], table[parts == part], NAMES, turn, part)
        for part in range(folds)
    ]
    return pd.concat(found, ignore_index=True)


def parts_of(answers):
    right = answers["label"] == answers["predicted"]
    return [
        {
            "round": turn,
            "part": part,
            "photos": len(mine),
            "right": int(mine.sum()),
            "accuracy": float(mine.mean()),
            "learnt": 80,
            "checked": 0,
            "seconds": 2.0,
        }
        for (turn, part), mine in right.groupby([answers["round"], answers["part"]])
    ]


def report_of(answers, folds):
    return describe(answers, parts_of(answers), NAMES, folds)


def plan_of(folds, **more):
    return CrossPlan(
        folds=folds,
        dataset="made",
        dataset_version=1,
        class_names=NAMES,
        recipe=small_recipe(),
        **more,
    )


def test_the_figures_are_those_of_the_parts_and_of_all_photos():
    right = np.ones(100, bool)
    right[[3, 25, 26, 70, 71, 72]] = False
    report = report_of(answers_of(right, 5), 5)
    each = [0.95, 0.9, 1.0, 0.85, 1.0]
    assert [part["accuracy"] for part in report["parts"]] == each
    assert report["mean"] == pytest.approx(0.94) and report["accuracy"] == pytest.approx(0.94)
    assert report["spread"] == pytest.approx(np.std(each, ddof=1))
    assert (report["low"], report["high"]) == (0.85, 1.0)
    assert report["interval"] == pytest.approx(wilson_interval(94, 100), abs=1e-4)
    assert report["luck"] == pytest.approx((0.94 * 0.06 / 20) ** 0.5)
    assert report["confusion"] == [[47, 3], [3, 47]] and report["rounds"] == 1
    assert [row["n"] for row in report["classes"]] == [50, 50]
    assert report["classes"][0]["recall"] == pytest.approx(0.94)
    assert headline(report) == "Between 85 % and 100 % right in five parts, 94 % on average."
    said = " ".join(sentences(plan_of(5), report))
    assert "94 of 100 photos were right" in said and "Wilson's" in said
    assert "Bengio and Grandvalet, 2004" in said and "no part stands out" in said
    assert "stay unseen for the last test" in said
    assert "no photo is left" in " ".join(sentences(plan_of(5, photos="all"), report))
    unchecked = plan_of(5).model_copy(update={"unchecked": True})
    assert "near copies" not in said
    assert "near copies" in " ".join(sentences(unchecked, report))


def test_unequal_parts_are_said_to_be_more_than_luck():
    right = np.ones(200, bool)
    right[:20] = False
    report = report_of(answers_of(right, 5), 5)
    assert "here is more than luck" in " ".join(sentences(plan_of(5), report))


def test_before_all_parts_are_done_it_says_what_it_has():
    right = np.ones(40, bool)
    right[1] = False
    whole = answers_of(right, 4)
    begun = whole[whole["part"] == 1]
    report = report_of(begun, 4)
    assert (report["photos"], report["rounds"], report["spread"]) == (10, 0, None)
    assert headline(report) == "90 % right in the first part."
    assert report["interval"] == pytest.approx(wilson_interval(9, 10), abs=1e-4)
    same = whole[whole["part"].isin([2, 3])]
    assert headline(report_of(same, 4)) == "100 % right in each of two parts."


def test_several_rounds_take_in_the_luck_of_the_start():
    first, second = np.ones(60, bool), np.ones(60, bool)
    first[:3], second[:12] = False, False
    answers = pd.concat([answers_of(first, 3), answers_of(second, 3, turn=1)])
    report = report_of(answers, 3)
    assert (report["rounds"], report["photos"], report["answers"]) == (2, 60, 120)
    assert report["accuracy"] == pytest.approx(1 - 15 / 120)
    low, high = report["interval"]
    narrow = wilson_interval(105, 120)
    assert low < narrow[0] and high >= narrow[1]
    assert rounds_of(answers, 3).shape == (2, 60)
    wrong = wrong_photos(answers)
    assert wrong["wrong"].tolist() == [2] * 3 + [1] * 9 and set(wrong["rounds"]) == {2}
    said = " ".join(sentences(plan_of(3, repeats=2), report))
    assert "105 of 120 answers about 60 photos" in said and "the start and the dealing" in said


def test_the_surest_mistakes_come_first():
    answers = answers_of(np.array([True, False, False, True]), 2)
    answers.loc[answers["id"] == "p002", "probability"] = 0.99
    wrong = wrong_photos(answers)
    assert wrong["id"].tolist() == ["p002", "p001"]
    assert wrong["predicted"].tolist() == ["fox", "bear"]
    assert wrong_photos(answers_of(np.ones(4, bool), 2)).empty


def test_a_single_split_is_put_beside_it():
    right = np.ones(400, bool)
    right[::20] = False
    report = report_of(answers_of(right, 5), 5)
    test = {"accuracy": 0.94, "interval": list(wilson_interval(47, 50)), "n": 50, "split": "test"}
    said = beside_single_split(report, "first try", test, True)
    assert "94 % of 50 photos of the test set" in said and "The two agree." in said
    assert "3.3 × as narrow" in said
    lucky = {"accuracy": 1.0, "interval": [0.97, 1.0], "n": 125, "split": "test"}
    assert "luckier" in beside_single_split(report, "first try", lucky, True)
    assert "set otherwise" in beside_single_split(report, "first try", lucky, False)
    assert "50 photos to test by" in without_single_split(report, 50)
    assert without_single_split(report, 0) == ""


def test_shares_are_never_rounded_to_all_or_nothing():
    assert [share(value) for value in (0.956, 0.9, 1.0, 0.0)] == ["95.6 %", "90 %", "100 %", "0 %"]
    assert share(0.99999) == "99.9 %" and share(0.0001) == "0.1 %"


def test_two_checks_are_compared_photo_by_photo():
    first, second = np.ones(100, bool), np.ones(100, bool)
    first[:2], second[1:20] = False, False
    mine, other = answers_of(first, 5), answers_of(second, 5)
    found = compare(mine, other, 5)
    assert found["value"] == pytest.approx(0.17) and found["shown"] and found["rounds"] == 1
    assert found["gained"] == [f"p{n:03d}" for n in range(2, 20)] and found["lost"] == ["p000"]
    assert compared_words(found, "Ours", "Theirs").startswith(
        "Ours is better: the difference is +17"
    )
    assert "Ours is better" in compared_words(compare(other, mine, 5), "Theirs", "Ours")
    alike = compare(mine, mine, 5)
    assert not alike["shown"] and "No difference that 100 photos" in compared_words(alike, "A", "B")


def test_only_the_same_parts_can_be_compared():
    dealt = pd.DataFrame({"id": ["a", "b"], "label": ["x", "y"], "part_1": [0, 1]})
    assert same_parts(dealt, dealt.assign(part_2=[1, 0]))
    assert not same_parts(dealt, dealt.assign(part_1=[1, 0]))
    assert not same_parts(dealt, dealt.iloc[:1]) and not same_parts(dealt, dealt.assign(label="x"))
