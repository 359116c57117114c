import json

import pytest

from core.augmentation.presets import GENTLE
from core.datasets.manifest import open_dataset, save_version
from core.training.config import GROUPS
from core.training.holding_back import chosen_to_hold_back
from core.training.recipes import get_recipe
from core.training.runs import list_runs, open_run
from core.workspace import write_json
from tests.pages.test_training import html, launched, words
from ui import state
from ui.settings import form, mixing
from ui.settings.choice import chosen_training, kept_settings, recipe_with_settings

__all__ = ["launched"]

KEY = "train-shapes-small-cnn"
OWN = get_recipe("small-cnn")


@pytest.fixture
def page(open_page, shapes, launched, here):
    return open_page("training")


def opened(app, group):
    """The page with its settings unfolded at a group, and its previews computed."""
    app.session_state[f"{KEY}.settings"] = True
    app.session_state[f"{KEY}.groups"] = group
    app.run()
    for _ in range(50):
        if "It comes by itself" not in words(app):
            break
        app.run()
    assert not app.exception and not app.error
    return app


def started(app, shapes):
    app.button(key=f"{KEY}.start").click().run()
    assert not app.exception and not app.error
    (entry,) = list_runs(shapes)
    return open_run(shapes, entry["name"]).config.recipe


def buttons(app):
    return {button.key for button in app.main.button}


def test_as_the_recipe_has_them_nothing_is_marked(page):
    assert "As the recipe has them" in words(page)
    assert f"{KEY}.back" not in buttons(page)
    assert not any(str(key).endswith(".back") for key in buttons(page))


def test_doubt_is_shown_on_a_photo_and_by_the_epoch_it_begins_with(page, shapes):
    opened(page, "Against rote learning")
    assert "Every photo counts in every step" in words(page)
    page.toggle(key=f"{KEY}.doubt_labels.use").set_value(True).run()
    page.select_slider(key=f"{KEY}.doubt_labels").set_value(10.0).run()
    assert "From half of the training on" in words(page)
    assert "90.9%" in html(page) and "9.1%" in html(page)
    assert started(page, shapes).training.doubt_labels == 10


def test_what_is_changed_is_marked_kept_and_trained_with(page, shapes):
    page.select_slider(key=f"{KEY}.learning_rate").set_value(0.01).run()
    page.button_group(key=f"{KEY}.schedule").set_value("step").run()
    page.slider(key=f"{KEY}.drops").set_value(4).run()
    page.toggle(key=f"{KEY}.early_stopping.use").set_value(True).run()
    page.select_slider(key=f"{KEY}.early_stopping").set_value(8).run()
    page.button_group(key=f"{KEY}.balance").set_value("batches").run()
    said = words(page)
    assert f"Learning rate {OWN.training.learning_rate:g} → **0.01**" in said
    assert "One-cycle → **Step**" in said
    assert "off → **8 epochs**" in said
    training = started(page, shapes).training
    assert (training.learning_rate, training.schedule, training.drops) == (0.01, "step", 4)
    assert (training.early_stopping, training.balance) == (8, "batches")
    assert training.optimizer == OWN.training.optimizer


def test_settings_that_do_nothing_are_not_asked(page):
    def there(widgets, name):
        return f"{KEY}.{name}" in {widget.key for widget in widgets}

    assert not there(page.select_slider, "momentum")
    assert not there(page.slider, "drops")
    page.button_group(key=f"{KEY}.optimizer").set_value("sgd").run()
    assert there(page.select_slider, "momentum")
    page.button_group(key=f"{KEY}.schedule").set_value("inverse-time").run()
    assert there(page.select_slider, "decay")
    assert not there(page.slider, "drops")


