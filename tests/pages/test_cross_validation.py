"""Cross-validation on the training page in each of its states."""

import pytest

from core.datasets.checks.checking import check
from core.datasets.edits import relabel
from core.datasets.manifest import open_dataset
from core.datasets.split_plan import SplitPlan, apply_plan
from core.evaluation.cross_folder import list_cross
from core.jobs import State
from core.locks import locked
from core.training.runs import create_run
from tests.conftest import small_recipe
from tests.made_up_checks import made_up_check

KEY = "train-shapes-small-cnn.check"


def words(app):
    main = app.main
    kinds = (main.header, main.subheader, main.markdown, main.caption, main.info, main.warning)
    said = " ".join(str(part.value) for kind in (*kinds, main.error) for part in kind)
    return said.replace("\\", "")


def keys(app):
    return [button.key for button in app.main.button]


@pytest.fixture
def launched(monkeypatch):
    """The folders that were launched, which stay queued."""
    folders = []
    for place in ("ui.cross.start.launch", "ui.cross.room.launch", "ui.training_start.launch"):
        monkeypatch.setattr(place, folders.append)
    monkeypatch.setattr("ui.training_start.ask_device", lambda: "CPU, 2 cores")
    return folders


@pytest.fixture
def cards(monkeypatch):
    """The cards that were drawn, and what the visitor clicks next: `cards.click = "id"`."""

    class Cards:
        click = None

        def __init__(self):
            self.shown = []

        def draw(self, photos, *, key, title):
            self.shown.append((key, photos))
            clicked, self.click = self.click, None
            return clicked

    made = Cards()
    for place in ("ui.cross.photos.changed_photos", "ui.cross.compared.changed_photos"):
        monkeypatch.setattr(place, made.draw)
    return made


@pytest.fixture
def page(open_page, shapes, launched):
    def open_it(**address):
        app = open_page("training", **address)
        assert not app.exception
        return app

    return open_it


def test_the_form_says_what_it_is_and_how_long_and_starts(page, shapes, launched):
    app = page()
    said = words(app)
    assert "beyond the luck of one split" in said and "42 photos are dealt into 5 parts" in said
    assert "5 trainings, together about 5 min" in said and "Cross-validations so far" not in said
    app.slider(key=f"{KEY}.folds").set_value(3).run()
    app.slider(key=f"{KEY}.repeats").set_value(2).run()
    app.button_group(key=f"{KEY}.photos").set_value("all").run()
    assert "48 photos are dealt into 3 parts" in words(app)
    app.button(key=f"{KEY}.go").click().run()
    assert not app.exception and not app.error
    (cross,) = list_cross(shapes)
    plan = cross.plan
    assert launched == [cross.folder] and app.query_params["cv"] == cross.name
    assert (plan.folds, plan.repeats, plan.photos) == (3, 2, "all")
    assert plan.recipe.name == "small-cnn" and plan.recipe.training.budget_seconds == 60


def test_near_copies_that_nobody_looked_for_are_told_before_and_after(page, shapes):
    app = page()
    assert "Nobody has looked for near copies" in words(app)
    app.button(key=f"{KEY}.go").click().run()
    (cross,) = list_cross(shapes)
    assert cross.plan.unchecked
    check(open_dataset(shapes, "shapes"))
    app = page()
    assert "Nobody has looked for near copies" not in words(app)
    app.button(key=f"{KEY}.go").click().run()
    assert {cross.plan.unchecked for cross in list_cross(shapes)} == {True, False}


def test_what_cannot_be_dealt_is_said_in_the_form(page, shapes):
    dataset = open_dataset(shapes, "shapes")
    few = dataset.split("train").query("label == 'disc'")["id"].tolist()[:2]
    rest = [one for one in dataset.manifest["id"] if one not in few]
    dataset = relabel(dataset, rest, "frame")
    assert "2 parts instead of 5: the class disc has 2 photos" in words(page())
    relabel(dataset, few[:1], "frame")
    app = page()
    assert "has a single photo" in words(app) and f"{KEY}.go" not in keys(app)


def test_folds_of_the_split_are_not_asked_for_again(page, shapes):
    apply_plan(open_dataset(shapes, "shapes"), SplitPlan(how="folds", folds=4, seed=1))
    app = page()
    assert "the folds that your split has made" in words(app)
    assert f"{KEY}.folds" not in [slider.key for slider in app.main.slider]
    assert "48 photos are dealt into 4 parts" in words(app)


