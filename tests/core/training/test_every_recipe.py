"""Every network that comes with Loupe trains from the command line: one round, tiny pictures.

The pretrained ones share one way, which `test_transfer` walks with the smallest of them.
"""

import json

import pytest

from core import cli
from core.models.architecture import Architecture
from core.training.recipes import list_recipes
from tests.conftest import workspace_with

STACKS = [one.name for one in list_recipes() if isinstance(one.architecture, Architecture)]
# What their poolings leave something of.
SIDES = {"dragonflies": 44, "dragonflies-light": 32}


@pytest.fixture(scope="module")
def home(shapes_datasets, tmp_path_factory):
    return workspace_with(shapes_datasets, tmp_path_factory.mktemp("recipes") / "home").root


@pytest.mark.parametrize("name", STACKS)
def test_it_trains_from_the_command_line(name, home, monkeypatch, capsys):
    monkeypatch.setenv("LOUPE_HOME", str(home))
    side = SIDES.get(name, 24)
    size = f"image_size={side}x{side}"
    code = cli.main(["train", "shapes", "--recipe", name, "--epochs", "1", "--set", size, "--json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    document = json.loads(said.out)
    assert (document["status"], document["epochs"]) == ("finished", 1)
    assert 0 <= document["train_accuracy"] <= 1
