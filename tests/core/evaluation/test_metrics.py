import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from core.evaluation import metrics


def evaluation(matrix, class_names, split="test"):
    matrix = np.array(matrix)
    n = int(matrix.sum())
    return {
        "split": split,
        "confusion": matrix.tolist(),
        "class_names": class_names,
        "interval": metrics.wilson_interval(int(np.trace(matrix)), n),
    }


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_wilson_interval_agrees_with_the_published_examples(correct, n, low, high):
    """Newcombe, "Two-sided confidence intervals", Statistics in Medicine 17 (1998), table I."""
    assert metrics.wilson_interval(correct, n) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share_and_stays_within_bounds(numbers):
    correct, n = numbers
    low, high = metrics.wilson_interval(correct, n)
    assert 0 <= low < high <= 1
    assert low <= correct / max(n, 1) <= high or n == 0


def test_wilson_interval_refuses_more_right_than_tried():
    with pytest.raises(ValueError, match="must lie in 0..3"):
        metrics.wilson_interval(4, 3)


def test_confusion_and_per_class_agree_with_scikit_learn():
    generator = np.random.default_rng(0)
    true, predicted = generator.integers(0, 4, (2, 300))
    matrix = metrics.confusion(true, predicted, 4)
    assert np.array_equal(matrix, confusion_matrix(true, predicted))
    precision, recall, _, n = precision_recall_fscore_support(true, predicted)
    rows = metrics.per_class(matrix, "abcd")
    assert [row["precision"] for row in rows] == pytest.approx(list(precision))
    assert [row["recall"] for row in rows] == pytest.approx(list(recall))
    assert [row["n"] for row in rows] == list(n)


def test_per_class_leaves_open_what_was_never_counted():
    never_called, never_seen = metrics.per_class(np.array([[0, 3], [0, 0]]), ["cat", "dog"])
    assert (never_called["precision"], never_called["recall"]) == (None, 0.0)
    assert (never_seen["precision"], never_seen["recall"]) == (0.0, None)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.97, "97 %"), (1, "100 %"), (0.9962, "99.6 %"), (0, "0 %"), (0.001, "0.1 %"), (0.5, "50 %")],
)
def test_percent_never_rounds_to_perfection(share, words):
    assert metrics.percent(share) == words


def test_summary_says_how_many_how_sure_and_what_went_wrong():
    words = metrics.summary_sentence(
        evaluation([[30, 1, 0], [2, 24, 0], [0, 0, 20]], ["black", "grizzly", "teddy"])
    )
    assert words.startswith("Test accuracy 96 %, 74 of 77 photos right.")
    assert "between 89 % and 99 %" in words
    assert "2 of 26 photos of grizzly were taken for black" in words
    assert "always answering black would be right 40 % of the time" in words
    assert "rough answer" not in words


def test_summary_counts_a_single_mistake_in_the_singular():
    words = metrics.summary_sentence(evaluation([[30, 1], [0, 24]], ["black", "grizzly"]))
    assert "1 of 31 photos of black was taken for grizzly" in words


def test_summary_admits_few_photos_and_possible_luck():
    words = metrics.summary_sentence(evaluation([[3, 0], [1, 2]], ["cat", "dog"], "validation"))
    assert words.startswith("Validation accuracy 83 %, 5 of 6 photos right.")
    assert "so few photos" in words
    assert "That may be luck" in words


def test_summary_says_when_guessing_is_as_good():
    words = metrics.summary_sentence(evaluation([[40, 0], [20, 0]], ["cat", "dog"]))
    assert "no better than guessing: always answering cat" in words


def test_summary_of_a_perfect_answer_names_no_mistake():
    words = metrics.summary_sentence(evaluation([[40, 0], [0, 40]], ["cat", "dog"]))
    assert "100 %, 80 of 80" in words
    assert "between 95 % and 100 %" in words
    assert "always the same answer would be right 50 % of the time" in words
    assert "Not one was mistaken" in words
