"""The lab's view "Does it help?" in each of its states."""

import pytest

from core.augmentation import saved
from core.augmentation.presets import GENTLE, STRONG
from core.datasets.edits import relabel, set_splits
from core.datasets.manifest import open_dataset
from core.jobs import State
from core.locks import locked
from core.training.runs import list_runs
from core.training.twins import list_twins, open_twins
from tests.made_up_twins import made_up_twins
from ui import state
from ui.model_choice import recipe_to_train
from ui.settings.choice import keep_settings

KEY = "twins-shapes"


def words(app):
    main = app.main
    kinds = (main.header, main.subheader, main.markdown, main.caption, main.info, main.warning)
    said = " ".join(str(part.value) for kind in (*kinds, main.error) for part in kind)
    return said.replace("\\", "")


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def labels(app):
    return [button.label for button in app.main.button]


@pytest.fixture
def view(open_page, shapes):
    """`view(twins=NAME)`: the view, after its first run."""

    def open_it(**address):
        app = open_page("augmentation", view="twins", **address)
        assert not app.exception
        return app

    return open_it


@pytest.fixture
def launched(monkeypatch):
    """The folders that were launched, which stay queued."""
    folders = []
    for place in ("ui.lab.twins_form.launch", "ui.lab.twins.launch"):
        monkeypatch.setattr(place, folders.append)
    return folders


@pytest.fixture
def cards(monkeypatch):
    """The cards that were drawn, and what the visitor clicks next: `cards.click = "id"`."""

    class Cards:
        click = None
        shown: list = []

        def draw(self, photos, *, key, title):
            self.shown.append((title, photos))
            clicked, self.click = self.click, None
            return clicked

    made = Cards()
    made.shown = []
    monkeypatch.setattr("ui.lab.twins_photos.changed_photos", made.draw)
    return made


def test_without_photos_or_with_one_class_it_says_what_to_do(open_page, workspace, picture_folder):
    app = open_page("augmentation", view="twins")
    assert "there are none yet" in words(app) and not app.exception
    from core.datasets.importing import import_dataset

    dataset = import_dataset(workspace, picture_folder, "single")
    relabel(dataset, dataset.manifest["id"].tolist(), "disc")
    app = open_page("augmentation", view="twins", dataset="single")
    assert "With a single class" in words(app) and not app.exception


def test_the_form_says_beforehand_what_the_photos_can_show_and_starts(view, shapes, launched):
    app = view()
    assert "lucky start" in words(app) and "6 photos of the test set judge" in words(app)
    assert "6 trainings on" in words(app) and "about 6 min" in words(app)
    app.button_group(key=f"{KEY}.length").set_value("Epochs").run()
    app.number_input(key=f"{KEY}.epochs").set_value(3).run()
    app.button_group(key=f"{KEY}.seeds").set_value(1).run()
    app.selectbox(key=f"{KEY}.against").set_value("preset gentle").run()
    app.button(key=f"{KEY}.start").click().run()
    assert not app.exception and not app.error
    (twins,) = list_twins(shapes)
    assert launched == [twins.folder] and app.query_params["twins"] == twins.name
    plan = twins.plan
    assert plan.recipe.name == "small-cnn" and plan.seeds == (0,) and plan.split == "test"
    assert (plan.recipe.training.epochs, plan.recipe.training.budget_seconds) == (3, None)
    assert plan.words("with") == "with Butterflies" and plan.augmentations["without"] == GENTLE
    assert "Stop and compare what is done" in labels(app)
    assert f"{KEY}.start" not in [button.key for button in app.main.button]


def test_the_twins_train_with_the_settings_of_the_page_training(view, shapes, launched):
    recipe = recipe_to_train("shapes")
    keep_settings("shapes", recipe, {"optimizer": "sgd", "learning_rate": 0.02})
    app = view()
    app.button_group(key=f"{KEY}.seeds").set_value(1).run()
    app.button(key=f"{KEY}.start").click().run()
    training = list_twins(shapes)[0].plan.recipe.training
    assert (training.optimizer, training.learning_rate) == ("sgd", 0.02)


def test_equal_recipes_are_not_compared_and_saved_ones_can_be(view, shapes, launched):
    saved.save_recipe(shapes, STRONG, "my strong")
    app = view()
    assert "my strong (saved)" in app.selectbox(key=f"{KEY}.against").options
    app.button_group(key="augment-shapes-preset").set_value("none").run()
    assert "do the same" in words(app) and app.button(key=f"{KEY}.start").disabled
    app.selectbox(key=f"{KEY}.against").set_value("saved my-strong").run()
    assert not app.button(key=f"{KEY}.start").disabled


def test_without_test_photos_the_validation_photos_can_judge(view, shapes, launched):
    dataset = open_dataset(shapes, "shapes")
    dataset = set_splits(dataset, dict.fromkeys(dataset.split("test")["id"], "train"), "No test")
    app = view()
    assert "no test photos" in words(app) and "of the validation set judge" in words(app)
    app.button(key=f"{KEY}.start").click().run()
    assert list_twins(shapes)[0].plan.split == "validation"
    ids = dict.fromkeys(dataset.split("validation")["id"], "train")
    set_splits(dataset, ids, "No validation")
    open_twins(shapes, list_twins(shapes)[0].name).delete()
    app = view()
    assert "no test photos" in words(app) and "Train the twins" not in labels(app)


