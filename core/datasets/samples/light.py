"""What a camera and the hour of the day do to a scene."""

import cv2
import numpy as np

from core.datasets.samples.canvas import Array, smooth_noise


def photograph(picture: Array, rng: np.random.Generator) -> Array:
    """Light, lens and sensor: `uint8` `(height, width, 3)` in, the same out.

    A gradient of light with dapples, warm or cool white, exposure and contrast, a
    darker rim, a little blur and a little noise.
    """
    shape = picture.shape[:2]
    scene = picture.astype(np.float32) * _illumination(rng, shape)[..., None]
    scene *= _white_balance(rng) * rng.uniform(0.88, 1.3)
    scene = 118 + (scene - 118) * rng.uniform(0.9, 1.22) + rng.uniform(-4, 12)
    if rng.random() < 0.7:
        scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, 0.7) * shape[0] / 128)
    scene += rng.normal(0, rng.uniform(0.8, 4.0), shape).astype(np.float32)[..., None]
    scene += rng.normal(0, 1.2, scene.shape).astype(np.float32)
    return np.clip(scene, 0, 255).astype(np.uint8)


def light_direction(rng: np.random.Generator) -> Array:
    """The unit vector, in the picture, in which the light travels: mostly downwards."""
    angle = rng.uniform(0.1, 0.9) * np.pi
    return np.array([np.cos(angle), np.sin(angle)])


def _illumination(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    down, across = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    down, across = down / shape[0] - 0.5, across / shape[1] - 0.5
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.6)
    gradient = 1 + slope * (across * np.cos(angle) + down * np.sin(angle))
    rim = 1 - rng.uniform(0, 0.55) * (across**2 + down**2)
    if rng.random() < 0.35:
        dapples = np.clip(smooth_noise(rng, shape, rng.uniform(3, 7)) * 3 - 1.1, 0, 1)
        gradient *= 0.74 + 0.42 * cv2.GaussianBlur(dapples, (0, 0), 2)
    return (gradient * rim).astype(np.float32)


def _white_balance(rng: np.random.Generator) -> Array:
    warmth, tint = rng.normal(0.015, 0.05), rng.normal(0, 0.025)
    return np.array([1 + warmth, 1 + tint, 1 - warmth], np.float32)
