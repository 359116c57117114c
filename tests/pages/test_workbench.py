"""The workbench on the model page: layers are added, changed, refused, undone, saved, trained."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from core.models import edits, saved
from core.models.architecture import Architecture
from core.models.architecture_json import write_architecture
from core.models.layers import LAYER_KINDS, Conv2D, GlobalAveragePooling2D, Output
from core.models.shapes import survey, trace
from core.training.pace import Pace, keep_pace
from core.training.recipes import get_recipe
from ui import model_choice, network_plan, numbers_in_words
from ui.settings.choice import keep_settings
from ui.workbench import cards
from ui.workbench.bench import Bench
from ui.workbench.draft import Draft
from ui.workbench.words import settings

KEY = "bench-shapes"
SMALL = get_recipe("small-cnn").architecture
TRAINING = get_recipe("small-cnn").training


@pytest.fixture
def open_bench(open_page, shapes):
    """`open_bench("code", layer="conv2d_1")`: the model page in one of the bench's views."""

    def open_it(view="layers", **address):
        app = open_page("model", view=view, **address)
        assert not app.exception
        return app

    return open_it


def kept():
    choice = model_choice.kept_choice("shapes")
    return choice.draft or choice.architecture


def press(app, name):
    app.button(key=f"{KEY}-{name}").click().run()
    assert not app.exception
    return app


def open_toggle(app):
    return next(one for one in app.toggle if str(one.key).startswith(f"{KEY}-open-size"))


def leave_open(app, chosen):
    open_toggle(app).set_value(chosen).run()
    assert not app.exception
    return app


def form(app, kind, field, place="0"):
    """The widget of a field of the open layer."""
    wanted = f"-{place}-{kind}.{field}"
    widgets = [*app.number_input, *app.slider, *app.button_group, *app.selectbox, *app.toggle]
    return next(one for one in widgets if str(one.key).endswith(wanted))


def test_a_layer_is_added_after_the_open_one_and_goes_into_the_next_training(open_bench):
    app = press(open_bench(layer="activation"), "add-dropout")
    kinds = [layer.kind for layer in kept().layers]
    assert kinds[:5] == ["conv2d", "max_pooling2d", "batch_normalization", "activation", "dropout"]
    assert app.query_params["layer"] == "dropout"
    recipe = model_choice.recipe_to_train("shapes")
    assert recipe.architecture == kept() and "changed" in recipe.title
    assert any("with your changes" in caption.value for caption in app.caption)
    press(app, "restart_alt")
    assert kept() is None
    assert model_choice.recipe_to_train("shapes").architecture == SMALL


def test_the_palette_has_every_layer_but_the_answer(open_bench):
    app = open_bench(layer="batch_normalization")
    offered = {button.key for button in app.main.button if "-add-" in str(button.key)}
    assert offered == {f"{KEY}-add-{kind}" for kind in LAYER_KINDS if kind != "output"}
    press(app, "add-residual_block")
    assert kept().layers[3].kind == "residual_block"
    app.query_params["layer"] = "batch_normalization_1"
    app.run()
    press(app, "add-dropout")
    assert [layer.kind for layer in kept().layers[3].layers][2] == "dropout"
    press(app, "add-flatten")
    assert kept().layers[4].kind == "flatten"


def test_a_changed_field_changes_the_figures_and_can_be_undone_and_redone(open_bench):
    app = open_bench(layer="conv2d")
    form(app, "conv2d", "filters").set_value(7).run()
    assert kept().layers[0].filters == 7
    page = " ".join(str(part.proto.body) for part in app.main.get("html"))
    weights = sum(row.parameters for row in trace(kept(), (64, 64, 3), 2))
    assert f"{weights:,}" in page and "32 × 32 × 7" in page
    press(app, "undo")
    assert kept() is None and form(app, "conv2d", "filters").value == 32
    press(app, "redo")
    assert kept().layers[0].filters == 7 and form(app, "conv2d", "filters").value == 7


def test_an_impossible_layer_is_refused_in_words_and_repaired_by_a_button(open_bench):
    app = open_bench(layer="max_pooling2d_2")
    form(app, "max_pooling2d", "pool_size", "12").set_value(16).run()
    said = " ".join(error.value for error in app.error)
    assert "Layer “Max pooling 3”" in said and "max_pooling" not in said
    assert "its window of 16 × 16 is larger than the 8 × 8 maps" in said
    assert kept().layers[12].pool_size == 16
    assert any("last of your networks that works" in caption.value for caption in app.caption)
    assert model_choice.recipe_to_train("shapes").architecture == SMALL
    assert "Window: use 8" in [button.label for button in app.main.button]
    press(app, "repair")
    assert kept().layers[12].pool_size == 8 and not app.error
    assert model_choice.recipe_to_train("shapes").architecture.layers[12].pool_size == 8


