import pytest

from core.datasets.importing import import_dataset
from core.demo import DATASET, play
from core.jobs import State, create_job, request_stop, run_job
from core.training.runs import open_run

PAGES = {"photos", "augmentation", "model", "training", "evaluation", "prediction", "feature_maps"}


@pytest.fixture
def demo(workspace, picture_folder):
    """`demo(...)` makes a demo's job in a workspace where its data set, a small one, lies."""
    import_dataset(workspace, picture_folder, DATASET)
    folder = workspace.jobs / "demo"

    def make(**arguments):
        create_job(folder, "core.demo:play", arguments, "Demo")
        return folder

    return make


def test_it_plays_the_whole_road_and_ends_on_the_accuracy_in_words(demo, workspace):
    stories = []
    folder = demo(training_seconds=2, reading_seconds=0)

    def listen(status):
        states = [step["state"] for step in status.extra.get("steps", [])]
        if states and (not stories or stories[-1] != states):
            stories.append(states)

    status = run_job(folder, listen)
    assert status.state is State.FINISHED, (folder / "log.txt").read_text()
    run = open_run(workspace, status.result["run"])
    assert run.name.startswith("demo-")
    assert status.result["dataset"] == run.config.dataset == DATASET
    assert status.result["sentence"].startswith("Test accuracy ")
    assert run.status().state is State.FINISHED
    assert stories[0][1:] == ["waiting"] * 6
    assert stories[-1] == ["done"] * 7
    for before, after in zip(stories, stories[1:], strict=False):
        assert after.count("done") >= before.count("done")
    assert all(states.count("running") <= 1 for states in stories)
    extra = status.extra
    assert {step["link"] for step in extra["steps"]} == PAGES
    assert all(len(step["explanation"]) > 40 for step in extra["steps"])
    assert extra["prediction"]["label"] in run.config.class_names
    assert extra["layer"] == "conv2d"


def test_stopping_it_stops_its_training_and_keeps_the_model(demo, workspace):
    folder = demo(training_seconds=300, reading_seconds=0)

    def listen(status):
        if status.extra.get("run") and status.phase == "Training" and status.done >= 1:
            request_stop(folder)

    status = run_job(folder, listen)
    assert status.state is State.STOPPED
    run = open_run(workspace, status.extra["run"])
    assert run.status().state is State.STOPPED
    assert run.has_model


def test_its_job_is_the_function_that_the_home_page_launches(demo):
    from core.jobs import resolve

    assert resolve("core.demo:play") is play
