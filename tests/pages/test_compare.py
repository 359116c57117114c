import pytest

from core.errors import LoupeError
from core.images import encode_png
from tests.conftest import draw_shape
from tests.pages.test_feature_maps import html, words


@pytest.fixture
def shown(monkeypatch):
    """What the two maps side by side were given last."""
    given = []
    monkeypatch.setattr(
        "ui.inside.compare_maps.map_pair",
        lambda found, titles, **more: given.append((found, titles)),
    )
    return given


@pytest.fixture
def compare(open_page, at_trained_run, here):
    def show(**address):
        app = open_page("feature_maps", run=at_trained_run.name)
        for name, value in ({"view": "compare"} | address).items():
            app.query_params[name] = value
        return app.run()

    return show


def is_whole(app):
    return not app.exception and not app.error


def test_a_copy_by_the_recipe_of_the_training_comes_first(compare, shown):
    app = compare()
    assert is_whole(app)
    assert app.selectbox(key="compare-copy").value == "trained"
    assert "the copy" in words(app) and "the photo" in html(app) and "its copy" in html(app)
    before = shown[-1][0]["sides"][1]["png"]
    app.button(key="compare-draw").click().run()
    assert app.query_params["with"] in ("copy:trained,2", ["copy:trained,2"])
    assert is_whole(app) and shown[-1][0]["sides"][1]["png"] != before


def test_one_step_at_a_strength_stands_in_the_address(compare, shown):
    app = compare(**{"with": "copy:rotation,6"})
    assert is_whole(app)
    assert app.select_slider(key="compare-level").value == 6
    assert "What was done to the copy: Rotation" in words(app)
    app.select_slider(key="compare-level").set_value(2).run()
    assert app.query_params["with"] in ("copy:rotation,2", ["copy:rotation,2"])
    app = compare(**{"with": "copy:horizontal_flip"})
    assert is_whole(app) and "compare-level" not in {one.key for one in app.select_slider}


def test_another_photo_is_of_another_class_and_can_be_changed(compare, shown, at_trained_run):
    app = compare(**{"with": "photo"})
    assert is_whole(app)
    assert set(shown[-1][1]) == {"disc", "frame"}
    assert "the other photo" in words(app)
    app.button(key="compare-another").click().run()
    chosen = app.query_params["with"]
    assert "photo:" in str(chosen) and is_whole(app)
    app.button_group(key="compare-where").set_value("file").run()
    assert is_whole(app) and "The maps of both" not in words(app)
    picture = encode_png(draw_shape("disc", 99))
    app.file_uploader(key="compare-file").set_value(("new.png", picture, "image/png")).run()
    assert is_whole(app) and "new.png" in shown[-1][1]


def test_two_epochs_of_the_run(compare, shown):
    app = compare(**{"with": "epoch:0-2", "layer": "conv2d", "map": "3", "order": "layer"})
    assert is_whole(app)
    assert app.select_slider(key="compare-epochs").value == (0, 2)
    found, titles = shown[-1]
    assert titles == ("untrained", "epoch 2")
    assert found["layer"] == "conv2d" and found["index"] == 3
    assert found["order"] == list(range(8))
    assert "Between untrained and epoch 2" in words(app)


def test_a_run_from_before_snapshots_says_so(compare, shown, monkeypatch):
    monkeypatch.setattr("ui.inside.compare_models.snapshot_epochs", lambda folder: [])
    app = compare(**{"with": "epoch"})
    assert not app.exception and "kept no weights of earlier epochs" in app.info[0].value
    assert not shown


def test_the_first_map_is_the_one_that_changed_most(compare, shown):
    app = compare(**{"with": "copy:vertical_flip", "layer": "conv2d_1"})
    found = shown[-1][0]
    assert found["index"] == found["order"][0]
    assert found["drifts"][found["index"]] == max(found["drifts"])
    app.selectbox(key="compare-layer").set_value("conv2d").run()
    assert shown[-1][0]["layer"] == "conv2d" and is_whole(app)


def test_without_another_training_that_is_said(compare, shown):
    app = compare(**{"with": "run"})
    assert not app.exception and "no other trained network" in app.info[0].value


def test_another_training_stands_beside_it(open_page, at_trained_run, here, shown, monkeypatch):
    # The same run as another one: nothing else is trained in this workspace.
    monkeypatch.setattr("ui.inside.compare_models.is_another", lambda one, run: True)
    app = open_page("feature_maps", run=at_trained_run.name)
    app.query_params["view"], app.query_params["with"] = "compare", f"run:{at_trained_run.name}"
    app.run()
    assert is_whole(app) and "layers can be compared" in words(app)
    assert shown[-1][0]["sides"][0]["map"] == shown[-1][0]["sides"][1]["map"]


@pytest.mark.parametrize(
    "address",
    ["magic", "copy:nothing,x", "copy:rotation,99", "photo:none", "epoch:8-2", "epoch:x-y"],
)
def test_an_address_from_elsewhere_falls_back(compare, shown, address):
    app = compare(**{"with": address, "layer": "none", "map": "9999", "order": "up"})
    assert is_whole(app) and shown


def test_an_engine_that_fails_is_told(compare, shown, monkeypatch):
    class Broken:
        def call(self, *arguments, **named):
            raise LoupeError("The model is out of reach.")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = compare()
    assert "The model is out of reach." in app.error[0].value and not app.exception
