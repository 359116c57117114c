import pytest

from ui.road import PAGES

NAMES = ["home", "photos", "augmentation", "model", "training"]
NAMES += ["evaluation", "prediction", "feature_maps", "concepts", "share"]


def test_the_ten_pages_are_known():
    assert sorted(page.name for page in PAGES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_one_heading_and_says_what_it_is_for(open_page, workspace, name):
    app = open_page(name)
    assert not app.exception and not app.error
    assert len(app.title) == 1
    assert len(app.main.markdown[0].value) > 30


def test_a_dataset_that_does_not_exist_is_told_in_a_sentence(open_page, shapes):
    app = open_page("photos", dataset="nothing")
    assert "no data set called 'nothing'" in app.error[0].value
    assert not app.exception


def test_the_address_selects_the_dataset_and_it_survives_navigation(
    open_page, shapes, picture_folder
):
    from core.datasets.importing import import_dataset

    import_dataset(shapes, picture_folder, "other shapes")
    app = open_page("photos", dataset="shapes")
    assert app.selectbox(key="choose-dataset").value == "shapes"
    app.switch_page("../pages/augmentation.py").run()
    assert app.selectbox(key="choose-dataset").value == "shapes"
    app.selectbox(key="choose-dataset").set_value("other-shapes").run()
    assert app.query_params["dataset"] == "other-shapes"


def test_a_run_in_the_address_brings_its_dataset(open_page, at_trained_run):
    app = open_page("home", run=at_trained_run.name)
    assert app.query_params["dataset"] == "shapes"
    assert app.selectbox(key="choose-run").value == at_trained_run.name


def test_a_page_names_the_dataset_it_shows_in_the_address(open_page, shapes):
    assert open_page("photos").query_params["dataset"] == "shapes"
    assert "dataset" not in open_page("home").query_params


def test_another_dataset_in_a_link_leaves_the_run_behind(
    open_page, shapes_workspace, at_trained_run
):
    app = open_page("photos", dataset="shapes", run=at_trained_run.name)
    assert app.query_params["run"] == at_trained_run.name
    app.query_params.clear()
    app.query_params["dataset"] = "elsewhere"
    app.run()
    assert "run" not in app.query_params
