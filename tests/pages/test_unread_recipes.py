"""Recipes that a newer Loupe made, or that are damaged: told, never lost."""

import json

import pytest

from core.augmentation import saved
from core.augmentation.presets import GENTLE
from ui import state

NEWER = json.dumps({"version": 99, "steps": []}).encode()
DAMAGED = b'{"version": 1, "steps": [{"kind": "blur"'


def words(app):
    return " ".join(str(part.value) for part in [*app.main.warning, *app.main.caption])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(NEWER, "format 99"), (DAMAGED, "no JSON text"), (b"\xff\xfe", "text")],
)
def test_a_kept_recipe_that_cannot_be_read_is_told_and_left_in_place(
    open_page, shapes, content, sentence
):
    file = shapes.datasets / "shapes" / "augmentation.json"
    file.write_bytes(content)
    for page in ("augmentation", "training"):
        app = open_page(page)
        assert "cannot be read" in words(app) and sentence in words(app)
        assert not app.exception and not app.error
        assert file.read_bytes() == content
    assert state.augmentation_recipe("shapes") is None
    assert not state.augmentation_is_kept("shapes")


def test_choosing_another_keeps_the_unread_one_beside_it(open_page, shapes):
    folder = shapes.datasets / "shapes"
    for number, name in enumerate(("augmentation-unread.json", "augmentation-unread-2.json")):
        content = NEWER + b" " * number
        (folder / "augmentation.json").write_bytes(content)
        app = open_page("augmentation")
        app.button_group(key="augment-shapes-preset").set_value("gentle").run()
        app.button(key="augment-keep").click().run()
        assert state.augmentation_recipe("shapes").steps == GENTLE.steps
        assert (folder / name).read_bytes() == content
    assert "cannot be read" not in words(app)


def test_a_saved_recipe_that_cannot_be_read_is_told(open_page, shapes):
    key = saved.save_recipe(shapes, GENTLE, "from tomorrow")
    file = shapes.root / "augmentations" / key / "recipe.json"
    file.write_bytes(NEWER)
    saved.save_recipe(shapes, GENTLE, "of today")
    assert list(saved.list_saved(shapes)) == ["of-today"]
    assert "format 99" in str(saved.list_unreadable(shapes)[key])
    app = open_page("augmentation")
    assert "from\\-tomorrow" in words(app) and "format 99" in words(app)
    assert file.read_bytes() == NEWER and not app.exception
