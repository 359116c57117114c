"""The queue's promises, on made-up probabilities."""

import json
from dataclasses import asdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evaluation.out_of_fold import OutOfFold
from core.evaluation.strangers import neighbour_distances, strangeness
from core.evaluation.suspects import find_suspects, label_quality, ranking

NAMES = ("cat", "dog", "fox")


def judged(numbers, probabilities, distances=None):
    numbers = np.asarray(numbers)
    return OutOfFold(
        ids=[f"p{place}" for place in range(len(numbers))],
        labels=[NAMES[number] for number in numbers],
        folds=np.zeros(len(numbers), int),
        class_names=NAMES,
        probabilities=np.asarray(probabilities, np.float32),
        distances=distances,
        about={"teacher": "made up"},
    )


def sure(truth, share=0.9):
    answers = np.full((len(truth), 3), (1 - share) / 2)
    answers[np.arange(len(truth)), truth] = share
    return answers


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.tuples(*[st.floats(0.01, 1)] * 3)), min_size=2, max_size=40
    )
)
@settings(max_examples=30, deadline=None)
def test_a_queue_keeps_its_promises_whatever_the_teacher_says(rows):
    raw = np.array([answers for _, answers in rows])
    told = judged([number for number, _ in rows], raw / raw.sum(axis=1, keepdims=True))
    queue = find_suspects(told)
    ids = [suspect.id for suspect in queue.suspects]
    assert len(ids) == len(set(ids)) and set(ids) <= set(told.ids)
    kinds = [suspect.kind for suspect in queue.suspects]
    assert kinds == sorted(kinds, key=["class", "none", "more", "far"].index)
    for kind in ("class", "more"):
        scores = [suspect.score for suspect in queue.of_kind(kind)]
        assert scores == sorted(scores)
    for suspect in queue.suspects:
        assert suspect.proposed != suspect.label
        assert suspect.label == told.labels[told.ids.index(suspect.id)]
        own, other = (suspect.probabilities[name] for name in (suspect.label, suspect.proposed))
        assert suspect.kind != "class" or other >= own
        assert other == max(p for name, p in suspect.probabilities.items() if name != suspect.label)
        assert suspect.reason.endswith(".")
    suspects = {suspect.id for suspect in queue.of_kind("class", "none")}
    for name, typical in queue.typical.items():
        assert not suspects & set(typical)
        assert all(told.labels[told.ids.index(photo)] == name for photo in typical)
    json.dumps([asdict(suspect) for suspect in queue.suspects])


def test_flipped_labels_come_first_and_good_ones_are_not_named():
    truth = np.arange(90) % 3
    given_labels = truth.copy()
    given_labels[[4, 50]] = (truth[[4, 50]] + 1) % 3
    queue = find_suspects(judged(given_labels, sure(truth)))
    named = queue.of_kind("class")
    assert {suspect.id for suspect in named} == {"p4", "p50"}
    assert {suspect.id: suspect.proposed for suspect in named} == {
        "p4": NAMES[truth[4]],
        "p50": NAMES[truth[50]],
    }
    assert queue.of_kind("none") == []


def test_the_ranking_puts_named_photos_before_all_others():
    truth = np.arange(60) % 3
    answers = sure(truth)
    answers[7] = [0.34, 0.33, 0.33]
    told = judged(np.where(np.arange(60) == 20, (truth + 1) % 3, truth), answers)
    order, named = ranking(told)
    assert named[order].tolist() == sorted(named.tolist(), reverse=True)
    assert order[0] == 20
    assert sorted(order) == list(range(60))
    assert label_quality(told)[20] == np.float32(0.05)


def test_a_photo_unlike_all_others_is_named_by_features():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 8)).astype(np.float32) * 0.2
    features[:, 0] += 1
    features[33] = -features[33]
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    distances = neighbour_distances(features)
    assert distances.argmax() == 33 and distances.shape == (60,)
    truth = np.arange(60) % 3
    queue = find_suspects(judged(truth, sure(truth), distances))
    assert queue.of_kind("none")[0].id == "p33"
    further = [suspect.kind for suspect in queue.suspects if suspect.kind in ("more", "far")]
    assert set(further[:4]) == {"more", "far"}
    assert "unlike" in queue.of_kind("none")[0].reason


def test_without_features_a_teacher_at_a_loss_speaks_for_itself():
    answers = sure(np.arange(30) % 3)
    answers[5] = [0.36, 0.32, 0.32]
    strange = strangeness(answers, None)
    assert strange.argmax() == 5
    assert (strange >= 1).sum() == 1


def test_a_single_photo_has_no_neighbours():
    assert neighbour_distances(np.ones((1, 4), np.float32)).tolist() == [0]
