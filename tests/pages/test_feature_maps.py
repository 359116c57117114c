import numpy as np
import pytest

from core.errors import LoupeError
from core.inspection.driven import JOB as DRIVE
from core.inspection.driven import drive, driven_path
from core.inspection.strongest import JOB as STRONGEST
from core.inspection.strongest import find_strongest, strongest_path
from ui.inside.kernel import kernel_html, kernel_words
from ui.inside.layer_words import PURPOSES, figure, made_of, purpose, share


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.error, *main.info]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def layers(app):
    return app.selectbox(key="inside-layer")


def button(app, key):
    return next(one for one in app.main.button if one.key == key)


@pytest.fixture
def inside(open_page, at_trained_run, here):
    """`inside(layer=…, map=…)`: the page at this place."""

    def show(**address):
        app = open_page("feature_maps", run=at_trained_run.name)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run() if address else app

    return show


def test_it_opens_with_all_layers_for_a_test_photo(inside):
    app = inside()
    assert not app.exception and not app.error
    assert ">6<" in html(app) and "maps in all of them" in html(app)
    assert "The numbers are of this photo." in words(app)
    assert app.query_params["photo"]


def test_a_layer_is_told_with_its_numbers(inside):
    app = inside(layer="conv2d")
    assert not app.exception and not app.error
    assert layers(app).value == "conv2d"
    assert "**8 maps** of 16 × 16 each. Slides small filters" in words(app)
    assert "fed by rescaling" in words(app)
    assert ">224<" in html(app) and "dead maps" in html(app)


def test_the_address_names_a_map(inside):
    app = inside(layer="conv2d_1", map="13")
    assert not app.exception and not app.error
    assert layers(app).value == "conv2d_1"
    assert "#### Map 14 :gray[of 16]" in words(app)
    assert "adds up what 8 small filters find" in words(app) and "lp-kernel windows" in html(app)
    button(app, "inside-map-1").click().run()
    assert "#### Map 15" in words(app) and app.query_params["map"] in ("14", ["14"])
    button(app, "inside-map-close").click().run()
    assert "#### Map" not in words(app) and "dead maps" in html(app)


def test_deeper_and_earlier_walk_through_the_layers_and_the_controls_stay(inside):
    app = inside(layer="conv2d")
    app.button_group(key="inside-colors").set_value("grey").run()
    app.select_slider(key="inside-clip").set_value(2.0).run()
    button(app, "inside-deeper").click().run()
    assert layers(app).value == "max_pooling2d"
    assert "**8 maps** of 8 × 8 each. Keeps the strongest value" in words(app)
    button(app, "ladder-0").click().run()
    assert "The numbers are of this photo." in words(app)
    app.query_params["layer"] = "conv2d_1"
    app.run()
    assert app.button_group(key="inside-colors").value == "grey"
    assert app.select_slider(key="inside-clip").value == 2.0
    assert "Black is the lowest value" in words(app)
    layers(app).set_value("output").run()
    assert button(app, "inside-deeper").disabled


def test_the_last_layer_speaks_of_classes(inside, at_trained_run):
    app = inside(layer="output", map="0")
    # One number for two classes: it answers for the second.
    name = at_trained_run.config.class_names[1]
    assert not app.exception and not app.error
    assert "**One number**" in words(app)
    assert f"#### {name.capitalize()} :gray[of 1]" in words(app)
    assert "weighs each of the 16 numbers" in words(app) and "lp-kernel weights" in html(app)


@pytest.mark.parametrize("layer", ["rescaling", "max_pooling2d", "global_average_pooling2d"])
def test_layers_without_weights_say_so(inside, layer):
    app = inside(layer=layer, map="0")
    assert not app.exception and not app.error
    assert "layer has no weights for single maps" in words(app)


def test_what_does_not_exist_is_said_and_the_nearest_shown(inside):
    app = inside(layer="magic")
    assert "This network has no layer called magic." in words(app) and not app.exception
    app.query_params["layer"], app.query_params["map"] = "conv2d", "99"
    app.run()
    assert "conv2d has no map 100, only 1 to 8. You see the whole layer." in words(app)
    assert "dead maps" in html(app) and not app.exception
    for wrong in ("-1", "x"):
        app.query_params["map"] = wrong
        app.run()
        assert "dead maps" in html(app) and not app.exception


