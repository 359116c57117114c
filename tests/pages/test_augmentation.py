import json

import pytest

from core.augmentation import saved
from core.augmentation.presets import BUTTERFLIES, GENTLE
from ui import state
from ui.components import tile_wall as walls


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


def to_view(app, name):
    app.button_group(key="augment-view").set_value(name).run()
    assert not app.exception and not app.error
    return app


def recipe_shown(app):
    return json.loads(to_view(app, "code").code[0].value)


def kinds(app):
    return [step["kind"] for step in recipe_shown(app)["steps"]]


def take(app, preset, scope="augment-shapes"):
    app.button_group(key=f"{scope}-preset").set_value(preset).run()
    return app


def slider(app, start):
    return next(one for one in app.slider if one.label.startswith(start))


@pytest.fixture
def tiles(monkeypatch):
    """The walls that were drawn, and what the visitor clicks next: `tiles.click = 3`."""

    class Tiles:
        click = None
        shown: list = []

        def draw(self, tiles, columns, *, key, title, selected=None, narrow=4):
            walls.wall_data(tiles, columns)
            self.shown.append((key, tiles, selected))
            clicked, self.click = self.click, None
            return clicked

    made = Tiles()
    made.shown = []
    for place in ("ui.lab.wall.tile_wall", "ui.lab.strip.tile_wall"):
        monkeypatch.setattr(place, made.draw)
    return made


def test_without_photos_the_lab_works_on_drawn_insects(open_page, workspace):
    app = open_page("augmentation")
    assert "insects are drawn by Loupe" in words(app)
    assert "Play the demo" in [button.label for button in app.main.button]
    assert kinds(app) == [step.kind for step in BUTTERFLIES.steps]
    assert not app.exception and not app.error


def test_a_preset_fills_the_controls_says_why_and_a_slider_changes_the_recipe(open_page, shapes):
    app = take(open_page("augmentation"), "gentle")
    assert "what the literature does with small pictures" in words(app)
    assert kinds(app) == ["width_shift", "height_shift", "horizontal_flip"]
    slider(app, "Largest move").set_value(0.5).run()
    assert recipe_shown(app)["steps"][0]["fraction"] == 0.5
    assert recipe_shown(app)["name"] == "own"


@pytest.mark.parametrize("view", ["wall", "steps", "strength", "eye", "compare", "code"])
def test_every_view_shows_a_recipe_of_many_kinds_of_step(open_page, shapes, view):
    app = to_view(take(open_page("augmentation"), "microscopy"), view)
    assert not app.exception and not app.error


def test_what_is_chosen_for_training_is_kept_and_found_again(open_page, shapes):
    app = open_page("augmentation")
    assert state.augmentation_recipe("shapes") is None
    take(app, "gentle")
    app.button(key="augment-keep").click().run()
    kept = state.augmentation_recipe("shapes")
    assert kept is not None and kept.steps == GENTLE.steps and kept.fill_mode == "reflect"
    again = open_page("augmentation")
    assert "what the next training uses" in words(again)
    assert kinds(again) == [step.kind for step in GENTLE.steps]


def test_a_photo_that_vanished_is_told_in_a_sentence(open_page, shapes):
    for photo in (shapes.datasets / "shapes" / "photos").rglob("*.png"):
        photo.unlink()
    app = open_page("augmentation")
    assert app.error and not app.exception


def test_drawing_again_changes_the_seed(open_page, workspace):
    app = open_page("augmentation")
    app.button(key="augment-again").click().run()
    assert app.number_input(key="augment-seed").value == 1


def test_changes_are_undone_and_done_again(open_page, shapes):
    app = open_page("augmentation")
    assert app.button(key="augment-shapes-Undo").disabled
    slider(app, "Largest turn").set_value(90.0).run()
    take(app, "bears")
    assert kinds(app) == ["zoom_crop"]
    app.button(key="augment-shapes-Undo").click().run()
    assert recipe_shown(app)["steps"][0] | {"degrees": 90.0} == recipe_shown(app)["steps"][0]
    app.button(key="augment-shapes-Undo").click().run()
    assert recipe_shown(app)["name"] == "butterflies"
    assert app.button(key="augment-shapes-Undo").disabled
    app.button(key="augment-shapes-Redo").click().run()
    app.button(key="augment-shapes-Redo").click().run()
    assert kinds(app) == ["zoom_crop"]


def test_a_step_that_is_switched_on_comes_last_and_keeps_its_range_when_off(open_page, shapes):
    app = take(open_page("augmentation"), "gentle")
    toggle = next(one for one in app.toggle if one.label == "Blur")
    toggle.set_value(True).run()
    slider(app, "Largest blur").set_value(3.0).run()
    assert kinds(app)[-1] == "blur"
    for on in (False, True):
        next(one for one in app.toggle if one.label == "Blur").set_value(on).run()
    assert recipe_shown(app)["steps"][-1]["pixels"] == 3.0


