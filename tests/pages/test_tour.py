"""The tour: it begins on Home, notices what was done, survives a reload and ends with a model."""

import shutil
import time

import pytest

from core.augmentation.presets import GENTLE
from core.workspace import write_json
from ui.jargon import PAGE_WORDS
from ui.tour.steps import MINUTES, PLACES, STEPS


def words(app):
    return " ".join(str(part.value) for part in (*app.markdown, *app.header))


def keys(app):
    return {button.key for button in app.button}


def test_it_takes_about_twenty_minutes_and_stays_on_pages_that_there_are():
    assert MINUTES == 20
    assert {step.page for step in STEPS} <= set(PAGE_WORDS)


def test_it_begins_at_home_goes_along_and_can_be_put_away_and_ended(open_page, workspace):
    app = open_page("home")
    assert "Step 1 of 9" not in words(app)
    app.button(key="take-tour").click().run()
    assert [title.value for title in app.main.title] == ["Photos"]
    assert "Step 1 of 9 · Bring photos" in words(app)
    assert "tour-sample" in keys(app)
    app.button(key="tour-fold").click().run()
    assert "Step 1 of 9" not in words(app)
    app.switch_page("../pages/training.py").run()
    app.button(key="tour-unfold").click().run()
    assert "Step 1 of 9 · Bring photos" in words(app)
    assert {"tour-go", "tour-done", "tour-skip"} <= keys(app)
    app.button(key="tour-end").click().run()
    assert "tour" not in app.query_params
    assert not {"tour-end", "tour-unfold"} & keys(app)


def test_the_drawn_insects_are_one_click_away(open_page, workspace, monkeypatch):
    launched = []
    monkeypatch.setattr("ui.photos.import_form.launch", launched.append)
    app = open_page("photos", tour=f"photos-{int(time.time())}")
    app.button(key="tour-sample").click().run()
    assert len(launched) == 1


def test_what_was_done_is_noticed(open_page, shapes):
    app = open_page("photos", tour=f"photos-{int(time.time())}")
    assert "48 photos in 2 classes are here" in words(app)
    app.button(key="tour-next").click().run()
    assert "Step 2 of 9" in words(app) and "gallery" in app.query_params["view"]
    assert "You have looked at them" in words(app)
    app.button(key="tour-next").click().run()
    assert [title.value for title in app.main.title] == ["Augmentation"]
    assert "tour-next" not in keys(app)
    write_json(shapes.datasets / "shapes" / "augmentation.json", GENTLE.model_dump(mode="json"))
    app.run()
    assert "Your variations are chosen" in words(app)


def test_a_reload_finds_the_step_and_a_skipped_one_is_behind(open_page, shapes):
    app = open_page("training", tour=f"train-{int(time.time())}")
    assert "Step 5 of 9 · Train" in words(app)
    app.button(key="tour-skip").click().run()
    assert "test-" in str(app.query_params["tour"])
    assert "Step 6 of 9" in words(app)


@pytest.fixture
def own_run(trained_run, workspace):
    shutil.copytree(trained_run.workspace.root, workspace.root, dirs_exist_ok=True)
    return trained_run.name


def test_only_a_training_since_it_began_is_ones_own(open_page, own_run):
    app = open_page("training", tour=f"train-{int(time.time()) + 60}")
    assert "Your network has learnt" not in words(app)
    app = open_page("training", tour="train-1000000000")
    assert "Your network has learnt" in words(app)
    app.button(key="tour-next").click().run()
    assert "photos it never saw" in words(app)


def test_a_layer_that_was_looked_into_is_noticed(open_page, own_run, here):
    app = open_page("feature_maps", tour="inside-1000000000")
    assert "You have looked into a layer" not in words(app)
    app.query_params["layer"] = "conv2d"
    app.run()
    assert "You have looked into a layer" in words(app)


def test_it_ends_with_ones_own_model_and_where_to_go_next(open_page, own_run):
    app = open_page("share", tour="share-1000000000")
    app.button(key="tour-next").click().run()
    assert "The tour is over" in words(app)
    assert "tiny run" in words(app) and "is your own model" in words(app)
    assert "end-" in str(app.query_params["tour"])
    app = open_page("concepts", view="tour", tour="end-1000000000")
    assert "The tour is over" in words(app)
    app.button(key="tour-close").click().run()
    assert "tour-start" in keys(app)


def test_an_address_that_means_nothing_starts_nothing(open_page, workspace):
    for nonsense in ("", "train", "train-x", "nowhere-17", f"{next(iter(PLACES))}-"):
        assert "Step" not in words(open_page("home", tour=nonsense))
