"""The kinds of layers as data: range, default and help of every field stand here, once."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Padding = Literal["valid", "same"]
ActivationName = Literal[
    "relu",
    "gelu",
    "tanh",
    "sigmoid",
    "elu",
    "linear",
    "silu",
    "leaky_relu",
    "selu",
    "relu6",
    "mish",
    "hard_silu",
    "softplus",
    "softsign",
]
MOST_IN_BLOCK = 50


def _field(default: Any, label: str, help_text: str, **rules: Any) -> Any:
    extra = {"label": label, "unit": rules.pop("unit", ""), "step": rules.pop("step", 1)}
    return Field(default=default, description=help_text, json_schema_extra=extra, **rules)


def _filters() -> Any:
    words = "How many patterns the layer looks for, one map for each."
    return _field(32, "Filters", words, ge=1, le=1024)


def _kernel_size() -> Any:
    words = "The side of the little window each filter looks through."
    return _field(3, "Kernel size", words, ge=1, le=31, unit="pixels")


def _strides(default: int = 1) -> Any:
    words = "How far the window moves at a time; 2 halves the picture."
    return _field(default, "Stride", words, ge=1, le=16, unit="pixels")


def _padding() -> Any:
    words = "'same' adds a rim of zeros so that the size stays; 'valid' adds nothing."
    return _field("same", "Padding", words)


def _activation(default: str = "linear") -> Any:
    words = "What happens to every value afterwards; 'linear' leaves it as it is."
    return _field(default, "Activation", words)


def _use_bias() -> Any:
    words = "Whether a number of its own is added to every map. Of no use before a normalisation."
    return _field(True, "Offset", words)


def _pool_size(which: str) -> Any:
    words = f"The side of the window of which only {which} stays."
    return _field(2, "Window", words, ge=1, le=16, unit="pixels")


def _pool_strides() -> Any:
    return _field(2, "Stride", "How far the window moves at a time.", ge=1, le=16, unit="pixels")


def _pool_padding() -> Any:
    words = "'valid' drops an incomplete window at the edge, 'same' keeps it."
    return _field("valid", "Padding", words)


class Layer(BaseModel):
    """What all kinds of layers have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Conv2D(Layer):
    """Slides small filters over the picture; each makes one map of where it matches."""

    kind: Literal["conv2d"] = "conv2d"
    filters: int = _filters()
    kernel_size: int = _kernel_size()
    strides: int = _strides()
    padding: Padding = _padding()
    activation: ActivationName = _activation()
    use_bias: bool = _use_bias()


class DepthwiseConv2D(Layer):
    """Slides one small filter over each map by itself: little work, no mixing of maps."""

    kind: Literal["depthwise_conv2d"] = "depthwise_conv2d"
    kernel_size: int = _kernel_size()
    strides: int = _strides()
    padding: Padding = _padding()
    depth_multiplier: int = _field(
        1, "Filters per map", "How many filters look at each map.", ge=1, le=16
    )
    activation: ActivationName = _activation()
    use_bias: bool = _use_bias()


class SeparableConv2D(Layer):
    """A filter for each map, then mixtures of the maps: a convolution with less work."""

    kind: Literal["separable_conv2d"] = "separable_conv2d"
    filters: int = _filters()
    kernel_size: int = _kernel_size()
    strides: int = _strides()
    padding: Padding = _padding()
    activation: ActivationName = _activation()
    use_bias: bool = _use_bias()


class BatchNormalization(Layer):
    """Brings every map to a common scale, so that training is faster and steadier."""

    kind: Literal["batch_normalization"] = "batch_normalization"
    momentum: float = _field(
        0.9,
        "Momentum",
        "How slowly the remembered scale follows the newest batches.",
        ge=0,
        lt=1,
        step=0.01,
    )


class LayerNormalization(Layer):
    """Brings the values at each place to a common scale, for every photo by itself."""

    kind: Literal["layer_normalization"] = "layer_normalization"
    epsilon: float = _field(
        0.001,
        "Smallest spread",
        "Added to the spread, so that nothing is divided by zero.",
        gt=0,
        le=0.1,
        step=0.001,
    )


class GroupNormalization(Layer):
    """Brings groups of maps to a common scale, whatever else is in the batch."""

    kind: Literal["group_normalization"] = "group_normalization"
    groups: int = _field(
        8,
        "Groups",
        "In how many equal groups the maps are divided; their number must be a multiple of it.",
        ge=1,
        le=1024,
    )


class Activation(Layer):
    """Bends every value, so that layers on top of each other can learn more than one."""

    kind: Literal["activation"] = "activation"
    activation: ActivationName = _field(
        "relu", "Function", "The bend: 'relu' keeps what is above zero and cuts off the rest."
    )


class MaxPooling2D(Layer):
    """Keeps the strongest value of every little window: a smaller picture, same content."""

    kind: Literal["max_pooling2d"] = "max_pooling2d"
    pool_size: int = _pool_size("the strongest value")
    strides: int = _pool_strides()
    padding: Padding = _pool_padding()


class AveragePooling2D(Layer):
    """Keeps the average of every little window: a smaller, smoother picture."""

    kind: Literal["average_pooling2d"] = "average_pooling2d"
    pool_size: int = _pool_size("the average")
    strides: int = _pool_strides()
    padding: Padding = _pool_padding()


