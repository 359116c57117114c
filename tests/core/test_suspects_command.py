import json

import pytest

from core.cli import main


@pytest.fixture
def here(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    monkeypatch.setenv("KERAS_HOME", str(shapes_workspace.root / "keras"))
    return shapes_workspace


@pytest.fixture
def quick(monkeypatch):
    """Judges by brightness: what is asked and answered counts here, not how it is learnt."""
    import numpy as np

    def judge(dataset, recipe, learn, folder, reporter):
        answers = np.full((int((~learn).sum()), 2), [0.1, 0.9], np.float32)
        return answers

    monkeypatch.setattr("core.evaluation.fold_training.train_and_judge", judge)


def test_suspects_answers_with_one_document(here, quick, capsys):
    assert main(["suspects", "shapes", "--recipe", "small-cnn", "--folds", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["dataset"] == "shapes" and document["photos"] == 48
    assert document["accuracy"] == 0.5
    assert {"id", "file", "label", "proposed", "score", "reason"} <= set(document["queue"][0])
    assert {row["label"] for row in document["queue"] if row["proposed"]} == {"disc"}


def test_suspects_for_people_is_a_table(here, quick, capsys):
    assert main(["suspects", "shapes"]) == 0
    text = capsys.readouterr().out
    assert "agrees with 50 % of 48 labels" in text and "perhaps" in text


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--pretrained"], "no weights"),
        (["--run", "nowhere"], "nowhere"),
        (["--folds", "1"], "from 2 to 10"),
        (["--recipe", "small-cnn", "--seconds", "0.1"], "--seconds"),
        (["--run", "a", "--pretrained"], "not allowed"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(here, arguments, words, capsys):
    assert main(["suspects", "shapes", *arguments]) == 2
    assert words in capsys.readouterr().err
