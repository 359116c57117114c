"""Writes the tables into `docs/recipes/`: `python -m core.training.recipe_pages`.

What stands between `<!-- layers 2 -->` (for two classes) and `<!-- /layers -->` is made anew
from the recipe's own arithmetic; what stands between `<!-- reached -->` and `<!-- /reached -->`
from `docs/recipes/reached.json`, which `python -m benchmarks reached` writes.
"""

import re
from pathlib import Path

from core.models.receptive_field import ReceptiveField
from core.models.shapes import trace
from core.training.reached import Reached, reached_table, read_reached
from core.training.recipes import Recipe, get_recipe
from core.workspace import write_bytes

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "recipes"
MARKS = re.compile(r"(<!-- layers (\d+) -->\n).*?(<!-- /layers -->)", re.DOTALL)
REACHED_MARKS = re.compile(r"(<!-- reached -->\n).*?(<!-- /reached -->)", re.DOTALL)
HEAD = "| layer | output | the sum | weights | multiplications | one value sees |"


def layer_table(recipe: Recipe, num_classes: int) -> str:
    """The recipe's layers as a Markdown table, with its sums below."""
    rows = trace(recipe.architecture, recipe.picture.shape, num_classes)
    lines = [HEAD, "| --- | --- | --- | ---: | ---: | --- |"]
    for row in rows:
        shape = " × ".join(f"{size:,}" for size in row.output_shape)
        lines.append(
            f"| `{row.name}` | {shape} | {row.arithmetic} | {row.parameters:,} | "
            f"{row.multiply_adds:,} | {_sees(row.receptive_field)} |"
        )
    weights = sum(row.parameters for row in rows)
    work = sum(row.multiply_adds for row in rows)
    memory = sum(row.memory for row in rows) / 1e6
    lines.append(
        f"\n{weights:,} weights, {work:,} multiplications and {memory:.1f} MB of values for one "
        f"picture of {recipe.picture.image_size[0]} × {recipe.picture.image_size[1]}, with "
        f"{num_classes} classes."
    )
    return "\n".join(lines) + "\n"


def written(page: str, recipe: Recipe, records: list[Reached]) -> str:
    """The page with its tables made anew."""
    page = MARKS.sub(lambda found: found[1] + layer_table(recipe, int(found[2])) + found[3], page)
    return REACHED_MARKS.sub(
        lambda found: found[1] + reached_table(recipe, records) + found[2], page
    )


def write_pages(folder: Path = FOLDER) -> list[Path]:
    """Makes the tables of all pages anew; returns those that changed."""
    changed, records = [], read_reached()
    for path in sorted(folder.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        if MARKS.search(page) or REACHED_MARKS.search(page):
            fresh = written(page, get_recipe(path.stem), records)
            if fresh != page:
                write_bytes(path, fresh.encode())
                changed.append(path)
    return changed


def _sees(field: ReceptiveField) -> str:
    return "the whole picture" if field.size is None else f"{field.size} × {field.size}"


if __name__ == "__main__":
    for changed_page in write_pages():
        print(changed_page.name)
