"""Networks of one's own, a recipe that is chosen, and a repetition, from the command line."""

import json

import pytest

from core import cli
from core.augmentation.presets import PRESETS
from core.models import saved
from core.models.architecture_json import write_architecture
from core.training.recipes import get_recipe
from core.training.runs import open_run
from core.workspace import open_workspace
from tests.conftest import small_recipe, workspace_with

TINY = small_recipe().architecture


@pytest.fixture
def shapes(shapes_datasets, tmp_path, monkeypatch):
    """A workspace of one's own with "shapes" in it, which the command line opens."""
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "home"))
    # Weights that lie on this computer would be chosen.
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return workspace_with(shapes_datasets, tmp_path / "home")


@pytest.fixture
def ask(capsys):
    """Runs a command with --json: (exit code, document or what stderr says)."""

    def run(*arguments):
        code = cli.main([*map(str, arguments), "--json"])
        stdout, stderr = capsys.readouterr()
        return (code, json.loads(stdout)) if stdout else (code, stderr)

    return run


def test_networks_are_listed_written_out_and_taken_in(shapes, ask, tmp_path, capsys):
    assert ask("networks") == (0, {"networks": [], "unreadable": []})
    file = tmp_path / "tiny.json"
    file.write_text(write_architecture(TINY))
    code, document = ask("networks", "--import", file, "--name", "Two blocks")
    assert (code, document["saved"]) == (0, "two-blocks")
    (row,) = document["networks"]
    assert row["title"] == "Two blocks" and row["layers"] == 5
    assert row["picture"] == "one size, any would be possible"
    code, document = ask("networks", "--export", "Two blocks", "--out", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["name"] == "Two blocks"
    newer = shapes.root / "architectures" / "newer" / "architecture.json"
    newer.parent.mkdir()
    newer.write_text('{"version": 9}')
    assert "format 9" in ask("networks")[1]["unreadable"][0]["error"]
    assert cli.main(["networks"]) == 0
    said = capsys.readouterr().out
    assert "two-blocks" in said and "newer cannot be read" in said
    assert "format 9" in ask("train", "shapes", "--network", "newer")[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version": 2, "name": "n", "layers": []}', "newer Loupe"),
        ('{"name": "n", "layers": [{"kind": "rocket"}, {"kind": "output"}]}', "no layer 'rocket'"),
        ("[" * 100_000, "no JSON text"),
    ],
)
def test_a_hostile_or_future_network_is_refused_and_nothing_begins(
    shapes, ask, tmp_path, text, said
):
    file = tmp_path / "theirs.json"
    file.write_text(text)
    for arguments in (["train", "shapes", "--network", file], ["networks", "--import", file]):
        code, sentence = ask(*arguments)
        assert code == 2 and said in sentence and "theirs.json" in sentence
    assert list(shapes.runs.iterdir()) == [] and saved.list_saved(shapes) == {}


def test_a_network_of_ones_own_is_trained_and_repeated_and_tried_with_another_seed(
    shapes, ask, shapes_datasets, tmp_path, monkeypatch
):
    key = saved.save_architecture(shapes, TINY, "two blocks")
    given = ["--epochs", 1, "--set", "image_size=16x16", "--set", "open_size=yes"]
    code, document = ask(
        "train", "shapes", "--network", key, "--augmentation", "gentle", *given, "--name", "mine"
    )
    assert code == 0 and "notes" not in document
    config = open_run(shapes, "mine").config
    assert config.recipe.architecture.layers == TINY.layers
    assert config.recipe.architecture.open_size
    assert config.recipe.training.optimizer == get_recipe("small-cnn").training.optimizer
    assert config.recipe.augmentation == PRESETS["gentle"]
    file = shapes.runs / "mine" / "config.json"
    elsewhere = workspace_with(shapes_datasets, tmp_path / "elsewhere")
    monkeypatch.setenv("LOUPE_HOME", str(elsewhere.root))
    code, again = ask("train", "--from", file, "--name", "once more")
    assert code == 0 and open_run(elsewhere, "once-more").config.recipe == config.recipe
    for name in ("train_accuracy", "val_accuracy"):
        assert again[name] == pytest.approx(document[name], abs=1e-6)
    code, _ = ask("train", "shapes", "--from", file, "--seed", 7, "--name", "other")
    other = open_run(elsewhere, "other")
    assert code == 0 and other.config.recipe.training.seed == 7
    assert other.metrics()[0]["loss"] != open_run(elsewhere, "once-more").metrics()[0]["loss"]


def test_a_recipe_is_chosen_with_its_reasons_and_trained(shapes, ask, capsys):
    code, document = ask("choose", "shapes", "--minutes", 1)
    assert code == 0 and document["reasons"] and document["recipe"] == "small-cnn"
    assert document["details"]["training"]["budget_seconds"] == 60
    assert cli.main(["choose", "shapes", "--minutes", "1"]) == 0
    said = capsys.readouterr().out
    assert document["title"] in said and f"- {document['reasons'][0]}" in said
    assert document["command"].split()[3:] == [
        "train", "shapes", "--recipe", "choose", "--budget", "60",
    ]  # fmt: skip
    code, trained = ask(
        "train", "shapes", "--recipe", "choose", "--budget", 1, "--set", "batch_size=16"
    )
    assert code == 0 and trained["notes"][1:] == document["reasons"]
    recipe = open_run(open_workspace(), trained["run"]).config.recipe
    assert recipe.picture.image_size == tuple(document["image_size"])
    assert recipe.training.budget_seconds == 1
