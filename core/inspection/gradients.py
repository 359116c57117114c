"""How a class's answer changes with the pixels, and explanations made of that."""

import keras
import numpy as np
import tensorflow as tf

from core.inspection.walk import Walk, probabilities_of, scores_of

BATCH = 16
# Steps of the path from black to the picture: doubled until the sum is right to this share
# of what it must come to, or there are too many.
FIRST_STEPS, MOST_STEPS = 32, 1024
GOOD_ENOUGH = 0.004
# Of the range of pixel values, and how many noisy copies: as in the paper, figure 3.
NOISE_SHARE, NOISY_COPIES = 0.15, 50


def answers_and_gradients(
    model: keras.Model, pictures: np.ndarray, class_index: int, of: str = "score"
) -> tuple[np.ndarray, np.ndarray]:
    """The answer for a class, and its gradient with respect to each pixel.

    Args:
        pictures: float32 (N, height, width, channels), 0..255.
        of: "score", before the softmax or sigmoid, or "probability", behind it.

    Returns:
        float32 (N,) and (N, height, width, channels).
    """
    parts = [
        _part(model, pictures[start : start + BATCH], class_index, of)
        for start in range(0, len(pictures), BATCH)
    ]
    answers, gradients = zip(*parts, strict=True)
    return np.concatenate(answers), np.concatenate(gradients)


def _part(
    model: keras.Model, pictures: np.ndarray, class_index: int, of: str
) -> tuple[np.ndarray, np.ndarray]:
    pixels = tf.constant(pictures, tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(pixels)
        walk = Walk()
        answer = walk.through(model, pixels)
        if of == "probability":
            wanted = probabilities_of(answer, class_index)
        else:
            wanted = scores_of(answer, walk.score, class_index)
    gradients = tape.gradient(wanted, pixels, unconnected_gradients="zero")
    return wanted.numpy().astype(np.float32), gradients.numpy().astype(np.float32)


def integrated_gradients(
    model: keras.Model,
    picture: np.ndarray,
    class_index: int,
    baseline: np.ndarray | None = None,
    steps: int | None = None,
) -> np.ndarray:
    """How much each pixel adds to the probability of a class, counted from `baseline` on.

    The gradients along the straight line from the baseline to the picture are averaged and
    multiplied with the way that each pixel went; their sum is the difference of the two
    probabilities ("completeness"). Sundararajan et al., "Axiomatic Attribution for Deep
    Networks", 2017, equation 1, by the trapezoid rule.

    Args:
        model: As for `core.inspection.grad_cam.grad_cam`.
        picture: (height, width, channels), 0..255.
        baseline: What counts as nothing, of the same shape. Default: black.
        steps: Of the line. Default: as many as completeness needs, at most 1024.

    Returns:
        float32 (height, width, channels); positive: speaks for the class.
    """
    end = np.asarray(picture, np.float32)
    start = np.zeros_like(end) if baseline is None else np.asarray(baseline, np.float32)
    way = end - start

    def at(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The answers, and the sum of the gradients, at these places of the line."""
        answers, total = [], np.zeros_like(end, np.float64)
        for begin in range(0, len(shares), BATCH):
            part = shares[begin : begin + BATCH, None, None, None].astype(np.float32)
            found, gradients = answers_and_gradients(
                model, start + part * way, class_index, "probability"
            )
            answers.append(found)
            total += gradients.sum(axis=0, dtype=np.float64)
        return np.concatenate(answers), total

    answers, ends = at(np.array([0.0, 1.0]))
    count = steps or FIRST_STEPS
    _, inner = at(np.arange(1, count) / count)
    mean = (ends / 2 + inner) / count
    wanted = float(answers[1]) - float(answers[0])
    while steps is None and count < MOST_STEPS:
        if abs(float((mean * way).sum()) - wanted) <= GOOD_ENOUGH * abs(wanted):
            break
        _, between = at((np.arange(count) + 0.5) / count)
        mean = (mean + between / count) / 2
        count *= 2
    return (mean * way).astype(np.float32)


def smooth_grad(
    model: keras.Model, picture: np.ndarray, class_index: int, seed: int = 0
) -> np.ndarray:
    """The mean gradient of a class's score over noisy copies of the picture.

    Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017. Noise with a standard
    deviation of 15 % of the picture's range, 50 copies.

    Returns:
        float32 (height, width, channels); positive: brighter speaks for the class.
    """
    pixels = np.asarray(picture, np.float32)
    rng = np.random.default_rng(seed)
    spread = NOISE_SHARE * float(pixels.max() - pixels.min())
    total = np.zeros_like(pixels, np.float64)
    for start in range(0, NOISY_COPIES, BATCH):
        count = min(BATCH, NOISY_COPIES - start)
        noise = rng.normal(0.0, spread, (count, *pixels.shape)).astype(np.float32)
        _, gradients = answers_and_gradients(model, pixels + noise, class_index)
        total += gradients.sum(axis=0, dtype=np.float64)
    return (total / NOISY_COPIES).astype(np.float32)
