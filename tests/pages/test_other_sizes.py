"""A network with an open size on the pages: asked about larger pictures by a slider."""

import os


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def slider(app):
    return next(one for one in app.select_slider if "asked-size" in str(one.key))


def test_a_photo_is_looked_at_larger(open_page, open_run, here, monkeypatch):
    monkeypatch.setitem(os.environ, "LOUPE_HOME", str(open_run.workspace.root))
    app = open_page("prediction", run=open_run.name)
    assert "what the network sees: 16 × 20" in html(app) and not app.exception
    slider(app).set_value("32 × 40").run()
    assert "what the network sees: 32 × 40" in html(app)
    assert not app.exception and not app.error
    app = open_page("feature_maps", run=open_run.name, layer="conv2d")
    slider(app).set_value("32 × 40").run()
    assert any("8 maps** of 32 × 40" in str(part.value) for part in app.main.markdown)
    assert not app.exception and not app.error


def test_where_there_is_one_size_nothing_is_offered(open_page, at_trained_run, here):
    for page in ("prediction", "feature_maps"):
        app = open_page(page, run=at_trained_run.name)
        assert not [one for one in app.select_slider if "asked-size" in str(one.key)]
        assert not app.exception and not app.error
