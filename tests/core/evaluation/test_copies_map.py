"""Copies on a map: an unchanged one lies on its original, and strays are named."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.perception import perceive
from core.datasets.similarity import unit_length
from core.datasets.similarity_map import place_new
from core.evaluation.copies_map import descriptors, place_copies


def photos(count, seed=0, size=16):
    random = np.random.default_rng(seed)
    return unit_length(random.normal(size=(count, size))), random.random((count, 2))


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_what_was_there_before_lands_where_it_lies_and_nothing_leaves_the_map(count, seed):
    vectors, places = photos(count, seed)
    np.testing.assert_allclose(place_new(vectors, vectors, places), places, atol=1e-5)
    other, _ = photos(7, seed + 1)
    placed = place_new(other, vectors, places)
    assert (placed >= places.min(axis=0) - 1e-5).all()
    assert (placed <= places.max(axis=0) + 1e-5).all()


def test_a_new_point_is_pulled_towards_what_it_is_like():
    vectors = np.eye(8)
    places = np.stack([np.arange(8), np.zeros(8)], axis=1) / 8
    between = unit_length(np.array([[3.0, 1, 0, 0, 0, 0, 0, 0]]))
    ((x, y),) = place_new(between, vectors, places)
    assert 0 <= x < 0.2 and y == 0


def test_an_unchanged_copy_lies_on_its_original_though_the_map_knows_it_otherwise():
    vectors, places = photos(30)
    labels = ["ant", "bee", "wasp"] * 10
    # At the model's size the same photos look a little different.
    plain = vectors[[4, 11]] + 0.2
    copies = np.stack([plain, plain], axis=1)
    placed = place_copies(vectors, places, labels, [4, 11], plain, copies)
    for draw in range(2):
        np.testing.assert_allclose(placed.places[:, draw], places[[4, 11]], atol=1e-4)
    assert placed.nearest.tolist() == [[4, 4], [11, 11]] and not placed.strays.any()


def test_a_copy_that_became_another_class_is_a_stray():
    vectors, places = photos(30)
    labels = ["ant"] * 15 + ["bee"] * 15
    plain = vectors[[2]]
    copies = vectors[[[2, 5, 20]]]
    placed = place_copies(vectors, places, labels, [2], plain, copies)
    assert placed.strays.tolist() == [[False, False, True]]
    assert placed.nearest.tolist() == [[2, 5, 20]]
    np.testing.assert_allclose(placed.places[0, 2], places[20], atol=1e-4)


def test_descriptors_are_those_of_the_measures_also_without_colour():
    picture = np.random.default_rng(0).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    np.testing.assert_array_equal(descriptors([picture])[0], perceive(picture).descriptor)
    grey = descriptors([picture[..., :1]])
    np.testing.assert_allclose(np.linalg.norm(grey, axis=1), 1, rtol=1e-5)
