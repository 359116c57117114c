"""The learning-rate finder on the page Training: before, at work, found, and in vain."""

import numpy as np
import pytest

from core.jobs import list_jobs, request_stop, run_job
from core.locks import locked
from core.status import JobStatus, write_status
from core.training.config import TrainingConfig
from core.training.rate_curve import FILE, rate_curve, read_rate_curve
from core.workspace import write_json

KEY = "train-shapes-small-cnn"
FIND, USE = f"{KEY}.find-rate", f"{KEY}.use-rate"


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch):
    monkeypatch.setattr("ui.training_start.ask_device", lambda: "CPU, 2 cores")


@pytest.fixture
def ends(monkeypatch):
    """`ends("failed", …)`: every search from now on ends so; with losses, it found them."""

    def arrange(state, losses=None, **fields):
        def launch(folder):
            write_status(folder, JobStatus(state=state, launched=1.0, started=1.0, **fields))
            if losses is not None:
                rates = np.geomspace(1e-5, 10, len(losses)).tolist()
                curve = rate_curve(rates, list(losses), False, TrainingConfig(epochs=1))
                write_json(folder / FILE, curve.model_dump(mode="json"))

        monkeypatch.setattr("ui.rate_finder.launch", launch)

    return arrange


def keys(app):
    return {button.key for button in app.main.button}


def said(app):
    parts = [*app.main.markdown, *app.main.caption, *app.main.info, *app.main.warning]
    return " ".join(str(part.value) for part in [*parts, *app.main.error])


def charts(app):
    return [part for part in app.main.get("vega_lite_chart") if "smoothed" in part.proto.spec]


def test_before_a_search_there_is_a_button_with_a_sentence(open_page, shapes):
    app = open_page("training")
    assert FIND in keys(app) and USE not in keys(app)
    assert "forgets what was learnt" in said(app)
    assert not app.exception and not app.error


def test_a_real_search_ends_in_a_rate_that_can_be_taken(open_page, shapes, monkeypatch):
    monkeypatch.setattr("ui.rate_finder.launch", run_job)
    app = open_page("training")
    app.number_input(key=f"{KEY}.batch_size").set_value(16).run()
    app.button(key=FIND).click().run(timeout=120)
    assert not app.exception and not app.error
    ((folder, _),) = list_jobs(shapes)
    suggestion = read_rate_curve(folder).suggestion
    assert suggestion.rate is not None and suggestion.sentence in said(app)
    assert len(charts(app)) == 1
    app.button(key=USE).click().run()
    assert app.number_input(key=f"{KEY}.learning_rate").value == suggestion.rate
    assert app.button(key=USE).disabled
    # What was found for other batches is shown, and said to be so.
    assert "other settings" not in said(app)
    app.number_input(key=f"{KEY}.batch_size").set_value(8).run()
    assert "other settings" in said(app)


def test_a_search_at_work_can_be_stopped(open_page, shapes, ends):
    ends("running", phase="Trying learning rates", message="Trying: 0.001", done=30, total=100)
    app = open_page("training")
    app.button(key=FIND).click().run()
    ((folder, _),) = list_jobs(shapes)
    with locked(folder / "lock"):
        app.run()
        assert FIND not in keys(app)
        assert "your trainings are not touched" in said(app)
        app.button(key=f"stop-{folder.name}").click().run()
    assert (folder / "stop").exists()
    request_stop(folder)


def test_a_search_that_failed_says_why_and_can_be_started_again(open_page, shapes, ends):
    ends("failed", message="The photos are gone.", next_step="Import them again.")
    app = open_page("training")
    app.button(key=FIND).click().run()
    assert "The photos are gone." in app.error[0].value
    assert FIND in keys(app) and USE not in keys(app) and not app.exception


def test_a_flat_curve_is_shown_without_a_rate_to_take(open_page, shapes, ends):
    ends("finished", losses=[0.7] * 60)
    app = open_page("training")
    app.button(key=FIND).click().run()
    assert "tells nothing" in app.warning[0].value
    assert len(charts(app)) == 1 and USE not in keys(app)
    assert not app.exception and not app.error


def test_a_damaged_result_is_told(open_page, shapes, ends):
    ends("finished")
    app = open_page("training")
    app.button(key=FIND).click().run()
    assert app.error and not app.exception
