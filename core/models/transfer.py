"""Builds backbones and their heads with Keras: raw pixels in, probabilities out."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.errors import LoupeError, WeightsDamaged
from core.foreign_errors import is_out_of_memory
from core.models.backbones import Backbone, Block
from core.models.keras_layers import head_as_keras, model_name

# Where the layers of a block begin; a layer that fits none belongs to the block at hand.
_BLOCK_NAMES = {
    "mobilenet-v2": r"(block_\d+)_|(expanded_conv)_|(Conv_1)",
    "mobilenet-v3-small": r"(expanded_conv_\d+)_|(expanded_conv)_|(conv_1)",
    "mobilenet-v3-large": r"(expanded_conv_\d+)_|(expanded_conv)_|(conv_1)",
    "efficientnet-v2-b0": r"(block\d+[a-z])_|(top)_",
    "convnext-tiny": r"(stage_\d_block_\d)|(downsampling_block_\d)",
    "resnet50-v2": r"(conv[2-5]_block\d+)_|(post)_",
}
# Layers of this kind shrink with a rim of zeros before them, or drop what does not fit.
_PADDING = {"convnext-tiny": "valid", "inception-v3": "valid"}


def build_backbone(
    backbone: Backbone, image_size: tuple[int, int], weights: Path | None
) -> keras.Model:
    """The frozen network: float32 (N, height, width, 3) to features (N, D).

    Args:
        weights: The weights file; None for random weights, the same ones every time.

    Raises:
        LoupeError: If the pictures are too small, or the file cannot be read.
    """
    backbone.require_size(image_size)
    build = getattr(keras.applications, backbone.family.builder)
    options = {"alpha": backbone.width} if len(backbone.family.widths) > 1 else {}
    with _reading(weights), _same_chance():
        model = build(
            input_shape=(*image_size, 3),
            include_top=False,
            pooling="avg",
            weights=None if weights is None else str(weights),
            **options,
        )
    model.trainable = False
    return model


@contextmanager
def _reading(weights: Path | None) -> Iterator[None]:
    try:
        yield
    except LoupeError:
        raise
    except Exception as error:  # a damaged file provokes whatever h5py and Keras can raise
        if weights is None or is_out_of_memory(error):
            raise
        raise WeightsDamaged(
            f"The weights file {weights.name} is damaged, or belongs to another network.",
            f"Delete {weights} and start again: it is then fetched anew.",
        ) from error


@contextmanager
def _same_chance() -> Iterator[None]:
    """Random weights are the same in every process; other chance goes on as it was."""
    before = random.getstate()  # what Keras draws its seeds from
    keras.utils.set_random_seed(0)
    try:
        yield
    finally:
        random.setstate(before)


def picture_to_features(model: keras.Model, backbone: Backbone, channels: int) -> keras.Model:
    """What `backbone`'s `model` makes of raw pixels: values 0..255, 1 or 3 channels."""
    picture = keras.Input((*model.input_shape[1:3], channels), name="picture")
    value = picture
    if channels == 1:
        value = keras.layers.Concatenate(name="three_channels")([value] * 3)
    if backbone.family.rescale:
        value = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")(value)
    # Batch normalisation keeps the averages it has learnt, also where blocks are unfrozen:
    # F. Chollet, "Transfer learning & fine-tuning", Keras' guide, 2020.
    return keras.Model(picture, model(value, training=False), name="features")


def build_head(backbone: Backbone, num_classes: int) -> keras.Model:
    """The new part: features (N, D) to probabilities (N, num_classes)."""
    features = keras.Input((backbone.features,), name="features")
    value = features
    for name, (class_name, arguments) in head_as_keras(backbone, num_classes):
        value = getattr(keras.layers, class_name)(**arguments, name=name)(value)
    return keras.Model(features, value, name="head")


def join(body: keras.Model, head: keras.Model, name: str) -> keras.Model:
    """The whole model, with the very layers of `body` (`picture_to_features`) and `head`."""
    value = body.output
    for layer in head.layers[1:]:
        value = layer(value)
    return keras.Model(body.input, value, name=model_name(name))


def build_whole(
    backbone: Backbone, input_shape: tuple[int, int, int], num_classes: int, weights: Path | None
) -> keras.Model:
    """Backbone and untrained head as one model that takes raw pixels of `input_shape`."""
    model = build_backbone(backbone, input_shape[:2], weights)
    body = picture_to_features(model, backbone, input_shape[2])
    return join(body, build_head(backbone, num_classes), backbone.name)


def backbone_of(whole: keras.Model) -> keras.Model:
    """The backbone inside `whole`."""
    return next(layer for layer in whole.layers if isinstance(layer, keras.Model))


