import pytest

from core.datasets.collections import create_collection, list_collections, open_collection
from core.datasets.manifest import open_dataset
from core.jobs import run_job
from tests.core.datasets.photos import jpeg


def texts(app):
    main = app.main
    parts = [*main.markdown, *main.caption, *main.info, *main.get("html")]
    return " ".join(str(getattr(part, "value", "") or part.proto.body) for part in parts)


def button(app, words):
    return next(each for each in app.main.button if each.label == words)


def labels(app):
    return [each.label for each in app.main.button]


def add_class(app, name):
    app.text_input(key="new-class").set_value(name)
    button(app, "Add this class").click()
    app.run()
    return app


@pytest.fixture
def hands(workspace):
    """A collection with five photos in each of two classes."""
    collection = create_collection(workspace, "hands")
    for place, label in enumerate(("up", "down")):
        for number in range(5):
            collection.add(
                jpeg(100 * place + number), label, f"{number}.jpg", origin="camera", group="b"
            )
    return collection


@pytest.fixture
def here_and_now(monkeypatch):
    monkeypatch.setattr("ui.photos.import_form.launch", run_job)
    monkeypatch.setattr("ui.photos.open_collection.launch", run_job)


def test_nothing_there_yet_says_why_two_classes_are_needed(open_page, workspace):
    app = open_page("photos", way="cards")
    assert "Two classes at least" in texts(app)
    assert list_collections(workspace) == []
    add_class(app, "thumb up")
    assert "Now a second class" in texts(app) and "thumb up" in texts(app)
    assert button(app, "Make the data set").disabled
    assert "There are no photos yet" in texts(app)
    add_class(app, "thumb down")
    assert "Now a second class" not in texts(app)
    (collection,) = list_collections(workspace)
    assert list(collection.contents().classes) == ["thumb up", "thumb down"]
    assert app.query_params["collection"] == collection.name


def test_a_class_twice_or_without_a_name_is_told(open_page, workspace):
    app = add_class(open_page("photos", way="cards"), "bee")
    add_class(app, "bee")
    assert "There is a class 'bee' already." in app.error[0].value
    add_class(app, "  ")
    assert "A class needs a name." in app.error[0].value


def test_one_class_alone_makes_no_data_set_and_the_page_says_why(open_page, workspace):
    collection = create_collection(workspace, "hands")
    collection.add(jpeg(), "up", "a.jpg")
    collection.add_class("down")
    app = open_page("photos", way="cards", collection="hands")
    assert button(app, "Make the data set").disabled
    assert "Only up has photos" in texts(app)


def test_two_filled_classes_become_a_data_set(open_page, workspace, hands, here_and_now):
    app = open_page("photos", way="cards", collection="hands")
    assert "5 photos" in texts(app)
    button(app, "Make the data set").click()
    app.run()
    assert not app.exception and not app.error
    dataset = open_dataset(workspace, "hands")
    assert dataset.class_counts() == {"down": 5, "up": 5}
    assert set(dataset.manifest["origin"]) == {"camera"}
    assert list_collections(workspace) == []
    assert app.query_params["dataset"] == "hands"


def test_a_data_set_on_show_lends_its_classes_and_grows(open_page, shapes, here_and_now):
    collection = create_collection(shapes, "shapes", "shapes")
    collection.add(jpeg(1), "disc", "a.jpg")
    app = open_page("photos", view="add", way="cards", collection=collection.name)
    assert "24 photos, +1 new" in texts(app) and "24 photos<" in texts(app)
    button(app, "Add 1 photo to shapes").click()
    app.run()
    assert not app.exception and not app.error
    assert open_dataset(shapes, "shapes").class_counts() == {"disc": 25, "frame": 24}


def test_photos_of_a_data_set_can_go_into_a_new_one_instead(open_page, shapes):
    app = open_page("photos", view="add", way="cards")
    assert "24 photos" in texts(app)
    app.segmented_control(key="collecting-target").set_value("new").run()
    assert "24 photos" not in texts(app) and "Two classes at least" in texts(app)


def test_a_class_is_emptied_renamed_and_removed_and_all_of_it_undone(open_page, workspace, hands):
    app = open_page("photos", way="cards", collection="hands")
    button(app, "Take out 5 photos").click().run()
    assert hands.counts() == {"down": 5}
    assert "5 photos taken out of up" in texts(app)
    button(app, "Bring back 5 photos taken out").click().run()
    assert hands.counts() == {"up": 5, "down": 5}
    button(app, "Remove this class").click().run()
    assert list(hands.contents().by_class()) == ["down"]
    button(app, "Undo").click().run()
    assert hands.counts() == {"up": 5, "down": 5}
    name = next(each for each in app.main.text_input if each.value == "up")
    name.set_value("thumb <up>")
    button(app, "Rename").click().run()
    assert hands.counts() == {"thumb <up>": 5, "down": 5}
    assert "thumb &lt;up&gt;" in texts(app) and "<up>" not in texts(app).replace("\\<", "")
    button(app, "Undo").click().run()
    assert hands.counts() == {"up": 5, "down": 5} and not app.exception


def test_photos_that_wait_are_offered_and_can_be_thrown_away(open_page, workspace, hands):
    app = open_page("photos")
    assert "10 photos waiting" in texts(app)
    button(app, "Throw away").click().run()
    assert list_collections(workspace) == []
    button(app, "Undo").click().run()
    assert open_collection(workspace, "hands").counts() == {"up": 5, "down": 5}
    assert app.query_params["collection"] == "hands"
    assert "waiting" not in texts(app)


@pytest.mark.parametrize("way", ["camera", "draw", "files"])
def test_the_camera_and_the_pad_open_for_the_class_that_was_chosen(
    open_page, workspace, hands, way
):
    app = open_page("photos", way="cards", collection="hands")
    button(app, {"camera": "Camera", "draw": "Draw", "files": "Files"}[way]).click().run()
    assert app.query_params["with"] == way and app.query_params["into"] == "up"
    assert "Done" in labels(app) and not app.exception and not app.error


def test_a_collection_that_does_not_exist_is_passed_over(open_page, workspace):
    app = open_page("photos", way="cards", collection="../../etc")
    assert not app.exception and not app.error
    assert "Two classes at least" in texts(app)
