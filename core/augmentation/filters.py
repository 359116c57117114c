"""Changes that need a pixel's other channels or its neighbours. Pure; nothing is written to.

Each takes uint8 (height, width, channels), channels 1 or 3, and returns the same shape.
"""

import math
from functools import lru_cache
from statistics import NormalDist

import cv2
import numpy as np

from core.augmentation.tables import LUMA

_GREYS = np.tile(np.array(LUMA, np.float32), (3, 1))
_SMOOTH = np.array(((1, 1, 1), (1, 5, 1), (1, 1, 1)), np.float32) / 13  # Pillow's SMOOTH
_NO_BLUR = 0.05  # the neighbours would get less than half a level
_ITSELF = np.array(((0, 0, 0), (0, 1, 0), (0, 0, 0)), np.float32)


def saturation(picture: np.ndarray, factor: float) -> np.ndarray:
    """Each pixel's distance from its grey times `factor`, as Pillow's `ImageEnhance.Color`."""
    if picture.shape[2] == 1:
        return picture
    return cv2.transform(picture, np.eye(3, dtype=np.float32) * factor + _GREYS * (1 - factor))


def grey(picture: np.ndarray) -> np.ndarray:
    """The same grey in all three channels."""
    if picture.shape[2] == 1:
        return picture
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def hue(picture: np.ndarray, degrees: float) -> np.ndarray:
    """The colour wheel of HSV turned by `degrees`, to the nearest of its 256 steps."""
    if picture.shape[2] == 1:
        return picture
    wheel = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV_FULL)
    wheel[..., 0] += np.uint8(round(degrees * 256 / 360) % 256)
    return cv2.cvtColor(wheel, cv2.COLOR_HSV2RGB_FULL)


def blur(picture: np.ndarray, pixels: float) -> np.ndarray:
    """A Gaussian of standard deviation `pixels`; what lies outside mirrors what lies inside.

    Pixels farther away than three standard deviations do not count. In floating point, which
    on 8 bits is faster than OpenCV's own `GaussianBlur` and as exact.
    """
    if pixels < _NO_BLUR:
        return picture
    kernel = cv2.getGaussianKernel(2 * math.ceil(3 * pixels) + 1, pixels, cv2.CV_32F)
    return cv2.sepFilter2D(picture, -1, kernel, kernel).reshape(picture.shape)


def sharpness(picture: np.ndarray, factor: float) -> np.ndarray:
    """Each pixel's distance from its neighbourhood times `factor`; below 1 it is softer."""
    kernel = _ITSELF * factor + _SMOOTH * (1 - factor)
    return cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE).reshape(picture.shape)


def noise(picture: np.ndarray, levels: float, seed: float) -> np.ndarray:
    """Adds normally distributed amounts of standard deviation `levels`, rounded and clipped."""
    shares = np.frombuffer(np.random.default_rng(int(seed)).bytes(2 * picture.size), np.uint16)
    grain = np.asarray(cv2.LUT(shares.reshape(len(picture), -1), _normal_quantiles()))
    np.multiply(grain, np.float32(levels), out=grain)
    rows = picture.reshape(grain.shape)
    return cv2.add(rows, grain, dtype=cv2.CV_8U).reshape(picture.shape)


@lru_cache(maxsize=1)
def _normal_quantiles() -> np.ndarray:
    """float32 (65536,): the normal distribution's value in the middle of each equal share.

    Looking random shares up takes a fifth of the time of drawing from the distribution. The
    farthest of them is 4.3 standard deviations from the middle.
    """
    find = NormalDist().inv_cdf
    half = np.array([find((share + 0.5) / 65536) for share in range(32768)], np.float32)
    return np.concatenate((half, -half[::-1]))


def jpeg(picture: np.ndarray, quality: float) -> np.ndarray:
    """Written as a JPEG of `quality` 1..100, and read again."""
    colored = picture.shape[2] == 3
    source = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if colored else picture
    _, data = cv2.imencode(".jpg", source, (cv2.IMWRITE_JPEG_QUALITY, int(quality)))
    mode = cv2.IMREAD_COLOR_RGB if colored else cv2.IMREAD_GRAYSCALE
    return np.asarray(cv2.imdecode(data, mode)).reshape(picture.shape)
