"""The facts about backbones, compared with what Keras builds."""

import json

import keras
import numpy as np
import pytest
from keras.src.utils import file_utils
from pydantic import ValidationError

from core.errors import LoupeError
from core.inspection.layers import layer_outputs
from core.inspection.pixel import way_of
from core.models.backbones import FAMILIES, Backbone
from core.models.shapes import trace
from core.models.transfer import (
    block_names,
    build_backbone,
    build_head,
    describe_blocks,
    join,
    picture_to_features,
    unfreeze,
)
from core.models.weights import weights_files
from core.training.recipes import Recipe, apply_overrides, get_recipe, list_recipes

TINY = {"name": "tiny", "backbone": "mobilenet-v2", "width": 0.35, "weights": "random"}


@pytest.mark.parametrize("name", FAMILIES)
def test_blocks_and_weights_file_are_those_of_keras(name, monkeypatch):
    family = FAMILIES[name]
    backbone = Backbone(name=name, backbone=name, width=family.widths[0])
    own, asked = family.sides[0], []
    monkeypatch.setattr(file_utils, "get_file", lambda name, url, **_: asked.append((name, url)))
    monkeypatch.setattr(keras.Model, "load_weights", lambda *_, **__: None)
    options = {"alpha": backbone.width} if len(family.widths) > 1 else {}
    model = getattr(keras.applications, family.builder)(
        include_top=False, input_shape=(own, own, 3), pooling="avg", **options
    )
    file = weights_files(backbone, (own, own))[0]
    assert asked == [(file.name, file.url)]
    assert describe_blocks(model, backbone) == list(backbone.blocks)
    # What is frozen and what learns are parted by a single number in the code that is shown.
    order = [block.name for block in backbone.blocks]
    places = [order.index(block) for block in block_names(model, backbone)]
    assert places == sorted(places)
    assert model.count_params() == sum(block.parameters for block in backbone.blocks)
    assert model.output_shape == (None, backbone.features)
    late = backbone.model_copy(update={"unfreeze_from": backbone.blocks[-2].name})
    assert unfreeze(model, late) > 0
    # A layer of a kind that Look inside cannot explain would have its name here.
    parts = [entry.layer for entry in layer_outputs(model, with_operations=True)]
    assert {type(part).__name__ for part in parts if way_of(part) is None} == set()


@pytest.mark.parametrize(("name", "size"), [("mobilenet-v2", (97, 64)), ("inception-v3", (99, 76))])
def test_the_shapes_of_any_size_are_those_of_keras(name, size):
    width = FAMILIES[name].widths[0]
    backbone = Backbone(name="any", backbone=name, width=width, weights="random")
    model = build_backbone(backbone, size, None)
    last = {}
    for layer, block in zip(model.layers, block_names(model, backbone), strict=True):
        if len(layer.output.shape) == 4:
            last[block] = tuple(layer.output.shape[1:])
    rows = {row.name: row for row in trace(backbone, (*size, 3), 5)}
    assert {name: rows[name].output_shape for name in last} == last
    assert rows["output"].parameters == (backbone.features + 1) * 5


def test_a_whole_model_takes_raw_pixels_of_grey_photos_and_a_thousand_classes():
    backbone = Backbone(**TINY, hidden=7)
    network = build_backbone(backbone, (32, 40), None)
    again = build_backbone(backbone, (32, 40), None)
    assert np.array_equal(network.get_weights()[0], again.get_weights()[0])
    grey = picture_to_features(network, backbone, 1)
    colour = picture_to_features(network, backbone, 3)
    picture = np.random.default_rng(0).integers(0, 256, (2, 32, 40, 1), np.uint8)
    seen = np.asarray(grey(picture.astype("float32")))
    wide = np.asarray(colour(np.repeat(picture, 3, axis=3).astype("float32")))
    assert seen == pytest.approx(wide, abs=1e-5)
    scaled = network(np.repeat(picture, 3, axis=3) / 127.5 - 1, training=False)
    assert seen == pytest.approx(np.asarray(scaled), abs=1e-4)
    whole = join(grey, build_head(backbone, 1000), "whole")
    answers = np.asarray(whole(picture.astype("float32")))
    assert answers.shape == (2, 1000)
    assert answers.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_features_of_equal_length_answer_the_same_however_strong_they_are():
    seen = np.random.default_rng(0).random((3, 1280)).astype("float32")
    for equal in (False, True):
        backbone = Backbone(**TINY, unit_length=equal)
        head = build_head(backbone, 4)
        weights = np.random.default_rng(1).normal(size=(1280, 4)).astype("float32")
        head.set_weights([weights, np.zeros(4, "float32")])
        answers, louder = (np.asarray(head(value, training=False)) for value in (seen, 3 * seen))
        assert (louder == pytest.approx(answers, abs=1e-4)) == equal
        names = [row.name for row in trace(backbone, (32, 32, 3), 4)]
        assert ("unit_length" in names) == equal


