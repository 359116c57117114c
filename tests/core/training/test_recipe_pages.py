"""Every recipe has a page, and the tables on it are those of the recipe."""

import pytest

from core.models.architecture import Architecture
from core.training.recipe_pages import FOLDER, MARKS, write_pages, written
from core.training.recipes import get_recipe, list_recipes

STACKS = [one.name for one in list_recipes() if isinstance(one.architecture, Architecture)]


@pytest.mark.parametrize("name", STACKS)
def test_the_page_is_there_and_its_table_is_up_to_date(name):
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert MARKS.search(page), "run: python -m core.training.recipe_pages"
    assert written(page, get_recipe(name)) == page, "run: python -m core.training.recipe_pages"
    assert f"--recipe {name}" in page and "## What it reached" in page


def test_tables_are_made_where_the_marks_are(tmp_path):
    path = tmp_path / "butterflies.md"
    path.write_text("# B\n\n<!-- layers 3 -->\nold\n<!-- /layers -->\nrest\n")
    assert write_pages(tmp_path) == [path]
    page = path.read_text()
    assert "old" not in page and page.endswith("<!-- /layers -->\nrest\n")
    assert "| `conv2d_1` | 36 × 36 × 64 | 1 + (37 + 2·0 − 2)/1 = 36 | 8,256 |" in page
    assert write_pages(tmp_path) == []
