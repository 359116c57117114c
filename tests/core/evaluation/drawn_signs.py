"""Signs whose class depends on how they are turned, mirrored or coloured."""

import cv2
import numpy as np

from core.images import encode_png

SIZE = 32
ARROW = np.array([(-11, -3), (2, -3), (2, -9), (12, 0), (2, 9), (2, 3), (-11, 3)], np.float32)
TURNS = {"right": 0, "down": 90, "left": 180, "up": 270}
LIGHTS = {"red": (215, 35, 35), "amber": (225, 150, 20), "green": (30, 190, 70)}


def draw_arrow(label, seed):
    """uint8 (32, 32, 3): an arrow that points `label`, in any colour on any dark ground."""
    generator = _of(label, seed)
    angle = np.radians(TURNS[label] + generator.uniform(-12, 12))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = ARROW * generator.uniform(0.75, 1.1) @ turn.T + SIZE / 2 + generator.uniform(-3, 3, 2)
    picture = _ground(generator)
    color = tuple(int(level) for level in generator.integers(140, 256, 3))
    cv2.fillPoly(picture, [(corners * 16).astype(np.int32)], color, cv2.LINE_AA, 4)
    return picture


def draw_letter(label, seed):
    """uint8 (32, 32, 3): b, d, o or x as a bowl and a stem, or as two strokes."""
    generator = _of(label, seed)
    picture = _ground(generator)
    color = tuple(int(level) for level in generator.integers(150, 256, 3))
    middle = SIZE / 2 + generator.uniform(-2.5, 2.5, 2)
    radius, width = generator.uniform(4.5, 6), int(generator.integers(2, 4))
    strokes = {
        "b": [((-radius, -13), (-radius, radius))],
        "d": [((radius, -13), (radius, radius))],
        "o": [],
        "x": [((-radius, -radius), (radius, radius)), ((radius, -radius), (-radius, radius))],
    }[label]
    if label != "x":
        cv2.circle(picture, tuple(map(round, middle)), round(radius), color, width, cv2.LINE_AA)
    for begin, end in strokes:
        points = [tuple(int(round(v)) for v in middle + point) for point in (begin, end)]
        cv2.line(picture, *points, color, width, cv2.LINE_AA)
    return picture


def draw_light(label, seed):
    """uint8 (32, 32, 3): a lit lamp somewhere; only its colour says which class it is."""
    generator = _of(label, seed)
    picture = _ground(generator)
    color = np.clip(np.array(LIGHTS[label]) + generator.integers(-20, 21, 3), 0, 255)
    middle = tuple(int(value) for value in generator.integers(10, 22, 2))
    cv2.circle(picture, middle, int(generator.integers(5, 9)), color.tolist(), -1, cv2.LINE_AA)
    return picture


def write_folder(root, draw, labels, count):
    """A folder per class with `count` pictures each."""
    for label in labels:
        (root / label).mkdir(parents=True)
        for number in range(count):
            (root / label / f"{number:03d}.png").write_bytes(encode_png(draw(label, number)))
    return root


def _of(label, seed):
    return np.random.default_rng((seed, *label.encode()))


def _ground(generator):
    ground = generator.integers(0, 50, 3) + generator.integers(0, 25, (SIZE, SIZE, 3))
    return np.ascontiguousarray(ground.astype(np.uint8))
