import pytest

from core.datasets.class_pictures import class_pictures
from core.datasets.edits import exclude, relabel
from core.datasets.manifest import open_dataset
from core.datasets.marks import change_marks, marked_of, set_marks
from core.datasets.measures import measure
from core.errors import LoupeError
from core.jobs import run_job


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption]
    return " ".join(str(part.value) for part in parts)


@pytest.fixture
def dataset(shapes):
    return open_dataset(shapes, "shapes")


@pytest.fixture
def ids(dataset):
    return dataset.manifest["id"].tolist()


def now(shapes):
    return open_dataset(shapes, "shapes")


def test_filters_come_from_the_address(open_page, dataset):
    app = open_page("photos", view="gallery")
    assert not app.exception and "1 to 48 of 48 photos" in words(app)
    app = open_page("photos", view="gallery", **{"class": "frame"})
    assert "1 to 24 of 24 photos" in words(app)
    app = open_page("photos", view="gallery", q="disc-0", sort="largest")
    assert "1 to 10 of 10 photos" in words(app)
    assert app.selectbox(key="gallery-sort").value == "largest"


def test_a_filter_that_is_chosen_goes_into_the_address(open_page, dataset):
    app = open_page("photos", view="gallery", sort="newest")
    app.multiselect(key="gallery-classes").set_value(["disc"]).run()
    assert app.query_params["class"] == "disc"
    assert "1 to 24 of 24 photos" in words(app)
    app.button(key="gallery-clear").click().run()
    assert "class" not in app.query_params and "1 to 48 of 48 photos" in words(app)


def test_no_match_and_no_photo_in_use_say_what_to_do(open_page, dataset, ids):
    app = open_page("photos", view="gallery", q="no such thing")
    assert "No photo matches these filters." in words(app)
    app.button(key="show-all").click().run()
    assert "1 to 48 of 48 photos" in words(app)
    exclude(dataset, ids)
    assert "All photos are excluded." in words(open_page("photos", view="gallery"))
    assert "48 of 48" in words(open_page("photos", view="gallery", use="excluded"))


def test_marked_photos_are_moved_excluded_restored_and_put_into_a_split(
    open_page, shapes, dataset, ids
):
    change_marks(dataset, add=ids[:3])
    app = open_page("photos", view="gallery")
    assert "**3** marked" in words(app)
    app.selectbox(key="marks-move").set_value("frame").run()
    assert now(shapes).class_counts()["frame"] == 27 and marked_of(now(shapes)) == []
    app.button(key="marks-again").click().run()
    app.button(key="marks-exclude").click().run()
    assert now(shapes).manifest["excluded"].sum() == 3
    set_marks(dataset, ids[:3])
    app = open_page("photos", view="gallery")
    app.button(key="marks-restore").click().run()
    set_marks(dataset, ids[:3])
    app = open_page("photos", view="gallery")
    app.selectbox(key="marks-split").set_value("test").run()
    assert set(now(shapes).manifest["split"][:3]) == {"test"}
    assert now(shapes).changes[now(shapes).version] == "3 photos put into test"
    assert not app.exception and not app.error


def test_all_that_match_are_marked_and_undo_takes_it_all_back(open_page, shapes, dataset):
    app = open_page("photos", view="gallery", **{"class": "disc"})
    app.button(key="mark-all").click().run()
    assert len(marked_of(now(shapes))) == 24
    app.button(key="marks-exclude").click().run()
    assert now(shapes).class_names == ("frame",)
    app.button(key="undo-bar-undo").click().run()
    assert now(shapes).class_counts() == {"disc": 24, "frame": 24}


def test_an_edit_that_is_refused_is_told_and_keeps_the_marks(
    open_page, shapes, dataset, ids, monkeypatch
):
    def refuse(*arguments):
        raise LoupeError("shapes was changed in another window.", "Reload the page.")

    monkeypatch.setattr("ui.photos.marking.relabel", refuse)
    set_marks(dataset, ids[:2])
    app = open_page("photos", view="gallery")
    app.selectbox(key="marks-move").set_value("frame").run()
    assert "changed in another window" in app.error[0].value and not app.exception
    assert now(shapes).version == 1 and len(marked_of(now(shapes))) == 2


def test_one_photo_large_with_what_is_known_of_it(open_page, dataset, ids):
    measure(dataset)
    app = open_page("photos", view="gallery", photo=ids[0])
    said = " ".join(str(part.value) for part in app.markdown)
    assert "24 × 24 pixels" in said and "Brightness" in said and not app.exception
    app = open_page("photos", view="gallery", photo="nowhere")
    assert "has no photo 'nowhere'" in app.error[0].value


