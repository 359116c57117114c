"""How a class's answer changes with the pixels, and explanations made of that."""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from core.inspection.walk import Walk, probabilities_of, scores_of

# Pictures at once, and fewer of larger ones: their values in all layers are kept for the way back.
BATCH, BATCH_PIXELS = 16, 256 * 1024
# Steps of the path from black to the picture: doubled until the sum is right to this share
# of what it must come to; beyond the most of them it is cut into parts instead.
FIRST_STEPS, MOST_STEPS = 32, 64
GOOD_ENOUGH = 0.004
PARTS = 128
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
    at_once = _at_once(pictures)
    parts = [
        _part(model, pictures[start : start + at_once], class_index, of)
        for start in range(0, len(pictures), at_once)
    ]
    answers, gradients = zip(*parts, strict=True)
    return np.concatenate(answers), np.concatenate(gradients)


def _at_once(pictures: np.ndarray) -> int:
    height, width = pictures.shape[1:3]
    return max(1, min(BATCH, BATCH_PIXELS // (height * width)))


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


class _Path:
    """The straight line from one picture to another, and the probability of a class along it.

    Places on it are shares of the way, 0..1, float (N,).
    """

    def __init__(self, model: keras.Model, start: np.ndarray, way: np.ndarray, class_index: int):
        self._model, self._start, self._way, self._class = model, start, way, class_index

    def answers(self, places: np.ndarray) -> np.ndarray:
        """float64 (N,)."""
        found: list[np.ndarray] = []
        for pictures in self._batches(places):
            answer = Walk().through(self._model, tf.constant(pictures))
            found.append(probabilities_of(answer, self._class).numpy())
        return np.concatenate(found).astype(np.float64)

    def slopes(self, places: np.ndarray) -> Iterator[np.ndarray]:
        """How fast each pixel adds to the answer, place by place; float64 as the picture."""
        for pictures in self._batches(places):
            _, gradients = answers_and_gradients(self._model, pictures, self._class, "probability")
            for gradient in gradients:
                yield gradient.astype(np.float64) * self._way

    def total(self, places: np.ndarray) -> np.ndarray:
        """The sum of the slopes at `places`."""
        return sum(self.slopes(places), np.zeros(self._way.shape))

    def _batches(self, places: np.ndarray) -> Iterator[np.ndarray]:
        at_once = _at_once(self._way[None])
        for begin in range(0, len(places), at_once):
            part = places[begin : begin + at_once, None, None, None].astype(np.float32)
            yield self._start + part * self._way


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
    Networks", 2017, equation 1, by the trapezoid rule; see `_by_parts` where that is not enough.

    Args:
        model: As for `core.inspection.grad_cam.grad_cam`.
        picture: (height, width, channels), 0..255.
        baseline: What counts as nothing, of the same shape. Default: black.
        steps: Of the line, by the trapezoid rule alone. Default: as many as completeness needs.

    Returns:
        float32 (height, width, channels); positive: speaks for the class.
    """
    end = np.asarray(picture, np.float32)
    start = np.zeros_like(end) if baseline is None else np.asarray(baseline, np.float32)
    path = _Path(model, start, end - start, class_index)
    ends = np.array([0.0, 1.0])
    wanted = float(np.diff(path.answers(ends))[0])
    count = steps or FIRST_STEPS
    mean = (path.total(ends) / 2 + path.total(np.arange(1, count) / count)) / count
    while steps is None and abs(float(mean.sum()) - wanted) > GOOD_ENOUGH * abs(wanted):
        if count >= MOST_STEPS:
            return _by_parts(path).astype(np.float32)
        mean = (mean + path.total((np.arange(count) + 0.5) / count) / count) / 2
        count *= 2
    return mean.astype(np.float32)


def _by_parts(path: _Path) -> np.ndarray:
    """The same integral for answers that leap: large networks' do, at thousands of kinks.

    The line is cut into parts, shorter ones where the answer changes most. The gradient in the
    middle of each stands for the part as far as its direction goes; how much is gained on it is
    known from the answers at its ends, and the gradient is stretched to that (a ratio estimate:
    Cochran, "Sampling techniques", 1977, chapter 6). Where the two have little to do with each
    other it stays as it is; what is missing then, a few per cent, is made up by the whole.
    """
    grid = np.linspace(0, 1, PARTS + 1)
    change = np.abs(np.diff(path.answers(grid)))
    density = change / (change.sum() or 1) + 1 / PARTS
    reached = np.concatenate([[0], np.cumsum(density)]) / density.sum()
    ends = np.interp(np.linspace(0, 1, PARTS + 1), reached, grid)
    gains = np.diff(path.answers(ends))
    slopes = path.slopes((ends[1:] + ends[:-1]) / 2)
    total = np.zeros(())
    for slope, width, gain in zip(slopes, np.diff(ends), gains, strict=True):
        total = total + slope * (width * _stretch(gain, slope.sum() * width))
    return total * _stretch(float(gains.sum()), float(np.sum(total)))


def _stretch(gain: float, estimate: float) -> float:
    """What brings `estimate` to `gain`; 1 if that is more than twice or less than half of it."""
    near = gain * estimate > 0 and 0.5 < gain / estimate < 2
    return gain / estimate if near else 1.0


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
