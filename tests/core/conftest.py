"""A run whose every answer is known beforehand, made without any training."""

import os

import pytest

from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import open_workspace
from tests.core.known_colors import color_dataset, color_model


@pytest.fixture(scope="session")
def known_run(tmp_path_factory):
    """A `Run` on 62 drawn photos of three colours; treat it as read-only but for results."""
    workspace = open_workspace(tmp_path_factory.mktemp("known"))
    color_dataset(workspace)
    recipe = apply_overrides(
        get_recipe("small-cnn"), {"picture.image_size": "24x32", "picture.fit": "stretch"}
    )
    run = create_run(workspace, "colors", recipe, "known colors")
    color_model().save(run.model_path)
    return run


@pytest.fixture
def at_known_run(known_run, monkeypatch):
    """The known run's workspace is the one that the command line and the pages open."""
    monkeypatch.setitem(os.environ, "LOUPE_HOME", str(known_run.workspace.root))
    return known_run
