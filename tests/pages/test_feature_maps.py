from core.errors import LoupeError
from ui import map_viewer


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def layers(app):
    return app.selectbox(key="layer-choice")


def test_it_opens_on_the_first_convolution_of_a_test_photo(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    assert not app.exception and not app.error
    assert layers(app).value == "conv2d"
    assert "**8 maps** of 16 × 16. Slides small filters" in words(app)
    assert "map 1 of 8" in html(app)
    assert app.query_params["photo"]


def test_layer_and_map_of_the_address_are_shown(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    app.query_params["layer"], app.query_params["map"] = "conv2d_1", "13"
    app.run()
    assert layers(app).value == "conv2d_1"
    assert "map 14 of 16" in html(app)


def test_deeper_and_earlier_walk_through_the_layers(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    button = {button.label: button for button in app.main.button}
    button["Deeper"].click().run()
    assert layers(app).value == "max_pooling2d"
    assert "**8 maps** of 8 × 8. Keeps the strongest value" in words(app)
    layers(app).set_value("conv2d_1").run()
    assert "**16 maps** of 8 × 8" in words(app)
    assert {button.label: button for button in app.main.button}["Deeper"].disabled


def test_a_map_that_does_not_exist_falls_back_to_the_first(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    for wrong in ("99", "-1", "x"):
        app.query_params["map"] = wrong
        app.run()
        assert "map 1 of 8" in html(app) and not app.exception


def test_a_photo_that_is_none_is_told(open_page, at_trained_run, here):
    app = open_page("feature_maps", run=at_trained_run.name)
    app.button_group(key="inside-where").set_value("Files").run()
    assert "The maps appear as soon as there is a photo." in words(app)
    app.file_uploader(key="inside-file").set_value(("x.png", b"nothing", "image/png")).run()
    assert "The file holds text, not a picture." in app.error[0].value
    assert not app.exception


def test_an_engine_that_fails_is_told(open_page, at_trained_run, monkeypatch):
    class Broken:
        def call(self, *arguments, **named):
            raise LoupeError("This model has no layer with feature maps.")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = open_page("feature_maps", run=at_trained_run.name)
    assert "This model has no layer with feature maps." in app.error[0].value
    assert not app.exception


def test_every_kind_of_layer_is_explained():
    layer = {"shape": [4, 4, 1], "kind": "Unheard Of"}
    assert map_viewer.explanation(layer) == "one 4 × 4. "
    assert "halves" not in map_viewer.explanation(layer | {"kind": "Dropout"})
    assert map_viewer.PURPOSES["Conv2D"].startswith("Slides small filters")
