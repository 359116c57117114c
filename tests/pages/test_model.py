from core.datasets.manifest import open_dataset
from core.models.architecture import Architecture
from core.models.shapes import trace
from core.training.recipes import get_recipe
from core.workspace import read_json
from ui import diagrams, model_choice


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def labels(app):
    return [button.label for button in app.main.button]


def test_without_photos_it_says_what_to_do_and_shows_the_networks(open_page, workspace):
    app = open_page("model")
    assert app.title[0].value == "Model"
    assert {"Bring your photos", "Play the demo"} <= {
        *labels(app),
        *(link.proto.label for link in app.main.get("page_link")),
    }
    assert "conv2d" in html(app) and not app.exception
    app.selectbox[-1].set_value(get_recipe("mobilenet-v2").title).run()
    assert "block_15" in html(app) and not app.exception


def test_it_shows_every_layer_with_its_arithmetic(open_page, shapes):
    app = open_page("model", view="table")
    page = html(app)
    recipe = get_recipe("small-cnn")
    rows = trace(recipe.architecture, recipe.picture.shape, num_classes=2)
    for row in rows:
        assert f"<code>{row.name}</code>" in page
        assert row.arithmetic in page
    weights = f"{sum(row.parameters for row in rows):,}"
    assert weights in html(open_page("model"))
    assert not app.exception and not app.error


def test_looking_changes_nothing(open_page, shapes):
    open_page("model")
    assert not (shapes.datasets / "shapes" / "model.json").exists()


def test_the_chosen_network_is_kept_beside_the_photos(open_page, shapes):
    app = open_page("model")
    app.button(key="choose-butterflies").click().run()
    assert read_json(shapes.datasets / "shapes" / "model.json")["recipe"] == "butterflies"
    assert app.button(key="choose-butterflies").disabled
    assert not app.button(key="choose-small-cnn").disabled
    again = open_page("model")
    assert again.button(key="choose-butterflies").disabled


def test_the_chosen_picture_goes_to_training(open_page, shapes):
    app = open_page("model")
    app.select_slider(key="picture-shapes-small-cnn.image_size").set_value("96 × 96").run()
    app.button_group(key="picture-shapes-small-cnn.Colour").set_value("grayscale").run()
    picture = model_choice.recipe_to_train("shapes").picture
    assert (picture.image_size, picture.color_mode) == ((96, 96), "grayscale")
    assert "96 × 96 × 1" in html(open_page("model", view="table"))


def test_a_picture_too_small_for_the_network_is_told(open_page, shapes):
    """The butterfly network halves a picture before its second layer: three pixels are too few."""
    spec = get_recipe("butterflies").picture.model_copy(update={"image_size": (3, 3)})
    model_choice.keep_choice("shapes", model_choice.ModelChoice(recipe="butterflies", picture=spec))
    app = open_page("model")
    assert "Layer “Convolution 2”" in app.error[0].value
    assert "larger pictures" in app.error[0].value
    assert not app.exception
    app.button(key="nearest-size-shapes").click().run()
    assert not app.error and not app.exception
    size = model_choice.kept_choice("shapes").picture.image_size
    assert size[0] > 3 and any(f"{size[0]} × {size[1]}" in b.value for b in app.select_slider)


def test_a_draft_that_another_size_would_make_work_is_said_with_that_size(open_page, shapes):
    """Windows of 16 leave two pixels of 32, too few for a kernel of 3."""
    pooled = {"kind": "max_pooling2d", "pool_size": 16, "strides": 16}
    layers = [pooled, {"kind": "conv2d", "kernel_size": 3, "padding": "valid"},
              {"kind": "global_average_pooling2d"}, {"kind": "output"}]  # fmt: skip
    drafted = Architecture.model_validate({"name": "deep", "layers": layers})
    choice = model_choice.default_choice("small-cnn")
    picture = choice.picture.model_copy(update={"image_size": (32, 32)})
    model_choice.keep_choice("shapes", choice.model_copy(update={"picture": picture}))
    model_choice.keep_layers("shapes", drafted, 2)
    assert model_choice.kept_choice("shapes").draft == drafted
    for page in ("training", "model"):
        app = open_page(page)
        assert any("last of your networks that works" in one.value for one in app.warning)
    app.button(key="nearest-size-shapes").click().run()
    kept = model_choice.kept_choice("shapes")
    assert (kept.picture.image_size, kept.draft) == ((48, 48), None)
    assert kept.architecture == drafted and not app.warning


def test_a_damaged_choice_falls_back_to_the_first(open_page, shapes):
    (shapes.datasets / "shapes" / "model.json").write_text('{"recipe": "gone", "picture": 3}')
    assert model_choice.kept_choice("shapes").recipe == "small-cnn"
    assert not open_page("model").exception


def test_the_drawing_has_a_block_for_every_layer_that_changes_the_shape(shapes):
    recipe, names = get_recipe("butterflies"), open_dataset(shapes, "shapes").class_names
    rows = trace(recipe.architecture, recipe.picture.shape, len(names))
    svg = diagrams.network_svg(rows, recipe.picture.shape)
    changing = [row for row in rows if diagrams.family(row.kind)]
    assert svg.count("<g>") == 1 + len(changing)
    assert "75 × 75 × 3" in svg and svg.count(">answer<") == 1
