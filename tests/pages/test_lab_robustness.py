"""The views "Robustness" and "Label safety" of the lab."""

import shutil

import numpy as np
import pytest

from core.evaluation.robustness import JOB, keep, model_stamp
from core.jobs import new_job, run_job
from core.status import JobStatus, State, write_status
from core.training.runs import Run
from core.workspace import open_workspace
from tests.core.evaluation.answers import TRIALS, report_of

VIEWS = ("robustness", "safety")


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.info]
    return " ".join(str(part.value) for part in [*parts, *main.warning, *main.success])


def buttons(app):
    return [button.label for button in app.main.button]


@pytest.fixture
def judge(trained_run, tmp_path, monkeypatch, here):
    """The trained run in a workspace of one's own, which the pages open."""
    shutil.copytree(trained_run.workspace.root, tmp_path / "judged")
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "judged"))
    return Run(open_workspace().runs / trained_run.name)


@pytest.fixture
def lab(open_page, judge):
    """`lab("safety")`: that view, judged by the run, without an error."""

    def open_it(view, **address):
        app = open_page("augmentation", dataset="shapes", judge=judge.name, view=view, **address)
        assert not app.exception and not app.error
        return app

    return open_it


def answered(run, said=None):
    """A report on the run's own photos, with answers made by hand."""
    from core.evaluation.asked import ask_photos

    asked = ask_photos(run, "validation")
    report = report_of([*asked.true] * 3, asked.class_names, said)
    report.ids[:] = asked.ids * 3
    about = {
        "format": 1,
        "trials": len(TRIALS),
        "model": model_stamp(run),
        "run": run.name,
        "available": len(report.ids),
        "time": 1.0,
    }
    report.about.update(about)
    keep(run, report)


def mirrored(trial, true):
    """The mirror makes a disc a frame, and a turn of more than 12° loses both."""
    if trial.kind == "horizontal_flip":
        return 1 - true
    return 0 * true if trial.kind == "rotation" and trial.value > 12 else None


@pytest.mark.parametrize("view", VIEWS)
def test_without_a_model_it_says_what_is_missing(open_page, shapes, view):
    app = open_page("augmentation", dataset="shapes", view=view)
    assert "needs a trained model" in words(app) and "Train a model" in buttons(app)
    assert not app.exception and not app.error


@pytest.mark.parametrize("view", VIEWS)
def test_the_newest_model_is_offered_and_judges_with_one_click(open_page, judge, view):
    app = open_page("augmentation", dataset="shapes", view=view)
    app.button(key="robustness-judge").click().run()
    assert app.query_params["judge"] == judge.name
    assert "Ask the model" in buttons(app) and not app.exception


def test_asking_says_how_much_it_is_and_launches_a_job(lab, judge, monkeypatch):
    launched: list = []
    monkeypatch.setattr("ui.lab.asking.launch", launched.append)
    app = lab("robustness")
    assert "answers: about" in words(app)
    assert "spoil the test" in words(app)
    app.button_group(key="robustness-split").set_value("test").run()
    app.button(key="robustness-go").click().run()
    (folder,) = launched
    assert (folder / "job.json").read_text().count('"test"') == 1
    assert not app.exception and not app.error


def test_at_work_it_shows_how_far_it_is_and_stops(lab, judge):
    asked = {"run": judge.name, "split": "validation", "limit": None}
    folder = new_job(judge.workspace, JOB, asked, "Robustness")
    at_work = JobStatus(
        state=State.QUEUED, message="Asking the model", done=3, total=9, extra={"kind": "shear"}
    )
    write_status(folder, at_work)
    app = lab("safety")
    assert "Now: **Shear**" in words(app)
    app.button(key=f"stop-{folder.name}").click().run()
    assert (folder / "stop").exists()


@pytest.mark.parametrize(
    "ending, said", [(State.STOPPED, "goes on from there"), (State.FAILED, "no photos left")]
)
def test_a_job_that_did_not_finish_says_how_it_ended(lab, judge, ending, said, monkeypatch):
    monkeypatch.setattr("ui.lab.asking.launch", lambda folder: None)
    app = lab("robustness")
    app.button(key="robustness-go").click().run()
    folder = next(judge.workspace.jobs.iterdir())
    write_status(folder, JobStatus(state=ending, message="There are no photos left."))
    app.run()
    shown = words(app) + " ".join(error.value for error in app.error)
    assert said in shown and "Ask the model" in buttons(app) and not app.exception


def test_a_real_report_is_shown_in_all_its_parts(lab, judge):
    asked = {"run": judge.name, "split": "validation", "limit": None}
    assert run_job(new_job(judge.workspace, JOB, asked, "Robustness")).state == "finished"
    app = lab("robustness")
    assert "Unchanged, " in words(app) and "cannot be told from chance" in words(app)
    app.selectbox(key="robustness-class").set_value(1).run()
    app.button_group(key="robustness-part").set_value("classes").run()
    app.select_slider(key="robustness-level").set_value(6).run()
    app.button_group(key="robustness-part").set_value("recipe").run()
    assert "MixUp" in words(app) and not app.exception and not app.error
    assert "turns one class into another" in words(lab("safety"))


def test_the_proposal_is_taken_into_the_controls_and_can_be_undone(lab, judge):
    def weak(trial, true):
        lost = np.arange(len(true)) % 3 == 0
        return np.where(lost, 0, true) if trial.kind == "blur" else None

    answered(judge, weak)
    app = lab("robustness", part="recipe")
    app.button(key="robustness-use").click().run()
    draft = app.session_state["loupe.augment-shapes-draft"]
    assert draft.name == "from the robustness report"
    assert "The controls show this recipe now" in words(app)
    app.button(key="augment-shapes-Undo").click().run()
    assert app.session_state["loupe.augment-shapes-draft"].name != draft.name


def test_an_unsafe_step_is_said_shown_and_warned_of_while_it_is_in_the_recipe(lab, judge):
    answered(judge, mirrored)
    app = lab("safety")
    shown = words(app)
    assert "One step turns one class into another" in shown
    assert "Mirrored left for right" in shown and "Leave it out" in shown
    assert "would teach wrong labels" in shown  # the tutorial's recipe mirrors
    app = lab("wall")
    assert "would teach wrong labels" in words(app)
    app.button(key="safety-go").click().run()
    assert app.query_params["view"] == "safety"
    next(one for one in app.toggle if one.label == "Horizontal flip").set_value(False).run()
    assert "would teach wrong labels" not in words(app) and not app.exception


def test_a_report_on_an_older_model_says_so(lab, judge):
    answered(judge)
    judge.model_path.write_bytes(judge.model_path.read_bytes() + b"newer")
    assert "trained anew since" in words(lab("safety"))


def test_without_validation_photos_the_training_photos_do_not_stand_in(lab, monkeypatch):
    monkeypatch.setattr("ui.lab.asking._available", lambda folder, version: {"train": 40})
    app = lab("robustness")
    assert "no validation photos" in words(app) and "Ask the model" not in buttons(app)
