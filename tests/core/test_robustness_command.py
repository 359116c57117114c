import json

from core.cli import main


def test_robustness_answers_with_curves_a_recipe_and_what_is_unsafe(at_known_run, capsys):
    name = at_known_run.name
    assert main(["robustness", name, "--split", "test", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["photos"] == 20 and document["split"] == "test"
    hue = next(curve for curve in document["curves"] if curve["kind"] == "hue")
    assert len(hue["accuracy"]) == len(hue["values"]) == len(document["levels"]) == 7
    assert document["proposal"]["recipe"]["version"] == 1
    assert {"kind", "verdict", "reason"} <= set(document["proposal"]["steps"][0])


def test_robustness_for_people_is_a_table_and_sentences(at_known_run, capsys):
    assert main(["robustness", at_known_run.name, "--photos", "all"]) == 0
    text = capsys.readouterr().out
    assert "Hue" in text and "holds until" in text and "Proposed recipe:" in text
    assert "Label safety:" in text


def test_robustness_of_what_is_not_there_is_told_in_a_sentence(at_known_run, capsys):
    assert main(["robustness", "nowhere"]) == 2
    assert main(["robustness", at_known_run.name, "--split", "train"]) == 2
    assert "validation" in capsys.readouterr().err