def test_only_web_addresses_become_links():
    import pandas as pd

    from ui.photos.photo_dialog import _source

    def shown(page):
        return "".join(_source(pd.Series({"source_page": page})))

    assert shown("https://example.org/a?b=1") == (
        "- **Source:** [example.org](https://example.org/a?b=1)"
    )
    for page in ("javascript:alert(1)", "https://x.org/) [a](javascript:b", "ftp://x.org", "//x"):
        assert "](" not in shown(page).replace("\\]\\(", "")
    assert shown("") == ""


def test_similar_photos_need_measures_and_then_come_first(open_page, dataset, ids, monkeypatch):
    monkeypatch.setattr("ui.photos.measuring.launch", run_job)
    app = open_page("photos", view="gallery", similar=ids[0], sort="similar")
    assert "Most similar to this photo of" in words(app)
    app.button(key="start-measure_job").click().run()
    assert not app.exception and not app.error
    assert "start-measure_job" not in [button.key for button in app.button]
    app.button(key="similar-stop").click().run()
    assert "similar" not in app.query_params


def test_the_map_is_offered_made_and_shown(open_page, dataset, monkeypatch):
    monkeypatch.setattr("ui.photos.measuring.launch", run_job)
    app = open_page("photos", view="map")
    assert "Photos that look alike lie close together." in words(app)
    app.button(key="start-map_job").click().run()
    assert not app.exception and not app.error
    assert app.selectbox(key="marks-move")
    assert (dataset.folder / "map.npz").is_file()


def test_a_map_that_cannot_be_made_says_why(open_page, shapes, dataset, monkeypatch):
    monkeypatch.setattr("ui.photos.measuring.launch", run_job)

    def fail(*arguments):
        raise LoupeError("There is no room on the disk.", "Free some space.")

    monkeypatch.setattr("core.datasets.jobs.make_map", fail)
    app = open_page("photos", view="map")
    app.button(key="start-map_job").click().run()
    assert "There is no room on the disk." in app.error[0].value
    assert app.button(key="start-map_job")


def test_the_overview_compares_the_classes(open_page, dataset, monkeypatch):
    monkeypatch.setattr("ui.photos.measuring.launch", run_job)
    app = open_page("photos")
    app.button(key="start-class_pictures_job").click().run()
    assert not app.exception and not app.error
    said = words(app)
    assert "Average picture" in said and "Brightness" in said and "on average" in said
    assert class_pictures(dataset).class_names == ("disc", "frame")
    app.button(key="see-brightness-dark").click().run()
    assert app.query_params["view"] == "gallery" and app.query_params["sort"] == "dark"


def test_an_overview_without_a_photo_in_use_says_so(open_page, dataset, ids):
    exclude(dataset, ids)
    app = open_page("photos")
    assert "All photos of this data set are excluded." in app.error[0].value


def test_a_run_says_which_version_it_learnt_from(open_page, shapes, dataset, ids):
    from core.training.runs import create_run
    from tests.conftest import small_recipe

    run = create_run(shapes, "shapes", small_recipe())
    assert "Learnt from version 1 of shapes, as the photos are now." in words(
        open_page("training", run=run.name)
    )
    relabel(dataset, ids[:2], "frame")
    said = words(open_page("training", run=run.name))
    assert "Learnt from version 1 of shapes; since then: 2 photos moved to another class." in said


def test_what_the_checks_found_is_a_filter_and_stands_on_the_photo(open_page, dataset, ids):
    from core.datasets.checks.findings import Finding, Report, write_report
    from core.datasets.checks.settings import CheckSettings

    finding = Finding(
        kind="dark",
        title="Very dark",
        sentence="3 photos are very dark.",
        effect="",
        severity="look",
        action="exclude",
        ids=tuple(ids[:3]),
    )
    report = Report(version=1, checked=48, made=0.0, settings=CheckSettings(), findings=(finding,))
    write_report(dataset, report)
    app = open_page("photos", view="gallery", flag="dark")
    assert "1 to 3 of 3 photos" in words(app) and not app.exception
    assert app.multiselect(key="gallery-flags").value == ["dark"]
    app = open_page("photos", view="gallery", photo=ids[0])
    assert "Very dark" in " ".join(str(part.value) for part in app.markdown)
