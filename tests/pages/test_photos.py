import shutil

from core.datasets.importing import import_result
from core.datasets.manifest import list_datasets, open_dataset
from core.images import encode_png
from core.jobs import mark_launched, run_job
from tests.conftest import draw_shape


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


def do_jobs_here(monkeypatch):
    monkeypatch.setattr("ui.photos.import_form.launch", run_job)
    monkeypatch.setattr("ui.photos.source_look.launch", run_job)


def test_an_empty_workspace_says_what_to_do(open_page, workspace):
    app = open_page("photos")
    assert "No photos yet" in words(app)
    labels = [button.label for button in app.main.button]
    assert {"Play the demo", "Use pond insects", "Use digits"} <= set(labels)
    assert "path-go" not in {button.key for button in app.main.button}


def test_a_folder_on_this_computer_becomes_a_data_set(
    open_page, workspace, picture_folder, monkeypatch
):
    do_jobs_here(monkeypatch)
    app = open_page("photos")
    app.text_input(key="path").set_value(str(picture_folder)).run()
    assert "2 classes, 48 photos" in words(app) and list_datasets(workspace) == []
    app.button(key="path-go").click().run()
    assert not app.exception and not app.error
    assert "48 photos in 2 classes" in words(app)
    assert [summary["images"] for summary in list_datasets(workspace)] == [48]
    assert {metric.label: metric.value for metric in app.metric}["Photos"] == "48"
    app.button(key="welcome-check").click().run()
    assert app.query_params["view"] == "checks" and not app.exception


def test_a_path_that_does_not_exist_is_told(open_page, workspace):
    app = open_page("photos")
    app.text_input(key="path").set_value("/nowhere/at/all").run()
    assert "There is no folder or file /nowhere/at/all." in app.error[0].value


def test_an_import_that_fails_says_why_and_leaves_nothing(
    open_page, workspace, tmp_path, monkeypatch
):
    do_jobs_here(monkeypatch)
    (tmp_path / "empty").mkdir()
    app = open_page("photos")
    app.text_input(key="path").set_value(str(tmp_path / "empty")).run()
    assert app.error and not app.exception
    assert list_datasets(workspace) == []


def test_what_was_left_out_stands_on_the_page(open_page, workspace, picture_folder, tmp_path):
    from core.datasets.importing import import_dataset

    shutil.copytree(picture_folder, tmp_path / "photos")
    (tmp_path / "photos" / "disc" / "broken.jpg").write_text("not a picture")
    dataset = import_dataset(workspace, tmp_path / "photos", "with a broken one")
    app = open_page("photos")
    assert "1 file was left out" in [expander.label for expander in app.expander]
    tables = [frame.value for frame in app.dataframe]
    assert any("broken.jpg" in str(table) for table in tables)
    assert len(import_result(dataset)["skipped"]) == 1


def test_an_odd_shape_is_read_another_way_with_one_choice(
    open_page, workspace, picture_folder, tmp_path, monkeypatch
):
    do_jobs_here(monkeypatch)
    flat = tmp_path / "flat"
    flat.mkdir()
    for number, path in enumerate(sorted(picture_folder.rglob("*.png"))):
        label = path.parent.name
        (flat / f"{label}_{'even' if number % 2 else 'odd'}_{number}.png").write_bytes(
            path.read_bytes()
        )
    app = open_page("photos")
    app.text_input(key="path").set_value(str(flat)).run()
    titles = app.radio(key="path-proposal").options
    assert titles[0] == "The word before the number in the file's name"
    app.radio(key="path-proposal").set_value(
        titles.index("The first word of the file's name")
    ).run()
    assert "2 classes, 48 photos" in words(app)
    app.button(key="path-go").click().run()
    assert not app.exception and not app.error
    [summary] = list_datasets(workspace)
    assert summary["classes"] == {"disc": 24, "frame": 24}


def test_photos_without_any_class_are_not_imported_but_explained(
    open_page, workspace, picture_folder, monkeypatch
):
    do_jobs_here(monkeypatch)
    app = open_page("photos")
    app.text_input(key="path").set_value(str(picture_folder / "disc")).run()
    assert "Nothing here says what the photos show" in app.warning[0].value
    assert "path-go" not in {button.key for button in app.main.button}


def test_photos_are_added_to_the_data_set_on_show_and_the_leftovers_told(
    open_page, shapes, picture_folder, tmp_path, monkeypatch
):
    do_jobs_here(monkeypatch)
    folder = tmp_path / "more"
    folder.mkdir()
    known = sorted((picture_folder / "disc").iterdir())[0]
    (folder / "known.png").write_bytes(known.read_bytes())
    (folder / "new.png").write_bytes(encode_png(draw_shape("disc", 900)))
    app = open_page("photos", dataset="shapes", view="add")
    app.text_input(key="path").set_value(str(folder)).run()
    assert app.button(key="path-go").disabled
    app.selectbox(key="path-label").set_value("disc").run()
    app.button(key="path-go").click().run()
    assert not app.exception and not app.error
    assert "1 photo added" in words(app)
    [reason] = app.dataframe[0].value["reason"]
    assert reason == "The same photo is in the data set already, in the class 'disc'."
    assert open_dataset(shapes, "shapes").class_counts() == {"disc": 25, "frame": 24}
    app.button(key="added-close").click().run()
    assert "1 photo added" not in words(app)


def test_what_is_being_imported_is_not_offered_again(
    open_page, workspace, picture_folder, monkeypatch
):
    do_jobs_here(monkeypatch)
    app = open_page("photos")
    app.text_input(key="path").set_value(str(picture_folder)).run()
    monkeypatch.setattr("ui.photos.import_form.launch", mark_launched)
    app.button(key="path-go").click().run()
    assert "path-go" not in {button.key for button in app.main.button}
    assert "It is being imported" in app.info[0].value and not app.exception


def test_a_server_for_others_offers_no_paths_of_its_own(open_page, workspace, monkeypatch):
    monkeypatch.setattr("ui.photos.import_form.serves_this_computer", lambda: False)
    app = open_page("photos")
    assert [tab.label for tab in app.tabs] == [
        ":material/eco: Samples",
        ":material/upload: Files and folders",
    ]


def test_what_was_uploaded_is_shown_until_it_is_thrown_away(
    open_page, workspace, picture_folder, monkeypatch
):
    do_jobs_here(monkeypatch)
    uploaded = workspace.uploads / "0123-shapes"
    shutil.copytree(picture_folder, uploaded)
    arrived = {"file": uploaded.name, "name": "shapes", "files": 48}
    monkeypatch.setattr("ui.photos.import_form.upload_stream", lambda key: None)
    app = open_page("photos")
    app.session_state["loupe.arrived"] = arrived
    app.run()
    assert "2 classes, 48 photos" in words(app)
    app.button(key="upload-away").click().run()
    assert not uploaded.exists() and "2 classes, 48 photos" not in words(app)


def test_deleting_can_be_undone(open_page, shapes):
    app = open_page("photos")
    app.button(key="delete-dataset").click().run()
    assert list_datasets(shapes) == []
    assert "No photos yet" in words(app)
    app.button(key="undo-delete").click().run()
    assert open_dataset(shapes, "shapes").class_counts() == {"disc": 24, "frame": 24}
    assert not app.exception