def unfreeze(model: keras.Model, backbone: Backbone) -> int:
    """Lets the blocks from `backbone.unfreeze_from` on learn, all but their batch normalisation.

    Args:
        model: The backbone itself, see `backbone_of`.

    Returns:
        How many weights learn.
    """
    model.trainable = True
    names = [block.name for block in backbone.blocks]
    for layer, name in zip(model.layers, block_names(model, backbone), strict=True):
        learns = names.index(name) >= backbone.learning_from
        layer.trainable = learns and not isinstance(layer, keras.layers.BatchNormalization)
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def block_names(model: keras.Model, backbone: Backbone) -> list[str]:
    """The block of every layer of the backbone's `model`, in the order of `model.layers`."""
    if backbone.backbone == "inception-v3":
        return _inception_blocks(model)
    pattern, current, names = re.compile(_BLOCK_NAMES[backbone.backbone]), "stem", []
    for layer in model.layers:
        found = pattern.search(layer.name)
        current = _tidy(next(filter(None, found.groups()))) if found else current
        names.append(current)
    return names


def _tidy(name: str) -> str:
    if name.startswith("downsampling"):
        return f"stage_{int(name[-1]) + 1}_block_0"
    return "top" if name.lower() in ("conv_1", "post") else name


def _inception_blocks(model: keras.Model) -> list[str]:
    """Its layers have no names of their own: a block ends where its branches are joined."""
    names, waiting, pools = [], 0, 0
    for layer in model.layers:
        waiting += 1
        pools += isinstance(layer, keras.layers.MaxPooling2D)
        stem = isinstance(layer, keras.layers.MaxPooling2D) and pools == 2
        if stem or re.fullmatch(r"mixed\d+", layer.name):
            names += ["stem" if stem else layer.name] * waiting
            waiting = 0
    return names + [names[-1]] * waiting


def describe_blocks(model: keras.Model, backbone: Backbone) -> list[Block]:
    """The blocks as the built network has them: what `backbone_blocks.json` holds.

    `python -m core.models.transfer` writes that file anew, after an update of Keras.
    """
    before = int(model.input_shape[1])
    names = block_names(model, backbone)
    blocks = []
    for name in dict.fromkeys(names):
        layers = [layer for layer, own in zip(model.layers, names, strict=True) if own == name]
        maps = [layer for layer in layers if len(layer.output.shape) == 4]
        after = int(maps[-1].output.shape[1])
        sides, place = (before, after), (name, names.index(name))
        blocks.append(_block(backbone.backbone, place, layers, maps, sides))
        before = after
    return blocks


def _block(
    backbone_name: str,
    place: tuple[str, int],
    layers: list[Any],
    maps: list[Any],
    sides: tuple[int, int],
) -> Block:
    name, first = place
    parts = [part for layer in layers for part in getattr(layer, "layers", [layer])]
    windows = _windows(parts, _PADDING.get(backbone_name, "same"), name == "stem")
    return Block(
        name,
        sum(1 for part in parts if part.weights),
        sum(int(layer.count_params()) for layer in layers),
        int(maps[-1].output.shape[-1]),
        sum(map(_multiply_adds, parts)),
        windows if sides[0] != sides[1] else (),
        sum(1 for part in parts if "Conv" in type(part).__name__),
        first,
    )


def _windows(parts: list[Any], padding: str, chain: bool) -> tuple[tuple[int, int, str], ...]:
    """What makes the maps smaller: in a chain one after the other, in branches all at once."""
    found = []
    for part in parts:
        stride = getattr(part, "strides", (1, 1))[0]
        window = max(getattr(part, "kernel_size", getattr(part, "pool_size", (1, 1))))
        valid = padding == "valid" and getattr(part, "padding", "same") == "valid" and window > 1
        if stride > 1 or valid:
            found.append((window, stride, padding))
    return tuple(found if chain else found[:1])


def _multiply_adds(layer: Any) -> int:
    kernel = getattr(layer, "kernel", None)
    if kernel is None or not hasattr(kernel, "shape"):
        return 0
    return int(np.prod(kernel.shape)) * int(np.prod(layer.output.shape[1:-1]))


def _write_blocks() -> None:
    import json

    from core.models.backbones import BLOCKS_FILE, FAMILIES

    tables = {}
    for name, family in FAMILIES.items():
        for width in family.widths:
            backbone = Backbone.model_construct(name="", backbone=name, width=width)
            model = build_backbone(backbone, (family.sides[0],) * 2, None)
            tables[f"{name} {width:g}"] = describe_blocks(model, backbone)
    lines = [
        f" {json.dumps(key)}: [\n"
        + ",\n".join(f"  {json.dumps(list(block))}" for block in blocks)
        + "\n ]"
        for key, blocks in tables.items()
    ]
    BLOCKS_FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    _write_blocks()
