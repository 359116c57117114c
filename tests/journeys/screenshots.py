"""Pictures of every page, with data and without, in light, dark and on a phone.

    python -m tests.journeys.screenshots [FOLDER_OF_CLASSES]

The whole set goes to `screenshots/`, which git ignores, to be looked at. The few that the README
shows go to `docs/pictures/`. Without a folder the drawn insects are shown.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.journeys.app_server import REPOSITORY, app_server
from tests.journeys.browser import chromium, open_page, whole_page_picture

PAGES = (
    "",
    "photos",
    "augmentation",
    "model",
    "training",
    "evaluation",
    "prediction",
    "feature_maps",
    "concepts",
    "share",
)
VIEWS = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
README_PAGES = ("photos", "augmentation", "training", "evaluation", "prediction", "feature_maps")
README_WIDTH = 900
README_MAX_HEIGHT = 1100


def command_line(workspace: Path, *arguments: str) -> dict:
    """What `python -m core ARGUMENTS --json` answers on `workspace`."""
    finished = subprocess.run(
        [sys.executable, "-m", "core", *arguments, "--json"],
        cwd=REPOSITORY,
        env=os.environ | {"LOUPE_HOME": str(workspace)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(finished.stdout)


def fill(workspace: Path, source: str, budget: float) -> str:
    """Imports `source`, trains on it, and returns the query that selects both."""
    name = Path(source).name.removeprefix("sample:")
    dataset = command_line(workspace, "import", source, "--name", name)["dataset"]
    run = command_line(
        workspace, "train", dataset, "--recipe", "small-cnn", "--budget", str(budget)
    )["run"]
    return f"?dataset={dataset}&run={run}"


def picture_pages(browser: Browser, url: str, query: str, state: str, folder: Path) -> None:
    """One picture of each page in each view, as `folder/PAGE-STATE-VIEW.png`."""
    for view, options in VIEWS.items():
        context = browser.new_context(**options)
        page = context.new_page()
        for address in PAGES:
            open_page(page, f"{url}/{address}{query}")
            whole_page_picture(page, str(folder / f"{address or 'home'}-{state}-{view}.png"))
        context.close()


def write_readme_pictures(folder: Path) -> None:
    """The top of a few pages, small enough to be kept with the code."""
    target = REPOSITORY / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    for name in README_PAGES:
        with Image.open(folder / f"{name}-data-light.png") as picture:
            top = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, 1500)))
            top.thumbnail((README_WIDTH, README_MAX_HEIGHT))
            top.save(target / f"{name}.webp", quality=82, method=6)


def main() -> None:
    source = sys.argv[1] if len(sys.argv) > 1 else "sample:pond-insects"
    budget = float(os.environ.get("LOUPE_SCREENSHOT_BUDGET", "60"))
    folder = REPOSITORY / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        with app_server(Path(temporary) / "empty") as server:
            picture_pages(browser, server.url, "", "empty", folder)
        filled = Path(temporary) / "filled"
        query = fill(filled, source, budget)
        with app_server(filled) as server:
            picture_pages(browser, server.url, query, "data", folder)
    write_readme_pictures(folder)
    print(f"Pictures of all pages: {folder}; those of the README: docs/pictures")


if __name__ == "__main__":
    main()
