"""Answers as the mean over a picture and its mirror images: test-time augmentation by flips."""

from typing import TYPE_CHECKING

import numpy as np

from core.augmentation.recipe import AugmentationRecipe

if TYPE_CHECKING:
    import keras


def mirror_images(picture: np.ndarray, recipe: AugmentationRecipe) -> np.ndarray:
    """The picture, left for right, and upside down if the training showed that as well.

    Args:
        picture: uint8 (height, width, channels), or several (n, height, width, channels).
        recipe: What the training showed.

    Returns:
        uint8 (2, …), or (4, …): all four of both mirrors.
    """
    views = [picture, picture[..., ::-1, :]]
    if looks_upside_down(recipe):
        views += [view[..., ::-1, :, :] for view in views]
    return np.stack(views)


def looks_upside_down(recipe: AugmentationRecipe) -> bool:
    """Whether the training mirrored top for bottom, too."""
    return any(step.enabled and step.kind == "vertical_flip" for step in recipe.steps)


def mirrored_probabilities(
    model: "keras.Model", pictures: np.ndarray, recipe: AugmentationRecipe
) -> np.ndarray:
    """float32 (n, num_classes): the mean of the model's answers for all mirror images.

    Args:
        pictures: uint8 (n, height, width, channels).
    """
    from core.models.loading import predict_probabilities

    views = mirror_images(pictures, recipe)
    return np.mean([predict_probabilities(model, view) for view in views], axis=0)
