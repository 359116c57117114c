"""The labs' arithmetic in the browser's language gives what `core.concepts` gives, to the digit."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from core.concepts import activations, flattening, pictures, shifting, sizes
from core.concepts.convolution import convolve
from core.concepts.layers import pool
from core.errors import LoupeError
from ui.components import lab_part

SOURCE = (Path(lab_part.__file__).parent / "lab_arithmetic.js").read_text()
ANSWER = """
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const given = (one) => (Array.isArray(one) && Array.isArray(one[0])
  ? { height: one.length, width: one[0].length, values: Float64Array.from(one.flat()) } : one);
const told = (one) => (one?.height ? { ...one, values: [...one.values] } : one);
const rowOf = (...maps) => ({ row: flatten(maps), average: globalAverage(maps) });
const bend = (kind, value) => BENDS[kind](value);
const named = { convolve, pool, placement, kerasPadding, nearestFits, greyOf, change, shifted,
  rowOf, unitSum, bend };
const answer = ([name, ...inputs]) => told(named[name](...inputs.map(given)));
console.log(JSON.stringify(asked.map(answer)));
"""


def in_javascript(*asked):
    """Each `[function, argument, …]` answered by the labs' own script; planes as lists of rows."""
    node = compute_driver_executable()[0]
    done = subprocess.run(
        [node, "-e", SOURCE + ANSWER], input=json.dumps(asked), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def as_plane(told):
    return np.array(told["values"]).reshape(told["height"], told["width"])


@pytest.fixture(scope="module")
def random():
    return np.random.default_rng(11)


def test_convolution_and_pooling(random):
    for _ in range(3):
        picture = random.integers(0, 256, (9, 11)).astype(float)
        kernel = random.integers(-300, 300, (3, 3)) / 100
        size, stride = (int(one) for one in random.integers(1, 5, 2))
        found, most, average = in_javascript(
            ["convolve", picture.tolist(), kernel.tolist(), 1.5],
            ["pool", picture.tolist(), size, stride, "max"],
            ["pool", picture.tolist(), size, stride, "average"],
        )
        np.testing.assert_allclose(as_plane(found), convolve(picture, kernel, bias=1.5), atol=1e-9)
        assert np.array_equal(as_plane(most), pool(picture, size, stride))
        np.testing.assert_allclose(as_plane(average), pool(picture, size, stride, "average"))


def test_every_size_that_can_be_set():
    cases = [
        (w, f, p, s) for w in range(1, 21) for f in (1, 2, 3, 7) for p in (0, 3) for s in (1, 2, 5)
    ]
    asked = [
        question
        for w, f, p, s in cases
        for question in (
            ["placement", w, f, s, p, p],
            ["nearestFits", w, f, p, s],
            ["kerasPadding", w, f, s, "same"],
        )
    ]
    told = iter(in_javascript(*asked))
    for w, f, p, s in cases:
        places, fits, same = next(told), next(told), next(told)
        try:
            ours = sizes.placement(w, f, s, p, p)
        except LoupeError:
            assert places["starts"] == []
        else:
            assert tuple(places["starts"]) == ours.starts
            assert tuple(places["missed"]) == ours.missed
        assert [tuple(one.values()) for one in fits] == list(sizes.nearest_fits(w, f, p, s))
        assert tuple(same) == sizes.keras_padding(w, f, s, "same")


def test_bends_grey_and_shifts(random):
    values = random.normal(0, 3, 40).tolist()
    for kind, one in activations.ACTIVATIONS.items():
        told = in_javascript(*(["bend", kind, value] for value in values))
        np.testing.assert_allclose(told, one.apply(np.array(values)), atol=1e-12)
    picture = random.integers(0, 256, (20, 20, 3), dtype=np.uint8)
    told = in_javascript(*(["greyOf", *pixel] for pixel in picture.reshape(-1, 3).tolist()))
    assert told == pictures.in_grey(picture).ravel().tolist()
    first, second = random.random((2, 6, 7)).round(3)
    moved, changed = in_javascript(
        ["shifted", first.tolist(), 1, -2, 2], ["change", first.tolist(), second.tolist()]
    )
    assert np.array_equal(as_plane(moved), shifting.shifted(first, 1, -2, 2))
    assert changed == pytest.approx(shifting.change(first, second))


def test_flattening_and_a_unit(random):
    maps = random.random((3, 3, 4)).round(2)
    row = flattening.flatten(maps)
    weights = random.normal(0, 1, 36).round(1)
    told, unit = in_javascript(
        ["rowOf", *(maps[..., k].tolist() for k in range(4))],
        ["unitSum", row.tolist(), weights.tolist(), 0.3],
    )
    assert told["row"] == row.tolist()
    np.testing.assert_allclose(told["average"], flattening.global_average(maps))
    ours = flattening.unit_sum(row, weights, 0.3)
    assert unit["total"] == pytest.approx(ours.total)
    np.testing.assert_allclose(unit["contributions"], ours.contributions)
