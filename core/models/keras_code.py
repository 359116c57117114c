"""The Keras code that builds a network, to be read, copied and run without Loupe."""

from core.models.architecture import Architecture
from core.models.backbones import Backbone
from core.models.code_lines import layer_line
from core.models.keras_layers import as_keras, model_name
from core.models.layers import Activation, ResidualBlock
from core.models.shapes import BENT, Survey, shortcut_layers, survey
from core.models.transfer_code import transfer_code
from core.models.windows import Shape


def keras_code(
    architecture: Architecture | Backbone,
    input_shape: tuple[int, int, int],
    num_classes: int,
    rescale: float = 1 / 255,
) -> str:
    """A Python program that makes `model`: the one that `core.models.builder.build` makes.

    Args:
        architecture: The layers, first to last; or a backbone, whose code is `transfer_code`.
        input_shape: (height, width, channels). Where the architecture leaves the size open,
            None stands for height and width.
        num_classes: How many classes it tells apart.
        rescale: What pixels are multiplied by in the first layer.

    Raises:
        LoupeError: If a layer cannot work on what reaches it, or forbids an open size; if the
            pictures are too small for a backbone.
    """
    if isinstance(architecture, Backbone):
        return transfer_code(architecture, input_shape, num_classes)
    found = survey(architecture, input_shape, num_classes)
    if found.problem:
        raise found.problem
    size = (None, None, input_shape[2]) if architecture.open_size else input_shape
    factor = "1 / 255" if rescale == 1 / 255 else repr(rescale)
    lines = [
        "import keras",
        "from keras import layers",
        "",
        f'picture = keras.Input({size}, name="picture")',
        f'x = layers.Rescaling({factor}, name="rescaling")(picture)',
        *_body(architecture, found, num_classes),
        f'model = keras.Model(picture, x, name="{model_name(architecture.name)}")',
    ]
    return "\n".join(lines) + "\n"


def _body(architecture: Architecture, found: Survey, num_classes: int) -> list[str]:
    names, shapes = architecture.names(), _shapes(found)
    lines: list[str] = []
    before = found.rows[0].output_shape
    for number, layer in enumerate(architecture.layers):
        name = names[(number,)]
        if isinstance(layer, ResidualBlock):
            inner = [names[(number, at)] for at in range(len(layer.layers))]
            lines += _block(layer, name, inner, before, shapes[name], num_classes)
        else:
            lines.append(layer_line(as_keras(layer, num_classes), name))
        before = shapes[name]
    return lines


def _block(
    block: ResidualBlock, name: str, inner: list[str], before: Shape, after: Shape, classes: int
) -> list[str]:
    lines = ["", "shortcut = x"]
    lines += [
        layer_line(as_keras(layer, classes), one)
        for layer, one in zip(block.layers, inner, strict=True)
    ]
    lines += [
        layer_line(as_keras(layer, classes), name + ending, "shortcut")
        for ending, layer in shortcut_layers(block, before, after)
    ]
    lines.append(f'x = layers.Add(name="{name}")([x, shortcut])')
    if block.activation != "linear":
        bend = as_keras(Activation(activation=block.activation), classes)
        lines.append(layer_line(bend, name + BENT))
    return [*lines, ""]


def _shapes(found: Survey) -> dict[str, Shape]:
    return {row.name: row.output_shape for row in found.rows}
