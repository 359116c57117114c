"""The tutorials' networks, layer by layer, against the figures their authors give."""

import pytest

from core.models.shapes import trace
from core.training.recipes import get_recipe, list_recipes

TUTORIALS = {
    # The summary in the author's own notebook (github.com/Gal-Gilor/The_Linnaeus_Bot).
    "dragonflies": [
        ((254, 254, 32), 320),
        ((252, 252, 32), 9_248),
        ((126, 126, 32), 0),
        ((126, 126, 32), 0),
        ((124, 124, 64), 18_496),
        ((122, 122, 64), 36_928),
        ((61, 61, 64), 0),
        ((61, 61, 64), 0),
        ((59, 59, 128), 73_856),
        ((57, 57, 128), 147_584),
        ((28, 28, 128), 0),
        ((28, 28, 128), 0),
        ((100_352,), 0),
        ((128,), 12_845_184),
        ((128,), 0),
        ((128,), 16_512),
        ((128,), 0),
        ((2,), 258),
    ],
    # 32 maps of 30 × 30 and then of 15 × 15, says the text; 1,024 units before ten answers.
    "cifar10-grey": [
        ((30, 30, 32), 3 * 3 * 32 + 32),
        ((15, 15, 32), 0),
        ((7_200,), 0),
        ((1_024,), 7_200 * 1_024 + 1_024),
        ((10,), 10_250),
    ],
    "cifar10-colour": [
        ((30, 30, 32), 3 * 3 * 3 * 32 + 32),
        ((15, 15, 32), 0),
        ((15, 15, 32), 0),
        ((7_200,), 0),
        ((1_024,), 7_200 * 1_024 + 1_024),
        ((1_024,), 0),
        ((10,), 10_250),
    ],
    # Five convolutions of 16 to 256 filters that keep the size, halved each time.
    "dragonflies-light": [
        ((256, 256, 16), 160),
        ((128, 128, 16), 0),
        ((128, 128, 32), 4_640),
        ((64, 64, 32), 0),
        ((64, 64, 64), 18_496),
        ((32, 32, 64), 0),
        ((32, 32, 128), 73_856),
        ((16, 16, 128), 0),
        ((16, 16, 256), 295_168),
        ((8, 8, 256), 0),
        ((16_384,), 0),
        ((128,), 2_097_280),
        ((128,), 0),
        ((64,), 8_256),
        ((64,), 0),
        ((2,), 130),
    ],
    # 75 × 75, padded: 75; pooled: 37; not padded: 36; pooled: 18.
    "butterflies": [
        ((75, 75, 32), 2 * 2 * 3 * 32 + 32),
        ((75, 75, 32), 0),
        ((37, 37, 32), 0),
        ((36, 36, 64), 2 * 2 * 32 * 64 + 64),
        ((36, 36, 64), 0),
        ((18, 18, 64), 0),
        ((20_736,), 0),
        ((64,), 20_736 * 64 + 64),
        ((64,), 0),
        ((64,), 0),
        ((1,), 65),
    ],
}
CLASSES = {"cifar10-grey": 10, "cifar10-colour": 10}


@pytest.mark.parametrize("name", TUTORIALS)
def test_every_layer_is_the_authors(name):
    recipe = get_recipe(name)
    rows = trace(recipe.architecture, recipe.picture.shape, CLASSES.get(name, 2))[1:]
    assert [(row.output_shape, row.parameters) for row in rows] == TUTORIALS[name]


def test_the_dragonfly_network_has_as_many_weights_as_its_author_counted():
    recipe = get_recipe("dragonflies")
    rows = trace(recipe.architecture, (256, 256, 1), 2)
    assert sum(row.parameters for row in rows) == 13_148_386
    rates = [layer.rate for layer in recipe.architecture.layers if layer.kind == "dropout"]
    assert rates == [0.4] * 5


def test_settings_are_the_tutorials():
    light, grey = get_recipe("dragonflies-light"), get_recipe("cifar10-grey")
    assert (light.training.optimizer, light.training.learning_rate) == ("adam", 0.0005)
    assert (light.training.epochs, light.training.batch_size) == (40, 16)
    assert (grey.training.optimizer, grey.training.learning_rate) == ("adam", 0.001)
    assert (grey.training.epochs, grey.training.batch_size) == (3, 32)
    for small in (grey, get_recipe("cifar10-colour")):
        assert (small.training.schedule, small.training.decay) == ("inverse-time", 1e-6)
    assert not grey.augmentation.steps and grey.picture.color_mode == "grayscale"
    assert get_recipe("dragonflies").picture.shape == (256, 256, 1)
    assert get_recipe("cifar10-colour").picture.shape == (32, 32, 3)
    mirrored = get_recipe("dragonflies").augmentation
    assert [(step.kind, step.probability) for step in mirrored.steps] == [("horizontal_flip", 0.5)]


def test_more_dropout_is_the_only_thing_that_sets_the_two_butterflies_apart():
    plain, more = (get_recipe(name) for name in ("butterflies", "butterflies-dropout"))
    assert (plain.picture, plain.augmentation, plain.training) == (
        more.picture,
        more.augmentation,
        more.training,
    )

    def without_dropout(recipe):
        return [layer for layer in recipe.architecture.layers if layer.kind != "dropout"]

    def dropout(recipe):
        return [layer.rate for layer in recipe.architecture.layers if layer.kind == "dropout"]

    assert without_dropout(plain) == without_dropout(more)
    assert len(dropout(more)) > len(dropout(plain)) and max(dropout(more)) > max(dropout(plain))


def test_the_residual_network_has_shortcuts_that_change_the_shape_where_it_changes():
    recipe = get_recipe("resnet")
    rows = trace(recipe.architecture, recipe.picture.shape, 3)
    sums = [row for row in rows if row.kind == "residual_block"]
    assert len(sums) == 6
    changed = [row.name for row in rows if row.name.endswith("_shortcut")]
    assert changed == ["residual_block_2_shortcut", "residual_block_4_shortcut"]


def test_each_recipe_lies_in_the_file_that_bears_its_name():
    names = [recipe.name for recipe in list_recipes()]
    assert names == sorted(names) and len(names) == len(set(names))
    assert all(get_recipe(name).architecture.name == name for name in TUTORIALS)
