"""The coverage view of the lab, and the map of copies in it."""

import shutil

import cv2
import numpy as np
import pytest

from core.datasets import edits
from core.datasets.collections import create_collection
from core.datasets.dataset import SPLITS
from core.datasets.jobs import map_job
from core.datasets.manifest import open_dataset
from core.images import encode_png
from core.inspection.embeddings import embeddings_job
from core.training.runs import open_run
from core.workspace import open_workspace
from tests.conftest import draw_shape
from ui.components import photo_map as maps

SIZE = {"size": "32"}


def words(app):
    main = app.main
    parts = [*main.subheader, *main.markdown, *main.caption, *main.info, *main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def open_view(open_page, **address):
    app = open_page("augmentation")
    for name, value in ({"view": "coverage"} | SIZE | address).items():
        app.query_params[name] = value
    return app.run()


def take(app, preset):
    app.button_group(key="augment-shapes-preset").set_value(preset).run()
    return app


def labels(app):
    return [button.label for button in app.main.button]


@pytest.fixture
def bright_test(workspace, tmp_path):
    """The data set "shapes", whose 24 test photos are much brighter than the others."""
    from core.datasets.importing import import_dataset

    splits = {}
    for number in range(72):
        label = "disc" if number % 2 else "frame"
        file = tmp_path / "made" / label / f"{number:02d}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        picture, test = draw_shape(label, number), number % 3 == 0
        file.write_bytes(encode_png(cv2.add(picture, (90, 90, 90, 0)) if test else picture))
        splits[file.name] = "test" if test else "train"
    dataset = import_dataset(workspace, tmp_path / "made", "shapes")
    names = [str(name).rpartition("/")[2] for name in dataset.manifest["source_file"]]
    by_id = dict(zip(dataset.manifest["id"], names, strict=True))
    edits.set_splits(dataset, {photo_id: splits[name] for photo_id, name in by_id.items()})
    return workspace


@pytest.fixture
def drawn_maps(monkeypatch):
    """What the maps were given; `click` is what a visitor does to the next one."""

    class Maps(list):
        pass

    shown = Maps()
    monkeypatch.setattr("ui.lab.copies_map.photo_map", lambda **data: shown.append(data))
    return shown


def test_without_photos_drawn_insects_show_what_the_recipe_does(open_page, workspace):
    app = open_view(open_page)
    assert "What your recipe makes of the photos" in words(app)
    assert "40 drawn insects, 80 augmented copies." in words(app)
    assert html(app).count("class='row copies'") == 6 and "class='row seen'" not in html(app)
    assert not app.exception and not app.error


def test_photos_of_the_same_kind_are_covered(open_page, shapes):
    app = open_view(open_page)
    assert "labels play no part" in words(app)
    assert "test photos" in html(app) and html(app).count("class='row seen'") == 6
    assert "covers how your test photos look" in words(app) and "Add this step" not in labels(app)
    assert not app.exception and not app.error


def test_a_gap_is_said_and_closed_by_the_step_that_is_proposed(open_page, bright_test):
    app = take(open_view(open_page), "none")
    assert "Your test photos are brighter" in words(app) and "lie outside of it" in words(app)
    assert "outside" in app.main.subheader[0].value and "loupe-uncovered" in html(app)
    add = next(button for button in app.main.button if button.label == "Add this step")
    before = words(app)
    add.click().run()
    assert not app.exception and words(app) != before
    assert "Your test photos are brighter" not in words(app)
    app.button(key="augment-shapes-Undo").click().run()
    assert "Your test photos are brighter" in words(app)


def test_validation_photos_can_be_asked_instead_and_missing_test_photos_are_no_trouble(
    open_page, shapes
):
    app = open_view(open_page, against="validation")
    assert "validation photos" in html(app)
    dataset = open_dataset(shapes, "shapes")
    edits.set_splits(dataset, dict.fromkeys(dataset.manifest["id"], SPLITS[0]))
    app = open_view(open_page)
    assert "What your recipe makes of the photos" in words(app)
    assert "has no test photos" in words(app) and "looked at and forgotten" in words(app)
    assert not app.exception and not app.error


def test_new_photos_need_no_labels_and_bad_ones_are_left_out(open_page, shapes):
    app = open_view(open_page, against="files")
    good = ("a.png", encode_png(draw_shape("disc", 1)), "image/png")
    app.file_uploader(key="coverage-files").set_value(
        [good, ("b.png", b"words", "image/png")]
    ).run()
    assert "new photo" in html(app) and "1 of them could not be read" in words(app)
    app.file_uploader(key="coverage-files").set_value([("b.png", b"words", "image/png")]).run()
    assert "None of these photos can be read" in words(app) and not app.exception


def test_gathered_photos_can_be_asked(open_page, shapes):
    collection = create_collection(shapes, "From the garden")
    for number in range(4):
        data = encode_png(draw_shape("disc", number))
        collection.add(data, "anything", f"{number}.png", key=str(number))
    app = open_view(open_page, against=f"collection-{collection.name}")
    assert "gathered photos" in html(app) and "4 gathered photos" in words(app)
    assert not app.exception and not app.error


def test_a_folder_on_this_computer_can_be_asked(open_page, shapes, picture_folder, monkeypatch):
    monkeypatch.setattr("ui.lab.target.serves_this_computer", lambda: True)
    app = open_view(open_page, against="folder")
    app.text_input(key="coverage-folder").set_value(str(picture_folder / "disc")).run()
    assert "24 photos." in words(app) and html(app).count("class='row seen'") == 6
    app.text_input(key="coverage-folder").set_value("/nowhere").run()
    assert "There is no folder /nowhere" in words(app) and not app.exception


def test_without_colour_only_light_and_sharpness_are_compared(open_page, shapes):
    app = open_view(open_page)
    app.toggle(key="augment-grey-small-cnn").set_value(True).run()
    assert html(app).count("class='row seen'") == 3 and not app.exception


def test_photos_that_vanished_are_told(open_page, shapes):
    for photo in (shapes.datasets / "shapes" / "photos").rglob("*.png"):
        photo.unlink()
    app = open_view(open_page)
    assert app.error and not app.exception


def test_without_a_map_it_is_offered(open_page, shapes, drawn_maps):
    app = open_view(open_page)
    assert "Make the map" in labels(app) and not drawn_maps
    assert not app.exception


def test_copies_lie_around_their_photos_and_one_is_enlarged(open_page, shapes, drawn_maps):
    job = shapes.jobs / "map"
    job.mkdir(parents=True)
    map_job(job, lambda *report: None, "shapes")
    app = take(open_view(open_page), "none")
    assert "On the map of your photos" in words(app)
    data = drawn_maps[-1]
    assert len(data["copies"]) == 36 and data["quiet"]
    # Nothing was drawn: every copy is like its own photo, and lies on it.
    assert "each of the 36 copies is most like its own photo" in words(app)
    from core.datasets.similarity_map import MAP_FILE, read_map

    made = read_map(shapes.datasets / "shapes" / MAP_FILE)
    for copy in data["copies"]:
        place = made.places[made.ids.index(copy["from"])]
        np.testing.assert_allclose([copy["x"], copy["y"]], place, atol=1e-3)
    take(app, "strong")
    assert any(copy["words"] != data["copies"][0]["words"] for copy in drawn_maps[-1]["copies"])
    app.session_state["loupe.coverage-copy"] = 8
    app.run()
    assert "What was drawn" in words(app) and "loupe-copy" in html(app)
    assert not app.exception and not app.error


def test_a_judge_may_say_what_is_alike(
    open_page, trained_run, tmp_path, monkeypatch, here, drawn_maps
):
    shutil.copytree(trained_run.workspace.root, tmp_path / "copied")
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "copied"))
    run = open_run(open_workspace(), trained_run.name)
    app = open_view(open_page, judge=run.name)
    app.button_group(key=f"coverage-by-{run.name}").set_value(run.name).run()
    assert f"Let {run.name} look at them" in labels(app)
    job = run.workspace.jobs / "embed"
    job.mkdir(parents=True, exist_ok=True)
    embeddings_job(job, lambda *report: None, run.name)
    app.run()
    assert "copies" in words(app) and len(drawn_maps[-1]["copies"]) == 36
    assert f"by={run.name}" in drawn_maps[-1]["points"] and not app.exception


