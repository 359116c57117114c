import pytest

from tests.pages.test_feature_maps import html, words


@pytest.fixture
def why(open_page, at_trained_run, here):
    def show(**address):
        app = open_page("feature_maps", run=at_trained_run.name)
        for name, value in ({"view": "why"} | address).items():
            app.query_params[name] = value
        return app.run()

    return show


def test_it_shows_what_speaks_for_the_answer_and_how_far_to_believe_it(why, at_trained_run):
    app = why()
    assert not app.exception and not app.error
    assert "Where a late layer found" in words(app) and "% sure)" in words(app)
    assert "taken first (low is good)" in html(app)
    assert app.selectbox(key="why-layer").value == ""
    other = at_trained_run.config.class_names[-1]
    app.selectbox(key="why-class").set_value(other).run()
    assert app.query_params["class"] in (other, [other])
    assert f"What speaks for {other}" in words(app)


@pytest.mark.parametrize("method", ["integrated-gradients", "smoothgrad", "occlusion"])
def test_methods_of_pixels_have_no_layer_and_two_colours(why, method):
    app = why(method=method)
    assert not app.exception and not app.error
    assert "why-layer" not in {box.key for box in app.selectbox}
    assert "Red speaks for the class" in words(app)


def test_the_check_is_one_click_away(why):
    app = why(method="grad-cam", layer="conv2d")
    app.toggle(key="why-sanity").set_value(True).run()
    said = [str(part.value) for part in [*app.warning, *app.success]]
    assert not app.exception and len(said) == 1 and "mixed-up weights" in said[0]


def test_an_address_from_elsewhere_falls_back(why):
    app = why(method="magic", layer="nothing", **{"class": "purple"})
    assert not app.exception and not app.error
    assert app.selectbox(key="why-class").value == ""
