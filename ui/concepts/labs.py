"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    channels,
    convolution,
    dense,
    dropout,
    overfitting,
    pixels,
    pooling,
    relu,
    sizes,
    softmax,
)

LABS = (
    pixels.LAB,
    convolution.LAB,
    channels.LAB,
    sizes.LAB,
    relu.LAB,
    pooling.LAB,
    dense.LAB,
    softmax.LAB,
    dropout.LAB,
    overfitting.LAB,
)
