"""The code that Loupe shows for pretrained networks is run, and compared with our own model."""

import numpy as np
import pytest

from core.errors import LoupeError
from core.models.backbones import FAMILIES, Backbone
from core.models.keras_code import keras_code
from core.models.transfer import backbone_of, build_whole, unfreeze

NET = "mobilenet-v2"
HEAVY = [name for name in FAMILIES if name != NET]


def run(code):
    """The code's model, without fetching what it has learnt."""
    names = {}
    assert 'weights="imagenet"' in code
    exec(code.replace('weights="imagenet"', "weights=None"), names)
    return names["model"]


def looks(model):
    return [
        (type(part), part.output.shape, part.count_params(), part.trainable)
        for layer in model.layers
        for part in getattr(layer, "layers", [layer])
    ]


def outer(model):
    """What stands before and after the backbone, to the last setting."""
    return [
        layer.name if hasattr(layer, "layers") else layer.get_config() for layer in model.layers
    ]


def assert_same(backbone, shape, num_classes=3):
    code = keras_code(backbone, shape, num_classes)
    theirs, ours = run(code), build_whole(backbone, shape, num_classes, None)
    if backbone.unfreeze_from:
        unfreeze(backbone_of(ours), backbone)
    assert looks(theirs) == looks(ours)
    assert outer(theirs) == outer(ours)
    assert theirs.name == ours.name
    assert theirs.count_params() == ours.count_params()
    counts = [
        sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
        for model in (theirs, ours)
    ]
    assert counts[0] == counts[1] > 0
    generator = np.random.default_rng(0)
    for layer in ours.layers[-2:]:  # a head of zeros would answer the same to everything
        layer.set_weights([generator.normal(0, 0.2, w.shape) for w in layer.get_weights()])
    theirs.set_weights(ours.get_weights())
    pictures = generator.integers(0, 256, (2, *shape)).astype("float32")
    answers = np.asarray(ours(pictures, training=False))
    assert np.ptp(answers, axis=1).min() > 1e-3
    np.testing.assert_allclose(theirs(pictures, training=False), answers, atol=1e-5)
    return code


@pytest.mark.parametrize(
    ("channels", "block", "hidden"),
    [(3, None, 0), (1, None, 5), (3, "block_16", 5), (1, "block_16", 0)],
)
def test_the_code_of_a_backbone_builds_the_same_model(channels, block, hidden):
    backbone = Backbone(
        name=NET,
        backbone=NET,
        width=0.35,
        hidden=hidden,
        unit_length=channels == 1,
        unfreeze_from=block,
    )
    code = assert_same(backbone, (32, 40, channels))
    assert max(map(len, code.splitlines())) <= 88
    assert ("zeros" in code) == (hidden == 0)


@pytest.mark.parametrize("name", HEAVY)
def test_the_code_of_every_family_builds_the_same_model(name):
    family = FAMILIES[name]
    late = Backbone(name=name, backbone=name, width=family.widths[0]).blocks[-2].name
    backbone = Backbone(
        name=name, backbone=name, width=family.widths[0], unfreeze_from=late, unit_length=True
    )
    assert_same(backbone, (family.sides[1], family.sides[1], 3))


def test_a_network_that_has_learnt_nothing_begins_with_the_very_same_weights():
    backbone = Backbone(name=NET, backbone=NET, width=0.35, weights="random")
    code, names = keras_code(backbone, (32, 32, 3), 2), {}
    exec(code, names)
    ours = build_whole(backbone, (32, 32, 3), 2, None)
    weights = zip(names["base"].get_weights(), backbone_of(ours).get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in weights)


def test_code_for_pictures_that_are_too_small_is_refused():
    with pytest.raises(LoupeError, match="32 × 32 pixels and more"):
        keras_code(Backbone(name=NET, backbone=NET), (20, 20, 3), 2)