def test_unfreezing_begins_at_a_block_and_spares_batch_normalisation():
    backbone = Backbone(**TINY, unfreeze_from="block_16")
    network = build_backbone(backbone, (32, 32), None)
    assert network.trainable_weights == []
    count = unfreeze(network, backbone)
    learning = {weight.path.split("/")[-2] for weight in network.trainable_weights}
    assert learning == {"block_16_expand", "block_16_depthwise", "block_16_project", "Conv_1"}
    assert 0 < count < sum(block.parameters for block in backbone.blocks[-2:])


def test_pictures_that_are_too_small_and_blocks_that_do_not_exist_are_refused():
    inception = get_recipe("inception-v3").architecture
    with pytest.raises(LoupeError, match="75 × 75 pixels and more; these are 64 × 64"):
        trace(inception, (64, 64, 3), 2)
    with pytest.raises(ValidationError, match="block_16"):
        Backbone(**TINY, unfreeze_from="block_99")
    with pytest.raises(ValidationError, match=r"widths 0.35, 0.5"):
        Backbone(**TINY | {"width": 0.4})


def test_every_shipped_backbone_recipe_fits_its_own_picture():
    shipped = [recipe for recipe in list_recipes() if isinstance(recipe.architecture, Backbone)]
    used = {recipe.architecture.backbone for recipe in shipped}
    assert used == set(FAMILIES)
    for recipe in shipped:
        rows = trace(recipe.architecture, recipe.picture.shape, 3)
        assert rows[-1].output_shape == (3,)


def test_the_bears_recipe_is_the_tutorial():
    recipe = get_recipe("bears")
    backbone, training = recipe.architecture, recipe.training
    assert (backbone.backbone, backbone.unfreeze_from) == ("inception-v3", None)
    assert recipe.picture.image_size == (299, 299)
    assert (training.optimizer, training.learning_rate) == ("adam", 0.001)
    assert (training.epochs, training.batch_size) == (10, 40)
    steps = {step.kind: step for step in recipe.augmentation.steps}
    assert steps["zoom"].fraction == 0.2 and "horizontal_flip" in steps


def test_recipes_of_layers_are_read_as_ever_and_both_kinds_survive_json():
    for name in ("small-cnn", "mobilenet-v2"):
        recipe = get_recipe(name)
        assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    older = json.loads(get_recipe("mobilenet-v2").model_dump_json())
    del older["architecture"]["unit_length"]
    assert not Recipe.model_validate(older).architecture.unit_length
    data = json.loads(get_recipe("small-cnn").model_dump_json())
    data["architecture"]["layers"][0]["kind"] = "code"
    with pytest.raises(ValidationError):
        Recipe.model_validate(data)


def test_a_command_line_can_set_what_a_backbone_has():
    recipe = apply_overrides(
        get_recipe("mobilenet-v2"),
        {"variants": "3", "unfreeze_from": "block_13", "architecture.width": "0.35"},
    )
    backbone = recipe.architecture
    assert (backbone.variants, backbone.unfreeze_from, backbone.width) == (3, "block_13", 0.35)
    with pytest.raises(LoupeError, match="architecture.variants does not fit"):
        apply_overrides(recipe, {"variants": "-1"})
    with pytest.raises(LoupeError, match="no field 'variants'"):
        apply_overrides(get_recipe("small-cnn"), {"variants": "1"})
