"""A network's layers as data: what can be drawn as a form, saved as JSON and built later."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Padding = Literal["valid", "same"]
ActivationName = Literal["relu", "gelu", "tanh", "sigmoid", "elu", "linear"]


def _extra(label: str, unit: str = "", step: float = 1) -> dict[str, Any]:
    return {"label": label, "unit": unit, "step": step}


class _Layer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Conv2D(_Layer):
    """Slides small filters over the picture; each makes one map of where it matches."""

    kind: Literal["conv2d"] = "conv2d"
    filters: int = Field(
        default=32,
        ge=1,
        le=1024,
        description="How many patterns the layer looks for, one map for each.",
        json_schema_extra=_extra("Filters"),
    )
    kernel_size: int = Field(
        default=3,
        ge=1,
        le=31,
        description="The side of the little window each filter looks through.",
        json_schema_extra=_extra("Kernel size", "pixels"),
    )
    strides: int = Field(
        default=1,
        ge=1,
        le=16,
        description="How far the window moves at a time; 2 halves the picture.",
        json_schema_extra=_extra("Stride", "pixels"),
    )
    padding: Padding = Field(
        default="same",
        description="'same' adds a rim of zeros so that the size stays; 'valid' adds nothing.",
        json_schema_extra=_extra("Padding"),
    )
    activation: ActivationName = Field(
        default="linear",
        description="What happens to every value afterwards; 'linear' leaves it as it is.",
        json_schema_extra=_extra("Activation"),
    )


class BatchNormalization(_Layer):
    """Brings every map to a common scale, so that training is faster and steadier."""

    kind: Literal["batch_normalization"] = "batch_normalization"
    momentum: float = Field(
        default=0.9,
        ge=0,
        lt=1,
        description="How slowly the remembered scale follows the newest batches.",
        json_schema_extra=_extra("Momentum", "", 0.01),
    )


class Activation(_Layer):
    """Bends every value, so that layers on top of each other can learn more than one."""

    kind: Literal["activation"] = "activation"
    activation: ActivationName = Field(
        default="relu",
        description="The bend: 'relu' keeps what is above zero and cuts off the rest.",
        json_schema_extra=_extra("Function"),
    )


class MaxPooling2D(_Layer):
    """Keeps the strongest value of every little window: a smaller picture, same content."""

    kind: Literal["max_pooling2d"] = "max_pooling2d"
    pool_size: int = Field(
        default=2,
        ge=1,
        le=16,
        description="The side of the window of which only the strongest value stays.",
        json_schema_extra=_extra("Window", "pixels"),
    )
    strides: int = Field(
        default=2,
        ge=1,
        le=16,
        description="How far the window moves at a time.",
        json_schema_extra=_extra("Stride", "pixels"),
    )
    padding: Padding = Field(
        default="valid",
        description="'valid' drops an incomplete window at the edge, 'same' keeps it.",
        json_schema_extra=_extra("Padding"),
    )


class Dropout(_Layer):
    """Switches off a share of the values at random while training, against rote learning."""

    kind: Literal["dropout"] = "dropout"
    rate: float = Field(
        default=0.25,
        ge=0,
        lt=1,
        description="The share of values that is switched off in each training step.",
        json_schema_extra=_extra("Rate", "share", 0.05),
    )


class Flatten(_Layer):
    """Lays all maps out as one long list of numbers."""

    kind: Literal["flatten"] = "flatten"


class GlobalAveragePooling2D(_Layer):
    """Replaces every map by its average: one number for each pattern looked for."""

    kind: Literal["global_average_pooling2d"] = "global_average_pooling2d"


class Dense(_Layer):
    """Every output weighs all inputs."""

    kind: Literal["dense"] = "dense"
    units: int = Field(
        default=64,
        ge=1,
        le=8192,
        description="How many numbers come out.",
        json_schema_extra=_extra("Units"),
    )
    activation: ActivationName = Field(
        default="linear",
        description="What happens to every value afterwards; 'linear' leaves it as it is.",
        json_schema_extra=_extra("Activation"),
    )


class Output(_Layer):
    """The answer: a probability for every class. Every architecture ends with it."""

    kind: Literal["output"] = "output"
    activation: Literal["auto", "softmax"] = Field(
        default="auto",
        description=(
            "'auto' answers two classes with one sigmoid number, as the tutorials do, and more "
            "with a softmax; 'softmax' always gives one number per class."
        ),
        json_schema_extra=_extra("Answer"),
    )

    def units(self, num_classes: int) -> int:
        """How many numbers come out for `num_classes` classes."""
        return 1 if self.activation == "auto" and num_classes == 2 else num_classes


LayerSpec = Annotated[
    Conv2D
    | BatchNormalization
    | Activation
    | MaxPooling2D
    | Dropout
    | Flatten
    | GlobalAveragePooling2D
    | Dense
    | Output,
    Field(discriminator="kind"),
]
LAYER_KINDS: dict[str, type[_Layer]] = {
    kind.model_fields["kind"].default: kind
    for kind in (
        Conv2D,
        BatchNormalization,
        Activation,
        MaxPooling2D,
        Dropout,
        Flatten,
        GlobalAveragePooling2D,
        Dense,
        Output,
    )
}


class Architecture(BaseModel):
    """A stack of layers, from the picture (first) to the answer (last)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    layers: tuple[LayerSpec, ...]

    def layer_names(self) -> list[str]:
        """A name for every layer, counted as Keras does: `conv2d`, `conv2d_1`, …"""
        seen: dict[str, int] = {}
        names = []
        for layer in self.layers:
            number = seen.get(layer.kind, 0)
            names.append(f"{layer.kind}_{number}" if number else layer.kind)
            seen[layer.kind] = number + 1
        return names
