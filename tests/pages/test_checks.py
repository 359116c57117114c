import pytest

from benchmarks import faults
from core.datasets.checks.checking import check
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.jobs import new_job, run_job


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.text]
    return " ".join(str(part.value) for part in parts)


@pytest.fixture
def faulty(workspace, picture_folder, tmp_path):
    """The data set "faulty": shapes with two exact copies and a photo in two classes."""
    root = tmp_path / "faulty"
    for path in faults.photos_below(picture_folder):
        target = root / path.relative_to(picture_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    photos = faults.photos_below(root)
    faults.plant_exact_copies(photos[:2])
    (root / "frame" / "again.png").write_bytes(photos[4].read_bytes())
    return import_dataset(workspace, root, "faulty")


def open_checks(open_page, name):
    app = open_page("photos", dataset=name, view="checks")
    assert not app.exception
    return app


def test_unchecked_photos_are_checked_by_one_click(open_page, faulty, monkeypatch):
    monkeypatch.setattr("ui.photos.checks_view.launch", run_job)
    app = open_checks(open_page, "faulty")
    assert "Not checked yet" in words(app)
    app.button(key="checks-start").click().run()
    assert not app.exception and "51 photos checked" in words(app)
    assert "One photo, two classes" in words(app) and "Up to date" in words(app)


def test_an_action_is_done_and_undone(open_page, workspace, faulty):
    check(faulty)
    app = open_checks(open_page, "faulty")
    app.button(key="act-exact_duplicates").click().run()
    assert not app.exception and not app.error
    assert len(open_dataset(workspace, "faulty").used) == 49
    assert "Exact copies" not in words(app) and "Done: 2 photos excluded" in words(app)
    app.button(key="checks-undo").click().run()
    assert len(open_dataset(workspace, "faulty").used) == 51
    assert "Exact copies" in words(app)


def test_a_conflict_is_settled_by_naming_the_class(open_page, workspace, faulty):
    check(faulty)
    app = open_checks(open_page, "faulty")
    app.button(key="class-0-frame").click().run()
    assert "One photo, two classes" not in words(app)
    assert open_dataset(workspace, "faulty").class_counts()["frame"] == 26


def test_what_is_no_problem_goes_and_comes_back(open_page, faulty):
    check(faulty)
    app = open_checks(open_page, "faulty")
    app.button(key="dismiss-exact_duplicates").click().run()
    assert "Exact copies" not in words(app)
    app.button(key="checks-take-back").click().run()
    assert "Exact copies" in words(app)


def test_other_thresholds_count_at_once(open_page, workspace, shapes):
    check(open_dataset(workspace, "shapes"))
    app = open_checks(open_page, "shapes")
    assert "Few photos to learn from" in words(app)
    app.slider(key="checks-shapes.fewest_to_learn").set_value(2).run()
    assert not app.exception and "Few photos to learn from" not in words(app)


def test_findings_from_before_more_photos_came_say_so(open_page, workspace, faulty, tmp_path):
    from core.datasets.adding import add_photos
    from core.images import encode_png
    from tests.conftest import draw_shape

    check(faulty)
    (tmp_path / "more" / "disc").mkdir(parents=True)
    (tmp_path / "more" / "disc" / "new.png").write_bytes(encode_png(draw_shape("disc", 99)))
    add_photos(workspace, "faulty", tmp_path / "more")
    app = open_checks(open_page, "faulty")
    assert "photos were added since" in app.warning[0].value


def test_the_gallery_is_opened_at_the_finding(open_page, faulty):
    check(faulty)
    app = open_checks(open_page, "faulty")
    app.button(key="gallery-exact_duplicates").click().run()
    assert app.query_params["view"] in ("gallery", ["gallery"])
    assert app.query_params["flag"] in ("exact_duplicates", ["exact_duplicates"])


def test_checks_that_fail_say_why(open_page, workspace, faulty, monkeypatch):
    def fail(*arguments, **named):
        raise LoupeError("The disk is full.", "Free some space.")

    monkeypatch.setattr("core.datasets.jobs.check", fail)
    monkeypatch.setattr("ui.photos.checks_view.launch", run_job)
    app = open_checks(open_page, "faulty")
    app.button(key="checks-start").click().run()
    assert "The disk is full." in app.error[0].value
    assert app.button(key="checks-start")


def test_the_job_of_another_data_set_is_not_shown_here(open_page, workspace, shapes, faulty):
    new_job(workspace, "core.datasets.jobs:check_job", {"dataset": "shapes"}, "Check shapes")
    app = open_checks(open_page, "faulty")
    assert "Not checked yet" in words(app)
