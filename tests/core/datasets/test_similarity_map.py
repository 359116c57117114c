import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import similarity_map
from core.datasets.similarity import likeness, missing_from, unit_length
from core.datasets.similarity_map import (
    SimilarityMap,
    lay_out,
    make_map,
    read_map,
    save_map,
)
from core.errors import LoupeError, Stopped


def crowds(count, per_crowd, seed=0):
    """Vectors in `count` crowds far apart, and the crowd of each."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(count, 24))
    crowd = np.repeat(np.arange(count), per_crowd)
    return middles[crowd] + 0.1 * random.normal(size=(len(crowd), 24)), crowd


def share_with_neighbour_of_own_crowd(places, crowd):
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(far, np.inf)
    return (crowd[far.argmin(axis=1)] == crowd).mean()


def test_what_is_alike_lies_close_together():
    vectors, crowd = crowds(3, 15)
    places = lay_out(vectors)
    assert places.dtype == np.float32 and places.shape == (45, 2)
    assert places.min() >= 0 and places.max() <= 1
    assert share_with_neighbour_of_own_crowd(places, crowd) > 0.95


def test_photos_beyond_the_landmarks_find_their_crowd(monkeypatch):
    monkeypatch.setattr(similarity_map, "LANDMARKS", 40)
    vectors, crowd = crowds(3, 60)
    assert share_with_neighbour_of_own_crowd(lay_out(vectors), crowd) > 0.9


def test_too_few_photos_and_a_stop_end_it_in_words(tmp_path):
    with pytest.raises(LoupeError, match="at least 5 photos"):
        lay_out(np.eye(3))

    def stop(done, total, message):
        raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        make_map(tmp_path / "map.npz", ["a"] * 45, crowds(3, 15)[0], stop)
    assert list(tmp_path.iterdir()) == []


def test_a_map_is_kept_and_a_damaged_one_is_none(tmp_path):
    path = tmp_path / "map.npz"
    save_map(path, SimilarityMap(["a", "b"], np.array([[0, 1], [0.5, 0]], np.float32)))
    kept = read_map(path)
    assert kept.ids == ["a", "b"] and kept.places.tolist() == [[0, 1], [0.5, 0]]
    path.write_bytes(path.read_bytes()[:50])
    assert read_map(path) is None and read_map(tmp_path / "none.npz") is None


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**31))
def test_the_photo_itself_is_the_most_similar_one(count, size, seed):
    vectors = unit_length(np.random.default_rng(seed).normal(size=(count, size)))
    ids = [f"photo {number}" for number in range(count)]
    table = likeness(ids, vectors, ids[-1])
    assert table["likeness"].idxmax() == ids[-1] and len(table) == count
    assert likeness(ids, vectors, "not there").empty


def test_photos_that_came_later_are_counted(shapes_workspace):
    from core.datasets.manifest import open_dataset

    dataset = open_dataset(shapes_workspace, "shapes")
    ids = dataset.manifest["id"].tolist()
    assert missing_from(dataset, ids) == 0 and missing_from(dataset, ids[5:]) == 5
