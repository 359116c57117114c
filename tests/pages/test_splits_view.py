from core.datasets.collections import PREFIX, create_collection
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.training.runs import create_run
from tests.conftest import small_recipe
from tests.core.datasets.photos import jpeg


def words(app):
    main = app.main
    parts = [*main.markdown, *main.caption, *main.warning, *main.info]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(element.proto.body for element in app.main.get("html"))


def test_it_shows_what_would_move_and_applies_it_as_one_edit_with_a_way_back(open_page, shapes):
    create_run(shapes, "shapes", small_recipe(), "first")
    app = open_page("photos", dataset="shapes", view="split")
    assert not app.exception and not app.error
    assert "lp-split" in html(app) and "The test" in words(app)
    assert "could be anything from" in words(app)
    app.button(key="split-draw").click().run()
    assert "would change sides" in words(app)
    assert "1 training learnt from the present split" in words(app)
    before = open_dataset(shapes, "shapes")
    app.button(key="split-apply").click().run()
    after = open_dataset(shapes, "shapes")
    assert after.version == 2 and not after.manifest["split"].equals(before.manifest["split"])
    assert "is in use now" in words(app) and app.button(key="split-apply").disabled
    app.button(key="split-undo").click().run()
    assert open_dataset(shapes, "shapes").manifest.equals(before.manifest)
    assert not app.exception and not app.error


def test_folds_are_drawn_as_a_grid_and_written_down(open_page, shapes):
    app = open_page("photos", dataset="shapes", view="split")
    app.button_group(key="split.how").set_value("folds").run()
    assert "lp-folds" in html(app) and "lp-split'" not in html(app)
    app.slider(key="split.folds").set_value(4).run()
    app.button(key="split-apply").click().run()
    assert set(open_dataset(shapes, "shapes").manifest["fold"]) == {0, 1, 2, 3}
    assert not app.exception and not app.error


def test_folders_and_sources_can_be_chosen(open_page, shapes):
    app = open_page("photos", dataset="shapes", view="split")
    for how in ("folder", "source"):
        app.button_group(key="split.how").set_value(how).run()
        assert not app.exception and not app.error
    assert "All photos have the same author" in words(app)


def test_hostile_names_reach_the_page_as_text(open_page, workspace):
    evil = "<img src=x onerror=alert(1)>"
    collection = create_collection(workspace, "evil")
    for number in range(8):
        label = evil if number % 2 else "[click](javascript:alert(1))"
        collection.add(
            jpeg(number), label, "<script>alert(1)</script>.jpg", group=f"<b>{number // 4}"
        )
    import_dataset(workspace, PREFIX + "evil", "evil")
    app = open_page("photos", dataset="evil", view="split")
    assert not app.exception and not app.error
    assert "<img src=x" not in html(app) and "<script>alert" not in html(app)
    assert "&lt;img src=x" in html(app)
    assert "[click](javascript" not in words(app)


def test_a_broken_data_set_is_told_in_a_sentence(open_page, shapes, monkeypatch):
    from core.errors import LoupeError

    def broken(*arguments, **named):
        raise LoupeError("The list of photos is damaged.", "Import them again.")

    monkeypatch.setattr("ui.photos.splits_view.divide", broken)
    app = open_page("photos", dataset="shapes", view="split")
    assert "The list of photos is damaged." in app.error[0].value
    assert not app.exception
