import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from core.inspection import planes
from core.inspection.planes import like_neighbours, principal_plane


@pytest.mark.parametrize("shape", [(60, 8), (12, 40)])
def test_the_plane_is_that_of_an_independent_pca(shape):
    random = np.random.default_rng(0)
    vectors = (random.normal(size=shape) * np.linspace(3, 0.1, shape[1])).astype(np.float32)
    plane = principal_plane(vectors)
    known = PCA(2, svd_solver="full").fit(vectors.astype(np.float64))
    assert plane.explained == pytest.approx(known.explained_variance_ratio_, rel=1e-4)
    for own, other in zip(plane.directions, known.components_, strict=True):
        assert abs(own @ other) == pytest.approx(1, abs=1e-4)
    assert plane.places.min(axis=0).tolist() == [0, 0]
    assert plane.places.max(axis=0) == pytest.approx([1, 1])
    assert np.allclose(plane.place(vectors), plane.places, atol=1e-4)


def test_photos_that_are_all_the_same_lie_on_one_place():
    plane = principal_plane(np.ones((4, 3), np.float32))
    assert np.isfinite(plane.places).all() and plane.explained == (0, 0)
    assert principal_plane(np.ones((3, 1), np.float32)).places.shape == (3, 2)


def test_neighbours_are_those_of_an_independent_search(monkeypatch):
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 400)
    points = random.normal(size=(400, 5)) + labels[:, None]
    near = NearestNeighbors(n_neighbors=2).fit(points).kneighbors(points)[1][:, 1]
    share = (labels[near] == labels).mean()
    assert like_neighbours(points, labels) == pytest.approx(share)
    monkeypatch.setattr(planes, "MOST_ASKED", 200)
    assert like_neighbours(points, labels) == pytest.approx(share, abs=0.1)
