import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augmentation.presets import MICROSCOPY
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import HorizontalFlip, RandAugment, Rotation, VerticalFlip, ZoomCrop
from core.evaluation.label_safety import examples, find_turns, unjudged
from core.evaluation.robustness import read_report, robustness_job
from core.evaluation.safety_rule import SafetyRule
from core.evaluation.turned_photos import turned_photos
from core.evaluation.unsafe_steps import unsafe_steps
from core.models.architecture import Architecture
from tests.conftest import small_recipe
from tests.core.evaluation.answers import classes, report_of
from tests.core.evaluation.drawn_signs import draw_arrow, write_folder

DIGITS = tuple("0123456789")
LAYERS = [
    {"kind": "conv2d", "filters": 8, "activation": "relu"},
    {"kind": "max_pooling2d"},
    {"kind": "flatten"},
    {"kind": "output"},
]


def swapped(true, first, second, share=1.0):
    """Photos of two classes taken for each other: of `first` the `share`, of `second` nine in ten.

    Those that are not are taken for no other class.
    """
    answer = true.copy()
    for one, other, part in ((first, second, share), (second, first, min(share, 0.9))):
        mine = np.flatnonzero(true == one)
        answer[mine[: round(part * len(mine))]] = other
    return answer


def flipped(first, second, **more):
    def said(trial, true):
        return swapped(true, first, second, **more) if trial.kind == "vertical_flip" else None

    return said


@given(
    count=st.integers(2, 9),
    photos=st.integers(14, 40),
    share=st.floats(0.93, 1),
    seed=st.integers(0, 2**31),
)
def test_two_classes_that_are_exchanged_are_found_once(count, photos, share, seed):
    generator = np.random.default_rng(seed)
    first, second = generator.choice(count, 2, replace=False)
    said = flipped(first, second, share=share)
    (turn,) = find_turns(report_of(classes(count, photos), DIGITS[:count], said))
    assert (turn.kind, turn.how, turn.safe) == ("vertical_flip", "exchange", None)
    assert {turn.first, turn.second} == {first, second}
    assert turn.taken >= turn.back > 0


def test_photos_that_are_taken_for_anything_are_damage():
    """Of reports of models that guess, no more are called an exchange than the rule allows."""
    alarms = [
        bool(find_turns(scattered(count, photos, damage, seed)))
        for count in (2, 3, 4, 9)
        for photos in (6, 18, 40)
        for damage in (0.5, 1.0)
        for seed in range(8)
    ]
    assert np.mean(alarms) <= SafetyRule().chance


def scattered(count, photos, damage, seed):
    """A report in which so large a share of the answers is a guess."""
    generator = np.random.default_rng(seed)

    def said(trial, true):
        lost = generator.random(len(true)) < damage
        return np.where(lost, generator.integers(0, count, len(true)), true)

    return report_of(classes(count, photos), DIGITS[:count], said)


@settings(max_examples=30)
@given(count=st.integers(2, 5), photos=st.integers(5, 20), seed=st.integers(0, 2**31))
def test_a_model_that_always_answers_the_same_when_lost_is_no_exchange(count, photos, seed):
    """The darker end makes all one class, the brighter end another one."""
    first, second = np.random.default_rng(seed).choice(count, 2, replace=False)

    def said(trial, true):
        return np.full(len(true), first if trial.way else second)

    found = find_turns(report_of(classes(count, photos), DIGITS[:count], said))
    assert [turn for turn in found if turn.how == "exchange"] == []


def test_a_cycle_of_four_classes_is_a_turn_of_each_into_the_next():
    def said(trial, true):
        if trial.kind != "rotation" or not 60 <= trial.value <= 120:
            return None
        return (true + (1 if trial.way else 3)) % 4

    found = find_turns(report_of(classes(4, 12), ("up", "right", "down", "left"), said))
    assert {turn.kind for turn in found} == {"rotation"}
    pairs = [frozenset((turn.first, turn.second)) for turn in found]
    assert sorted(map(sorted, pairs)) == [[0, 1], [0, 3], [1, 2], [2, 3]]
    assert all(turn.safe == 45 and "at 45° at most" in turn.advice for turn in found)


def test_doubtful_answers_few_photos_and_unknown_classes_are_no_evidence():
    true = classes(3, 20)
    assert find_turns(report_of(true, "abc", flipped(0, 1), confidence=0.4)) == []
    few = report_of(np.array([0, 0, 0, 1, 1, 1]), "ab", flipped(0, 1))
    assert find_turns(few) == [] and unjudged(few) == ["a", "b"]
    report = report_of(true, "abc", flipped(0, 1))
    report.answers.predicted[0, true == 0] = 2  # it did not know them unchanged either
    assert find_turns(report) == [] and unjudged(report) == ["a"]


def test_colour_that_sets_two_classes_apart_must_not_be_taken_away():
    def said(trial, true):
        return np.where(true == 0, 1, true) if trial.kind == "grey" else None

    (turn,) = find_turns(report_of(classes(3, 20), ("red", "green", "dot"), said))
    assert (turn.kind, turn.how, turn.first, turn.second) == ("grey", "erased", 0, 1)
    assert turn.sentence == (
        "Colour taken away, 20 of 20 photos of red are taken for green, with 90 % confidence on "
        "average, and green stays green: colour is what sets the two apart."
    )


