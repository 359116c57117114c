import numpy as np
import pandas as pd
import pytest

from core.errors import LoupeError, NotFound
from core.evaluation.mistakes import mistakes
from core.evaluation.results import evaluate_run, read_evaluation, read_predictions
from core.training.runs import create_run
from core.workspace import read_json


@pytest.fixture(scope="module")
def evaluation(known_run):
    return evaluate_run(known_run)


def test_test_split_is_counted_photo_by_photo(evaluation):
    assert evaluation["class_names"] == ["blue", "green", "red"]
    assert evaluation["confusion"] == [[6, 0, 0], [0, 6, 0], [2, 0, 6]]
    assert (evaluation["n"], evaluation["accuracy"]) == (20, 0.9)
    low, high = evaluation["interval"]
    assert 0.69 < low < 0.71 and 0.96 < high < 0.98
    assert evaluation["classes"][0] == {"name": "blue", "n": 6, "precision": 0.75, "recall": 1.0}
    assert evaluation["sentence"].startswith("Test accuracy 90 %, 18 of 20 photos right.")


def test_results_lie_in_the_runs_folder(known_run, evaluation):
    assert read_json(known_run.folder / "evaluation.json") == evaluation
    assert read_evaluation(str(known_run.folder)) == evaluation
    table = pd.read_parquet(known_run.folder / "predictions.parquet")
    columns = ["id", "split", "label", "predicted", "probability", "p_blue", "p_green", "p_red"]
    assert list(table) == columns
    shares = table[["p_blue", "p_green", "p_red"]].to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(shares.max(axis=1), table["probability"])
    assert not list(known_run.folder.glob(".*.tmp"))


def test_other_splits_do_not_disturb_the_test(known_run, evaluation):
    validation = evaluate_run(known_run.folder, "validation")
    assert (validation["accuracy"], validation["n"]) == (1.0, 18)
    assert read_evaluation(known_run, "validation")["split"] == "validation"
    assert read_evaluation(known_run) == evaluation
    assert set(read_predictions(known_run, "validation")["split"]) == {"validation"}


def test_progress_ends_complete(known_run):
    seen = []
    evaluate_run(known_run, progress=lambda *report: seen.append(report))
    assert seen[-1] == (20, 20, "Asking the model")


def test_mistakes_come_surest_first(known_run, evaluation):
    wrong = mistakes(known_run)
    assert [entry["label"] for entry in wrong] == ["red", "red"]
    assert {entry["predicted"] for entry in wrong} == {"blue"}
    assert wrong[0]["probability"] >= wrong[1]["probability"] > 1 / 3
    assert wrong[0]["label_probability"] < wrong[0]["probability"]
    assert mistakes(known_run, top=1) == wrong[:1]
    assert mistakes(known_run, label="blue") == []
    assert mistakes(known_run, label="red", predicted="blue") == wrong


def test_an_unknown_split_is_refused_with_those_there_are(known_run):
    with pytest.raises(LoupeError, match="no split 'exam'.*train, validation, test"):
        evaluate_run(known_run, "exam")


def test_a_run_without_a_model_says_so(known_run):
    unfinished = create_run(known_run.workspace, "colors", known_run.config.recipe, "unfinished")
    with pytest.raises(NotFound, match="'unfinished' has no trained model"):
        evaluate_run(unfinished)
    with pytest.raises(NotFound, match="has not been evaluated on its test photos"):
        mistakes(unfinished)
    assert read_evaluation(unfinished) is None