def test_what_cannot_work_yet_is_still_there_after_coming_back(open_bench):
    app = press(open_bench(layer="conv2d"), "add-flatten")
    assert app.error
    again = open_bench()
    assert kept().layers[1].kind == "flatten" and again.error
    press(again, "visibility")
    assert again.query_params["layer"] == "max_pooling2d"
    assert open_bench("plan").error and open_bench("code").error


def test_another_recipe_comes_with_its_own_layers_and_undo_brings_ones_own_back(open_bench):
    app = press(open_bench(layer="conv2d"), "add-dropout")
    own = kept()
    app.button(key="choose-butterflies").click().run()
    assert kept() is None
    press(app, "undo")
    assert kept() == own and model_choice.kept_choice("shapes").recipe == "butterflies"
    press(app, "from-Residual network")
    assert kept() == get_recipe("resnet").architecture


def test_the_code_follows_the_layers_and_their_open_size(open_bench):
    app = open_bench("code")
    assert 'name="conv2d_3"' in app.code[0].value
    assert "(64, 64, 3)" in app.code[0].value
    leave_open(open_bench(), True)
    assert kept().open_size and model_choice.recipe_to_train("shapes").architecture.open_size
    assert "(None, None, 3)" in open_bench("code").code[0].value


def test_an_open_size_is_offered_where_the_layers_allow_it_else_says_who_forbids_it(open_bench):
    app = leave_open(open_bench(), True)
    assert any("asked about any size from" in caption.value for caption in app.caption)
    press(app, "undo")
    assert kept() is None and not open_toggle(app).value
    app = press(app, f"from-{get_recipe('butterflies').title}")
    assert open_toggle(app).disabled
    assert any("“Flatten” lays all maps out" in caption.value for caption in app.caption)


def test_a_layer_that_forbids_the_open_size_is_refused_at_its_card_and_mended(open_bench):
    app = leave_open(open_bench(layer="global_average_pooling2d"), True)
    app.button(key=f"{KEY}-add-flatten").click().run()
    assert kept().open_size and not app.error
    first = get_recipe("butterflies").architecture.model_copy(update={"open_size": True})
    model_choice.keep_layers("shapes", first, 2)
    app = open_bench(layer="flatten")
    assert "cannot be left open. Layer “Flatten”" in app.error[0].value
    assert "Use “Global average” instead" in app.error[0].value
    press(app, "repair")
    assert kept().open_size and "flatten" not in [layer.kind for layer in kept().layers]
    assert not app.error


def test_networks_are_saved_renamed_duplicated_deleted_and_brought_back(open_bench, shapes):
    app = open_bench("saved")
    press(app, "save")
    assert "1 to 60 characters" in app.error[0].value
    app.text_input(key=f"{KEY}-name").input("My *net*")
    press(app, "save")
    app.run()
    assert [one.name for one in saved.list_saved(shapes).values()] == ["My *net*"]
    press(app, "duplicate-my-net")
    app.text_input(key=f"{KEY}-newname-my-net-copy").input("Other")
    press(app, "keep this name-my-net-copy")
    assert [one.name for one in saved.list_saved(shapes).values()] == ["My *net*", "Other"]
    press(app, "delete-other")
    assert list(saved.list_saved(shapes)) == ["my-net"]
    press(app, "undelete")
    assert len(saved.list_saved(shapes)) == 2
    press(app, "open-other")
    assert kept().layers == SMALL.layers


def test_a_saved_network_that_cannot_be_read_is_told_and_left_in_place(open_bench, shapes):
    file = shapes.root / "architectures" / "from-tomorrow" / saved.FILE
    file.parent.mkdir(parents=True)
    file.write_text('{"version": 99}')
    app = open_bench("saved")
    assert "from\\-tomorrow" in app.warning[0].value and "format 99" in app.warning[0].value
    assert file.read_text() == '{"version": 99}'


