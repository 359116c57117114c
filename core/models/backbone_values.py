"""How many numbers a backbone makes of a picture on its way, from which follows its memory."""

import json
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import NamedTuple

from core.models.backbones import FAMILIES, Backbone

FILE = Path(__file__).parent / "backbone_values.json"
BYTES_PER_VALUE = 4


class Values(NamedTuple):
    """Of one picture of the network's own size.

    Attributes:
        blocks: The values of all layers of each block, from the picture to the features.
        widest: The most that a layer takes in and puts out together.
    """

    blocks: tuple[int, ...]
    widest: int


def values_of(backbone: Backbone) -> Values:
    """The values of a backbone, as Keras' own layers have them."""
    return _stored()[f"{backbone.backbone} {backbone.width:g}"]


def bytes_kept(backbone: Backbone, image_size: tuple[int, int], first: int) -> int:
    """What training keeps of one picture for the backward pass: all values in float32 of the
    blocks from number `first` on."""
    return round(sum(values_of(backbone).blocks[first:]) * _scale(backbone, image_size))


def bytes_at_once(backbone: Backbone, image_size: tuple[int, int]) -> int:
    """What looking at one picture holds at the widest place: a layer's inputs and outputs."""
    return round(values_of(backbone).widest * _scale(backbone, image_size))


def _scale(backbone: Backbone, image_size: tuple[int, int]) -> float:
    return BYTES_PER_VALUE * prod(image_size) / backbone.family.sides[0] ** 2


@lru_cache(maxsize=1)
def _stored() -> dict[str, Values]:
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return {key: Values(tuple(blocks), widest) for key, (blocks, widest) in stored.items()}


def _write() -> None:
    """Writes the file anew, after an update of Keras: `python -m core.models.backbone_values`."""
    from core.models.transfer import block_names, build_backbone

    found = {}
    for name, family in FAMILIES.items():
        for width in family.widths:
            backbone = Backbone.model_construct(name="", backbone=name, width=width)
            model = build_backbone(backbone, (family.sides[0],) * 2, None)
            blocks = dict.fromkeys((block.name for block in backbone.blocks), 0)
            current = backbone.blocks[0].name
            widest = 0
            for layer, block in zip(model.layers, block_names(model, backbone), strict=True):
                current = block if block in blocks else current
                inputs = layer.input if isinstance(layer.input, list) else [layer.input]
                values = prod(layer.output.shape[1:])
                # A layer of layers (ConvNeXt's LayerScale and the like) counts as one.
                blocks[current] += values
                widest = max(widest, values + sum(prod(one.shape[1:]) for one in inputs))
            found[f"{name} {width:g}"] = [list(blocks.values()), widest]
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
