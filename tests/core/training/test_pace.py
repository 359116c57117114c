import pytest

from core.training import objective
from core.training import pace as paces
from core.training.recipes import get_recipe


def test_a_few_steps_are_timed_and_remembered_by_what_was_timed(workspace, monkeypatch):
    monkeypatch.setattr(paces, "MOST_STEPS", 4)
    recipe = get_recipe("butterflies")
    architecture, training = recipe.architecture, recipe.training
    what = (architecture, (16, 16, 3), 2, training)
    assert paces.kept_pace(workspace, *what) is None
    pace = paces.Pace(*paces.measure(architecture.model_dump(), *what[1:]))
    assert 0 < pace.quick <= pace.slow
    paces.keep_pace(workspace, *what, pace)
    renamed = architecture.model_copy(update={"name": "other"})
    assert paces.kept_pace(workspace, renamed, *what[1:]) == pace
    assert paces.kept_pace(workspace, architecture, (16, 16, 1), 2, training) is None
    smoothed = training.model_copy(update={"label_smoothing": 0.1})
    assert paces.kept_pace(workspace, *what[:3], smoothed) == pace
    halved = training.model_copy(update={"precision": "mixed"})
    assert paces.kept_pace(workspace, *what[:3], halved) is None
    assert pace.epoch(100) == (100 * pace.quick, 100 * pace.slow)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_steps_are_those_of_the_training(classes, monkeypatch):
    """In 32 bits a network that trains in 16 was said to be twice as slow as it is."""
    timed = []
    monkeypatch.setattr(paces, "_timed", lambda step: timed.append(step()) or [1.0])
    policies = []
    monkeypatch.setattr(objective, "compute_in", lambda model, policy: policies.append(policy))
    recipe = get_recipe("butterflies")
    for precision in ("full", "mixed"):
        changes = {"precision": precision, "optimizer": "sgd", "batch_size": 4}
        training = recipe.training.model_copy(update=changes)
        paces.measure(recipe.architecture.model_dump(), (16, 16, 3), classes, training)
    assert len(timed) == 2 and len(policies) == 1 and policies[0].startswith("mixed_")


def test_damaged_notes_are_measured_anew(workspace):
    recipe = get_recipe("butterflies")
    what = (recipe.architecture, (16, 16, 3), 2, recipe.training)
    paces.keep_pace(workspace, *what, paces.Pace(1, 2))
    files = list((workspace.cache / "paces").iterdir())
    assert len(files) == 2
    for text in ("", "[1]", '["a", "b"]', "3", "[0, 0, 1, 1]"):
        for file in files:
            file.write_text(text)
        assert paces.kept_pace(workspace, *what) is None
        assert paces.guessed_pace(workspace, *what[:3]) is None


def test_another_network_is_judged_by_the_one_measured_last(workspace):
    small, large = (get_recipe(name).architecture for name in ("small-cnn", "dragonflies"))
    training = get_recipe("small-cnn").training
    shape = (64, 64, 3)
    assert paces.guessed_pace(workspace, large, shape, 2) is None
    paces.keep_pace(workspace, small, shape, 2, training, paces.Pace(1, 2))
    assert paces.guessed_pace(workspace, small, shape, 2) == (1, 2)
    guess = paces.guessed_pace(workspace, large, shape, 2)
    assert guess.quick > 1 and guess.slow > 2 * guess.quick > 0
