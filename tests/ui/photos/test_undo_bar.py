import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.edits import relabel
from core.datasets.manifest import open_dataset
from ui.photos.undo_bar import plain


def bar():
    from ui import cache
    from ui.photos.undo_bar import undo_bar

    undo_bar(cache.dataset("shapes"))


@pytest.fixture
def edited(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    dataset = open_dataset(shapes_workspace, "shapes")
    return relabel(dataset, dataset.manifest["id"].tolist()[:3], "ring")


def test_nothing_can_be_undone_at_first(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    app = AppTest.from_function(bar).run()
    assert not app.exception
    assert app.button(key="undo-bar-undo").disabled and app.button(key="undo-bar-redo").disabled


def test_undo_redo_and_back_to_a_version(edited, shapes_workspace):
    app = AppTest.from_function(bar).run()
    assert app.button(key="undo-bar-undo").label == "Undo: 3 photos moved to ring"
    app.button(key="undo-bar-undo").click().run()
    assert open_dataset(shapes_workspace, "shapes").class_names == ("disc", "frame")
    assert app.button(key="undo-bar-redo").label == "Redo: 3 photos moved to ring"
    app.button(key="undo-bar-redo").click().run()
    assert "ring" in open_dataset(shapes_workspace, "shapes").class_names
    app.button(key="undo-bar-back-1").click().run()
    assert open_dataset(shapes_workspace, "shapes").version == 3
    assert app.button(key="undo-bar-undo").label == "Undo: back to version 1"


def test_a_change_in_another_window_is_told_in_a_sentence(edited, monkeypatch):
    from ui.photos import undo_bar as module

    def refuse(dataset):
        from core.errors import LoupeError

        raise LoupeError("It was changed in another window.", "Reload the page.")

    monkeypatch.setattr(module, "undo", refuse)
    app = AppTest.from_function(bar).run()
    app.button(key="undo-bar-undo").click().run()
    assert not app.exception
    assert "It was changed in another window." in app.error[0].value


def test_names_of_classes_are_shown_as_they_are_written():
    assert plain("*a* [b](c)") == "\\*a\\* \\[b\\]\\(c\\)"
