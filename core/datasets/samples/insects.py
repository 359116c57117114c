"""The two insects, seen from above, as the field guides tell them apart.

Dragonfly at rest: wings spread flat to the sides, hind wings broader at the
base, large eyes that touch across the top of the head, a stout body.
Damselfly at rest: wings folded together over a slender abdomen, narrow at the
base, small eyes far apart at the ends of a broad head.

Body coordinates: the head points to +x, the thorax is at the origin, and the
unit is the length of the body.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from core.datasets.samples.canvas import Array, ball, curve, ellipse, fill, stroke, tube
from core.datasets.samples.palettes import BodyColours, WingColours, choose_body, choose_wings
from core.datasets.samples.wings import VARIANTS, paint_wing, wing_outline


@dataclass(frozen=True)
class Build:
    """How one kind of insect is made, in body lengths."""

    thorax: tuple[float, float]
    abdomen: tuple[float, float]
    abdomen_radii: tuple[float, ...]
    head_at: float
    eye: float
    eye_apart: float


DRAGONFLY = Build(
    (0.135, 0.095), (-0.09, -0.76), (0.06, 0.056, 0.048, 0.046, 0.046, 0.034), 0.176, 0.064, 0.052
)
DAMSELFLY = Build(
    (0.10, 0.05), (-0.07, -0.84), (0.024, 0.017, 0.016, 0.016, 0.018, 0.02), 0.118, 0.027, 0.062
)
BUILDS = {"damselfly": DAMSELFLY, "dragonfly": DRAGONFLY}


@dataclass(frozen=True)
class WingPose:
    """Where one wing sits: base point, direction (radians, 0 is forward), length, width, side."""

    shape: str
    base: tuple[float, float]
    direction: float
    length: float
    width: float
    side: int

    def matrix(self) -> Array:
        """From wing coordinates to body coordinates, `(3, 3)`; `side` mirrors the wing."""
        cos, sin = np.cos(self.direction), np.sin(self.direction)
        along = np.array([cos, sin]) * self.length
        back = np.array([-sin, cos]) * self.length * self.width * self.side
        return np.array(
            [[along[0], back[0], self.base[0]], [along[1], back[1], self.base[1]], [0, 0, 1]]
        )


@dataclass(frozen=True)
class Insect:
    """One insect, ready to be painted."""

    build: Build
    view: Array  # (3, 3), body coordinates to pixels
    scale: float  # pixels per body length
    body: BodyColours
    wing_colours: WingColours
    wings: tuple[WingPose, ...]
    pattern: int
    bend: float
    variant: int
    legs: Array = field(repr=False)

    def place(self, points) -> Array:
        """Body coordinates `(n, 2)` as pixels `(n, 2)`."""
        points = np.asarray(points, np.float32).reshape(1, -1, 2)
        return cv2.perspectiveTransform(points, self.view)[0]


def compose_insect(label: str, rng: np.random.Generator, view: Array, scale: float) -> Insect:
    """Draws by lot everything about an insect but its place.

    Args:
        label: `damselfly` or `dragonfly`.
        rng: The source of chance.
        view: `(3, 3)` homography from body coordinates to pixels.
        scale: Pixels per body length.
    """
    wings = _spread_wings(rng) if label == "dragonfly" else _folded_wings(rng)
    return Insect(
        build=BUILDS[label],
        view=view,
        scale=scale,
        body=choose_body(rng),
        wing_colours=_thin(choose_wings(rng), label),
        wings=wings,
        pattern=int(rng.integers(4)),
        bend=float(rng.uniform(-0.05, 0.05)),
        variant=int(rng.integers(VARIANTS)),
        legs=rng.uniform(-1, 1, (6, 2)),
    )


def _spread_wings(rng: np.random.Generator) -> tuple[WingPose, ...]:
    fore, hind = np.radians(rng.uniform(72, 94)), np.radians(rng.uniform(96, 116))
    poses = []
    for side in (-1, 1):
        foreshortened = rng.uniform(0.82, 1)
        for shape, base, angle, length in (
            ("dragonfly-hind", (-0.045, 0.05), hind, 0.60),
            ("dragonfly-fore", (0.06, 0.05), fore, 0.63),
        ):
            jitter = np.radians(rng.uniform(-3, 3))
            where = (base[0], base[1] * side)
            poses.append(
                WingPose(shape, where, side * (angle + jitter), length * foreshortened, 0.95, side)
            )
    return tuple(poses)


def _folded_wings(rng: np.random.Generator) -> tuple[WingPose, ...]:
    """Four wings over the abdomen: seen a little from the side, or straight from above."""
    leaning = rng.random() < 0.6
    lean_to = rng.choice((-1, 1))
    lean, width = np.radians(rng.uniform(1, 9)), rng.uniform(0.75, 1.0)
    apart = np.radians(rng.uniform(1, 3.5))
    poses = []
    for number, side in enumerate((-1, 1, -1, 1)):
        to = lean_to if leaning else side
        off = lean + apart * number / 3 if leaning else apart * (1.5 + number / 3)
        base = (-0.05 + 0.03 * (number // 2), to * 0.014)
        length = (0.66 if number < 2 else 0.68) * rng.uniform(0.98, 1.02)
        broad = width if leaning else width * 0.6
        poses.append(WingPose("damselfly", base, np.pi - to * off, length, broad, to))
    return tuple(poses)


def _thin(colours: WingColours, label: str) -> WingColours:
    """Four wings on top of one another must still let the abdomen through."""
    return colours._replace(opacity=colours.opacity * 0.6) if label == "damselfly" else colours


def insect_shadow(insect: Insect, shape: tuple[int, int], shrink: float) -> Array:
    """What keeps the light off: `uint8` mask of `shape`, wings thinner than the body."""
    mask = np.zeros((*shape, 3), np.uint8)
    for wing in insect.wings:
        outline = cv2.perspectiveTransform(
            wing_outline(wing.shape)[None].astype(np.float32), insect.view @ wing.matrix()
        )[0]
        fill(mask, outline * shrink, (110, 110, 110))
    start, end = insect.build.abdomen
    spine = insect.place([(insect.build.head_at, 0), (start, 0), (end, 0)]) * shrink
    stroke(mask, spine, (255, 255, 255), insect.build.thorax[1] * insect.scale * shrink * 1.2)
    return mask[..., 0]


def paint_insect(canvas: Array, insect: Insect, light: Array) -> None:
    """The whole animal; `light` is the unit vector in which the light travels."""
    _paint_legs(canvas, insect)
    _paint_abdomen(canvas, insect, light)
    _paint_thorax(canvas, insect, light)
    for wing in insect.wings:
        placed = insect.view @ wing.matrix()
        paint_wing(canvas, wing.shape, insect.variant, placed, insect.wing_colours)
    _paint_head(canvas, insect, light)


def _paint_legs(canvas: Array, insect: Insect) -> None:
    width = insect.build.thorax[1]
    for number, (swing, stretch) in enumerate(insect.legs):
        side, pair = (-1, 1)[number % 2], number // 2
        hip = np.array([0.08 - 0.05 * pair, side * width * 0.6])
        angle = np.radians((34, 66, 118)[pair] + 14 * swing) * side
        reach = 0.062 + 0.5 * width * (1 - 0.4 * pair) + 0.015 * stretch
        knee = hip + reach * np.array([np.cos(angle), np.sin(angle)])
        turn = angle - side * np.radians(34 - 24 * pair)
        foot = knee + reach * 1.05 * np.array([np.cos(turn), np.sin(turn)])
        leg = insect.place([hip, knee, foot])
        stroke(canvas, leg, np.array(insect.body.dark) * 0.9, max(1.5, 0.008 * insect.scale))


def _paint_abdomen(canvas: Array, insect: Insect, light: Array) -> None:
    start, end = insect.build.abdomen
    spine = insect.place(curve((start + 0.03, 0), (end, 0), insect.bend, 31))
    shares = np.linspace(0, 1, 31)
    radii = insect.build.abdomen_radii
    widths = np.interp(shares, np.linspace(0, 1, len(radii)), radii) * insect.scale
    tube(canvas, spine, widths, _abdomen_colours(insect), light)
    tail = insect.place([(end + 0.01, 0), (end - 0.035, 0.012), (end - 0.035, -0.012)])
    for claw in tail[1:]:
        stroke(canvas, np.stack([tail[0], claw]), insect.body.dark, 0.012 * insect.scale)


def _abdomen_colours(insect: Insect) -> Array:
    """Ten segments of three steps each, `(30, 5, 3)`: the last step of a segment is its ring."""
    main, dark, accent = (np.array(rgb, float) for rgb in insect.body[:3])
    colours = np.tile(main, (30, 5, 1))
    if insect.pattern == 0:
        colours[:, 2] = dark
    elif insect.pattern == 1:
        colours[:] = dark
        colours[0::3] = accent
        colours[21:27] = main
    elif insect.pattern == 2:
        colours[:, 1:4] = dark * 0.5 + main * 0.5
        colours[0::3, [0, 4]] = accent
    else:
        colours[:, 0] = colours[:, 4] = accent * 0.4 + main * 0.6
    colours[2::3] = colours[2::3] * 0.35 + dark * 0.65
    return colours


def _paint_thorax(canvas: Array, insect: Insect, light: Array) -> None:
    length, width = insect.build.thorax
    angle = _heading(insect)
    centre = insect.place([(0.01, 0)])[0]
    axes = (length * insect.scale, width * insect.scale)
    ball(canvas, centre, axes, angle, insect.body.main, light)
    for side in (-0.5, 0.5):
        stripe = insect.place([(0.10 * length / 0.13, side * width), (-0.5 * length, side * width)])
        stroke(canvas, stripe, insect.body.dark, max(1, 0.2 * width * insect.scale))
        outer = insect.place(
            [(0.5 * length, 1.6 * side * width), (-0.4 * length, 1.6 * side * width)]
        )
        stroke(canvas, outer, insect.body.accent, max(1, 0.14 * width * insect.scale))


def _paint_head(canvas: Array, insect: Insect, light: Array) -> None:
    build, angle = insect.build, _heading(insect)
    size = build.eye * insect.scale
    face = insect.place([(build.head_at + build.eye * 0.35, 0)])[0]
    bar = (size * 0.85, max(build.eye_apart * insect.scale, size * 0.6))
    neck = insect.place([(0.05, 0), (build.head_at, 0)])
    stroke(canvas, neck, insect.body.dark, 0.03 * insect.scale)
    ball(canvas, face, bar, angle, np.array(insect.body.accent) * 0.8, light)
    for side in (-1, 1):
        centre = insect.place([(build.head_at, side * build.eye_apart)])[0]
        ball(canvas, centre, (size * 1.12, size), angle + side * 0.3, insect.body.eyes, light)
        ellipse(
            canvas, centre - np.asarray(light) * size * 0.4, (size * 0.2,) * 2, 0, (250, 252, 252)
        )


def _heading(insect: Insect) -> float:
    tail, nose = insect.place([(-0.1, 0), (0.1, 0)])
    return float(np.arctan2(*(nose - tail)[::-1]))
