import shutil

import numpy as np
import pytest

from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.errors import NotFound
from core.inspection.embeddings import (
    compute_embeddings,
    embeddings_job,
    embeddings_map_path,
    embeddings_path,
    map_job,
    read_embeddings,
)
from core.jobs import new_job, run_job
from core.models.loading import load_model, predict_probabilities
from core.training.runs import Run, create_run
from core.workspace import open_workspace
from tests.conftest import small_recipe


@pytest.fixture
def run(trained_run, tmp_path):
    """A copy of the trained run in a workspace of its own."""
    shutil.copytree(trained_run.workspace.root, tmp_path / "own")
    workspace = open_workspace(tmp_path / "own")
    return Run(workspace.runs / trained_run.name)


def test_photos_of_a_class_lie_closer_to_one_another_than_to_the_other_class(run):
    assert read_embeddings(run) is None
    made = compute_embeddings(run)
    labels = open_dataset(run.workspace, "shapes").manifest.set_index("id")["label"][made.ids]
    assert made.vectors.shape == (48, 16)
    assert np.linalg.norm(made.vectors, axis=1) == pytest.approx(1, abs=1e-3)
    alike = made.vectors @ made.vectors.T
    same = labels.to_numpy()[:, None] == labels.to_numpy()[None]
    np.fill_diagonal(same, False)
    other = labels.to_numpy()[:, None] != labels.to_numpy()[None]
    assert alike[same].mean() > alike[other].mean()
    kept = read_embeddings(run)
    assert kept.ids == made.ids and np.allclose(kept.vectors, made.vectors, atol=2e-3)
    prepared = prepare(open_dataset(run.workspace, "shapes"), run.config.recipe.picture)
    pictures = prepared.array[prepared.indices(kept.ids)]
    answers = predict_probabilities(load_model(run.model_path), pictures)
    assert np.allclose(kept.probabilities, answers, atol=2e-3)


def test_the_job_keeps_embeddings_and_map_with_the_run(run):
    function = f"{embeddings_job.__module__}:{embeddings_job.__name__}"
    folder = new_job(run.workspace, function, {"run": run.name}, "look")
    status = run_job(folder)
    assert status.state == "finished" and status.result == {"run": run.name, "photos": 48}
    assert embeddings_path(run).is_file() and embeddings_map_path(run).is_file()
    embeddings_map_path(run).unlink()
    before = embeddings_path(run).stat().st_mtime_ns
    arrange = f"{map_job.__module__}:{map_job.__name__}"
    again = new_job(run.workspace, arrange, {"run": run.name}, "arrange")
    assert run_job(again).state == "finished" and embeddings_map_path(run).is_file()
    assert embeddings_path(run).stat().st_mtime_ns == before


def test_a_run_without_a_model_is_refused_in_words(shapes_workspace):
    with pytest.raises(NotFound, match="no trained model"):
        compute_embeddings(create_run(shapes_workspace, "shapes", small_recipe()))
