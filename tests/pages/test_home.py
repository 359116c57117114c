from core.jobs import new_job, read_status
from core.status import JobStatus, State, write_status


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


def test_an_empty_workspace_offers_the_demo_and_the_first_step(open_page, workspace):
    app = open_page("home")
    labels = [button.label for button in app.main.button]
    assert "Play the demo" in labels
    assert "Next: bring your photos" in labels
    assert "Your data sets" not in words(app)


def test_with_photos_the_next_step_is_augmentation(open_page, shapes):
    app = open_page("home")
    assert "Next: vary your photos" in [button.label for button in app.main.button]
    assert "Your data sets" in words(app)


def test_with_a_tested_run_all_is_done(open_page, at_trained_run):
    app = open_page("home")
    assert "Look inside your model" in [button.label for button in app.main.button]
    assert [metric.label for metric in app.metric] == ["tiny run"]
    assert app.metric[0].value.endswith("%")


def test_play_the_demo_starts_one_job_and_shows_it(open_page, workspace, monkeypatch):
    launched = []
    monkeypatch.setattr("ui.demo_view.launch", launched.append)
    app = open_page("home")
    app.button(key="play-demo").click().run()
    assert len(launched) == 1
    assert "The demo" in words(app)
    assert read_status(launched[0]).state is State.QUEUED
    assert "Play the demo" not in [button.label for button in app.main.button]
    assert "The demo" in words(open_page("home")), "a second window finds it"


def demo_job(workspace, **status):
    folder = new_job(workspace, "core.demo:play", {}, "Demo")
    write_status(folder, JobStatus(title="Demo", **status))
    return folder


def test_a_demo_that_ended_says_the_test_accuracy_and_links_to_the_pages(
    open_page, workspace, monkeypatch
):
    app = open_page("home")
    step = {"id": "evaluation", "title": "Testing", "explanation": "Photos it never saw."}
    folder = demo_job(
        workspace,
        state=State.FINISHED,
        result={
            "dataset": "pond-insects",
            "run": "demo",
            "sentence": "Test accuracy 97 %, between 93 % and 99 %.",
        },
        extra={"steps": [step | {"state": "done", "link": "evaluation"}]},
    )
    app.session_state["loupe.demo-job"] = folder.name
    app.run()
    assert "Test accuracy 97 %" in words(app)
    assert "Photos it never saw." in words(app)
    assert app.query_params["dataset"] == "pond-insects"
    assert app.query_params["run"] == "demo"
    app.button(key="close-demo").click().run()
    assert "Play the demo" in [button.label for button in app.main.button]


def test_a_demo_that_failed_says_why(open_page, workspace):
    app = open_page("home")
    folder = demo_job(workspace, state=State.FAILED, message="The disk is full.", next_step="Tidy.")
    app.session_state["loupe.demo-job"] = folder.name
    app.run()
    assert "The disk is full." in app.error[0].value
