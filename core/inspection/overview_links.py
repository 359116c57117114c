"""How strongly one layer's maps feed those of another: |weights| times what is there, carried
through the layers between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from core.inspection.graph import PICTURE, Step

Shapes = Mapping[str, tuple[int, ...]]
SMALLEST = 0.02  # of the strongest link into a layer; weaker ones are not worth a line


def carried(step: Step, place: int, rows: np.ndarray, shapes: Shapes) -> np.ndarray:
    """What reaches the units of a layer, float32 (rows, units of the layer).

    A convolution hands on each map times the sum of the absolute weights on it, as dense layers
    do with each number; layers that work on each map for itself hand it on as it is.

    Args:
        place: Which of the layer's sources it comes from.
        rows: (rows, units of that source).
        shapes: Of each layer's output without batch axis.
    """
    layer, after = step.layer, shapes[step.name][-1]
    if isinstance(layer, keras.layers.SeparableConv2D):
        spread = _depthwise(rows, _weights(layer.depthwise_kernel))
        return spread @ np.abs(_weights(layer.pointwise_kernel))[0, 0]
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return _depthwise(rows, _weights(layer.kernel))
    if isinstance(layer, keras.layers.Conv2D):
        return _grouped(rows, np.abs(_weights(layer.kernel)).sum(axis=(0, 1)))
    if isinstance(layer, keras.layers.Dense):
        return rows @ np.abs(_weights(layer.kernel))
    if isinstance(layer, keras.layers.Concatenate):
        before = sum(shapes[one][-1] for one in step.sources[:place])
        return np.pad(rows, ((0, 0), (before, after - before - rows.shape[1])))
    if isinstance(layer, keras.layers.Flatten):
        return np.tile(rows, (1, after // rows.shape[1]))
    if rows.shape[1] == after:
        return rows
    return np.repeat(rows.mean(axis=1, keepdims=True), after, axis=1)


def is_one_to_one(step: Step, shapes: Shapes) -> bool:
    """Whether each of the layer's maps comes from the map of its number before it."""
    if isinstance(step.layer, keras.layers.DepthwiseConv2D):
        return step.layer.depth_multiplier == 1
    apart = not hasattr(step.layer, "kernel") and not isinstance(
        step.layer, keras.layers.SeparableConv2D | keras.layers.Concatenate | keras.layers.Flatten
    )
    units = shapes[step.name][-1]
    return apart and all(name and shapes[name][-1] == units for name in step.sources)


def links(
    steps: Mapping[str, Step],
    shapes: Shapes,
    shown: Mapping[str, Sequence[int]],
    busy: Mapping[str, np.ndarray],
) -> dict[tuple[str, str], np.ndarray]:
    """What feeds what among the layers that are shown, whatever lies hidden between them.

    Args:
        shown: The numbers of the units of each layer that is shown, those of "", the picture,
            aside: it is a single one.
        busy: How much goes on in each unit of a layer, float32 (units,).

    Returns:
        By (from, to): float32 (units shown there, units shown here), 0..1 of the strongest link
        into that layer.
    """
    visible = {PICTURE: range(1), **shown}
    reached: dict[str, dict[str, np.ndarray]] = {}
    found: dict[tuple[str, str], np.ndarray] = {}
    for name, step in steps.items():
        reached[name] = _into(step, reached, shapes, visible, busy)
        if name in shown:
            units = np.asarray(shown[name], int)
            for source, rows in reached[name].items():
                found[source, name] = rows[:, units]
    return _scaled(found)


def _into(
    step: Step,
    reached: Mapping[str, Mapping[str, np.ndarray]],
    shapes: Shapes,
    visible: Mapping[str, Sequence[int]],
    busy: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    total: dict[str, np.ndarray] = {}
    for place, source in enumerate(step.sources):
        if source in visible:
            coming: Mapping[str, np.ndarray] = {source: _own(source, shapes, visible, busy)}
        else:
            coming = reached[source]
        for origin, rows in coming.items():
            handed = carried(step, place, rows, shapes)
            # Through many layers the numbers would grow beyond all bounds.
            handed = handed / (float(handed.max()) or 1.0)
            total[origin] = total[origin] + handed if origin in total else handed
    return total


def _own(
    source: str,
    shapes: Shapes,
    visible: Mapping[str, Sequence[int]],
    busy: Mapping[str, np.ndarray],
) -> np.ndarray:
    if source == PICTURE:
        return np.ones((1, shapes[PICTURE][-1]), np.float32)
    units = np.asarray(visible[source], int)
    rows = np.zeros((len(units), shapes[source][-1]), np.float32)
    rows[np.arange(len(units)), units] = busy[source][units]
    return rows


def _scaled(found: dict[tuple[str, str], np.ndarray]) -> dict[tuple[str, str], np.ndarray]:
    strongest: dict[str, float] = {}
    for (_, name), rows in found.items():
        strongest[name] = max(strongest.get(name, 0.0), float(rows.max(initial=0)))
    scaled = {}
    for (source, name), rows in found.items():
        share = rows / (strongest[name] or 1.0)
        scaled[source, name] = np.where(share >= SMALLEST, share, 0)
    return scaled


def _weights(kernel: Any) -> np.ndarray:
    return np.asarray(kernel, np.float32)


def _depthwise(rows: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    weighed = rows[:, :, None] * np.abs(kernel).sum(axis=(0, 1))
    return weighed.reshape(len(rows), -1)


def _grouped(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """As `rows @ weights`, also where each group of maps sees a part of those before it."""
    groups = rows.shape[1] // weights.shape[0]
    parts = zip(np.split(rows, groups, axis=1), np.split(weights, groups, axis=1), strict=True)
    return np.concatenate([part @ own for part, own in parts], axis=1)
