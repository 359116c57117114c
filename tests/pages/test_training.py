import re
import time

import pytest

from core.datasets.edits import exclude
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.status import JobStatus, State, write_status
from core.training.recipes import get_recipe
from core.training.runs import create_run, list_runs, open_run
from tests.conftest import small_recipe
from ui import model_choice, training_room
from ui.model_choice import recipe_to_train

KEY = "train-shapes-small-cnn"


def words(app):
    main = app.main
    parts = [
        *main.header,
        *main.subheader,
        *main.markdown,
        *main.caption,
        *main.success,
        *main.info,
        *main.warning,
        *main.error,
    ]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def labels(app):
    return [button.label for button in app.main.button]


@pytest.fixture
def launched(monkeypatch):
    """The folders that were launched, which stay queued."""
    folders = []
    monkeypatch.setattr("ui.training_start.launch", folders.append)
    monkeypatch.setattr("ui.training_start.ask_device", lambda: "CPU, 2 cores")
    return folders


@pytest.fixture
def run_in_state(shapes, launched):
    """`run_in_state("failed", message="…")`: a run as a process left it."""

    def make(state, name="made up", **fields):
        run = create_run(shapes, "shapes", small_recipe(), name)
        now = time.time()
        started = 0.0 if state == "queued" else now
        status = JobStatus(state=state, launched=now, started=started, updated=now, **fields)
        write_status(run.folder, status)
        return run

    return make


def test_without_photos_it_says_what_to_do(open_page, workspace):
    app = open_page("training")
    assert app.title[0].value == "Training"
    assert "There is nothing to train on yet" in words(app)
    assert "Bring your photos" in labels(app)


def test_start_makes_a_run_with_what_was_chosen(open_page, shapes, launched):
    app = open_page("training")
    assert "Trains on: CPU, 2 cores" in words(app)
    app.button_group(key=f"{KEY}.length").set_value("3 min").run()
    app.number_input(key=f"{KEY}.batch_size").set_value(16).run()
    app.button(key=f"{KEY}.start").click().run()
    assert not app.exception and not app.error
    (run,) = (open_run(shapes, entry["name"]) for entry in list_runs(shapes))
    training = run.config.recipe.training
    assert (training.budget_seconds, training.epochs, training.batch_size) == (180, None, 16)
    assert launched == [run.folder]
    assert run.name in app.query_params["run"]


def test_a_number_of_epochs_has_no_time_limit(open_page, shapes, launched):
    app = open_page("training")
    app.button_group(key=f"{KEY}.length").set_value("Epochs").run()
    app.number_input(key=f"{KEY}.epochs").set_value(4).run()
    app.button(key=f"{KEY}.start").click().run()
    (entry,) = list_runs(shapes)
    training = open_run(shapes, entry["name"]).config.recipe.training
    assert (training.budget_seconds, training.epochs) == (None, 4)


def test_it_uses_the_augmentation_kept_for_the_photos(shapes):
    from core.augmentation.presets import GENTLE
    from ui import state

    assert recipe_to_train("shapes").augmentation != GENTLE
    state.keep_augmentation_recipe("shapes", GENTLE)
    assert recipe_to_train("shapes").augmentation == GENTLE


def test_what_core_refuses_is_told(open_page, shapes, launched, monkeypatch):
    def refuse(*arguments):
        raise LoupeError("The disk is full.", "Delete something.")

    monkeypatch.setattr("ui.training_start.create_run", refuse)
    app = open_page("training")
    app.button(key=f"{KEY}.start").click().run()
    assert "The disk is full." in app.error[0].value
    assert not app.exception and launched == []
    # What stood beside and below the button still does.
    assert "Start the check" in labels(app) and "Trains on: CPU, 2 cores" in words(app)


def test_a_running_training_is_found_again(open_page, run_in_state):
    live = {"epoch": [0.5, 1.0], "loss": [1.0, 0.8], "accuracy": [0.5, 0.6]}
    extra = {"photos_per_second": 321.4, "batch": 3, "batches": 5, "live": live}
    run = run_in_state(
        "running", phase="Training", message="Epoch 2 of 4", done=300, total=1000,
        seconds_left=75, device="CPU, 2 cores", extra=extra,
    )  # fmt: skip
    from core.locks import locked

    with locked(run.folder / "lock"):
        app = open_page("training", dataset="shapes", run=run.name)
        page = html(app)
        assert "Stop and keep what was learnt" in labels(app)
        for text in ("1 min 15 s", "321", "CPU, 2 cores"):
            assert text in page
        assert "Start training" not in labels(app)
        app.button(key=f"stop-{run.name}").click().run()
        assert (run.folder / "stop").exists()
        assert app.button(key=f"stop-{run.name}").disabled


