"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    augmentation,
    convolution,
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
    sizes.LAB,
    relu.LAB,
    pooling.LAB,
    softmax.LAB,
    dropout.LAB,
    augmentation.LAB,
    overfitting.LAB,
    transfer.LAB,
)
