from core.datasets.importing import import_result
from core.datasets.manifest import list_datasets, open_dataset
from core.jobs import run_job


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


def do_jobs_here(monkeypatch):
    monkeypatch.setattr("ui.photos.import_form.launch", run_job)


def test_an_empty_workspace_says_what_to_do(open_page, workspace):
    app = open_page("photos")
    assert "No photos yet" in words(app)
    labels = [button.label for button in app.main.button]
    assert {"Play the demo", "Use pond insects", "Use digits"} <= set(labels)
    assert app.button(key="path-go").disabled and app.button(key="pictures-go").disabled


def test_a_folder_on_this_computer_becomes_a_data_set(
    open_page, workspace, picture_folder, monkeypatch
):
    do_jobs_here(monkeypatch)
    app = open_page("photos")
    app.text_input(key="path").set_value(str(picture_folder)).run()
    app.button(key="path-go").click().run()
    assert not app.exception and not app.error
    assert "48 photos in 2 classes" in words(app)
    assert [summary["images"] for summary in list_datasets(workspace)] == [48]
    assert {metric.label: metric.value for metric in app.metric}["Photos"] == "48"


def test_a_path_that_does_not_exist_is_told(open_page, workspace):
    app = open_page("photos")
    app.text_input(key="path").set_value("/nowhere/at/all").run()
    app.button(key="path-go").click().run()
    assert "There is no folder or file /nowhere/at/all." in app.error[0].value


def test_an_import_that_fails_says_why_and_leaves_nothing(
    open_page, workspace, tmp_path, monkeypatch
):
    do_jobs_here(monkeypatch)
    (tmp_path / "empty").mkdir()
    app = open_page("photos")
    app.text_input(key="path").set_value(str(tmp_path / "empty")).run()
    app.button(key="path-go").click().run()
    assert app.error and not app.exception
    assert list_datasets(workspace) == []


def test_what_was_left_out_stands_on_the_page(open_page, workspace, picture_folder, tmp_path):
    import shutil

    from core.datasets.importing import import_dataset

    shutil.copytree(picture_folder, tmp_path / "photos")
    (tmp_path / "photos" / "disc" / "broken.jpg").write_text("not a picture")
    dataset = import_dataset(workspace, tmp_path / "photos", "with a broken one")
    app = open_page("photos")
    assert "1 file was left out" in [expander.label for expander in app.expander]
    tables = [frame.value for frame in app.dataframe]
    assert any("broken.jpg" in str(table) for table in tables)
    assert len(import_result(dataset)["skipped"]) == 1


def test_deleting_can_be_undone(open_page, shapes):
    app = open_page("photos")
    app.button(key="delete-dataset").click().run()
    assert list_datasets(shapes) == []
    assert "No photos yet" in words(app)
    app.button(key="undo-delete").click().run()
    assert open_dataset(shapes, "shapes").class_counts() == {"disc": 24, "frame": 24}
    assert not app.exception
