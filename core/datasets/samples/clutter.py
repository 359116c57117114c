"""What lies around, under and in front of the insect."""

import cv2
import numpy as np

from core.datasets.samples.canvas import Array, ball, curve, ellipse, fill, normals, stroke, tube
from core.datasets.samples.palettes import stone, vary

Rng = np.random.Generator
_BLADES = ((112, 148, 66), (150, 150, 80), (176, 150, 96), (84, 122, 72), (124, 96, 64))
_LEAVES = ((120, 150, 64), (176, 130, 60), (150, 84, 48), (96, 128, 70), (196, 172, 90))


def paint_perch(canvas: Array, rng: Rng, at: Array, heading: float, light: Array) -> None:
    """A stem, a twig or a blade of grass under the insect, or nothing."""
    kind = rng.choice(("none", "stem", "blade", "twig"))
    if kind == "none":
        return
    reach = 1.5 * max(canvas.shape[:2])
    angle = heading + rng.choice((0, np.pi / 2)) + rng.normal(0, 0.35)
    way = np.array([np.cos(angle), np.sin(angle)])
    spine = curve(at - way * reach, at + way * reach, rng.uniform(-0.03, 0.03), 14)
    paint = vary(rng, _BLADES[rng.integers(len(_BLADES))], 18)
    unit = canvas.shape[0] / 128
    if kind == "blade":
        _blade(canvas, spine, rng.uniform(5, 10) * unit, paint)
        return
    radii = np.full(len(spine), rng.uniform(1.6, 3.6) * unit)
    if kind == "twig":
        radii *= rng.uniform(0.8, 1.25, len(spine))
    tube(canvas, spine, radii, paint, light)


def scatter(canvas: Array, rng: Rng, light: Array) -> None:
    """Leaves, pebbles, twigs, petals and drops, anywhere."""
    for _ in range(rng.integers(1, 6)):
        thing = (_leaf, _pebble, _twig, _twig, _petals, _drop)[rng.integers(6)]
        thing(canvas, rng, light)


def paint_foreground(canvas: Array, rng: Rng, light: Array) -> None:
    """Blades of grass before the insect, a little out of focus; never more than three."""
    count = rng.choice(4, p=(0.5, 0.32, 0.13, 0.05))
    if count == 0:
        return
    cover = canvas.copy()
    mask = np.zeros(canvas.shape, np.uint8)
    height, width = canvas.shape[:2]
    for _ in range(count):
        angle = rng.uniform(0, 2 * np.pi)
        way = np.array([np.cos(angle), np.sin(angle)]) * max(height, width)
        middle = rng.uniform(0, 1, 2) * (width, height)
        spine = curve(middle - way, middle + way * rng.uniform(0.05, 1), rng.uniform(-0.12, 0.12))
        radius = rng.uniform(1.0, 3.2) * height / 128
        paint = vary(rng, _BLADES[rng.integers(len(_BLADES))], 18)
        _blade(cover, spine, radius, paint)
        stroke(mask, spine, (255, 255, 255), radius * 2)
    soft = rng.uniform(0.4, 1.4) * height / 128
    small = cv2.resize(mask[..., 0], (width // 3, height // 3), interpolation=cv2.INTER_AREA)
    share = cv2.resize(cv2.GaussianBlur(small, (0, 0), soft / 3 + 0.3), (width, height))
    canvas[:] = cv2.blendLinear(
        cover, canvas, share.astype(np.float32) / 255, 1 - share.astype(np.float32) / 255
    )


def _blade(canvas: Array, spine: Array, radius: float, paint: Array) -> None:
    """A flat blade that narrows to a point, with a lighter midrib."""
    width = radius * np.sqrt(np.linspace(1, 0.02, len(spine)))[:, None]
    across = normals(spine) * width
    fill(canvas, np.concatenate([spine - across, (spine + across)[::-1]]), paint * 0.85)
    fill(canvas, np.concatenate([spine, (spine + across)[::-1]]), paint)
    stroke(canvas, spine, paint * 1.2, radius * 0.2)


def _leaf(canvas: Array, rng: Rng, light: Array) -> None:
    centre, unit = _anywhere(canvas, rng)
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)]) * rng.uniform(6, 18) * unit
    spine = curve(centre - way, centre + way, rng.uniform(-0.12, 0.12))
    width = np.sin(np.linspace(0, np.pi, len(spine))) * rng.uniform(2.5, 6) * unit
    across = normals(spine) * width[:, None]
    paint = vary(rng, _LEAVES[rng.integers(len(_LEAVES))], 20)
    outline = np.concatenate([spine - across, (spine + across)[::-1]])
    _cast(canvas, outline, light * 2.5 * unit)
    fill(canvas, outline, paint * 0.9)
    fill(canvas, np.concatenate([spine, (spine + across)[::-1]]), paint * 1.08)
    stroke(canvas, spine, paint * 0.72, unit * 0.6)
    for place in range(3, len(spine) - 2, 2):
        for side in (-0.8, 0.8):
            tip = spine[place + 1] + across[place] * side
            stroke(canvas, np.stack([spine[place], tip]), paint * 0.8, unit * 0.35)