def test_strongest_photos_and_what_drives_a_map_are_offered_and_then_there(inside, at_trained_run):
    run = at_trained_run
    app = inside(layer="conv2d", map="2")
    offered = {one.key for one in app.main.button}
    starts = {f"start-{job.rpartition(':')[2]}" for job in (STRONGEST, DRIVE)}
    assert starts <= offered
    try:
        find_strongest(run)
        drive(run, "conv2d", 2)
        app.run()
        assert not app.exception and not app.error
        assert not starts & {one.key for one in app.main.button}
        assert "The frame is the part that this value depends on" in words(app)
        assert "rose from" in words(app) or "No change of the picture" in words(app)
    finally:
        strongest_path(run).unlink()
        driven_path(run, "conv2d", 2).unlink()


def test_a_photo_that_is_none_is_told(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    app.button_group(key="inside-where").set_value("Files").run()
    assert "The maps appear as soon as there is a photo." in words(app)
    app.file_uploader(key="inside-file").set_value(("x.png", b"nothing", "image/png")).run()
    assert "The file holds text, not a picture." in app.error[0].value
    assert not app.exception


def test_a_photo_that_is_brought_is_shown_as_any_other(open_page, at_trained_run, here):
    picture = next((at_trained_run.workspace.datasets / "shapes" / "photos").glob("**/*.png"))
    app = open_page("feature_maps", run=at_trained_run.name)
    app.button_group(key="inside-where").set_value("Files").run()
    file = ("x.png", picture.read_bytes(), "image/png")
    app.file_uploader(key="inside-file").set_value(file).run()
    app.query_params["layer"] = "conv2d"
    app.run()
    assert "**8 maps**" in words(app) and not app.error and not app.exception


def test_a_model_that_is_gone_meanwhile_is_told(inside, at_trained_run, tmp_path):
    app = inside(layer="conv2d")
    model = at_trained_run.model_path
    kept = model.rename(tmp_path / "model.keras")
    try:
        button(app, "inside-deeper").click().run()
        assert "has no trained model" in words(app) and not app.exception
    finally:
        kept.rename(model)


def test_an_engine_that_fails_is_told(open_page, at_trained_run, monkeypatch):
    class Broken:
        def call(self, *arguments, **named):
            raise LoupeError("This model takes 2 inputs of shape (1), (2).")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = open_page("feature_maps", run=at_trained_run.name)
    assert "This model takes 2 inputs" in app.error[0].value
    assert not app.exception


def test_every_kind_of_layer_is_explained():
    assert made_of({"shape": [4, 4, 1]}) == "**One map** of 4 × 4"
    assert "12 steps of a sequence" in made_of({"shape": [12, 5]})
    assert made_of({"shape": [2, 4, 4, 3]}).startswith("**3 stacks** of 2 × 4 × 4")
    assert purpose("Unheard Of").endswith(".") and "halves" not in purpose("Dropout")
    assert PURPOSES["Conv2D"].startswith("Slides small filters")


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (-12.44, "−12.4"), (0.03124, "0.0312"), (12345.6, "12,346"), (-3e-7, "−3.0e-07")],
)
def test_figures_have_three_digits_that_count(number, said):
    assert figure(number) == said
    assert (share(0.001), share(0.999), share(0.5)) == ("under 1 %", "over 99 %", "50 %")


def test_large_windows_are_pictures_and_strange_names_are_escaped():
    weights = np.zeros((20, 20)).tolist()
    one = {"channel": 3, "name": "<b>", "norm": 1.0, "weights": weights}
    kernel = {
        "kind": "windows",
        "source": "*x*",
        "channels": 7,
        "shown": [one],
        "largest": 0.0,
        "bias": 0.5,
        "numbers": {},
    }
    drawn = kernel_html(kernel)
    assert "data:image/png" in drawn and "&lt;b&gt;" in drawn and "<b>" not in drawn
    said = kernel_words(kernel, {"kind": "Dense"}, "map 1")
    assert "Shown are the 1 strongest of 7." in said and "0.5 is added" in said
    assert "\\*x\\*" in said


def test_the_photos_of_the_run_are_shown_whatever_data_set_the_address_names(
    open_page, at_trained_run, here
):
    app = open_page("feature_maps", dataset="another", run=at_trained_run.name)
    app.query_params["layer"] = "conv2d"
    app.run()
    assert "**8 maps**" in words(app) and not app.error and not app.exception
