"""The Keras code that builds a pretrained network with its new head."""

from core.models.backbones import Backbone
from core.models.code_lines import call, layer_line, literal
from core.models.keras_layers import head_as_keras, model_name
from core.models.weights import weights_files

KEPT = "# training=False: batch normalisation keeps the averages it has learnt, also later."
HEAD_FIRST = """
# Here the new layers learn alone: model.compile, then model.fit.

# Then the blocks from {block} on may learn too, all but their batch normalisation."""
ANEW = "# For this to count, compile the model anew, with a small learning rate such as {rate:g}."


def transfer_code(backbone: Backbone, input_shape: tuple[int, int, int], num_classes: int) -> str:
    """A Python program that makes `model`: the one of `core.models.transfer.build_whole`.

    Where blocks are to learn, the program ends by unfreezing them.

    Args:
        input_shape: (height, width, channels), with 1 or 3 channels.
        num_classes: How many classes it tells apart.

    Raises:
        LoupeError: If the pictures are too small.
    """
    backbone.require_size(input_shape[:2])
    lines = [
        "import keras",
        "from keras import layers",
        "",
        *_frozen(backbone, input_shape[:2]),
        "",
        *_picture(backbone, input_shape),
        *(layer_line(layer, name) for name, layer in head_as_keras(backbone, num_classes)),
        f'model = keras.Model(picture, x, name="{model_name(backbone.name)}")',
        *(_unfreezing(backbone) if backbone.unfreeze_from else []),
    ]
    return "\n".join(lines) + "\n"


def _frozen(backbone: Backbone, image_size: tuple[int, int]) -> list[str]:
    family, learnt = backbone.family, backbone.weights == "imagenet"
    arguments = [
        f"input_shape={(*image_size, 3)}",
        "include_top=False",
        'pooling="avg"',
        f"weights={literal(backbone.weights if learnt else None)}",
    ]
    if len(family.widths) > 1:
        arguments.append(f"alpha={backbone.width}")
    megabytes = weights_files(backbone, image_size)[0].megabytes
    before = (
        [f"# What it has learnt is fetched from the internet, once: about {megabytes:.0f} MB."]
        if learnt
        else [
            "# It has learnt nothing yet: random weights, the same every time.",
            "keras.utils.set_random_seed(0)",
        ]
    )
    network = call(f"base = keras.applications.{family.builder}", arguments)
    return [*before, network, "base.trainable = False"]


def _picture(backbone: Backbone, input_shape: tuple[int, int, int]) -> list[str]:
    lines, value = [f'picture = keras.Input({input_shape}, name="picture")'], "picture"
    if input_shape[2] == 1:
        lines.append(f'x = layers.Concatenate(name="three_channels")([{value}] * 3)')
        value = "x"
    if backbone.family.rescale:
        lines.append(f'x = layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")({value})')
        value = "x"
    return [*lines, KEPT, f"x = base({value}, training=False)"]


def _unfreezing(backbone: Backbone) -> list[str]:
    first = backbone.blocks[backbone.learning_from]
    return [
        HEAD_FIRST.format(block=first.name),
        "base.trainable = True",
        "for number, layer in enumerate(base.layers):",
        f"    learns = number >= {first.first}",
        "    layer.trainable = learns and not isinstance(layer, layers.BatchNormalization)",
        ANEW.format(rate=backbone.unfrozen_learning_rate),
    ]