def test_a_setting_goes_back_alone_or_with_all_and_comes_again(page, shapes):
    page.select_slider(key=f"{KEY}.learning_rate").set_value(0.01).run()
    page.number_input(key=f"{KEY}.batch_size").set_value(8).run()
    page.button(key=f"{KEY}.learning_rate.back").click().run()
    assert page.select_slider(key=f"{KEY}.learning_rate").value == OWN.training.learning_rate
    assert kept_settings("shapes", "small-cnn") == {"batch_size": 8}
    page.button(key=f"{KEY}.back").click().run()
    assert kept_settings("shapes", "small-cnn") == {}
    assert page.number_input(key=f"{KEY}.batch_size").value == OWN.training.batch_size
    page.button(key=f"{KEY}.forth").click().run()
    assert kept_settings("shapes", "small-cnn") == {"batch_size": 8}
    assert page.number_input(key=f"{KEY}.batch_size").value == 8
    assert not page.exception


def test_settings_are_there_again_after_a_reload_and_belong_to_the_recipe(page, open_page):
    page.button_group(key=f"{KEY}.length").set_value("Epochs").run()
    page.number_input(key=f"{KEY}.epochs").set_value(4).run()
    page.select_slider(key=f"{KEY}.weight_decay").set_value(0.1).run()
    again = open_page("training")
    assert again.number_input(key=f"{KEY}.epochs").value == 4
    assert again.select_slider(key=f"{KEY}.weight_decay").value == 0.1
    assert recipe_with_settings("shapes").training.weight_decay == 0.1
    assert kept_settings("shapes", "resnet") == {}


def test_epochs_and_a_time_limit_can_be_chosen_together(page, shapes):
    page.button_group(key=f"{KEY}.length").set_value("Epochs").run()
    page.number_input(key=f"{KEY}.epochs").set_value(5).run()
    page.button_group(key=f"{KEY}.limit").set_value("30 s").run()
    training = started(page, shapes).training
    assert (training.epochs, training.budget_seconds) == (5, 30)


def test_values_that_do_not_fit_are_said_and_can_be_mended(open_page, shapes, launched):
    bad = {"learning_rate": -1, "epochs": None, "budget_seconds": None}
    file = shapes.datasets / "shapes" / "training.json"
    write_json(file, {"version": 1, "recipes": {"small-cnn": bad}})
    app = open_page("training")
    (error,) = app.error
    assert "These settings do not fit" in error.value
    app.button(key=f"{KEY}.mend").click().run()
    assert not app.error and not app.exception
    assert kept_settings("shapes", "small-cnn") == {}


@pytest.mark.parametrize("content", ["{", '{"version": 9, "recipes": {}}', "[1]"])
def test_a_file_from_elsewhere_is_told_and_set_aside(open_page, shapes, launched, content):
    file = shapes.datasets / "shapes" / "training.json"
    file.write_text(content)
    app = open_page("training")
    assert "cannot be read" in app.error[0].value
    app.select_slider(key=f"{KEY}.learning_rate").set_value(0.01).run()
    assert not app.error and not app.exception
    assert chosen_training("shapes", OWN).learning_rate == 0.01
    assert file.with_name("training-unread-1.json").read_text() == content


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_shows_what_its_settings_do(page, group):
    app = opened(page, group)
    shown = words(app) + html(app)
    expected = {
        GROUPS[0]: "steps",
        GROUPS[1]: " per epoch",
        GROUPS[2]: "What it is to answer for this photo",
        GROUPS[3]: "After the first training of these photos",
        GROUPS[4]: "This computer trains on",
    }
    assert expected[group] in shown


def test_the_first_batch_shows_as_many_of_each_class_as_are_asked(page):
    app = opened(page, GROUPS[1])
    app.button_group(key=f"{KEY}.balance").set_value("batches").run()
    assert "50% → 50%" in html(app)
    app.button_group(key=f"{KEY}.balance").set_value("weights").run()
    app = opened(app, GROUPS[1])
    assert "× 1.00" in html(app)