def test_a_file_from_outside_is_put_on_the_bench_or_refused_in_a_sentence(open_bench):
    app = open_bench("saved")
    app.text_area(key=f"{KEY}-json").input('{"version": 9}')
    press(app, "json-use")
    assert "format 9" in app.error[0].value and kept() is None
    app.text_area(key=f"{KEY}-json").input(write_architecture(get_recipe("resnet").architecture))
    press(app, "json-use")
    assert kept() == get_recipe("resnet").architecture


def test_the_time_per_epoch_is_measured_in_the_engine_and_remembered(open_bench, monkeypatch):
    asked = []

    class Engine:
        def call(self, function, *arguments, timeout):
            asked.append((function, arguments))
            return [0.01, 0.02]

    monkeypatch.setattr("ui.cache.engine", Engine)
    app = open_bench()
    assert not asked
    press(app, "measure")
    ((function, arguments),) = asked
    assert function == "core.training.pace:measure"
    assert arguments[1:] == ((64, 64, 3), 2, TRAINING)
    photos = len(open_photos())
    words = numbers_in_words.time_range(0.01 * photos, 0.02 * photos)
    assert any(words in text.value for text in app.markdown)
    assert any(words in text.value for text in open_bench().markdown) and len(asked) == 1
    keep_settings("shapes", get_recipe("small-cnn"), {"batch_size": 16, "precision": "full"})
    press(open_bench(), "measure")
    _, arguments = asked[1]
    assert (arguments[-1].batch_size, arguments[-1].precision) == (16, "full")


def open_photos():
    from ui import cache

    return cache.dataset("shapes").split("train")


def test_a_hostile_message_from_a_card_changes_nothing(shapes):
    bench = Bench(
        Draft("shapes", 2), get_recipe("small-cnn"), SMALL, get_recipe("small-cnn").picture, 2, 9
    )
    for act in (None, 3, {}, {"do": "remove"}, {"do": "remove", "place": "x"}):
        cards._act(bench, act)
    for place in ("0.7", "-1", "1.1.1", "", "1e9"):
        cards._act(bench, {"do": "remove", "place": place})
        cards._act(bench, {"do": "copy", "place": place})
        cards._act(bench, {"do": "move", "place": "1", "goal": place})
    cards._act(bench, {"do": "format", "place": "1"})
    assert model_choice.kept_choice("shapes").architecture is None


def test_cards_say_shape_sum_weights_memory_and_receptive_field():
    resnet = get_recipe("resnet")
    bench = Bench(Draft("none", 2), resnet, resnet.architecture, resnet.picture, 2, 9)
    first = cards.card(bench, (0,))
    assert first["shape"] == "32 × 32 × 32" and first["sum"] == "1 + (64 + 1 − 3)/2 = 32"
    assert first["figures"] == [
        "864 weights",
        "884,736 multiplications",
        "131 kB",
        "sees 3 × 3, every 2",
    ]
    block = cards.card(bench, (6,))
    inner = [cards.card(bench, (6, at)) for at in range(5)]
    assert block["block"] and block["settings"] == "5 layers with a shortcut · relu"
    assert [card["place"] for card in inner] == ["6.0", "6.1", "6.2", "6.3", "6.4"]
    assert cards.card(bench, (12,))["fixed"]


def test_a_block_with_a_layer_that_cannot_work_waits_for_it_like_all_that_follow():
    resnet = get_recipe("resnet")
    valid = Conv2D(padding="valid")
    layers = edits.replace(resnet.architecture, (4, 0), valid)
    bench = Bench(Draft("none", 2), resnet, layers, resnet.picture, 2, 9)
    broken, block, later = (cards.card(bench, place) for place in ((4, 0), (4,), (5, 1)))
    assert broken["fix"] == "Padding: use same" and broken["shape"] == "14 × 14 × 32"
    assert not block["shape"] and not later["shape"]
    assert block["waiting"] == later["waiting"] == "waits for “Convolution 2”"
    assert broken["title"] == "Convolution 2" and "“Residual block 1”" in broken["problem"]


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_every_layer_has_words_for_its_settings(kind):
    assert isinstance(settings(LAYER_KINDS[kind]()), str)
    assert "_" not in settings(LAYER_KINDS[kind]())


