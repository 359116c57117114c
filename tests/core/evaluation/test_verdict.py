import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.evaluation.verdict import in_words, judge, label_shares, steps_in_words, tally

NAMES = ("ant", "bee", "wasp")
ANT, BEE, WASP = np.eye(3, dtype=np.float32) * 0.8 + 0.0667


def one(original, own, answers, shares=None):
    """The verdicts on variations with the label `own`, unless `shares` says otherwise."""
    own = label_shares([own], NAMES)[0]
    shares = np.tile(own, (len(answers), 1)) if shares is None else np.array(shares, np.float32)
    return judge(original, own, np.stack(answers), shares)


def test_each_change_has_its_name():
    changes = [verdict.change for verdict in one(ANT, "ant", [ANT, BEE])]
    assert changes == ["same", "same", "lost"]
    assert [verdict.change for verdict in one(BEE, "ant", [ANT, BEE, WASP])][1:] == [
        "won",
        "same",
        "other",
    ]


def test_a_blended_label_has_no_right_answer_but_a_share_in_common():
    _, mixed, hardly = one(ANT, "ant", [BEE, BEE], [[0.6, 0.4, 0], [0.999, 0.001, 0]])
    assert (mixed.right, mixed.change) == (None, "blended")
    assert mixed.agreement == pytest.approx(0.0667 + 0.4, abs=1e-3)
    assert (hardly.right, hardly.change) == (False, "lost")


def test_mixed_with_its_own_class_a_picture_keeps_its_label():
    shares = label_shares(["ant", "ant", "bee"], NAMES, np.array([[0.3, 0.7, 0], [0.3, 0, 0.7]]))
    assert shares == pytest.approx(np.array([[1, 0, 0], [0.3, 0.7, 0]]))


def test_a_label_that_the_model_does_not_know_is_neither_right_nor_wrong():
    verdicts = one(ANT, "hornet", [ANT, BEE])
    assert [verdict.right for verdict in verdicts] == [None] * 3
    assert [verdict.change for verdict in verdicts][1:] == ["same", "other"]
    assert tally([verdicts]).variations == 0


def test_the_sentence_counts_what_it_says():
    rows = [one(ANT, "ant", [ANT, BEE, WASP]), one(BEE, "ant", [ANT, BEE, WASP])]
    counted = tally(rows)
    assert (counted.lost, counted.won, counted.other, counted.flips) == (2, 1, 1, 4)
    assert in_words(counted) == (
        "Of 6 variations the model says the right class for 2; of the 2 photos themselves for 1. "
        "It changed its answer for 4: 2 now wrong, 1 now right, 1 changed otherwise."
    )
    steady = in_words(tally([one(ANT, "ant", [ANT, ANT])]))
    assert steady == (
        "Of 2 variations the model still says the right class for all of them. "
        "Not one gets another answer than its photo."
    )
    mixed = in_words(tally([one(ANT, "ant", [ANT], [[0.5, 0.5, 0]])]))
    assert mixed.startswith("1 variation is mixed from several classes") and "57 %" in mixed


def test_the_step_that_flips_most_is_named():
    flips = {"Zoom": 2, "Rotation": 7, "Shear": 0}
    assert steps_in_words(flips, 36) == "Acting alone, Rotation flips most: 7 of 36; Zoom 2."
    even = steps_in_words({"Zoom": 2, "Rotation": 2}, 36)
    assert even == "Acting alone, Zoom and Rotation flip most: 2 of 36 each."
    assert steps_in_words({"Zoom": 0}, 36) == "No step alone changes an answer."
    assert steps_in_words({}, 36) == ""


@given(arrays(np.float32, (4, 3, 3), elements=st.floats(0, 1, width=32)))
def test_every_variation_is_counted_once(scores):
    rows = [one(row[0], NAMES[at % 3], list(row[1:])) for at, row in enumerate(scores)]
    counted = tally(rows)
    wrong = counted.variations - counted.right
    assert counted.variations == 8 and counted.flips <= 8
    before = sum(len(row) - 1 for row in rows if row[0].right)
    assert counted.right == before - counted.lost + counted.won
    assert counted.lost + counted.other <= wrong