def _pebble(canvas: Array, rng: Rng, light: Array) -> None:
    centre, unit = _anywhere(canvas, rng)
    axes = rng.uniform(1.5, 6, 2) * unit
    turn = rng.uniform(0, np.pi)
    ellipse(canvas, centre + light * axes.min() * 0.35, axes * 1.02, turn, (46, 44, 40))
    ball(canvas, centre, axes, turn, stone(rng), light)


def _twig(canvas: Array, rng: Rng, light: Array) -> None:
    start, unit = _anywhere(canvas, rng)
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)])
    spine = curve(start, start + way * rng.uniform(15, 70) * unit, rng.uniform(-0.1, 0.1))
    radii = np.linspace(1, 0.5, len(spine)) * rng.uniform(0.6, 1.8) * unit
    _cast(
        canvas,
        np.concatenate(
            [
                spine - normals(spine) * radii[:, None],
                (spine + normals(spine) * radii[:, None])[::-1],
            ]
        ),
        light * 2 * unit,
    )
    tube(canvas, spine, radii, vary(rng, _BLADES[rng.integers(len(_BLADES))], 22) * 0.8, light)


def _petals(canvas: Array, rng: Rng, light: Array) -> None:
    centre, unit = _anywhere(canvas, rng)
    radius, count = rng.uniform(2, 5) * unit, rng.integers(5, 9)
    paint = vary(
        rng, ((236, 232, 226), (238, 206, 90), (214, 140, 176), (150, 140, 210))[rng.integers(4)]
    )
    for turn in np.arange(count) * 2 * np.pi / count + rng.uniform(0, 1):
        way = np.array([np.cos(turn), np.sin(turn)])
        gain = 0.9 - 0.12 * float(way @ light)
        ellipse(canvas, centre + way * radius, (radius * 0.8, radius * 0.42), turn, paint * gain)
    ball(canvas, centre, (radius * 0.5,) * 2, 0, (214, 170, 60), light)


def _drop(canvas: Array, rng: Rng, light: Array) -> None:
    for _ in range(rng.integers(1, 6)):
        centre, unit = _anywhere(canvas, rng)
        radius = rng.uniform(0.8, 2.4) * unit
        x, y = np.clip(centre, 0, np.array(canvas.shape[1::-1]) - 1).astype(int)
        under = canvas[y, x].astype(float)
        ellipse(canvas, centre, (radius, radius), 0, under * 0.72)
        ellipse(canvas, centre + light * radius * 0.25, (radius * 0.7,) * 2, 0, under * 1.15 + 14)
        ellipse(canvas, centre - light * radius * 0.45, (radius * 0.24,) * 2, 0, (255, 255, 255))


def _cast(canvas: Array, outline: Array, offset: Array) -> None:
    """A hard little shadow of `outline`, on its own small area for speed."""
    moved = outline + offset
    left, top = np.maximum(np.floor(moved.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.ceil(moved.max(axis=0)).astype(int) + 2
    area = canvas[top:bottom, left:right]
    if right <= left or bottom <= top or area.size == 0:
        return
    under = area.copy()
    fill(under, moved - (left, top), (20, 22, 20))
    area[:] = cv2.addWeighted(area, 0.6, under, 0.4, 0)


def _anywhere(canvas: Array, rng: Rng) -> tuple[Array, float]:
    height, width = canvas.shape[:2]
    return rng.uniform(-0.05, 1.05, 2) * (width, height), height / 128