def test_while_it_looks_at_the_photos_it_says_how_far_and_draws_no_empty_charts(
    open_page, run_in_state
):
    looking = "Looking at the photos"
    run = run_in_state("running", phase=looking, message=looking, done=120, total=560)
    from core.locks import locked

    with locked(run.folder / "lock"):
        app = open_page("training", dataset="shapes", run=run.name)
    assert "120 of 560" in html(app) and "photos per second" not in html(app)
    assert "Then the new last layer learns" in words(app)
    assert not app.main.get("vega_lite_chart") and not app.exception


def test_a_finished_training_says_how_good_it_is(open_page, at_trained_run, launched):
    app = open_page("training", dataset="shapes", run=at_trained_run.name)
    assert "Test accuracy" in app.success[0].value
    assert "See how good it is" in labels(app)
    assert "right on unseen photos" in html(app)
    assert not app.exception and not app.error


@pytest.mark.parametrize(
    "state, sentence",
    [
        ("stopped", "You stopped it before it had learnt anything"),
        ("failed", "The photos are gone"),
        ("interrupted", "This training was interrupted"),
    ],
)
def test_every_ending_has_its_words(open_page, run_in_state, state, sentence):
    message = "The photos are gone." if state == "failed" else ""
    run = run_in_state(state, message=message, next_step="Import them again.")
    app = open_page("training", dataset="shapes", run=run.name)
    assert sentence in words(app)
    assert "See how good it is" not in labels(app)
    assert "Start training" in labels(app)


def test_a_training_whose_process_was_killed_shows_as_interrupted(open_page, run_in_state):
    run = run_in_state("running", phase="Training")
    app = open_page("training", dataset="shapes", run=run.name)
    assert "This training was interrupted" in words(app)


def test_a_waiting_training_says_what_it_waits_for(open_page, run_in_state):
    run = run_in_state("queued", message="Waiting for another training.")
    app = open_page("training", dataset="shapes", run=run.name)
    assert "waiting" in words(app)
    assert "Stop and keep what was learnt" in labels(app)


def test_another_training_at_work_is_not_forgotten(open_page, run_in_state):
    working = run_in_state("queued", name="the one at work")
    old = run_in_state("stopped", name="the old one")
    app = open_page("training", dataset="shapes", run=old.name)
    assert "Another training is at work" in words(app)
    app.button(key=f"show-{working.name}").click().run()
    assert working.name in app.query_params["run"]


def test_deleting_a_run_can_be_undone(open_page, shapes, run_in_state):
    run = run_in_state("stopped", name="unwanted")
    app = open_page("training", dataset="shapes")
    app.button(key=f"delete-{run.name}").click().run()
    assert list_runs(shapes) == []
    app.button(key="undo").click().run()
    assert [entry["name"] for entry in list_runs(shapes)] == [run.name]
    assert not app.exception


def test_a_run_that_does_not_exist_is_told(open_page, shapes, launched):
    app = open_page("training", dataset="shapes", run="gone")
    assert not app.exception
    assert "Start training" in labels(app)


def test_repeating_makes_the_same_run_again(open_page, shapes, run_in_state, launched):
    run = run_in_state("stopped", name="first")
    app = open_page("training", dataset="shapes", run=run.name)
    repeat = next(b for b in app.main.button if b.label == "Repeat exactly this training")
    repeat.click().run()
    (other,) = (entry for entry in list_runs(shapes) if entry["name"] != run.name)
    assert open_run(shapes, other["name"]).config.recipe == run.config.recipe
    assert len(launched) == 1


def test_a_repetition_that_is_refused_leaves_the_rest_of_the_page(
    open_page, run_in_state, launched, monkeypatch
):
    run = run_in_state("stopped", name="first")

    def refuse(*arguments):
        raise LoupeError("Its photos are gone.")

    monkeypatch.setattr("ui.training_start.find_again", refuse)
    app = open_page("training", dataset="shapes", run=run.name)
    next(b for b in app.main.button if b.label == "Repeat exactly this training").click().run()
    assert "Its photos are gone." in app.error[0].value
    assert "Start training" in labels(app) and "Trainings so far" in words(app)


