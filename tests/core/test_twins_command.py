import json

import pytest

from core.cli import main
from core.errors import Stopped
from tests.made_up_twins import answers_for


@pytest.fixture
def here(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    return shapes_workspace


@pytest.fixture
def quick(monkeypatch):
    """Nothing is trained: what is asked and answered counts here, not how it is learnt."""

    class Quick:
        done: list = []
        stops_after = None

        def train(self, twins, seed, side, dataset, prepared, reporter):
            if len(self.done) == self.stops_after:
                self.stops_after = None
                raise Stopped("The work was stopped.")
            self.done.append((seed, side))
            answers_for(twins, seed, side, edge=0.3)

    made = Quick()
    made.done = []
    monkeypatch.setattr("core.training.twin_training._train", made.train)
    return made


ASK = ["twins", "shapes", "--augmentation", "gentle", "--epochs", "2", "--seeds", "3"]


def test_twins_answers_with_one_document(here, quick, capsys):
    assert main([*ASK, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "finished" and document["trainings"] == 6
    assert (document["with"], document["without"]) == ("with Gentle", "without augmentation")
    assert document["found"]["seeds"] == [0, 1, 2] and document["sentences"]
    assert quick.done == [(0, "with"), (0, "without"), (1, "without"), (1, "with"), (2, "with"),
                     (2, "without")]  # fmt: skip


def test_twins_for_people_and_against_a_file(here, quick, capsys, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"name": "mine", "steps": [{"kind": "blur", "pixels": 2.5}]}')
    assert main([*ASK, "--against", str(file)]) == 0
    text = capsys.readouterr().out
    assert "with Gentle" in text and "with mine" in text and "difference, 95 %" in text
    assert "disc" in text


def test_the_same_question_goes_on_where_it_was_cut_short(here, quick, capsys):
    quick.stops_after = 3
    assert main([*ASK, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "stopped" and document["found"]["seeds"] == [0]
    assert main([*ASK, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["comparison"] == document["comparison"] and again["status"] == "finished"
    assert len(quick.done) == len(set(quick.done)) == 6
    assert main([*ASK, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["comparison"] != document["comparison"]


def test_without_a_pair_it_says_how_to_go_on(here, quick, capsys):
    quick.stops_after = 1
    assert main(ASK) == 0
    assert "No pair is complete" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--augmentation", "melted"], "no augmentation 'melted'"),
        (["--augmentation", "none"], "do the same"),
        (["--augmentation", "gentle", "--recipe", "nothing"], "no recipe 'nothing'"),
        (["--augmentation", "gentle", "--minutes", "0"], "minutes above 0"),
        (["--augmentation", "gentle", "--seeds", "0"], "from 1 to 20"),
        (["--augmentation", "gentle", "--minutes", "1", "--epochs", "2"], "not allowed"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(here, arguments, words, capsys):
    assert main(["twins", "shapes", *arguments]) == 2
    assert words in capsys.readouterr().err
