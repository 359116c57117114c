"""The Model page and the start of a training with networks that have learnt from photos."""

import pytest

from core.models import weights
from core.models.backbones import Backbone
from core.models.weights import weights_files
from core.training.recipes import get_recipe
from ui import backbone_view, model_choice
from ui.settings.choice import recipe_with_settings


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def words(app):
    return " ".join(part.value for part in [*app.info, *app.caption, *app.markdown])


def downloads(app):
    return [one.proto.label for one in app.main.get("download_button")]


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """An empty home of Keras, without a connection."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(weights, "BASE_URL", "http://127.0.0.1:9/none")
    return tmp_path / "keras"


def take(name):
    model_choice.keep_choice("shapes", model_choice.default_choice(name))


def test_a_backbone_shows_what_is_frozen_and_what_is_missing(open_page, shapes, keras_home):
    take("mobilenet-v2")
    app = open_page("model")
    page = html(app)
    backbone = get_recipe("mobilenet-v2").architecture
    assert page.count("class='frozen ") == len(backbone.blocks) == 19
    assert f"{2 * 1281:,} learn, all in the new head" in page
    file = weights_files(backbone, (224, 224))[0]
    assert file.name in words(app) and str(keras_home / "models") in words(app)
    assert "48 photos once: about" in words(app)
    table = html(open_page("model", view="table"))
    assert table.count("convolutions that belong together") == 1
    assert not app.exception and not app.error


def test_the_code_follows_what_was_set_of_a_backbone(open_page, shapes, keras_home):
    take("mobilenet-v2")
    app = open_page("model", view="code")
    assert "keras.applications.MobileNetV2(" in app.code[0].value
    assert "base.trainable = True" not in app.code[0].value
    app.selectbox(key="backbone-shapes-mobilenet-v2.unfreeze_from").set_value("block_15").run()
    app.button_group(key="picture-shapes-mobilenet-v2.Colour").set_value("grayscale").run()
    assert "from block_15 on" in app.code[0].value and "three_channels" in app.code[0].value
    assert downloads(app) == ["Download code"]
    assert not app.exception and not app.error
    assert downloads(open_page("model")) == ["Download drawing"]
    table = html(open_page("model", view="table"))
    assert "<code>block_15</code>" in table and "320 × 320 × 1" in table


def test_there_is_a_way_back_to_the_size_of_the_recipe(open_page, shapes, keras_home):
    take("mobilenet-v2")
    app, key = open_page("model"), "picture-shapes-mobilenet-v2.image_size"
    for side in (224, 320):
        app.select_slider(key=key).set_value(f"{side} × {side}").run()
        assert model_choice.kept_choice("shapes").picture.image_size == (side, side)
    assert not app.exception


def test_unfrozen_blocks_and_copies_are_kept_for_the_training(open_page, shapes, keras_home):
    take("mobilenet-v2")
    app = open_page("model")
    app.selectbox(key="backbone-shapes-mobilenet-v2.unfreeze_from").set_value("block_15").run()
    app.slider(key="backbone-shapes-mobilenet-v2.variants").set_value(2).run()
    assert html(app).count("class='learns ") == 4
    assert "and 68 varied copies once" in words(app) and "rounds planned: 5" in words(app)
    chosen = model_choice.recipe_to_train("shapes").architecture
    assert (chosen.unfreeze_from, chosen.variants) == ("block_15", 2)
    assert "2 copies of each photo while it is frozen" in html(open_page("training"))


def test_a_training_whose_weights_are_missing_is_refused_before_it_starts(
    open_page, shapes, keras_home
):
    take("convnext-tiny")
    app = open_page("training")
    app.button(key="train-shapes-convnext-tiny.start").click().run()
    assert "convnext_tiny_notop.h5" in app.error[0].value
    assert str(keras_home / "models") in app.error[0].value
    assert not list(shapes.runs.iterdir()) and not app.exception


def test_pictures_too_small_for_a_backbone_are_told(open_page, shapes, keras_home):
    take("inception-v3")
    app = open_page("model")
    app.select_slider(key="picture-shapes-inception-v3.image_size").set_value("64 × 64").run()
    assert "75 × 75 pixels and more" in app.error[0].value and not app.exception


def test_choose_for_me_says_why_and_keeps_its_choice(open_page, shapes, keras_home):
    app = open_page("model")
    app.button(key="choose-for-me-shapes.go").click().run()
    assert "was chosen" in words(app) and "weights on this computer" in words(app)
    assert model_choice.kept_choice("shapes").recipe == "small-cnn"
    assert model_choice.kept_choice("shapes").picture.image_size == (28, 28)
    assert recipe_with_settings("shapes").training.budget_seconds == 300
    assert not app.exception and not app.error
    length = next(
        one for one in open_page("training").button_group if str(one.key).endswith("length")
    )
    assert "5 min" in str(length.value)
    # Another network is chosen by hand: the reasons were not for that one.
    app.button(key="choose-butterflies").click().run()
    assert "was chosen" not in words(app)


def test_choose_for_me_lets_own_layers_be_brought_back(open_page, shapes, keras_home):
    take("butterflies")
    layers = get_recipe("resnet").architecture
    model_choice.keep_layers("shapes", layers, 2)
    app = open_page("model")
    app.button(key="choose-for-me-shapes.go").click().run()
    assert model_choice.kept_choice("shapes").architecture is None
    app.button(key="bench-shapes-undo").click().run()
    assert model_choice.kept_choice("shapes").architecture == layers


def test_the_strip_says_in_words_what_it_shows():
    backbone = Backbone(name="x", backbone="mobilenet-v3-small", unfreeze_from="top")
    strip = backbone_view.strip_html(backbone, 3)
    assert "Learning: top, the new head." in strip
    assert f"{939_120 - 57_600:,} weights stay as they are" in strip
    assert f"{57_600 + 577 * 3:,} learn, {577 * 3:,} of them in the new head." in strip
