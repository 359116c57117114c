"""All labs, in the order in which one builds on the other."""

from ui.concepts import (
    augmentation,
    backpropagation,
    batch_norm,
    channels,
    convolution,
    dense,
    dropout,
    loss,
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
    loss.LAB,
    backpropagation.LAB,
    dropout.LAB,
    batch_norm.LAB,
    augmentation.LAB,
    overfitting.LAB,
    transfer.LAB,
)
