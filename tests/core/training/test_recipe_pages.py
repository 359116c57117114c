"""Every recipe has a page, and the tables on it are those of the recipe."""

import pytest

from core.models.architecture import Architecture
from core.training.reached import Reached, reached_table, read_reached, write_reached
from core.training.recipe_pages import FOLDER, MARKS, REACHED_MARKS, write_pages, written
from core.training.recipes import get_recipe, list_recipes

NAMES = [one.name for one in list_recipes()]
STACKS = [one.name for one in list_recipes() if isinstance(one.architecture, Architecture)]
REACHED = Reached(
    recipe="butterflies",
    data="bears",
    photos=1_337,
    tested=72,
    classes=3,
    image_size=(75, 60),
    epochs=50,
    seed=0,
    accuracy=0.7123,
    interval=(0.59, 0.81),
    mirrored=0.72,
    processor_seconds=90.4,
    parameters=1_345_000,
    date="2026-11-28",
    note="fewer than its own",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_there_and_its_tables_are_up_to_date(name):
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert bool(MARKS.search(page)) == (name in STACKS) and REACHED_MARKS.search(page)
    up_to_date = written(page, get_recipe(name), read_reached())
    assert up_to_date == page, "run: python -m core.training.recipe_pages"
    assert f"--recipe {name}" in page and "## What it reached" in page


def test_what_was_reached_is_of_recipes_that_exist():
    records = read_reached()
    assert {one.recipe for one in records} <= set(NAMES)
    assert all(one.interval[0] <= one.accuracy <= one.interval[1] for one in records)


def test_the_newest_training_of_a_recipe_on_the_same_photos_stands_on_its_page(tmp_path):
    path = tmp_path / "reached.json"
    write_reached([REACHED, REACHED.model_copy(update={"data": "birds"})], path)
    newer = REACHED.model_copy(update={"accuracy": 0.8})
    write_reached([newer], path)
    assert read_reached(path) == [newer, REACHED.model_copy(update={"data": "birds"})]
    table = reached_table(get_recipe("butterflies"), read_reached(path))
    assert "| bears, 3 classes | 1,337 | 75 × 60 | 50 | 80.0 % of 72 (59.0 % to 81.0 %) |" in table
    assert "On bears: fewer than its own." in table


@pytest.mark.parametrize(
    ("name", "sentence"), [("butterflies", "Not measured here yet"), ("bears", "Not trained here")]
)
def test_a_page_without_a_training_says_so(name, sentence):
    assert reached_table(get_recipe(name), []).startswith(sentence)


def test_tables_are_made_where_the_marks_are(tmp_path):
    path = tmp_path / "butterflies.md"
    path.write_text("# B\n\n<!-- layers 3 -->\nold\n<!-- /layers -->\nrest\n")
    assert write_pages(tmp_path) == [path]
    page = path.read_text()
    assert "old" not in page and page.endswith("<!-- /layers -->\nrest\n")
    assert "| `conv2d_1` | 36 × 36 × 64 | 1 + (37 + 2·0 − 2)/1 = 36 | 8,256 |" in page
    assert write_pages(tmp_path) == []