class Dropout(Layer):
    """Switches off a share of the values at random while training, against rote learning."""

    kind: Literal["dropout"] = "dropout"
    rate: float = _field(
        0.25,
        "Rate",
        "The share of values that is switched off in each training step.",
        ge=0,
        lt=1,
        unit="share",
        step=0.05,
    )


class Flatten(Layer):
    """Lays all maps out as one long list of numbers."""

    kind: Literal["flatten"] = "flatten"


class GlobalAveragePooling2D(Layer):
    """Replaces every map by its average: one number for each pattern looked for."""

    kind: Literal["global_average_pooling2d"] = "global_average_pooling2d"


class GlobalMaxPooling2D(Layer):
    """Replaces every map by its strongest value: was the pattern anywhere at all?"""

    kind: Literal["global_max_pooling2d"] = "global_max_pooling2d"


class Dense(Layer):
    """Every output weighs all inputs."""

    kind: Literal["dense"] = "dense"
    units: int = _field(64, "Units", "How many numbers come out.", ge=1, le=8192)
    activation: ActivationName = _activation()


class Output(Layer):
    """The answer: a probability for every class. Every architecture ends with it."""

    kind: Literal["output"] = "output"
    activation: Literal["auto", "softmax"] = _field(
        "auto",
        "Answer",
        "'auto' answers two classes with one sigmoid number, as the tutorials do, and more "
        "with a softmax; 'softmax' always gives one number per class.",
    )

    def units(self, num_classes: int) -> int:
        """How many numbers come out for `num_classes` classes."""
        return 1 if self.activation == "auto" and num_classes == 2 else num_classes


BranchLayer = Annotated[
    Conv2D
    | DepthwiseConv2D
    | SeparableConv2D
    | BatchNormalization
    | LayerNormalization
    | GroupNormalization
    | Activation
    | MaxPooling2D
    | AveragePooling2D
    | Dropout,
    Field(discriminator="kind"),
]


class ResidualBlock(Layer):
    """Layers with a shortcut around them: what they find is added to what came in.

    Where they change the shape, the shortcut becomes a convolution of 1 × 1 that changes it
    alike (He et al., "Deep Residual Learning for Image Recognition", 2015).
    """

    kind: Literal["residual_block"] = "residual_block"
    layers: tuple[BranchLayer, ...] = Field(
        default=(
            Conv2D(use_bias=False),
            BatchNormalization(),
            Activation(),
            Conv2D(use_bias=False),
            BatchNormalization(),
        ),
        min_length=1,
        max_length=MOST_IN_BLOCK,
        description="The layers that the shortcut goes around.",
    )
    normalize_shortcut: bool = _field(
        True,
        "Normalise the shortcut",
        "Whether a shortcut that has to change the shape is brought to a common scale as well.",
    )
    activation: ActivationName = _field(
        "relu", "Activation", "What happens to the sum; 'linear' leaves it as it is."
    )


LayerSpec = Annotated[
    Conv2D
    | DepthwiseConv2D
    | SeparableConv2D
    | BatchNormalization
    | LayerNormalization
    | GroupNormalization
    | Activation
    | MaxPooling2D
    | AveragePooling2D
    | Dropout
    | Flatten
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | Dense
    | ResidualBlock
    | Output,
    Field(discriminator="kind"),
]

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "Look for patterns": (Conv2D, DepthwiseConv2D, SeparableConv2D, ResidualBlock),
    "Make smaller": (MaxPooling2D, AveragePooling2D),
    "Bring to a scale": (BatchNormalization, LayerNormalization, GroupNormalization),
    "Bend": (Activation,),
    "Against rote learning": (Dropout,),
    "From maps to numbers": (Flatten, GlobalAveragePooling2D, GlobalMaxPooling2D),
    "Weigh and answer": (Dense, Output),
}
TITLES = {
    "conv2d": "Convolution",
    "depthwise_conv2d": "Depthwise convolution",
    "separable_conv2d": "Separable convolution",
    "residual_block": "Residual block",
    "max_pooling2d": "Max pooling",
    "average_pooling2d": "Average pooling",
    "batch_normalization": "Batch normalisation",
    "layer_normalization": "Layer normalisation",
    "group_normalization": "Group normalisation",
    "activation": "Activation",
    "dropout": "Dropout",
    "flatten": "Flatten",
    "global_average_pooling2d": "Global average",
    "global_max_pooling2d": "Global maximum",
    "dense": "Dense",
    "output": "Answer",
}
LAYER_KINDS: dict[str, type[Layer]] = {
    kind.model_fields["kind"].default: kind for kinds in FAMILIES.values() for kind in kinds
}
BRANCH_KINDS = frozenset(
    kind
    for family in ("Look for patterns", "Make smaller", "Bring to a scale", "Bend")
    for kind in (one.model_fields["kind"].default for one in FAMILIES[family])
) - {"residual_block"} | {"dropout"}


def kind_of(layer: Layer) -> str:
    """What JSON calls the layer: `conv2d`, `dense`, …"""
    return str(type(layer).model_fields["kind"].default)


def window_of(layer: Layer) -> tuple[int, int]:
    """How large a window the layer looks through and how far it moves: (1, 1) for most."""
    window: int = getattr(layer, "kernel_size", 0) or getattr(layer, "pool_size", 1)
    return window, getattr(layer, "strides", 1)