def test_the_order_is_taken_from_the_list(open_page, shapes, monkeypatch):
    wanted: list = []

    def drag(entries, *, key, title):
        return wanted.pop() if wanted else None

    monkeypatch.setattr("ui.recipe_editor.step_order", drag)
    app = take(open_page("augmentation"), "documents")
    before = kinds(app)
    wanted.append(list(reversed(before)))
    app.run()
    assert kinds(app) == before[::-1]
    app.button(key="augment-shapes-Undo").click().run()
    assert kinds(app) == before


def test_a_clicked_tile_is_enlarged_and_stays_while_the_recipe_changes(open_page, shapes, tiles):
    tiles.click = 9
    app = open_page("augmentation")
    assert "Pinned: what was drawn" in words(app) and "Rotation: turned" in words(app)
    assert tiles.shown[-1][2] == 9
    take(app, "none")
    assert "this photo stays as it is" in words(app)
    app.button(key="augment-unpin").click().run()
    assert "Pinned" not in words(app)


def test_a_mixed_tile_says_its_blended_label(open_page, shapes, tiles):
    app = take(open_page("augmentation"), "none")
    next(one for one in app.toggle if one.label == "MixUp").set_value(True).run()
    captions = [tile.caption for tile in tiles.shown[-1][1]]
    assert any(" % disc" in one and " % frame" in one for one in captions)


def test_the_strip_sets_the_range(open_page, shapes, tiles):
    app = to_view(open_page("augmentation"), "strength")
    key, shown, used = tiles.shown[-1]
    assert (key, len(shown)) == ("augment-strip-rotation", 7)
    assert shown[used].caption in ("35°", "34°")
    tiles.click = 1
    app.run()
    assert recipe_shown(app)["steps"][0]["degrees"] == float(shown[1].caption.rstrip("°"))
    to_view(app, "strength")
    app.selectbox(key="augment-strip-step").set_value("solarise").run()
    assert "Solarise** is off" in words(app)
    tiles.click = 2
    app.run()
    assert kinds(app)[-1] == "solarise"


@pytest.mark.parametrize("how", ["Side by side", "Wipe", "Difference"])
def test_the_models_eye_looks_in_each_way_also_without_colour(open_page, shapes, how):
    app = to_view(open_page("augmentation"), "eye")
    app.button_group(key="augment-eye-view").set_value(how).run()
    app.toggle(key="augment-grey-small-cnn").set_value(True).run()
    assert not app.exception and not app.error
    assert "Rotation: turned" in words(app)


def test_recipes_are_saved_opened_duplicated_and_deleted(open_page, shapes):
    app = take(open_page("augmentation"), "satellite")
    app.text_input(key="augment-name").set_value("from above")
    app.button(key="augment-save").click().run()
    (key,) = saved.list_saved(shapes)
    app.button(key="augment-duplicate").click().run()
    assert len(saved.list_saved(shapes)) == 2
    take(app, "none")
    app.button(key="augment-open").click().run()
    assert "channel_shift" in kinds(app)
    app.button(key="augment-delete").click().run()
    assert len(saved.list_saved(shapes)) == 1
    app.button(key="augment-undelete").click().run()
    assert key in saved.list_saved(shapes) and not app.exception


def test_a_recipe_without_a_name_is_not_saved(open_page, shapes):
    app = open_page("augmentation")
    app.button(key="augment-save").click().run()
    assert "1 to 60 characters" in app.error[0].value and not saved.list_saved(shapes)


def test_a_pasted_recipe_is_used_and_a_bad_one_leaves_the_old_in_place(open_page, shapes):
    app = to_view(open_page("augmentation"), "code")
    before = recipe_shown(app)
    for bad, said in [
        ('{"steps": [{"kind": "melt"}]}', "no step 'melt'"),
        ('{"steps": [{"kind": "erasing", "smallest": 0.5, "largest": 0.1}]}', "above the largest"),
        ('{"version": 9, "steps": []}', "made by a newer Loupe"),
    ]:
        app.text_area(key="augment-json").set_value(bad)
        app.button(key="augment-json-use").click().run()
        assert said in app.error[0].value and "unchanged" in words(app)
        assert json.loads(app.code[0].value) == before and not app.exception
    app.text_area(key="augment-json").set_value('{"steps": [{"kind": "blur", "pixels": 2.5}]}')
    app.button(key="augment-json-use").click().run()
    assert kinds(app) == ["blur"]


def test_the_code_is_shown_for_each_library(open_page, shapes):
    app = to_view(open_page("augmentation"), "code")
    for form, said in [
        ("Keras layers", "keras.layers.RandomRotation"),
        ("albumentations", "A.Affine"),
        ("ImageDataGenerator", "rotation_range=40"),
    ]:
        app.button_group(key="augment-code").set_value(form).run()
        assert said in app.code[0].value


def test_a_range_the_wrong_way_round_is_told_and_not_taken(open_page, shapes):
    app = take(open_page("augmentation"), "none")
    next(one for one in app.toggle if one.label == "Erasing").set_value(True).run()
    slider(app, "Smallest part").set_value(0.7).run()
    assert "above the largest" in app.error[0].value and not app.exception
