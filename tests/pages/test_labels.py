"""The view "Labels": nothing yet, at work, the queue, decided, failed."""

import pytest

from core.datasets.manifest import open_dataset
from core.evaluation.decisions import decide
from core.evaluation.suspects import JOB, Queue, Suspect, keep_queue
from core.jobs import State, new_job, read_status, run_job, write_status
from core.locks import locked


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.info]
    return " ".join(str(part.value) for part in parts)


@pytest.fixture
def queue(shapes):
    """Two photos that may be frames, and one that may be neither."""
    dataset = open_dataset(shapes, "shapes")
    discs = dataset.used["id"][dataset.used["label"] == "disc"].tolist()[:3]
    suspects = [
        Suspect(photo, "disc", "frame", kind, 0.1, {"disc": 0.1, "frame": 0.9}, "It looks so.")
        for photo, kind in zip(discs, ["class", "class", "none"], strict=True)
    ]
    about = {
        "teacher": "A tiny network",
        "photos": 48,
        "accuracy": 0.9375,
        "dataset_version": 1,
        "created": "2026-01-01T00:00:00",
    }
    found = Queue(suspects, {"disc": discs, "frame": []}, about)
    keep_queue(dataset, found)
    return found


def test_before_any_search_it_says_what_it_is_for(open_page, shapes, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(shapes.root / "keras"))
    app = open_page("photos", view="labels")
    assert not app.exception and not app.error
    assert "No photo has been checked yet" in words(app)
    assert "About 2 min for 48 photos" in words(app)
    assert app.selectbox(key="suspects-teacher-shapes").options == [
        "Small modern network, trained for this"
    ]


def test_a_search_is_started_with_the_chosen_teacher_and_ends_in_words(
    open_page, shapes, monkeypatch
):
    monkeypatch.setenv("KERAS_HOME", str(shapes.root / "keras"))
    launched = []

    def fail(folder):
        launched.append(folder)
        monkeypatch.setattr("core.evaluation.suspects.judge_all", refuse)
        run_job(folder)

    def refuse(*arguments):
        from core.errors import LoupeError

        raise LoupeError("The teacher is ill.", "Choose another one.")

    monkeypatch.setattr("ui.photos.suspects_view.launch", fail)
    app = open_page("photos", view="labels")
    app.button(key="suspects-go").click().run()
    assert len(launched) == 1 and not app.exception
    assert "The teacher is ill." in app.error[0].value
    assert "Choose another one." in app.error[0].value
    assert app.button(key="suspects-go")


def test_a_search_at_work_is_followed_and_can_be_stopped(open_page, shapes):
    folder = new_job(shapes, JOB, {"dataset": "shapes", "teacher": {}}, "Suspect labels")
    status = read_status(folder)
    status.state, status.phase, status.message = State.RUNNING, "Judging", "Part 2 of 5: learning"
    status.done, status.total, status.unit = 30, 100, "%"
    write_status(folder, status)
    with locked(folder / "lock"):
        app = open_page("photos", view="labels")
        assert "Looking for suspect labels" in words(app)
        assert [button.label for button in app.main.button if button.label == "Stop"]
        app.button(key=f"stop-{folder.name}").click().run()
    assert (folder / "stop").exists()


def test_the_queue_is_told_in_a_sentence_and_by_kind(open_page, shapes, queue):
    app = open_page("photos", view="labels")
    assert not app.exception and not app.error
    assert "**2 photos** may belong to another class" in words(app)
    assert "**1 photo** may show none of them" in words(app)
    assert "agrees with 94 % of 48 labels" in words(app)
    app = open_page("photos", view="labels", queue="more")
    assert "Nothing here to decide about." in words(app)


def test_a_decision_is_counted_and_taken_back(open_page, shapes, queue):
    moved, gone, _ = (suspect.id for suspect in queue.suspects)
    decide(shapes, "shapes", moved, "move", "frame")
    decide(shapes, "shapes", gone, "exclude")
    app = open_page("photos", view="labels")
    assert "**1 moved**, **1 excluded**, **0 kept**" in words(app)
    assert "Train again on the cleaned photos" in [button.label for button in app.main.button]
    app.button(key="suspects-undo").click().run()
    assert not app.exception
    assert "**1 moved**, **0 excluded**, **0 kept**" in words(app)
    assert not open_dataset(shapes, "shapes").photo(gone)["excluded"]
    app.button(key="suspects-undo").click().run()
    assert open_dataset(shapes, "shapes").photo(moved)["label"] == "disc"
    assert "Decided so far" not in words(app)
