from core.models import probe
from core.training.recipes import get_recipe


def test_a_few_steps_are_timed_and_remembered_by_what_was_timed(workspace, monkeypatch):
    monkeypatch.setattr(probe, "MOST_STEPS", 4)
    architecture = get_recipe("butterflies").architecture
    what = (architecture, (16, 16, 3), 2, 8)
    assert probe.kept_pace(workspace, *what) is None
    pace = probe.Pace(*probe.probe(architecture.model_dump(), *what[1:]))
    assert 0 < pace.quick <= pace.slow
    probe.keep_pace(workspace, *what, pace)
    renamed = architecture.model_copy(update={"name": "other"})
    assert probe.kept_pace(workspace, renamed, *what[1:]) == pace
    assert probe.kept_pace(workspace, architecture, (16, 16, 1), 2, 8) is None
    assert pace.epoch(100) == (100 * pace.quick, 100 * pace.slow)


def test_damaged_notes_are_measured_anew(workspace):
    what = (get_recipe("butterflies").architecture, (16, 16, 3), 2, 8)
    probe.keep_pace(workspace, *what, probe.Pace(1, 2))
    files = list((workspace.cache / "paces").iterdir())
    assert len(files) == 2
    for text in ("", "[1]", '["a", "b"]', "3", "[0, 0, 1, 1]"):
        for file in files:
            file.write_text(text)
        assert probe.kept_pace(workspace, *what) is None
        assert probe.guessed_pace(workspace, *what[:3]) is None


def test_another_network_is_judged_by_the_one_measured_last(workspace):
    small, large = (get_recipe(name).architecture for name in ("small-cnn", "dragonflies"))
    shape = (64, 64, 3)
    assert probe.guessed_pace(workspace, large, shape, 2) is None
    probe.keep_pace(workspace, small, shape, 2, 32, probe.Pace(1, 2))
    assert probe.guessed_pace(workspace, small, shape, 2) == (1, 2)
    guess = probe.guessed_pace(workspace, large, shape, 2)
    assert guess.quick > 1 and guess.slow > 2 * guess.quick > 0
