import shutil
import time

import pytest

from core.errors import LoupeError, NotFound
from core.jobs import State, mark_launched
from core.training.runs import create_run, list_runs, open_run
from core.workspace import restore, write_json
from tests.conftest import small_recipe


@pytest.fixture
def shapes(workspace, shapes_workspace):
    """An empty workspace but for the data set "shapes"."""
    shutil.copytree(shapes_workspace.datasets, workspace.datasets, dirs_exist_ok=True)
    return workspace


def test_a_new_run_holds_all_that_is_needed_to_repeat_it(shapes):
    run = create_run(shapes, "shapes", small_recipe(seed=7), "My first")
    config = open_run(shapes, "my-first").config
    assert (config.run, config.title, config.dataset) == ("my-first", "My first", "shapes")
    assert (config.dataset_version, config.class_names) == (1, ("disc", "frame"))
    assert config.recipe == small_recipe(seed=7)
    assert run.status().state is State.QUEUED
    assert run.metrics() == []
    assert run.evaluation() is None
    assert not run.has_model


def test_names_are_made_and_never_taken_twice(shapes):
    names = [create_run(shapes, "shapes", small_recipe()).name for _ in range(2)]
    assert names == ["shapes-small-cnn", "shapes-small-cnn-2"]
    assert create_run(shapes, "shapes", small_recipe(), "again").name == "again"


def test_what_cannot_be_learnt_from_is_refused(shapes):
    with pytest.raises(NotFound):
        create_run(shapes, "bears", small_recipe())
    from core.datasets.manifest import open_dataset, save_version

    dataset = open_dataset(shapes, "shapes")
    save_version(dataset, dataset.manifest.assign(label="disc"))
    with pytest.raises(LoupeError, match="single class"):
        create_run(shapes, "shapes", small_recipe())
    assert list(shapes.runs.iterdir()) == []


def test_an_unknown_run_is_said(shapes):
    with pytest.raises(NotFound, match="no run 'ghost'"):
        open_run(shapes, "ghost")


def test_a_deleted_run_comes_back_whole(shapes):
    run = create_run(shapes, "shapes", small_recipe(), "one")
    token = run.delete()
    assert list_runs(shapes) == []
    restore(shapes, token)
    assert open_run(shapes, "one").config.title == "one"
    mark_launched(run.folder)
    with pytest.raises(LoupeError, match="still training"):
        run.delete()


def test_the_list_tells_how_each_run_went(trained_run):
    summary = next(r for r in list_runs(trained_run.workspace) if r["name"] == "tiny-run")
    result = trained_run.status().result
    assert summary["state"] == "finished"
    assert summary["dataset"] == "shapes"
    assert summary["recipe"] == "small-cnn"
    assert summary["test_accuracy"] == trained_run.evaluation()["accuracy"]
    assert summary["val_accuracy"] == result["val_accuracy"]
    assert (summary["epochs"], summary["has_model"]) == (12, True)


def test_newest_runs_come_first_and_broken_folders_do_not_matter(shapes):
    for name in ("a", "b"):
        run = create_run(shapes, "shapes", small_recipe(), name)
        config = run.config.model_dump(mode="json") | {"created": f"2026-01-0{len(name)}T{name}"}
        write_json(run.folder / "config.json", config)
    (shapes.runs / "empty").mkdir()
    (shapes.runs / "broken").mkdir()
    (shapes.runs / "broken" / "config.json").write_text("{")
    assert [run["name"] for run in list_runs(shapes)] == ["b", "a"]


def test_hundreds_of_runs_are_listed_quickly(trained_run, workspace):
    for number in range(300):
        folder = workspace.runs / f"run-{number:03d}"
        folder.mkdir()
        for name in ("config.json", "status.json", "evaluation.json"):
            shutil.copy(trained_run.folder / name, folder)
    assert len(list_runs(workspace)) == 300
    begun = time.perf_counter()
    list_runs(workspace)
    assert time.perf_counter() - begun < 0.5


def test_an_interrupted_run_is_no_longer_running_in_the_list(shapes):
    from core.status import read_status, write_status

    run = create_run(shapes, "shapes", small_recipe(), "dead")
    status = read_status(run.folder).model_copy(
        update={"state": State.RUNNING, "launched": 1.0, "started": 1.0}
    )
    write_status(run.folder, status)
    assert list_runs(shapes)[0]["state"] == "interrupted"
    assert run.delete()
