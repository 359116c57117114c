"""Networks that have learnt from a million photos, as data: what they are made of, and a new head.

A backbone (a network of `keras.applications` without its last layer) turns a photo into a
list of numbers, its features; a small new head learns to tell your classes by them. Here is
everything that can be said of one without Keras: sizes, blocks, weights, the picture it takes.
"""

import json
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import LoupeError
from core.models.shapes import LayerRow

BLOCKS_FILE = Path(__file__).parent / "backbone_blocks.json"
BackboneName = Literal[
    "mobilenet-v2",
    "mobilenet-v3-small",
    "mobilenet-v3-large",
    "efficientnet-v2-b0",
    "convnext-tiny",
    "inception-v3",
    "resnet50-v2",
]


class Family(NamedTuple):
    """What is known of one network of `keras.applications`.

    Attributes:
        builder: Its function in `keras.applications`.
        sides: The picture size it was trained with, and the smallest it takes, in pixels.
        widths: The multiples of its maps for which there are published weights.
        weights: Name of the published weights file, with {width} and {size}.
        folder: Where that file lies below Keras' address for such files.
        weight_sizes: The picture sizes with a weights file of their own, if there are several.
        rescale: Whether pixels are to be brought to -1..1 before it; otherwise it does so itself.
        top_1: How often its authors' weights name the right one of 1,000 classes, in percent,
            as https://keras.io/api/applications says.
        source: The paper.
    """

    title: str
    builder: str
    sides: tuple[int, int]
    widths: tuple[float, ...]
    weights: str
    folder: str
    weight_sizes: tuple[int, ...]
    rescale: bool
    top_1: float
    source: str


