import shutil

import numpy as np
import pytest

from core.errors import LoupeError, Stopped
from core.evaluation import robustness
from core.evaluation.findings import read_robustness
from core.evaluation.results import evaluate_run, read_predictions
from core.evaluation.robustness import JOB, Report, is_outdated, read_report, report_path
from core.jobs import new_job, run_job
from core.training.runs import Run
from core.workspace import open_workspace


@pytest.fixture
def known(known_run, tmp_path):
    """The known run in a workspace of one's own."""
    shutil.copytree(known_run.workspace.root, tmp_path / "copy")
    return Run(open_workspace(tmp_path / "copy").runs / known_run.name)


def ask(run, listener=None, split="validation", limit=None):
    asked = {"run": run.name, "split": split, "limit": limit}
    return run_job(new_job(run.workspace, JOB, asked, "Robustness"), listener)


def test_the_report_holds_the_answers_to_every_trial_and_is_read_again(known):
    told = []
    status = ask(known, lambda now: told.append((now.message, now.extra.get("kind"))), split="test")
    assert status.state == "finished", status.message
    report = read_report(known, "test")
    assert isinstance(report, Report) and len(report.ids) == report.about["photos"] == 20
    assert len(report.trials) == len(report.answers.predicted) == status.result["trials"]
    evaluate_run(known, "test")
    table = read_predictions(known, "test").set_index("id").loc[report.ids]
    named = np.array(report.class_names)[report.answers.predicted[0]]
    assert named.tolist() == table["predicted"].tolist()
    np.testing.assert_allclose(report.answers.confidence[0], table["probability"], atol=1e-3)
    assert status.result["accuracy"] == pytest.approx((table["predicted"] == table["label"]).mean())
    assert len({kind for _, kind in told}) > 3  # written ten times a second at most
    found = {curve.kind: curve for curve in read_robustness(known, "test").curves}
    assert found["hue"].accuracy[-1] < 0.5 and found["rotation"].accuracy[1] > 0.8
    assert read_report(known) is None  # the validation photos were not asked about


def test_stopped_it_keeps_what_is_done_and_goes_on_from_there(known, monkeypatch):
    asked: list[str] = []
    original, until = robustness._ask, ["shear"]

    def count(photos, trial, *rest):
        if trial.kind in until:
            raise Stopped("enough")
        asked.append(trial.kind)
        original(photos, trial, *rest)

    monkeypatch.setattr(robustness, "_ask", count)
    assert ask(known).state == "stopped"
    assert "rotation" in asked and read_report(known) is None
    asked.clear()
    until.clear()
    assert ask(known).state == "finished"
    assert "rotation" not in asked and "blur" in asked
    whole = read_report(known)
    ask(known)
    np.testing.assert_array_equal(whole.answers.predicted, read_report(known).answers.predicted)
    assert not list(known.folder.glob("*.part.npz"))


def test_a_model_that_was_trained_anew_makes_it_outdated(known):
    ask(known, limit=6)
    report = read_report(known)
    assert not is_outdated(known, report) and len(report.ids) == 6
    known.model_path.write_bytes(known.model_path.read_bytes() + b"more")
    assert is_outdated(known, report)


@pytest.mark.parametrize("spoil", ["half a file", "", '{"format": 0}'])
def test_a_damaged_report_counts_as_none(known, spoil):
    report_path(known, "validation").write_text(spoil)
    assert read_report(known) is None


def test_what_cannot_be_asked_is_told_in_a_sentence(known):
    known.model_path.unlink()
    status = ask(known)
    assert status.state == "failed" and "no trained model" in status.message
    with pytest.raises(LoupeError):
        robustness.model_stamp(known)


def test_the_time_of_an_answer_is_measured(known):
    assert 0 < robustness.seconds_per_answer(str(known.folder)) < 5
