"""Real range tests on drawn photos: of a network from nothing and of a head on kept features."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import keras
import numpy as np
import pytest

from core.cli import main
from core.commands.text import TEXTS
from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.jobs import State, new_job, read_status, request_stop, run_job
from core.models.backbones import Backbone
from core.models.builder import build
from core.training import rate_finder
from core.training.objective import make_loss
from core.training.rate_curve import HIGHEST_RATE, JOB, LOWEST_RATE, read_rate_curve
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.training.split_batches import split_batches
from core.workspace import Workspace
from tests.conftest import small_recipe, workspace_with


def search(workspace, recipe, listener=None, dataset="shapes"):
    arguments = {"dataset": dataset, "recipe": recipe.model_dump(mode="json")}
    folder = new_job(workspace, JOB, arguments, "search")
    return folder, run_job(folder, listener)


ASK = ["find-rate", "shapes", "--recipe", "small-cnn"]
SETTINGS = {"precision": "full", "image_size": "16x16", "batch_size": "16"}


@pytest.fixture(scope="module")
def searched(shapes_datasets, tmp_path_factory):
    """The folder of a search, what the command answered, and what it said meanwhile."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("rates") / "workspace")
    changes = [word for pair in SETTINGS.items() for word in ("--set", "=".join(pair))]
    answered, said = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(answered), redirect_stderr(said):
        patch.setenv("LOUPE_HOME", str(workspace.root))
        assert main([*ASK, *changes, "--json"]) == 0, said.getvalue()
    document = json.loads(answered.getvalue())
    assert list(workspace.runs.iterdir()) == []
    return Path(document["folder"]), document, said.getvalue()


def test_the_rate_rises_evenly_through_the_range_until_the_loss_explodes(searched):
    curve = read_rate_curve(searched[0])
    assert curve.rates[0] == pytest.approx(LOWEST_RATE) and curve.rates[-1] <= HIGHEST_RATE * 1.001
    ratios = np.diff(np.log(curve.rates))
    assert ratios == pytest.approx(np.full(len(ratios), ratios[0]))
    assert curve.exploded or len(curve.rates) == rate_finder.MOST_STEPS
    assert len(curve.losses) == len(curve.smoothed) == len(curve.rates) > 40


def test_a_network_that_can_learn_gets_a_rate_and_a_reason(searched):
    curve = read_rate_curve(searched[0])
    assert curve.suggestion.kind == "found"
    assert 1e-4 < curve.suggestion.rate < 1
    result = read_status(searched[0]).result
    assert result["suggestion"] == curve.suggestion.rate and result["sentence"]


def test_the_first_loss_is_that_of_the_training_s_own_network_and_first_batch(searched):
    folder = searched[0]
    workspace, recipe = (
        Workspace(folder.parent.parent),
        apply_overrides(get_recipe("small-cnn"), SETTINGS),
    )
    dataset = open_dataset(workspace, "shapes")
    config = create_run(workspace, "shapes", recipe).config
    keras.utils.set_random_seed(recipe.training.seed)
    batches = split_batches(config, dataset, prepare(dataset, recipe.picture), "train")
    network = build(recipe.architecture, recipe.picture.shape, 2, recipe.augmentation.rescale)
    pictures, labels = batches[0]
    wanted = make_loss(recipe.training, network)(labels, network(pictures, training=True))
    assert read_rate_curve(folder).losses[0] == pytest.approx(float(np.mean(wanted)), rel=1e-3)


def test_it_says_what_it_does_and_leaves_nothing_but_its_folder(searched):
    folder, _, said = searched
    assert "Trying learning rates: 0.00" in said
    names = {path.name for path in folder.iterdir()}
    assert names <= {"job.json", "status.json", "lock", "log.txt", "rates.json"}


def test_the_command_answers_with_the_whole_curve(searched):
    document = searched[1]
    own = get_recipe("small-cnn").training.learning_rate
    assert (document["recipe"], document["present"]) == ("small-cnn", own)
    assert len(document["rates"]) == len(document["losses"]) == len(document["smoothed"])
    text = TEXTS["find-rate"](document)
    assert document["sentence"] in text and f"{document['suggestion']:g}" in text


def test_the_command_refuses_in_a_sentence(shapes_workspace, monkeypatch, capsys):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    assert main(["find-rate", "shapes", "--recipe", "gone"]) == 2
    assert main([*ASK, "--set", "learning_rate=-1"]) == 2
    said = capsys.readouterr().err
    assert "There is no recipe 'gone'" in said and "learning_rate does not fit" in said


def test_a_head_on_kept_features_is_searched_too(shapes_workspace):
    backbone = Backbone(name="tiny", backbone="mobilenet-v2", width=0.35, weights="random")
    recipe = get_recipe("mobilenet-v2").model_copy(update={"architecture": backbone})
    recipe = apply_overrides(recipe, {"image_size": "32x32", "batch_size": 16, "variants": 1})
    folder, status = search(shapes_workspace, recipe)
    assert status.state is State.FINISHED, status.message
    assert len(read_rate_curve(folder).rates) > 40
    # The features it looked at are kept: a training goes on from them.
    assert list((shapes_workspace.datasets / "shapes" / "features").iterdir())


def test_it_can_be_stopped_and_keeps_nothing(shapes_workspace):
    def stop(status):
        if status.done > 3 and status.phase == "Trying learning rates":
            request_stop(folders[0])

    folders = []
    arguments = {"dataset": "shapes", "recipe": small_recipe().model_dump(mode="json")}
    folders.append(new_job(shapes_workspace, JOB, arguments, "search"))
    assert run_job(folders[0], stop).state is State.STOPPED
    assert not (folders[0] / "rates.json").exists()


def test_what_does_not_allow_a_training_is_said(shapes_workspace):
    _, status = search(shapes_workspace, small_recipe(), dataset="gone")
    assert status.state is State.FAILED and "gone" in status.message


def test_slow_networks_get_fewer_steps(monkeypatch, shapes_workspace):
    monkeypatch.setattr(rate_finder, "AIM_SECONDS", 0.0)
    folder, status = search(shapes_workspace, small_recipe())
    assert status.state is State.FINISHED
    assert len(read_rate_curve(folder).rates) <= rate_finder.FEWEST_STEPS