_V2_FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width}_{size}_no_top.h5"
_V3_SOURCE = 'Howard et al., "Searching for MobileNetV3", 2019'
FAMILIES: dict[str, Family] = {
    "mobilenet-v2": Family(
        "MobileNetV2",
        "MobileNetV2",
        (224, 32),
        (0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
        _V2_FILE,
        "mobilenet_v2",
        (96, 128, 160, 192, 224),
        True,
        71.3,
        'Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018',
    ),
    "mobilenet-v3-small": Family(
        "MobileNetV3 small",
        "MobileNetV3Small",
        (224, 32),
        (0.75, 1.0),
        "weights_mobilenet_v3_small_224_{width}_float_no_top_v2.h5",
        "mobilenet_v3",
        (224,),
        False,
        68.1,
        _V3_SOURCE,
    ),
    "mobilenet-v3-large": Family(
        "MobileNetV3 large",
        "MobileNetV3Large",
        (224, 32),
        (0.75, 1.0),
        "weights_mobilenet_v3_large_224_{width}_float_no_top_v2.h5",
        "mobilenet_v3",
        (224,),
        False,
        75.6,
        _V3_SOURCE,
    ),
    "efficientnet-v2-b0": Family(
        "EfficientNetV2-B0",
        "EfficientNetV2B0",
        (224, 32),
        (1.0,),
        "efficientnetv2-b0_notop.h5",
        "efficientnet_v2",
        (224,),
        False,
        78.7,
        'Tan and Le, "EfficientNetV2: smaller models and faster training", 2021',
    ),
    "convnext-tiny": Family(
        "ConvNeXt-Tiny",
        "ConvNeXtTiny",
        (224, 32),
        (1.0,),
        "convnext_tiny_notop.h5",
        "convnext",
        (224,),
        False,
        81.3,
        'Liu et al., "A ConvNet for the 2020s", 2022',
    ),
    "inception-v3": Family(
        "Inception v3",
        "InceptionV3",
        (299, 75),
        (1.0,),
        "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "inception_v3",
        (299,),
        True,
        77.9,
        'Szegedy et al., "Rethinking the Inception architecture for computer vision", 2015',
    ),
    "resnet50-v2": Family(
        "ResNet50 V2",
        "ResNet50V2",
        (224, 32),
        (1.0,),
        "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "resnet",
        (224,),
        True,
        76.0,
        'He et al., "Identity mappings in deep residual networks", 2016',
    ),
}


class Block(NamedTuple):
    """A group of layers that is frozen or trained as a whole.

    Attributes:
        name: As Keras begins the names of its layers, such as `block_13` or `mixed7`.
        layers: How many layers with weights it has.
        parameters: Its weights, the averages of batch normalisation included.
        maps: How many maps come out.
        multiply_adds: For one picture of the network's own size.
        windows: (window, stride, padding) of each layer that makes the maps smaller.
        convolutions: How many of its layers are convolutions.
        first: The number of its first layer in `model.layers`; it goes to the next block's.
    """

    name: str
    layers: int
    parameters: int
    maps: int
    multiply_adds: int
    windows: tuple[tuple[int, int, str], ...]
    convolutions: int
    first: int

    def side_after(self, side: int) -> int:
        """The side of its maps when maps of `side` go in."""
        for window, stride, padding in self.windows:
            side = -(-side // stride) if padding == "same" else (side - window) // stride + 1
        return side


def _extra(label: str, unit: str = "", step: float = 1) -> dict[str, Any]:
    return {"label": label, "unit": unit, "step": step}


class Backbone(BaseModel):
    """A network that has learnt from a million photos, and a new head for your classes.

    First the head learns, on features that are computed once for every photo. With
    `unfreeze_from`, the last blocks of the backbone then learn too, through the pictures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    backbone: BackboneName
    width: float = Field(
        default=1.0,
        gt=0,
        le=2,
        description="How many maps its layers have, as a multiple of the usual number.",
        json_schema_extra=_extra("Width", "times", 0.05),
    )
    weights: Literal["imagenet", "random"] = Field(
        default="imagenet",
        description="'imagenet': what it learnt from a million photos. 'random': nothing at all, "
        "always the same; for tests and to see what the past is worth.",
        json_schema_extra=_extra("Weights"),
    )
    hidden: int = Field(
        default=0,
        ge=0,
        le=8192,
        description="Units of a dense layer between features and answer. 0: none, as is usual.",
        json_schema_extra=_extra("Hidden units"),
    )
    dropout: float = Field(
        default=0.2,
        ge=0,
        lt=1,
        description="The share of features that is switched off in each step of the head.",
        json_schema_extra=_extra("Dropout", "share", 0.05),
    )
    unit_length: bool = Field(
        default=False,
        description="Brings the features of every photo to the length 1, so that a busy photo "
        "says no more than a quiet one. The learning rate must fit: SGD with 0.5, for example.",
        json_schema_extra=_extra("Features of equal length"),
    )
    variants: int = Field(
        default=0,
        ge=0,
        le=50,
        description="How many varied copies of every training photo the frozen network looks at, "
        "besides the photo itself. Each costs as much time as the photo, once.",
        json_schema_extra=_extra("Varied copies", "per photo"),
    )
    unfreeze_from: str | None = Field(
        default=None,
        description="The first block that learns too, once the head has learnt. Empty: the whole "
        "backbone stays frozen.",
        json_schema_extra=_extra("Unfreeze from block"),
    )
    unfrozen_epochs: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="How often the unfrozen blocks look at every photo.",
        json_schema_extra=_extra("Epochs with unfrozen blocks", "rounds"),
    )
    unfrozen_learning_rate: float = Field(
        default=1e-5,
        gt=0,
        le=1,
        description="How large the nudges are then: small, so that nothing useful is forgotten. "
        "A head that learns by SGD is followed by blocks that learn by AdamW.",
        json_schema_extra=_extra("Learning rate of unfrozen blocks", "", 1e-5),
    )

    @model_validator(mode="after")
    def _exists(self) -> "Backbone":
        widths = self.family.widths
        if self.width not in widths:
            words = ", ".join(f"{width:g}" for width in widths)
            raise ValueError(f"{self.family.title} comes in the widths {words}")
        names = [block.name for block in self.blocks]
        if self.unfreeze_from is not None and self.unfreeze_from not in names:
            raise ValueError(f"{self.family.title} has the blocks {', '.join(names)}")
        return self

    @property
    def family(self) -> Family:
        return FAMILIES[self.backbone]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """From the picture to the features."""
        return _blocks(f"{self.backbone} {self.width:g}")

    @property
    def features(self) -> int:
        """How many numbers it makes of a photo."""
        return self.blocks[-1].maps

    @property
    def learning_from(self) -> int:
        """The number of the first block that learns; `len(self.blocks)` when none does."""
        names = [block.name for block in self.blocks]
        return names.index(self.unfreeze_from) if self.unfreeze_from else len(names)

    def multiply_adds(self, image_size: tuple[int, int]) -> int:
        """For one picture of `image_size`: exact at the network's own size, elsewhere about."""
        own = self.family.sides[0]
        whole = sum(block.multiply_adds for block in self.blocks)
        return round(whole * prod(image_size) / own**2)

    def require_size(self, image_size: tuple[int, int]) -> None:
        """
        Raises:
            LoupeError: If the pictures are too small for it.
        """
        smallest = self.family.sides[1]
        if min(image_size) < smallest:
            height, width = image_size
            raise LoupeError(
                f"{self.family.title} takes pictures of {smallest} × {smallest} pixels and more; "
                f"these are {height} × {width}.",
                f"Choose a picture size of {smallest} or more.",
            )


@lru_cache
def _blocks(key: str) -> tuple[Block, ...]:
    stored = json.loads(BLOCKS_FILE.read_text(encoding="utf-8"))[key]
    found = []
    for values in stored:
        block = Block(*values)
        windows = tuple((window, stride, padding) for window, stride, padding in block.windows)
        found.append(block._replace(windows=windows))
    return tuple(found)


def trace_backbone(
    backbone: Backbone, input_shape: tuple[int, int, int], num_classes: int
) -> list[LayerRow]:
    """A row per block and per layer of the head, as `core.models.shapes.trace` gives them.

    Raises:
        LoupeError: If the pictures are too small.
    """
    backbone.require_size(input_shape[:2])
    rows = [LayerRow("rescaling", "rescaling", input_shape, 0, prod(input_shape), "")]
    height, width = input_shape[:2]
    share = height * width / backbone.family.sides[0] ** 2
    for block in backbone.blocks:
        height, width = block.side_after(height), block.side_after(width)
        shape, work = (height, width, block.maps), round(block.multiply_adds * share)
        words = f"{block.layers} layers with weights"
        rows.append(LayerRow(block.name, "conv_block", shape, block.parameters, work, words))
    features = (backbone.features,)
    words = f"{backbone.features} maps, one average each"
    rows.append(LayerRow("features", "global_average_pooling2d", features, 0, 0, words))
    if backbone.unit_length:
        words = "every photo's numbers divided by the root of the sum of their squares"
        rows.append(LayerRow("unit_length", "unit_normalization", features, 0, features[0], words))
    rows.append(LayerRow("dropout", "dropout", features, 0, 0, ""))
    return [*rows, *_head_rows(backbone, num_classes)]


def _head_rows(backbone: Backbone, num_classes: int) -> list[LayerRow]:
    sizes = [("hidden", "dense", backbone.hidden)] if backbone.hidden else []
    rows, inputs = [], backbone.features
    for name, kind, units in [*sizes, ("output", "output", num_classes)]:
        weights = (inputs + 1) * units
        words = f"{inputs} · {units} + {units} = {weights} weights"
        rows.append(LayerRow(name, kind, (units,), weights, inputs * units, words))
        inputs = units
    return rows
