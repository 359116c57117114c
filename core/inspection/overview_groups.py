"""Which layers of a network stand for it in an overview: all of a short one, a block's last of a
long one."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import keras

from core.inspection.graph import PICTURE, Step
from core.models.backbones import Backbone
from core.models.transfer import backbone_of, block_names

# As many columns are read at a glance; more layers are shown block by block.
MOST_ALONE = 12


class Group(NamedTuple):
    """Neighbouring layers that are shown as one column until they are opened.

    Attributes:
        name: Its key, which stays the same for a model.
        title: Of a block with a name of its own, such as "block 3"; else empty.
        layers: Names of its layers, first to last.
    """

    name: str
    title: str
    layers: tuple[str, ...]


def grouped(steps: Mapping[str, Step], blocks: Mapping[str, str] | None = None) -> list[Group]:
    """The layers of a network in groups, first to last; one each where they are few.

    Args:
        steps: As of `core.inspection.graph.steps`.
        blocks: The block of each layer that has one, by the layer's name.
    """
    if len(steps) <= MOST_ALONE:
        return [Group(name, "", (name,)) for name in steps]
    known = blocks or {}
    starts = _starts(steps)
    groups: list[list[str]] = []
    before: str | None = None
    for name in steps:
        block = known.get(name)
        joins = block == before if block or before else name not in starts
        if groups and joins:
            groups[-1].append(name)
        else:
            groups.append([name])
        before = block
    return [_named(layers, known.get(layers[0])) for layers in groups]


def blocks_of(model: keras.Model, backbone: Any) -> dict[str, str]:
    """The block of each layer of the pretrained network in `model`; none without one.

    Args:
        backbone: What the run's recipe calls its architecture.
    """
    if not isinstance(backbone, Backbone):
        return {}
    inner = backbone_of(model)
    names = block_names(inner, backbone)
    return {
        f"{inner.name}/{layer.name}": name for layer, name in zip(inner.layers, names, strict=True)
    }


def shown_layers(groups: Iterable[Group], opened: Collection[str]) -> dict[str, Group]:
    """The layers that get a column, first to last, with their groups.

    Args:
        opened: Names of groups of which every layer is shown.
    """
    return {
        name: group
        for group in groups
        for name in (group.layers if group.name in opened else group.layers[-1:])
    }


def _named(layers: list[str], block: str | None) -> Group:
    return Group(layers[0], (block or "").replace("_", " "), tuple(layers))


def _starts(steps: Mapping[str, Step]) -> set[str]:
    """Layers with which a group may begin: they weigh or shrink, and all that comes later hangs
    on a single layer before them, so that no shortcut is cut through."""
    last_use = {source: name for name, step in steps.items() for source in step.sources}
    order = {name: place for place, name in enumerate([PICTURE, *steps])}
    starts, alive = set(), {PICTURE}
    for name, step in steps.items():
        if len(alive) == 1 and _weighs(step.layer):
            starts.add(name)
        alive = {one for one in alive if order[last_use.get(one, one)] > order[name]} | {name}
    return starts


def _weighs(layer: Any) -> bool:
    kind = type(layer).__name__
    return hasattr(layer, "kernel") or any(part in kind for part in ("Conv", "Pool", "Flatten"))