@pytest.mark.parametrize(
    ("kinds", "words", "after"),
    [
        (["conv2d", "dense"], "Put “Global average” before it", "global_average_pooling2d"),
        (["flatten", "max_pooling2d"], "Move it before “Flatten”", "max_pooling2d"),
        (["global_max_pooling2d", "residual_block"], "Move it before “Global", "residual_block"),
    ],
)
def test_a_layer_in_the_wrong_place_is_repaired_as_the_button_says(shapes, kinds, words, after):
    recipe = get_recipe("small-cnn")
    layers = Architecture(name="n", layers=(*(LAYER_KINDS[kind]() for kind in kinds), Output()))
    bench = Bench(Draft("shapes", 2), recipe, layers, recipe.picture, 2, 9)
    assert bench.repair_words.startswith(words)
    bench.repair()
    repaired = [layer.kind for layer in kept().layers]
    assert after in repaired[:2] and survey(kept(), (64, 64, 3), 2).problem is None


def test_too_many_weights_are_told_at_the_heaviest_layer_without_a_button():
    recipe = get_recipe("small-cnn")
    heavy = LAYER_KINDS["dense"](units=8192)
    stack = (LAYER_KINDS["flatten"](), heavy, *[heavy] * 6, Output())
    layers = Architecture(name="n", layers=stack)
    bench = Bench(Draft("none", 2), recipe, layers, recipe.picture, 2, 9)
    assert "weights" in cards.card(bench, (1,))["problem"] and bench.repair_words == ""


def boxes(svg):
    root = ElementTree.fromstring(svg)
    return [node.text for node in root.iter() if node.get("class") == "title"]


@pytest.mark.parametrize("name", ["resnet", "butterflies", "dragonflies"])
def test_the_plan_has_a_box_for_every_layer_and_is_a_file_of_its_own(name):
    recipe = get_recipe(name)
    rows = trace(recipe.architecture, recipe.picture.shape, 2)
    svg = network_plan.plan_svg(recipe.architecture, rows)
    around = [row for row in rows if "_shortcut" in row.name]
    assert len(boxes(svg)) == len(rows) - len(around)
    blocks = sum(row.kind == "residual_block" for row in rows)
    assert svg.count("class='round'") == blocks
    paper = network_plan.on_paper(svg)
    assert "background: #ffffff" in paper and boxes(paper) == boxes(svg)
    shown = [node for node in ElementTree.fromstring(svg).iter() if node.get("class") == "extra"]
    assert shown and not any("…" in node.text for node in shown if node.text)
    said = " ".join(node.text or "" for node in shown)
    assert all(word in said for word in settings(recipe.architecture.layers[0]).split(" · "))


def test_a_hundred_layers_are_folded_or_flow_in_columns():
    block = get_recipe("resnet").architecture.layers[4]
    layers = (Conv2D(), *[block] * 14, GlobalAveragePooling2D(), Output())
    deep = Architecture(name="deep", layers=layers)
    rows = trace(deep, (64, 64, 3), 2)
    assert len(rows) > 100
    folded, whole = (network_plan.plan_svg(deep, rows, fold=fold) for fold in (True, False))
    assert len(boxes(folded)) < 20 and "× 1" in folded
    assert len(boxes(whole)) > 90
    width, height = (int(ElementTree.fromstring(whole).get(side)) for side in ("width", "height"))
    assert height < 2 * width < 6000


def test_times_are_said_as_ranges():
    say = numbers_in_words.time_range
    assert [say(1, 1.4), say(40, 55), say(60, 200), say(5000, 9000), say(0.001, 0.002)] == [
        "1.0 to 1.4 s",
        "40 to 55 s",
        "1.0 to 3.3 min",
        "1.4 to 2.5 h",
        "0.00 s",
    ]


def test_a_pace_that_was_kept_is_shown_at_once_and_guessed_for_a_changed_network(
    open_bench, shapes
):
    keep_pace(shapes, SMALL, (64, 64, 3), 2, TRAINING, Pace(0.1, 0.2))
    app = open_bench(layer="conv2d")
    said = [text.value for text in app.markdown if "per epoch of" in text.value]
    assert said and "Roughly" not in said[0]
    press(app, "add-depthwise_conv2d")
    assert any("Roughly" in text.value for text in app.markdown)


def test_layers_that_were_saved_are_in_the_next_trainings_file(open_bench, shapes):
    press(open_bench(layer="conv2d"), "add-dropout")
    data = json.loads((shapes.datasets / "shapes" / "model.json").read_text())
    assert [layer["kind"] for layer in data["architecture"]["layers"]][:2] == ["conv2d", "dropout"]