def test_a_comparison_at_work_shows_curves_what_is_known_and_can_be_stopped(view, shapes):
    twins = made_up_twins(shapes, "shapes", edge=0.3, done=2, state=State.RUNNING)
    with locked(twins.folder / "lock"):
        app = view()
        assert "After the first 2 pairs: " in words(app) and "with Gentle" in html(app)
        assert len(app.main.get("vega_lite_chart") or app.main.get("arrow_vega_lite_chart")) == 1
        app.button(key=f"stop-{twins.name}").click().run()
        assert (twins.folder / "stop").exists() and not app.exception
        assert f"twins-delete-{twins.name}" not in [button.key for button in app.main.button]


@pytest.mark.parametrize(
    "ending, said",
    [
        (State.STOPPED, "Pairs that are complete: 1 of 3"),
        (State.INTERRUPTED, "It was interrupted"),
        (State.FAILED, "It did not work"),
    ],
)
def test_what_was_cut_short_shows_what_it_has_and_goes_on(view, shapes, launched, ending, said):
    twins = made_up_twins(shapes, "shapes", done=1, state=ending)
    app = view()
    assert said in words(app) and "No difference that this test set can show" in words(app)
    app.button(key="twins-go-on").click().run()
    assert launched == [twins.folder] and not app.exception


def test_a_result_says_the_verdict_and_the_recipe_is_taken(view, shapes, cards):
    more_photos(shapes)
    twins = made_up_twins(shapes, "shapes", edge=0.3)
    assert twins.comparison()["verdict"] == "helps"
    app = view(twins=twins.name)
    page = words(app)
    assert "It helps: " in page and "pairs, each with a start of its own" in page
    assert "lp-differ" in html(app) and "better without augmentation" in html(app)
    assert "frame" in html(app) and "95 % interval" in page
    app.button(key="twins-use").click().run()
    assert state.augmentation_recipe("shapes") == GENTLE
    assert app.button(key="twins-use").disabled
    app.button(key="twins-open-recipe").click().run()
    assert "what the literature does with small pictures" in words(app)
    title, shown = cards.shown[-1]
    assert title == "Right with Gentle, wrong without augmentation"
    assert {answer["right"] for answer in shown[0]["answers"]} == {True, False}
    cards.click = shown[0]["id"]
    app.run()
    assert app.query_params["photo"] == shown[0]["id"] and not app.exception


def more_photos(shapes):
    """Moves most photos to the test split: a small one shows nothing."""
    dataset = open_dataset(shapes, "shapes")
    moved = dataset.split("train")["id"].tolist()[:24]
    set_splits(dataset, dict.fromkeys(moved, "test"), "More test photos")


def test_harm_and_a_single_pair_are_said_and_nothing_is_recommended_of_luck(view, shapes, cards):
    more_photos(shapes)
    harm = made_up_twins(shapes, "shapes", edge=-0.4)
    app = view(twins=harm.name)
    assert "It does harm: " in words(app) and "Use no augmentation for training" in labels(app)
    app.button(key="twins-use").click().run()
    kept = state.augmentation_recipe("shapes")
    assert kept is not None and not kept.steps and kept.rescale == GENTLE.rescale
    once = made_up_twins(shapes, "shapes", seeds=1)
    app = view(twins=once.name)
    assert "No difference that this test set can show" in words(app)
    assert "compare with three" in words(app)


def test_a_training_can_be_looked_at_as_any_other(view, shapes, cards):
    twins = made_up_twins(shapes, "shapes", seeds=1)
    app = view()
    assert list_runs(shapes) == []
    app.button(key=f"twins-keep-{twins.training(0, 'with').name}").click().run()
    (run,) = list_runs(shapes)
    assert run["title"] == "shapes with Gentle, seed 0" and not app.exception


def test_earlier_ones_are_listed_shown_deleted_and_brought_back(view, shapes, cards):
    first = made_up_twins(shapes, "shapes", seeds=1)
    second = made_up_twins(shapes, "shapes", seeds=1, augmentation=STRONG)
    app = view(twins=second.name)
    assert "Comparisons so far" in words(app)
    app.button(key=f"twins-open-{first.name}").click().run()
    assert app.query_params["twins"] == first.name
    app.button(key=f"twins-delete-{first.name}").click().run()
    assert [twins.name for twins in list_twins(shapes)] == [second.name]
    app.button(key="twins-undelete").click().run()
    assert app.query_params["twins"] == first.name and len(list_twins(shapes)) == 2
    (first.folder / "comparison.json").write_text("{")
    app = view(twins=first.name)
    assert f"twins-open-{first.name}" not in [button.key for button in app.main.button]
    assert not app.exception and not app.error
