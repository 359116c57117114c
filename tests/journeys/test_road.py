"""The whole road in the browser, on real photos, from an empty workspace."""

import re

from playwright.sync_api import expect

from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page, settle

WAIT = 60_000


def go(page, name, title):
    """Follows the sidebar's link called `name`."""
    page.locator("[data-testid=stSidebar]").get_by_role("link", name=name).click()
    expect(page.locator("h1")).to_have_text(title, timeout=WAIT)
    settle(page)


def import_folder(page, folder):
    page.get_by_role("tab", name="This computer").click()
    box = page.get_by_role("textbox", name="Folder or archive")
    box.fill(str(folder))
    box.press("Enter")
    settle(page)
    page.get_by_role("button", name="Import", exact=True).click()


def test_from_a_folder_of_web_photos_to_a_questioned_model(page, tmp_path, bears):
    photo = sorted((bears / "teddy").iterdir())[0]
    with app_server(tmp_path / "workspace") as server:
        open_page(page, f"{server.url}/photos")
        import_folder(page, bears)
        expect(page.get_by_text("481 photos in 3 classes")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("4 files were repaired")).to_be_visible()
        assert "dataset=bears" in page.url

        go(page, "Augmentation", "Augmentation")
        settle(page)

        go(page, "Training", "Training")
        page.get_by_text("30 s", exact=True).click()
        page.get_by_role("button", name="Start training").click()
        expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(
            timeout=WAIT
        )
        expect(page.get_by_role("button", name="See how good it is")).to_be_visible(timeout=120_000)

        go(page, "Evaluation", "Evaluation")
        said = page.get_by_text(re.compile(r"Test accuracy \d+")).first.inner_text()
        percent = int(re.search(r"accuracy (\d+)", said).group(1))
        # Always answering the largest class would be right for a third of the photos.
        assert percent >= 50
        expect(page.get_by_text("The wrong ones")).to_be_visible()

        go(page, "Augmentation", "Augmentation")
        page.get_by_role("button", name="Ask a model").click()
        expect(page.get_by_text(re.compile("^Of 36 variations"))).to_be_visible(timeout=WAIT)
        expect(page.get_by_role("option", name=re.compile("The model says")).first).to_be_visible()

        go(page, "Prediction", "Prediction")
        page.get_by_text("Files", exact=True).click()
        page.locator("input[type=file]").set_input_files(photo)
        settle(page)
        answer = page.locator("[data-testid=stMain]")
        for class_name in ("black", "grizzly", "teddy"):
            expect(answer).to_contain_text(class_name)

        go(page, "Look inside", "Look inside")
        page.get_by_role("button", name=re.compile(r"^Layer 2 of \d+")).click()
        grid = page.get_by_role("option", name="map 3", exact=True)
        expect(grid).to_be_visible(timeout=WAIT)
        grid.click()
        expect(page.get_by_text(re.compile(r"^Map 3 of \d+")).first).to_be_visible(timeout=WAIT)
        assert "map=2" in page.url