def test_the_sentence_says_what_is_taken_for_what_and_what_to_do():
    def said(trial, true):
        if trial.kind != "rotation":
            return None
        if trial.value > 150:
            return swapped(true, 6, 9)
        return np.full(len(true), 4) if trial.value > 30 else None

    report = report_of(classes(10, 20), DIGITS, said)
    (turn,) = find_turns(report)
    assert (turn.safe, turn.before) == (30, 150)
    assert turn.advice == "Leave it out, or keep it at 30° at most."
    assert turn.sentence.startswith("Turned ") and turn.sentence.endswith(
        "20 of 20 photos of 6 are taken for 9, with 90 % confidence on average; of 9, 18 of 20 "
        "for 6. This step teaches the model that 6 is 9."
    ), turn.sentence
    assert len(examples(report, turn, 3)) == 3


def test_the_rule_is_data():
    report = report_of(classes(2, 20), "ab", flipped(0, 1, share=0.9))
    assert find_turns(report) and not find_turns(report, SafetyRule(share=0.95))


@pytest.fixture(scope="module")
def turns():
    """Rotation from 165° on exchanges 6 and 9, and so does the vertical flip."""

    def said(trial, true):
        turned = trial.kind == "rotation" and trial.value > 150
        return swapped(true, 6, 9) if turned or trial.kind == "vertical_flip" else None

    return find_turns(report_of(classes(10, 20), DIGITS, said))


@pytest.mark.parametrize(
    "steps, warned",
    [
        ((Rotation(degrees=40), HorizontalFlip()), []),
        ((Rotation(degrees=180),), ["Rotation"]),
        ((VerticalFlip(),), ["Vertical flip"]),
        ((VerticalFlip(probability=0.0),), []),
        ((VerticalFlip(enabled=False),), []),
        ((HorizontalFlip(), VerticalFlip()), ["Vertical flip", "Both flips together"]),
        ((ZoomCrop(mirror=True), RandAugment(magnitude=10)), []),
        (MICROSCOPY.steps, ["Rotation", "Vertical flip"]),
    ],
)
def test_a_recipe_is_warned_of_where_its_range_reaches_that_far(turns, steps, warned):
    unsafe = unsafe_steps(AugmentationRecipe(steps=steps), turns)
    assert [step.label for step in unsafe] == warned
    assert all("photos of 6 are taken for 9. Leave it out" in step.sentence for step in unsafe)


def test_steps_that_mirror_and_turn_in_passing_are_warned_of_too():
    def said(trial, true):
        mirrored = trial.kind == "horizontal_flip"
        turned = trial.kind == "rotation" and trial.value > 12
        return swapped(true, 0, 1) if mirrored or turned else None

    found = find_turns(report_of(classes(2, 20), "bd", said))
    steps = (ZoomCrop(mirror=True), RandAugment(magnitude=10))
    labels = [step.label for step in unsafe_steps(AugmentationRecipe(steps=steps), found)]
    assert labels == ["Zoom and crop (it mirrors)", "RandAugment (it turns)"]
    mild = (ZoomCrop(mirror=False), RandAugment(magnitude=3))
    assert unsafe_steps(AugmentationRecipe(steps=mild), found) == []


def test_arrows_are_exchanged_by_the_mirror_and_by_a_half_turn(tmp_path):
    """A real model, trained here in a few seconds; upside down an arrow points where it did."""
    from core.datasets.importing import import_dataset
    from core.jobs import new_job, run_job
    from core.training.runs import create_run
    from core.workspace import open_workspace

    workspace = open_workspace(tmp_path / "workspace")
    folder = write_folder(tmp_path / "arrows", draw_arrow, ("left", "right"), 60)
    import_dataset(workspace, folder, "arrows")
    recipe = small_recipe(epochs=8, **{"picture.image_size": "16x16"})
    network = Architecture.model_validate({"name": "flat", "layers": LAYERS})
    plain = {"augmentation": AugmentationRecipe(), "architecture": network}
    recipe = recipe.model_copy(update=plain)
    run = create_run(workspace, "arrows", recipe, "arrows")
    assert run_job(run.folder).state == "finished"
    asked = {"run": run.name, "split": "validation", "limit": None}
    status = run_job(
        new_job(workspace, f"{robustness_job.__module__}:robustness_job", asked, "ask")
    )
    assert status.state == "finished", status.message
    report = read_report(run)
    assert report.right[0].mean() > 0.9
    found = find_turns(report)
    assert {turn.kind for turn in found} >= {"horizontal_flip", "rotation"}
    assert "vertical_flip" not in {turn.kind for turn in found}
    turn = next(turn for turn in found if turn.kind == "horizontal_flip")
    shown = turned_photos(run, report, turn)
    np.testing.assert_array_equal(shown[0].after, shown[0].before[:, ::-1])
    assert 0.5 < shown[0].confidence <= 1