def test_the_map_takes_copies(monkeypatch):
    sent = {}
    monkeypatch.setattr(maps, "_component", lambda **given: sent.update(given["data"]))
    copy = {"x": 0.5, "y": 0.5, "from": "a", "color": "#000000", "picture": "", "words": ""}
    maps.photo_map(
        key="k", points="/p", source="/s", codes="", groups=[], marked="", heard=None, classes=[],
        on_marks=lambda: None, on_act=lambda: None, copies=[copy], quiet=True,
    )  # fmt: skip
    assert sent["copies"] == [copy] and sent["quiet"] is True


def test_a_step_that_goes_too_far_is_narrowed(open_page, bright_test, monkeypatch):
    monkeypatch.setattr("core.evaluation.coverage_advice.FEWEST_SEEN", 20)
    app = take(open_view(open_page, against="test"), "none")
    toggle = next(one for one in app.toggle if one.label == "Solarise")
    toggle.set_value(True).run()
    slider = next(one for one in app.slider if one.label.startswith("Lowest threshold"))
    slider.set_value(0).run()
    assert "no less would be covered" in words(app)
    button = next(b for b in app.main.button if b.label in ("Narrow this step", "Switch it off"))
    button.click().run()
    assert "no less would be covered" not in words(app) and not app.exception