def test_at_work_it_shows_the_parts_that_are_done_and_can_be_stopped(page, shapes):
    cross = made_up_check(shapes, "shapes", done=2, state=State.RUNNING)
    with locked(cross.folder / "lock"):
        app = page(cv=cross.name)
        said = words(app)
        assert "So far: Between" in said or "So far: " in said and "two parts" in said
        assert len(app.main.get("vega_lite_chart") or app.main.get("arrow_vega_lite_chart")) == 1
        assert "at work, 2 of 4 parts done" in said and f"cross-delete-{cross.name}" not in keys(
            app
        )
        app.button(key=f"stop-{cross.name}").click().run()
        assert (cross.folder / "stop").exists() and not app.exception


@pytest.mark.parametrize(
    "ending, done, said",
    [
        (State.STOPPED, 1, "1 of 4 parts are done and kept"),
        (State.STOPPED, 0, "before the first part was done"),
        (State.INTERRUPTED, 2, "It was interrupted"),
        (State.FAILED, 1, "It did not work"),
    ],
)
def test_what_was_cut_short_shows_what_it_has_and_goes_on(
    page, shapes, launched, cards, ending, done, said
):
    cross = made_up_check(shapes, "shapes", done=done, state=ending)
    app = page(cv=cross.name)
    assert said in words(app) and ("Beside a single split" in words(app)) == bool(done)
    app.button(key="cross-go-on").click().run()
    assert launched == [cross.folder] and not app.exception


def test_a_result_is_said_in_words_with_its_photos(page, shapes, cards):
    cross = made_up_check(shapes, "shapes")
    app = page(cv=cross.name)
    said = words(app)
    assert "in four parts" in said and "on average" in said and "Bengio and Grandvalet" in said
    assert "stay unseen for the last test" in said and "learnt from about 32 photos" in said
    assert "One split with its 6 photos" in said and "every photo has been judged once" in said
    wrong = dict(cards.shown)[f"cross-wrong-{cross.name}"]
    assert wrong and all(not one["answers"][0]["right"] for one in wrong)
    cards.click = wrong[0]["id"]
    app.run()
    assert app.query_params["photo"] == wrong[0]["id"] and not app.exception
    app.button(key="cross-back").click().run()
    assert "cv" not in app.query_params and "A new training" in words(app)


def test_a_cell_of_the_matrix_shows_its_photos(page, shapes, cards):
    cross = made_up_check(shapes, "shapes")
    page(cv=cross.name, **{"is": "disc", "called": "disc"})
    (shown,) = [photos for key, photos in cards.shown if key.startswith("cross-cell-disc-disc")]
    assert {one["label"] for one in shown} == {"disc"}


def test_two_checks_of_the_same_parts_are_compared(page, shapes, cards):
    good = made_up_check(shapes, "shapes", weak=0.0)
    made_up_check(shapes, "shapes", folds=3)
    bad = made_up_check(shapes, "shapes", weak=0.7)
    app = page(cv=good.name)
    beside = app.selectbox(key="cross-beside")
    assert len(beside.options) == 2 and bad.name in beside.options[1]
    beside.set_value(bad.name).run()
    assert app.query_params["beside"] == bad.name and not app.exception
    assert "is better: the difference is" in words(app)
    assert any(key.startswith("cross-differ-cards") for key, _ in cards.shown)


def test_they_are_listed_with_the_trainings_deleted_and_brought_back(page, shapes, cards):
    first, second = made_up_check(shapes, "shapes"), made_up_check(shapes, "shapes", done=0)
    app = page()
    assert "Cross-validations so far" in words(app) and "No part is done." in words(app)
    app.button(key=f"cross-open-{first.name}").click().run()
    assert app.query_params["cv"] == first.name and "on average" in words(app)
    app.button(key=f"cross-delete-{first.name}").click().run()
    assert [one.name for one in list_cross(shapes)] == [second.name]
    app.button(key="cross-undelete").click().run()
    assert app.query_params["cv"] == first.name and len(list_cross(shapes)) == 2


def test_a_training_that_is_shown_takes_its_place(page, shapes, cards):
    run = create_run(shapes, "shapes", small_recipe(), "made up")
    cross = made_up_check(shapes, "shapes")
    app = page(cv=cross.name)
    assert app.query_params["dataset"] == "shapes"
    app.button(key=f"open-{run.name}").click().run()
    assert "cv" not in app.query_params and app.query_params["run"] == run.name
    assert not app.exception


def test_what_is_damaged_or_not_there_is_told(page, shapes, launched, cards):
    app = page(cv="nowhere")
    assert "no cross-validation 'nowhere'" in words(app) and "A new training" in words(app)
    cross = made_up_check(shapes, "shapes")
    (cross.folder / "predictions.parquet").write_bytes(b"spoilt")
    app = page(cv=cross.name)
    assert "predictions.parquet" in words(app) and "is damaged" in words(app)
    app.button(key="cross-go-on").click().run()
    assert launched == [cross.folder] and not app.exception
    (cross.folder / "plan.json").write_text("{}")
    app = page(cv=cross.name)
    assert "The plan of the cross-validation" in words(app) and not app.exception
