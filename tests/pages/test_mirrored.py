"""The test with mirror images on the evaluation page: only when asked for."""

import shutil

import pytest

from core.evaluation.mirrored_results import mirrored_path, read_mirrored
from core.training.runs import open_run
from core.workspace import open_workspace, read_json, write_json


def words(app):
    parts = [*app.main.markdown, *app.main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


@pytest.fixture
def own_run(at_trained_run, tmp_path, monkeypatch):
    """A copy of the trained run's workspace that may be changed."""
    shutil.copytree(at_trained_run.workspace.root, tmp_path / "copied")
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "copied"))
    return open_run(open_workspace(), at_trained_run.name)


def asked(open_page, run):
    app = open_page("evaluation", run=run.name)
    assert "With mirror images" not in words(app)
    app.toggle(key=f"mirrored-{run.name}").set_value(True).run()
    return app


def test_it_is_asked_on_demand_kept_and_shown_beside_the_plain_test(open_page, own_run, here):
    app = asked(open_page, own_run)
    about = read_mirrored(own_run)
    assert about is not None and about["sentence"] in words(app)
    assert "each photo as it is" in html(app) and "mean of both mirror images" in html(app)
    assert not app.exception and not app.error


def test_photos_that_changed_side_are_shown(open_page, own_run, here):
    asked(open_page, own_run)
    about = read_json(mirrored_path(own_run))
    table = own_run.evaluation()["class_names"]
    photo = {"id": "0123456789ab", "label": table[0], "predicted": table[0], "probability": 0.8}
    write_json(mirrored_path(own_run), about | {"gained": [photo]})
    app = asked(open_page, own_run)
    assert "Became right" in words(app) and "0123456789ab" in html(app)
    assert "Became wrong" not in words(app)


def test_what_goes_wrong_is_told(open_page, own_run, here):
    (own_run.folder / "predictions.parquet").unlink()
    app = asked(open_page, own_run)
    assert "has not been evaluated" in words(app) and not app.exception
