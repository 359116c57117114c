"""The lab with a model that judges."""

import shutil
import threading

import numpy as np
import pytest

from core.questions import Questions
from ui.components import tile_wall as walls


def words(app):
    parts = [*app.main.header, *app.main.markdown, *app.main.caption, *app.main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


@pytest.fixture
def patient(monkeypatch):
    """Every answer is waited for, by a line of questions of its own."""
    line = Questions()
    monkeypatch.setattr("ui.lab.judging.get_questions", lambda: line)
    monkeypatch.setattr("ui.lab.judging.PATIENCE", 60.0)
    return line


@pytest.fixture
def tiles(monkeypatch):
    """The tiles that were drawn last, and the one the visitor clicks next."""

    class Tiles:
        click = None
        shown: list = []

        def draw(self, tiles, columns, *, key, title, selected=None, narrow=4):
            walls.wall_data(tiles, columns)
            self.shown = list(tiles)
            clicked, self.click = self.click, None
            return clicked

    made = Tiles()
    for place in ("ui.lab.wall.tile_wall", "ui.lab.strip.tile_wall"):
        monkeypatch.setattr(place, made.draw)
    return made


def open_lab(open_page, run, **address):
    app = open_page("augmentation", dataset="shapes", judge=run.name, **address)
    assert not app.exception
    return app


def preset(app, name):
    app.button_group(key="augment-shapes-preset").set_value(name).run()
    return app


def answers(tiles):
    return [tile.answer for tile in tiles.shown]


def test_the_wall_says_what_the_model_takes_each_tile_for(
    open_page, at_trained_run, here, patient, tiles
):
    app = open_lab(open_page, at_trained_run)
    said = answers(tiles)
    assert len(said) == 42 and {one.label for one in said} <= {"disc", "frame"}
    assert all(one.sure.endswith(" %") for one in said)
    hints = [tile.hint for tile in tiles.shown]
    assert "The model says" in hints[0] and "Original" in hints[0]
    flipped = [hint for hint, one in zip(hints, said, strict=True) if one.change]
    assert all("for the original" in hint for hint in flipped)
    page = words(app)
    is_right = [one.label == tiles.shown[at // 7 * 7].caption for at, one in enumerate(said)]
    right = sum(is_right) - sum(is_right[::7])
    all_right = right == 36 and all(is_right[::7])
    assert "Of 36 variations" in page
    assert f"right class for {'all' if all_right else right}" in page
    assert "alone" in page  # which step flips most
    preset(app, "none")
    assert all(one.change == "" for one in answers(tiles))
    assert "Not one gets another answer" in words(app)


def test_mixed_pictures_are_said_to_have_no_single_answer(
    open_page, at_trained_run, here, patient, tiles
):
    app = preset(open_lab(open_page, at_trained_run), "none")
    next(one for one in app.toggle if one.label == "CutMix").set_value(True).run()
    assert "mixed from several classes" in words(app)
    assert any("no single answer is right" in tile.hint for tile in tiles.shown)


def test_a_pinned_tile_has_bars_and_shows_where_the_model_looks(
    open_page, at_trained_run, here, patient, tiles
):
    tiles.click = 9
    app = open_lab(open_page, at_trained_run)
    assert html(app).count("lp-bars") >= 2 and "This variation" in words(app)
    assert "loupe-grad-cam" not in html(app)
    app.toggle(key="augment-grad-cam").set_value(True).run()
    assert "loupe-grad-cam" in html(app) and "what speaks for" in html(app)
    app.selectbox(key="augment-grad-cam-class").set_value("frame").run()
    assert html(app).count("what speaks for frame") >= 2
    assert "roughly where, not what and not why" in words(app) and not app.error


def test_the_strip_has_answers_and_a_curve_with_a_sentence(
    open_page, at_trained_run, here, patient, tiles
):
    app = open_lab(open_page, at_trained_run, view="strength")
    assert len(answers(tiles)) == 7 and all(one.sure for one in answers(tiles))
    assert "the model is as sure as without" in words(app) or "less sure" in words(app)
    assert "Your range ends at 40°" in words(app) and "validation photos" in words(app)
    (chart,) = app.main.get("vega_lite_chart")
    assert '"mean"' in chart.proto.spec and chart.proto.spec.count('"rule"') == 1
    app.selectbox(key="augment-strip-step").set_value("jpeg").run()
    (chart,) = app.main.get("vega_lite_chart")
    assert '"reverse": true' in chart.proto.spec and '"rule"' not in chart.proto.spec
    assert not app.error and not app.exception


def test_a_slow_model_is_not_waited_for(open_page, at_trained_run, monkeypatch, tiles):
    gate, line = threading.Event(), Questions()

    class Slow:
        def call(self, function, folder, pictures, timeout):
            assert gate.wait(30)
            return np.tile([0.9, 0.1], (len(pictures), 1)).astype(np.float32)

    monkeypatch.setattr("ui.cache.engine", Slow)
    monkeypatch.setattr("ui.lab.judging.get_questions", lambda: line)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = open_lab(open_page, at_trained_run)
    assert {one.label for one in answers(tiles)} == {"…"}
    assert "The model is looking at the pictures" in words(app) and not app.error
    gate.set()
    monkeypatch.setattr("ui.lab.judging.PATIENCE", 60.0)
    app.run()
    assert {one.label for one in answers(tiles)} == {"disc"} and "Of 36" in words(app)


def test_a_damaged_model_leaves_the_pictures_and_a_sentence(
    open_page, shapes_workspace, trained_run, monkeypatch, here, patient, tiles
):
    run = shapes_workspace.runs / trained_run.name
    shutil.copytree(trained_run.folder, run)
    (run / "model.keras").write_bytes(b"these are words")
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    for view in ("wall", "strength"):
        app = open_lab(open_page, trained_run, view=view)
        assert "model.keras in 'tiny-run' cannot be read" in app.error[0].value
        assert not app.exception and tiles.shown and set(answers(tiles)) == {None}


def test_before_anything_was_trained_the_way_there_is_shown(open_page, shapes):
    app = open_page("augmentation")
    assert "No model has learnt from these photos yet" in words(app)
    assert "Train one" in [link.proto.label for link in app.main.get("page_link")]
    assert "augment-ask-model" not in [button.key for button in app.button]


def test_a_button_lets_the_newest_model_judge(open_page, at_trained_run, here, patient, tiles):
    app = open_page("augmentation", dataset="shapes")
    assert set(answers(tiles)) == {None}
    app.button(key="augment-ask-model").click().run()
    assert at_trained_run.name in app.query_params["judge"]
    assert None not in answers(tiles) and "Of 36" in words(app)
