"""Colours. Both insects draw from the same ones, so that no colour gives a class away."""

from typing import NamedTuple

import numpy as np


class BodyColours(NamedTuple):
    """The colours of one insect, RGB 0..255."""

    main: tuple[int, int, int]
    dark: tuple[int, int, int]
    accent: tuple[int, int, int]
    eyes: tuple[int, int, int]


class WingColours(NamedTuple):
    """Membrane, veins and the spot near the wing tip, and how opaque the membrane is (0..1)."""

    membrane: tuple[int, int, int]
    veins: tuple[int, int, int]
    stigma: tuple[int, int, int]
    opacity: float


BODIES = (
    BodyColours((52, 128, 206), (22, 30, 48), (150, 208, 240), (44, 84, 140)),
    BodyColours((84, 170, 214), (24, 32, 40), (190, 228, 240), (70, 130, 170)),
    BodyColours((58, 150, 92), (18, 44, 36), (176, 214, 110), (96, 128, 62)),
    BodyColours((126, 168, 60), (40, 48, 26), (226, 222, 110), (66, 110, 150)),
    BodyColours((196, 58, 44), (62, 22, 22), (238, 140, 90), (132, 40, 34)),
    BodyColours((222, 130, 40), (72, 40, 22), (250, 200, 110), (150, 84, 36)),
    BodyColours((226, 190, 64), (48, 42, 30), (250, 234, 150), (104, 112, 60)),
    BodyColours((142, 98, 66), (48, 34, 28), (206, 170, 110), (110, 74, 52)),
    BodyColours((124, 88, 166), (40, 30, 56), (190, 160, 220), (92, 66, 120)),
    BodyColours((120, 132, 150), (36, 40, 50), (196, 206, 216), (76, 86, 104)),
)

WINGS = (
    WingColours((232, 240, 240), (54, 52, 50), (52, 40, 34), 0.44),
    WingColours((226, 236, 244), (70, 66, 62), (120, 78, 40), 0.50),
    WingColours((240, 214, 150), (92, 62, 34), (92, 44, 26), 0.56),
    WingColours((150, 142, 130), (44, 40, 38), (40, 32, 30), 0.52),
    WingColours((196, 216, 226), (50, 58, 66), (200, 170, 90), 0.54),
)


def vary(rng: np.random.Generator, rgb, amount: float = 14) -> np.ndarray:
    """`rgb` a little lighter or darker and a little off its hue."""
    return np.asarray(rgb, float) * rng.uniform(0.88, 1.12) + rng.uniform(-amount, amount, 3)


def stone(rng: np.random.Generator, near=(140, 136, 130)) -> np.ndarray:
    """The colour of a pebble that lies on ground of colour `near`."""
    return np.mean([near, (142, 136, 128)], axis=0) * rng.uniform(0.65, 1.25) + rng.normal(0, 4, 3)


def choose_body(rng: np.random.Generator) -> BodyColours:
    """Colours for one insect, never twice the same."""
    chosen = BODIES[rng.integers(len(BODIES))]
    return BodyColours(*(tuple(vary(rng, rgb)) for rgb in chosen))


def choose_wings(rng: np.random.Generator) -> WingColours:
    """Colours for the four wings of one insect."""
    chosen = WINGS[rng.integers(len(WINGS))]
    tint = tuple(vary(rng, chosen.membrane, 10))
    return chosen._replace(membrane=tint, opacity=chosen.opacity * rng.uniform(0.75, 1.25))
