import re
import shutil

import pytest

from core.evaluation.mistakes import mistakes
from core.training.runs import create_run, open_run
from tests.conftest import small_recipe


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.info, *main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


@pytest.fixture
def own_run(at_trained_run, tmp_path, monkeypatch):
    """A copy of the trained run's workspace that may be changed."""
    workspace = tmp_path / "copied"
    shutil.copytree(at_trained_run.workspace.root, workspace)
    monkeypatch.setenv("LOUPE_HOME", str(workspace))
    from core.workspace import open_workspace

    return open_run(open_workspace(), at_trained_run.name)


@pytest.mark.parametrize("page", ["evaluation", "prediction", "feature_maps", "share"])
def test_before_the_first_training_every_result_page_says_what_to_do(open_page, workspace, page):
    app = open_page(page)
    assert len(app.title) == 1 and app.title[0].value
    assert "No network has been trained yet" in words(app)
    assert "Bring your photos" in [button.label for button in app.main.button]
    assert not app.exception and not app.error


@pytest.mark.parametrize("page", ["evaluation", "prediction", "feature_maps", "share"])
def test_with_photos_the_next_step_is_the_training(open_page, shapes, page):
    app = open_page(page)
    assert "Go to training" in [button.label for button in app.main.button]


@pytest.mark.parametrize("page", ["evaluation", "prediction", "feature_maps", "share"])
def test_a_run_that_has_learnt_nothing_yet_sends_to_the_training(open_page, shapes, page):
    run = create_run(shapes, "shapes", small_recipe(), "young")
    app = open_page(page, dataset="shapes", run=run.name)
    assert "still being trained" in words(app)
    assert not app.exception


def test_it_tells_the_accuracy_in_words_and_draws_it(open_page, at_trained_run):
    app = open_page("evaluation", run=at_trained_run.name)
    evaluation = at_trained_run.evaluation()
    assert evaluation["sentence"].split(". ")[0] in words(app)
    low, high = evaluation["interval"]
    assert f"left:{low:.2%};width:{high - low:.2%}" in html(app)
    for name in ("disc", "frame"):
        assert name in html(app)
    assert not app.exception and not app.error


def test_a_cell_in_the_address_shows_its_photos(open_page, at_trained_run):
    app = open_page("evaluation", run=at_trained_run.name)
    evaluation = at_trained_run.evaluation()
    app.query_params["is"], app.query_params["called"] = "disc", "disc"
    app.run()
    count = evaluation["confusion"][0][0]
    assert f"**{count}** of **disc**, rightly called **disc**" in words(app)
    shown = re.findall(r"/api/datasets/shapes/photos/([0-9a-f]{12})", html(app))
    assert len(shown) >= min(count, 6)


def test_the_wrong_ones_are_shown_the_surest_first(open_page, own_run):
    make_some_wrong(own_run)
    wrong = [answer["id"] for answer in mistakes(own_run)]
    app = open_page("evaluation", run=own_run.name)
    shown = re.findall(r"/api/datasets/shapes/photos/([0-9a-f]{12})", html(app))
    assert len(wrong) == 3 and shown == wrong
    assert "called" in html(app) and "90%" in html(app)


def make_some_wrong(run):
    from core.evaluation.results import read_predictions

    table = read_predictions(run)
    table["predicted"] = table["label"]
    for place, probability in enumerate((0.6, 0.9, 0.7)):
        table.loc[place, "predicted"] = "frame" if table.loc[place, "label"] == "disc" else "disc"
        table.loc[place, "probability"] = probability
    table.to_parquet(run.folder / "predictions.parquet")


def test_without_mistakes_it_says_so(open_page, own_run):
    from core.evaluation.results import read_predictions

    table = read_predictions(own_run)
    table["predicted"] = table["label"]
    table.to_parquet(own_run.folder / "predictions.parquet")
    app = open_page("evaluation", run=own_run.name)
    assert "every test photo was recognised" in words(app)


def test_a_model_that_was_never_tested_can_be_tested_now(open_page, own_run, here):
    expected = own_run.evaluation()["accuracy"]
    (own_run.folder / "evaluation.json").unlink()
    app = open_page("evaluation", run=own_run.name)
    assert "has not been tested yet" in words(app)
    next(button for button in app.main.button if button.label == "Test it now").click().run()
    assert own_run.evaluation()["accuracy"] == expected
    assert "Test accuracy" in words(app)


def test_missing_answers_are_told(open_page, own_run):
    (own_run.folder / "predictions.parquet").unlink()
    app = open_page("evaluation", run=own_run.name)
    assert "has not been evaluated on its test photos" in words(app)
    assert not app.exception


def test_an_unknown_run_is_told(open_page, shapes):
    app = open_page("evaluation", run="gone")
    assert not app.exception
    assert "gone" in words(app) or "Go to training" in [b.label for b in app.main.button]
