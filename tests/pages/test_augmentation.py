import json

from core.augmentation.presets import BUTTERFLIES, GENTLE
from ui import state


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


def recipe_shown(app):
    return json.loads(app.code[0].value)


def kinds(app):
    return [step["kind"] for step in recipe_shown(app)["steps"]]


def test_without_photos_the_lab_works_on_drawn_insects(open_page, workspace):
    app = open_page("augmentation")
    assert "insects are drawn by Loupe" in words(app)
    assert "Play the demo" in [button.label for button in app.main.button]
    assert kinds(app) == [step.kind for step in BUTTERFLIES.steps]
    assert not app.exception and not app.error


def test_a_preset_fills_the_controls_and_a_slider_changes_the_recipe(open_page, shapes):
    app = open_page("augmentation")
    app.button_group(key="augment-shapes-preset").set_value("gentle").run()
    assert kinds(app) == ["width_shift", "height_shift", "horizontal_flip"]
    moves = next(s for s in app.slider if s.label.startswith("Largest move"))
    moves.set_value(0.5).run()
    assert recipe_shown(app)["steps"][0]["fraction"] == 0.5
    assert recipe_shown(app)["name"] == "own"


def test_what_is_chosen_for_training_is_kept_and_found_again(open_page, shapes):
    app = open_page("augmentation")
    assert state.augmentation_recipe("shapes") is None
    app.button_group(key="augment-shapes-preset").set_value("gentle").run()
    app.button(key="augment-keep").click().run()
    kept = state.augmentation_recipe("shapes")
    assert kept is not None and kept.steps == GENTLE.steps and kept.fill_mode == "reflect"
    again = open_page("augmentation")
    assert kinds(again) == [step.kind for step in GENTLE.steps]
    assert "what the next training uses" in words(again)


def test_a_photo_that_vanished_is_told_in_a_sentence(open_page, shapes):
    for photo in (shapes.datasets / "shapes" / "photos").rglob("*.png"):
        photo.unlink()
    app = open_page("augmentation")
    assert app.error and not app.exception


def test_drawing_again_changes_the_seed(open_page, workspace):
    app = open_page("augmentation")
    app.button(key="augment-again").click().run()
    assert app.number_input(key="augment-seed").value == 1
