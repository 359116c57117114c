import json

import pytest

from core.augmentation.presets import PRESETS
from core.cli import main
from core.errors import Stopped
from core.evaluation.cross_folder import open_cross
from core.evaluation.cross_report import write_report
from core.models.architecture_json import write_architecture
from core.training.recipes import get_recipe
from tests.made_up_checks import judge_part


@pytest.fixture
def here(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    return shapes_workspace


@pytest.fixture
def quick(monkeypatch):
    """Nothing is trained: what is asked and answered counts here, not how it is learnt."""

    class Quick:
        stops_after = None

        def __init__(self):
            self.done = []

        def all_parts(self, work):
            for which in work.plan.order():
                if work.cross.is_done(*which):
                    continue
                if len(self.done) == self.stops_after:
                    self.stops_after = None
                    raise Stopped("The work was stopped.")
                self.done.append(which)
                judge_part(work.cross, *which)
                write_report(work.cross)

    made = Quick()
    patched = "core.evaluation.cross_validation._Work.all_parts"
    monkeypatch.setattr(patched, lambda work: made.all_parts(work))
    return made


ASK = ["cross-validate", "shapes", "--recipe", "small-cnn", "--epochs", "2", "--folds", "4"]
ASK += ["--set", "image_size=16x16"]


def test_it_answers_with_one_document(here, quick, capsys):
    assert main([*ASK, "--repeats", "2", "--photos", "all", "--seed", "3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "finished" and document["parts_done"] == document["parts"] == 8
    assert quick.done == [(turn, part) for turn in (0, 1) for part in range(4)]
    report = document["report"]
    assert report["rounds"] == 2 and report["photos"] == 48 and document["sentences"]
    assert {row["id"] for row in document["wrong"]} and document["wrong"][0]["file"].endswith("png")
    assert document["predictions"].endswith("predictions.parquet")


def test_it_answers_people_and_goes_on_where_it_was_cut_short(here, quick, capsys):
    quick.stops_after = 2
    assert main([*ASK, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["status"], document["parts_done"]) == ("stopped", 2)
    assert main(ASK) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{document['cross_validation']}: finished, 4 of 4 parts")
    assert "on average" in text and "learnt from" in text and "is, called:" in text
    assert quick.done == [(0, part) for part in range(4)]
    assert main([*ASK, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["cross_validation"] != document["cross_validation"]


def test_before_the_first_part_it_says_how_to_go_on(here, quick, capsys):
    quick.stops_after = 0
    assert main(ASK) == 0
    assert "give the same command again" in capsys.readouterr().out


def test_a_network_of_ones_own_is_checked(here, quick, tmp_path, capsys):
    own = get_recipe("butterflies").architecture
    file = tmp_path / "own.json"
    file.write_text(write_architecture(own))
    asked = ["--network", str(file), "--augmentation", "gentle", "--epochs", "1", "--folds", "2"]
    assert main(["cross-validate", "shapes", *asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    recipe = open_cross(here, document["cross_validation"]).plan.recipe
    assert recipe.architecture == own and recipe.augmentation == PRESETS["gentle"]
    assert recipe.training.epochs == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["shapes"], "What to check is not said"),
        (["nowhere", "--recipe", "small-cnn"], "no data set"),
        (["shapes", "--recipe", "nothing"], "no recipe 'nothing'"),
        (["shapes", "--recipe", "small-cnn", "--folds", "21"], "from 2 to 20"),
        (["shapes", "--recipe", "small-cnn", "--repeats", "6"], "from 1 to 5"),
        (["shapes", "--recipe", "small-cnn", "--photos", "some"], "invalid choice"),
        (["shapes", "--recipe", "small-cnn", "--set", "speed=1"], "no field 'speed'"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(here, arguments, words, capsys):
    assert main(["cross-validate", *arguments]) == 2
    assert words in capsys.readouterr().err
