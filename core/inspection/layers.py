"""The layers of a model that can be looked at: those whose output is a stack of maps."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import keras
from keras import tree

from core.errors import LoupeError, NotFound


class LayerOutput(NamedTuple):
    """A layer under its path, such as "backbone/Conv1", and its output in the whole model."""

    name: str
    layer: keras.Operation
    tensor: Any


def layer_outputs(model: keras.Model, with_operations: bool = False) -> list[LayerOutput]:
    """Every layer's output in the order of the model; nested models are entered.

    The tensors all hang from `model.inputs`, so that one `keras.Model` can compute them
    together. Layers without a single output tensor are left out.

    Args:
        with_operations: Whether sums and products between layers count, too, such as the
            `x + 3` of MobileNetV3's gates: they are part of the graph, but no layers.
    """
    return list(_walk(model, "", with_operations))


def _walk(model: keras.Model, prefix: str, with_operations: bool) -> Iterator[LayerOutput]:
    inner = model._functional if isinstance(model, keras.Sequential) else model
    calls = _calls(inner)
    for layer in inner.operations if with_operations else model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        for number, node in enumerate(calls.get(id(layer), [])):
            name = prefix + called(layer.name, number)
            if isinstance(layer, keras.Model):
                yield from _inside(layer, node.input_tensors, f"{name}/", with_operations)
            elif len(node.outputs) == 1:
                yield LayerOutput(name, layer, node.outputs[0])


def called(name: str, number: int) -> str:
    """What a layer's use is called: one that is used again has a number from the second on."""
    return name if number == 0 else f"{name} ({number + 1})"


def _calls(graph: Any) -> dict[int, list[Any]]:
    """The uses of every layer in this graph, in the order of computing, by the layer's id."""
    found: dict[int, list[Any]] = {}
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            found.setdefault(id(node.operation), []).append(node)
    return found


def _inside(
    nested: keras.Model, fed_with: Sequence[Any], prefix: str, with_operations: bool
) -> Iterator[LayerOutput]:
    """The nested model's outputs belong to a graph of their own: call it on ours."""
    inner = list(_walk(nested, prefix, with_operations))
    together = keras.Model(only(nested.inputs), [entry.tensor for entry in inner])
    tensors = tree.flatten(together(only(list(fed_with))))
    for entry, tensor in zip(inner, tensors, strict=True):
        yield entry._replace(tensor=tensor)


def only(tensors: list[Any]) -> Any:
    """The tensor itself where there is one: Keras wants calls to look like the model."""
    return tensors[0] if len(tensors) == 1 else tensors


def with_maps(outputs: list[LayerOutput]) -> list[LayerOutput]:
    """Those with an output of shape (batch, height, width, maps)."""
    return [entry for entry in outputs if len(entry.tensor.shape) == 4]


def is_convolution(entry: LayerOutput) -> bool:
    return "Conv" in type(entry.layer).__name__


def describe(entry: LayerOutput, sizes: Sequence[int]) -> dict[str, Any]:
    """name, kind (the class of the layer), shape [height, width, maps] and maps.

    Args:
        sizes: Height, width and number of its maps.
    """
    shape = [int(size) for size in sizes]
    kind = type(entry.layer).__name__
    return {"name": entry.name, "kind": kind, "shape": shape, "maps": shape[-1]}


def require_maps(outputs: list[LayerOutput], layer_name: str) -> LayerOutput:
    """The layer called `layer_name`.

    Raises:
        NotFound: If the model has no such layer.
        LoupeError: If the layer has no feature maps; says which layers do.
    """
    found = next((entry for entry in outputs if entry.name == layer_name), None)
    suitable = [entry.name for entry in with_maps(outputs)]
    convolutions = [entry.name for entry in with_maps(outputs) if is_convolution(entry)]
    if found is None:
        raise NotFound(
            f"The model has no layer called {layer_name!r}.", f"Choose one of {_some(suitable)}."
        )
    if found.name not in suitable:
        raise LoupeError(
            f"Layer {layer_name!r} has no feature maps: "
            f"its output has shape {tuple(found.tensor.shape)}.",
            f"Choose a layer with a 4-D output, such as {_some(convolutions or suitable, 2)}.",
        )
    return found


def _some(names: list[str], most: int = 12) -> str:
    shown = names[:most]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
