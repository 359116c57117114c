import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import HorizontalFlip, Rotation
from core.evaluation.findings import Findings
from core.evaluation.recipe_proposal import CEILINGS, ProposalRule, propose
from core.evaluation.severity_curves import curves, sign_test, worst_cells
from tests.core.evaluation.answers import classes, report_of

NAMES = ("one", "two", "three", "four")


def losing(kind, from_value, photos=30):
    """From a strength on, the first photos of every class are taken for the next one."""

    def said(trial, true):
        if trial.kind != kind or trial.value < from_value:
            return None
        first = np.arange(len(true)) % 40 < photos
        return np.where(first, (true + 1) % 4, true)

    return said


def found_by(said, trained=NO_AUGMENTATION):
    return Findings(report_of(classes(4, 40), NAMES, said), trained)


def by_kind(found):
    return {curve.kind: curve for curve in found.curves}


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_that_of_a_fair_coin(lost, gained):
    n = lost + gained
    exact = sum(math.comb(n, heads) for heads in range(lost, n + 1)) / 2**n
    assert sign_test(lost, gained) == pytest.approx(exact, rel=1e-9)


def test_a_curve_counts_photos_and_says_until_where_it_holds():
    curve = by_kind(found_by(losing("blur", 2.0)))["blur"]
    assert curve.accuracy.tolist() == [1, 1, 1, 0.25, 0.25, 0.25, 0.25]
    assert curve.lost.tolist() == [0, 0, 0, 120, 120, 120, 120] and not curve.gained.any()
    assert curve.holds_words == "holds until 1.2 pixels"
    low, high = curve.band[3]
    assert 0.18 < low < 0.25 < high < 0.33
    assert curve.by_class(3).tolist() == [0.25] * 4 and len(curve.of_class(2).true) == 40
    assert curve.positions == pytest.approx(np.arange(7) / 6, abs=0.02)


def test_a_loss_that_chance_explains_is_none():
    few = by_kind(found_by(losing("blur", 2.0, photos=1)))["blur"]  # 4 of 160 photos
    assert few.holds_words == "holds to the end, 6 pixels"
    more = by_kind(found_by(losing("blur", 2.0, photos=2)))["blur"]
    assert more.holds_words == "holds until 1.2 pixels"


def test_both_ends_of_a_range_count_half_each():
    def said(trial, true):
        return (true + 1) % 4 if trial.kind == "brightness" and trial.way else None

    curve = by_kind(found_by(said))["brightness"]
    assert curve.accuracy.tolist() == [1, *[0.5] * 6]
    assert curve.holds_words == "does not hold even at 0.07 of the light"


def test_the_most_harmful_come_first_and_what_changes_nothing_says_so():
    found = found_by(losing("shear", 4.0))
    assert found.curves[0].kind == "shear" and not found.curves[0].idle
    assert by_kind(found)["blur"].holds_words == "changes nothing in these photos"
    assert "suffers most from Shear (does not hold even at 4.1°)" in found.summary


def test_the_worst_cells_are_beyond_chance_and_largest_first():
    def said(trial, true):
        hit = (true == 2) & (np.arange(len(true)) % 40 < 20) & (trial.kind == "noise")
        return np.where(hit, 0, true)

    found = found_by(said)
    assert worst_cells(found.curves, 2) == [("noise", 2, 0.5)]
    assert worst_cells(found_by(None).curves, 2) == []


def verdicts(found, rule=None):
    return {judged.kind: judged for judged in found.proposal(rule).steps}


def test_a_weak_step_comes_in_as_far_as_its_class_is_still_to_be_seen():
    def said(trial, true):
        if trial.kind != "rotation":
            return None
        lost = 14 if trial.value <= 30 else 34  # of 40 of each class
        return np.where(np.arange(len(true)) % 40 < lost, 0, true)

    found = found_by(said)
    judged = verdicts(found)["rotation"]
    assert judged.verdict == "new" and judged.step.degrees == 30
    assert judged.reason == (
        "Up to 30°: 74 % right instead of 100 %, 42 of 160 photos lost and 0 gained. Not "
        "further: at 35° only 36 % are right, and the class may be gone."
    )
    assert verdicts(found, ProposalRule(points=0.5))["rotation"].verdict == "out"
    strict = verdicts(found, ProposalRule(retained=0.9))["rotation"]
    assert strict.step is None and "class may be gone" in strict.reason


def test_no_step_goes_beyond_its_ceiling_nor_what_label_safety_allows():
    def weak(trial, true):
        return np.where(np.arange(len(true)) % 40 < 8, (true + 2) % 4, true)

    for judged in found_by(weak).proposal(ProposalRule(most=12)).inside:
        if judged.step.strength:
            assert getattr(judged.step, judged.step.strength) <= CEILINGS[judged.kind] or (
                judged.kind == "jpeg"
            )

    def turning(trial, true):
        if trial.kind == "horizontal_flip" or (trial.kind == "rotation" and trial.value >= 30):
            return np.select([true == 0, true == 1], [1, 0], true)
        return weak(trial, true)

    found = found_by(turning)
    judged = verdicts(found, ProposalRule(most=12))
    assert judged["horizontal_flip"].step is None
    assert judged["horizontal_flip"].reason.startswith("Unsafe. Mirrored left for right, 40 of 40")
    assert judged["rotation"].step.degrees == 15
    assert "turns one and two into each other" in judged["rotation"].reason


def test_what_the_model_was_trained_with_is_kept_widened_or_narrowed():
    def said(trial, true):
        if trial.kind == "rotation" and trial.value >= 90:
            return np.select([true == 0, true == 1], [1, 0], true)
        if trial.kind in ("rotation", "width_shift"):
            return np.where(np.arange(len(true)) % 40 < 10, (true + 2) % 4, true)
        return None

    trained = AugmentationRecipe(steps=(Rotation(degrees=180), HorizontalFlip()))
    found = found_by(said, trained)
    judged = verdicts(found)
    assert judged["rotation"].verdict == "narrower" and judged["rotation"].step.degrees == 75
    assert judged["horizontal_flip"].verdict == "kept"
    assert judged["width_shift"].verdict == "new"
    assert found.proposal().recipe.steps[:2] == (judged["rotation"].step, HorizontalFlip())
    less = found_by(said, AugmentationRecipe(steps=(Rotation(degrees=5),)))
    wider = verdicts(less)["rotation"]
    assert wider.verdict == "wider" and wider.reason.startswith("From 5° to 45°: 75 % right")


def test_only_so_many_new_steps_come_in_and_of_two_alike_the_more_harmful():
    def weak(trial, true):
        part = {"cutout": 12, "erasing": 8}.get(trial.kind, 6)
        return np.where(np.arange(len(true)) % 40 < part, (true + 1) % 4, true)

    proposal = found_by(weak).proposal(ProposalRule(most=3))
    new = [judged.kind for judged in proposal.inside]
    assert len(new) == 3 and "cutout" in new
    left = {judged.kind: judged.reason for judged in proposal.left_out}
    assert left["erasing"].startswith("Cutout does nearly the same.")
    assert left["noise"].startswith("Not among the 3 most harmful.")
    assert left["mixup"].startswith("It mixes labels") and left["solarise"].startswith("No photo")


def test_a_model_that_withstands_everything_gets_its_own_recipe_back():
    trained = AugmentationRecipe(name="mine", steps=(HorizontalFlip(),), fill_mode="reflect")
    proposal = propose(curves(report_of(classes(2, 20), "ab")), [], trained)
    assert not proposal.changes
    assert proposal.recipe.steps == trained.steps and proposal.recipe.fill_mode == "reflect"