def test_a_repetition_learns_from_the_photos_of_then(open_page, shapes, run_in_state, launched):
    run = run_in_state("stopped", name="first")
    dataset = open_dataset(shapes, "shapes")
    exclude(dataset, dataset.manifest["id"].tolist()[:2])
    app = open_page("training", dataset="shapes", run=run.name)
    assert "version 1, not the 2 of today" in words(app)
    next(b for b in app.main.button if b.label == "Repeat exactly this training").click().run()
    (other,) = (entry for entry in list_runs(shapes) if entry["name"] != run.name)
    assert open_run(shapes, other["name"]).config.dataset_version == 1


def test_a_network_that_cannot_work_is_refused_before_the_start(open_page, shapes, launched):
    spec = get_recipe("butterflies").picture.model_copy(update={"image_size": (3, 3)})
    model_choice.keep_choice("shapes", model_choice.ModelChoice(recipe="butterflies", picture=spec))
    app = open_page("training")
    assert "“Convolution 2”" in app.error[0].value and "Start training" not in labels(app)
    app.button(key="nearest-size-shapes").click().run()
    assert "Start training" in labels(app) and not app.error
    (side, _) = model_choice.kept_choice("shapes").picture.image_size
    assert side > 3 and "nearest" not in " ".join(labels(app))


def test_durations_are_read_at_a_glance():
    assert training_room.seconds_text(None) == "–"
    assert training_room.seconds_text(7.6) == "8 s"
    assert training_room.seconds_text(125) == "2 min 5 s"
    assert training_room.seconds_text(3840) == "1 h 4 min"


def test_a_failed_training_shows_what_it_wrote_last(open_page, run_in_state):
    run = run_in_state("failed", message="It broke.")
    (run.folder / "log.txt").write_text("the very last line")
    app = open_page("training", dataset="shapes", run=run.name)
    assert "the very last line" in app.code[0].value


@pytest.mark.parametrize(
    ("state", "ending", "badge"),
    [
        ("failed", "diverged", ":red-badge[went out of bounds]"),
        ("failed", "disk-full", ":red-badge[disk full]"),
        ("interrupted", "out-of-memory", ":red-badge[out of memory]"),
        ("failed", "a name that a later Loupe gives", ":red-badge[failed]"),
        ("failed", "", ":red-badge[failed]"),
    ],
)
def test_the_badge_says_how_it_came_to_its_end(open_page, run_in_state, state, ending, badge):
    words_of_it = {"message": "It went [wrong](so).", "next_step": "Do *this*."}
    run = run_in_state(state, ending=ending, **words_of_it)
    app = open_page("training", dataset="shapes", run=run.name)
    assert words(app).count(badge) == 2
    told = [*app.main.error, *app.main.warning][0].value
    assert "\\[wrong\\]" in told and "\\*this\\*" in told
    assert not app.exception


def test_what_a_training_cannot_tell_is_told(open_page, run_in_state):
    result = {"unknown": ["There are no test photos: nobody can tell."]}
    run = run_in_state("finished", result=result, ending="finished")
    app = open_page("training", dataset="shapes", run=run.name)
    assert "There are no test photos" in app.info[0].value


@pytest.mark.parametrize("share", [None, 0.0, 0.018])
def test_that_labels_were_passed_over_is_told_with_the_way_to_them(open_page, run_in_state, share):
    run = run_in_state("finished", result={"passed_over": share}, ending="finished")
    app = open_page("training", dataset="shapes", run=run.name)
    assert ("1.8 % of the training photos did not count" in words(app)) == bool(share)
    links = [link for link in app.main.get("page_link") if "doubtful" in link.proto.label]
    assert len(links) == bool(share)
    assert all("view=labels" in link.proto.query_string for link in links)


def test_memory_is_told_doubted_and_refused_before_the_start(
    open_page, shapes, launched, monkeypatch
):
    app = open_page("training")
    assert re.search(r"Memory: about \d+ MB of [\d.]+ [GM]B free", words(app))
    monkeypatch.setenv("LOUPE_MEMORY_GB", "0.4")
    app.run()
    assert "may need more memory than is free" in app.warning[0].value
    monkeypatch.setenv("LOUPE_MEMORY_GB", "0.1")
    app.run()
    assert "100 MB are free" in app.error[0].value
    app.button(key=f"{KEY}.start").click().run()
    assert list_runs(shapes) == launched == [] and not app.exception


def test_the_states_of_a_run_all_have_words():
    assert set(training_room.STATE_WORDS) == set(State)
