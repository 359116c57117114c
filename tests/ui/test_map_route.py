import shutil
import struct

import numpy as np
import pytest

from core.datasets.manifest import open_dataset
from core.datasets.similarity_map import MAP_FILE, SimilarityMap, save_map
from core.inspection.embeddings import compute_embeddings
from core.inspection.planes import principal_plane
from core.training.runs import Run
from core.workspace import open_workspace
from tests.ui.test_routes import Client


@pytest.fixture
def client(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    return Client()


def test_the_points_of_a_map_are_one_small_file(client, shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    ids = dataset.manifest["id"].tolist()[:2]
    places = np.array([[0, 1], [0.5, 0.25]], np.float32)
    save_map(dataset.folder / MAP_FILE, SimilarityMap(ids, places))
    answer = client.get("/api/datasets/shapes/map?by=eye&stamp=1")
    assert answer.status_code == 200 and "max-age" in answer.headers["cache-control"]
    (count,) = struct.unpack_from("<I", answer.content)
    assert count == 2
    assert struct.unpack_from("<4H", answer.content, 4) == (0, 65535, 32768, 16384)
    assert answer.content[12:].decode().split("\n") == ids


@pytest.mark.parametrize("address", ["shapes/map", "shapes/map?by=no-run", "none/map"])
def test_what_is_not_there_is_answered_in_words(client, address):
    answer = client.get(f"/api/datasets/{address}")
    assert answer.status_code == 404 and answer.json()["error"]


def test_the_plane_of_what_a_run_learnt_comes_the_same_way(trained_run, tmp_path, monkeypatch):
    shutil.copytree(trained_run.workspace.root, tmp_path / "own")
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "own"))
    address = f"/api/datasets/shapes/map?by={trained_run.name}&plane=pca&stamp=1"
    assert Client().get(address).status_code == 404
    run = Run(open_workspace(tmp_path / "own").runs / trained_run.name)
    made = compute_embeddings(run)
    answer = Client().get(address)
    assert struct.unpack_from("<I", answer.content)[0] == 48
    places = np.frombuffer(answer.content[4 : 4 + 48 * 4], "<u2").reshape(48, 2) / 65535
    assert np.allclose(places, principal_plane(made.vectors).places, atol=5e-3)
