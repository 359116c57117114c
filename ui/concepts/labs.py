"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    backpropagation,
    batch_norm,
    convolution,
    dropout,
    loss,
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
    sizes.LAB,
    relu.LAB,
    pooling.LAB,
    softmax.LAB,
    loss.LAB,
    backpropagation.LAB,
    dropout.LAB,
    batch_norm.LAB,
    overfitting.LAB,
)
