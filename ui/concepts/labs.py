"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    augmentation,
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
    transfer,
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
    augmentation.LAB,
    overfitting.LAB,
    transfer.LAB,
)
