"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    activations,
    channels,
    convolution,
    dense,
    dropout,
    overfitting,
    pixels,
    pooling,
    sizes,
    softmax,
)

LABS = (
    pixels.LAB,
    convolution.LAB,
    channels.LAB,
    sizes.LAB,
    activations.LAB,
    pooling.LAB,
    dense.LAB,
    softmax.LAB,
    dropout.LAB,
    overfitting.LAB,
)
