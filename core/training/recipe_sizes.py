"""What a recipe weighs and works, so that recipes can be compared: all of it arithmetic."""

from collections import Counter
from typing import NamedTuple

from core.models.architecture import Architecture
from core.models.backbones import Backbone
from core.models.shapes import trace
from core.training.recipes import Recipe

# Learning from a photo takes the way forwards and, for the values and for the weights, two
# ways backwards, each of about the same work.
WAYS_TO_LEARN = 3
PARTS = {
    "conv2d": ("convolution", "convolutions"),
    "depthwise_conv2d": ("depthwise convolution", "depthwise convolutions"),
    "separable_conv2d": ("separable convolution", "separable convolutions"),
    "residual_block": ("residual block", "residual blocks"),
    "max_pooling2d": ("pooling", "poolings"),
    "average_pooling2d": ("pooling", "poolings"),
    "dense": ("dense layer", "dense layers"),
    "dropout": ("dropout", "dropouts"),
}


class RecipeSize(NamedTuple):
    """What one recipe takes with its own pictures.

    Attributes:
        weights: All of them, frozen ones too.
        work: Multiplications for one photo, forwards.
        learning_work: Multiplications that training spends on one photo: in every round, or,
            if `once`, in the whole training.
        once: Whether a photo is looked at only once, because the backbone stays frozen.
    """

    weights: int
    work: int
    learning_work: int
    once: bool


def size_of(recipe: Recipe, num_classes: int) -> RecipeSize:
    """Weights and work of `recipe`.

    Raises:
        LoupeError: If a layer cannot work on the recipe's pictures.
    """
    rows = trace(recipe.architecture, recipe.picture.shape, num_classes)
    weights = sum(row.parameters for row in rows)
    work = sum(row.multiply_adds for row in rows)
    if not isinstance(recipe.architecture, Backbone):
        return RecipeSize(weights, work, WAYS_TO_LEARN * work, False)
    looks = 1 + recipe.architecture.variants
    return RecipeSize(weights, work, looks * work, recipe.architecture.unfreeze_from is None)


def made_of(recipe: Recipe) -> str:
    """What the network consists of: "4 convolutions, 3 poolings, 1 dropout"."""
    architecture = recipe.architecture
    if not isinstance(architecture, Architecture):
        return (
            f"{architecture.family.title} in {len(architecture.blocks)} blocks, which name the "
            f"right one of 1,000 things in {architecture.family.top_1:g} % of photos"
        )
    kinds = Counter(PARTS[layer.kind] for layer in architecture.layers if layer.kind in PARTS)
    return ", ".join(
        f"{count} {one if count == 1 else many}" for (one, many), count in kinds.items()
    )


def ratio_in_words(ratio: float) -> str:
    """How many times as much: "19 ×", "1.3 ×", "0.04 ×"; two digits that count."""
    if ratio >= 9.95:
        return f"{ratio:,.0f} ×"
    return f"{float(f'{ratio:.1e}'):g} ×"