def test_a_training_is_replayed_by_the_rules_chosen_now(open_page, at_trained_run, launched, here):
    name = at_trained_run.name
    app = opened(open_page("training", dataset="shapes", run=name), GROUPS[3])
    kept = at_trained_run.status().result["kept_epoch"]
    assert f"kept epoch {kept}" in words(app)


def test_mixing_is_the_same_as_on_the_page_augmentation(page, shapes):
    page.toggle(key=f"{KEY}.mixup").set_value(True).run()
    assert not page.exception and not page.error
    kept = state.augmentation_recipe("shapes")
    assert mixing.step_is_on(kept, "mixup")
    assert [step.kind for step in kept.steps if step.enabled][:-1] == [
        step.kind for step in OWN.augmentation.steps if step.enabled
    ]
    page.button(key=f"{KEY}.mixing-undo").click().run()
    assert state.augmentation_recipe("shapes") is None
    assert page.toggle(key=f"{KEY}.mixup").value is False
    page.toggle(key=f"{KEY}.cutmix").set_value(True).run()
    assert mixing.step_is_on(started(page, shapes).augmentation, "cutmix")


def test_a_mixing_step_that_was_set_keeps_its_numbers():
    steps = {step.kind: step for step in mixing.switched(GENTLE, "mixup", True).steps}
    own = steps["mixup"].model_copy(update={"probability": 0.3})
    recipe = GENTLE.model_copy(update={"steps": (own,)})
    off = mixing.switched(recipe, "mixup", False)
    assert not mixing.step_is_on(off, "mixup")
    assert mixing.switched(off, "mixup", True).steps == (own,)


def test_what_has_no_effect_is_said(page):
    page.button_group(key=f"{KEY}.balance").set_value("weights").run()
    assert "equally many training photos" in words(page)


def test_every_setting_stands_on_one_card():
    names = [name for group in GROUPS for card in form.cards_of(group) for name in card]
    assert len(names) == len(set(names))
    assert json.dumps(sorted(names)) == json.dumps(
        sorted(set(OWN.training.model_dump()) - {"epochs", "budget_seconds"})
    )


def test_a_rate_that_was_found_is_taken(page, shapes, monkeypatch):
    found = iter([0.0123])
    monkeypatch.setattr("ui.settings.form.rate_finder", lambda *_: next(found, None))
    app = opened(page, GROUPS[0])
    assert app.select_slider(key=f"{KEY}.learning_rate").value == 0.0123
    assert started(app, shapes).training.learning_rate == 0.0123


def test_what_is_held_back_is_no_longer_shown(open_page, shapes, launched, here):
    dataset = open_dataset(shapes, "shapes")
    splits = dataset.manifest["split"].replace("validation", "train")
    save_version(dataset, dataset.manifest.assign(split=splits), "no validation")
    app = opened(open_page("training"), GROUPS[1])
    before = len(open_dataset(shapes, "shapes").split("train"))
    assert f"{before} training photos" in words(app)
    app.toggle(key=f"{KEY}.validation_share.use").set_value(True).run()
    app.slider(key=f"{KEY}.validation_share").set_value(0.25).run()
    config = chosen_training("shapes", OWN)
    held = len(chosen_to_hold_back(config, open_dataset(shapes, "shapes")))
    assert held == round(before / 4)
    assert f"{before - held} training photos" in words(app)
    assert f"validation <b>{held}</b>" in html(app)
    assert not app.exception and not app.error


def test_without_training_photos_the_settings_are_there_and_nothing_is_shown(
    open_page, shapes, launched, here
):
    dataset = open_dataset(shapes, "shapes")
    save_version(dataset, dataset.manifest.assign(split="test"), "all for testing")
    app = opened(open_page("training"), GROUPS[1])
    assert form.NOTHING_TO_SHOW in words(app)
    app.select_slider(key=f"{KEY}.learning_rate").set_value(0.01).run()
    assert kept_settings("shapes", "small-cnn") == {"learning_rate": 0.01}
    assert not app.exception and not app.error
