"""The labs about learning on their page: what they are given, and what is said when it fails."""

import json

import numpy as np
import pytest

from core.concepts import dropout_draws
from core.concepts.descent import FLOWERS, SHIFT, square_slopes
from core.errors import LoupeError
from core.jobs import run_job
from core.models.architecture import Architecture
from core.training.runs import create_run
from tests.conftest import small_recipe, workspace_with
from ui.concepts import backpropagation, batch_norm, dropout, loss, softmax

LABS = (softmax, loss, backpropagation, batch_norm, dropout)


@pytest.fixture
def lab(open_page, workspace, here):
    return lambda anchor, **address: open_page("concepts", lab=anchor, **address)


def told(page):
    """What the one component of the lab was given."""
    (part,) = [
        one.proto
        for one in page.main.get("bidi_component")
        if one.proto.component_name.startswith("loupe_lab_")
        and "rail" not in one.proto.component_name
    ]
    return json.loads(part.json)


def words(page):
    return " ".join(str(part.value) for part in (*page.main.markdown, *page.main.caption))


@pytest.mark.parametrize("module", LABS)
def test_a_lab_that_fails_leaves_its_question_and_the_others(lab, monkeypatch, module):
    def fail(*_):
        raise LoupeError("The numbers are missing.", "Reload the page.")

    monkeypatch.setattr(module, "learning_lab", fail)
    page = lab(module.LAB.anchor)
    assert [error.value.split(".")[0] for error in page.error] == ["**The numbers are missing"]
    assert "Try it." in words(page) and not page.exception
    assert len([button for button in page.button if button.label]) >= 1


def test_scores_begin_with_a_class_ahead(lab):
    given = told(lab("softmax"))
    assert given["names"][int(np.argmax(given["scores"]))] == "dragonfly"
    assert len(set(given["colors"])) == len(given["names"]) == len(given["scores"])
    assert "at the start dragonfly has 70.0%" in words(lab("softmax"))


def test_the_way_downhill_is_over_real_flowers(lab):
    page = lab("loss")
    given = told(page)
    assert given["flowers"] == [list(flower) for flower in FLOWERS]
    assert square_slopes(*given["valley"]["lowest"], SHIFT) == pytest.approx((0, 0), abs=1e-9)
    assert "leaps out above 0.0490" in words(page)


def test_backpropagation_begins_with_five_weights(lab):
    page = lab("backpropagation")
    given = told(page)["start"]
    slopes = backpropagation.NETWORK.slopes(given["x"], given["target"])
    assert f"its slope is {slopes['b']:.3f}" in words(page)


def test_batches_are_drawn_insects_without_photos(lab):
    given = told(lab("batch-normalization"))
    assert np.shape(given["batches"]) == np.shape(given["pictures"]) == (6, 8)
    assert len({picture for batch in given["pictures"] for picture in batch}) == 48
    assert np.min(given["batches"]) > 0 and np.max(given["batches"]) < given["most"]


def test_batches_are_photos_of_the_data_set_with_their_edges(open_page, shapes, here):
    given = told(open_page("concepts", lab="batch-normalization", dataset="shapes"))
    batches = batch_norm.previews.dataset_pictures("shapes", batch_norm.PICTURE, 8, 1)
    assert given["batches"][1] == [batch_norm.strongest(photo) for photo in batches]


def test_a_digit_is_asked_again_and_again(lab):
    page = lab("dropout")
    given = told(page)
    assert np.shape(given["answers"]) == (dropout_draws.DRAWS, 10)
    expected = dropout_draws.of_digit(3, 0.5, 0)
    np.testing.assert_allclose(given["answers"], expected["answers"], atol=1e-5)
    next(button for button in page.button if button.label == "Other draws").click().run()
    assert told(page)["answers"] != given["answers"]
    assert told(page)["plain"] == given["plain"]
    page.slider(key="concept-rate").set_value(0).run()
    assert told(page)["answers"][0] == pytest.approx(given["plain"], abs=1e-5)
    assert "learnt with 50% left out, not 0% as here" in words(page)
    assert not page.exception and not page.error


def test_a_digit_can_be_chosen(lab):
    page = lab("dropout")
    before = told(page)
    page.button_group(key="concept-dropout-digit").set_value(0).run()
    assert told(page)["picture"] != before["picture"]
    assert max(told(page)["plain"]) > max(before["plain"])


def test_an_engine_that_fails_is_a_plain_sentence(lab, monkeypatch):
    class Broken:
        def call(self, *_, **__):
            raise LoupeError("The engine ended unexpectedly.", "Try once more.")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr(dropout.cache, "remembered", lambda make, *key: make(*key))
    page = lab("dropout")
    assert ["The engine ended unexpectedly" in error.value for error in page.error] == [True]
    assert "Try it." in words(page)


@pytest.fixture(scope="module")
def run_with_dropout(shapes_datasets, tmp_path_factory):
    """A finished run whose network has dropout. Read-only."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("dropout") / "workspace")
    layers = [
        {"kind": "conv2d", "filters": 4, "activation": "relu"},
        {"kind": "global_average_pooling2d"},
        {"kind": "dropout", "rate": 0.25},
        {"kind": "output"},
    ]
    architecture = Architecture.model_validate({"name": "dropping", "layers": layers})
    recipe = small_recipe(epochs=1).model_copy(update={"architecture": architecture})
    run = create_run(workspace, "shapes", recipe, "dropping run")
    assert run_job(run.folder).state == "finished"
    return run


def test_a_run_with_dropout_is_asked_about_its_own_photos(
    open_page, run_with_dropout, here, monkeypatch
):
    monkeypatch.setenv("LOUPE_HOME", str(run_with_dropout.workspace.root))
    page = open_page("concepts", lab="dropout", dataset="shapes", run=run_with_dropout.name)
    given = told(page)
    assert given["names"] == ["disc", "frame"] and given["units"] == 4
    assert "learnt with 25% left out" in words(page)
    page.slider(key="concept-dropout-photo").set_value(2).run()
    assert told(page)["picture"] != given["picture"]
    page.button_group(key="concept-dropout-network").set_value("digits").run()
    assert len(told(page)["names"]) == 10
    assert not page.exception and not page.error
