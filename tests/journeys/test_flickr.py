"""Two butterflies from Flickr (a local server that speaks its protocol) to a data set."""

import csv
import io

from playwright.sync_api import expect

from core.datasets.collections import list_collections
from core.datasets.manifest import open_dataset
from core.workspace import Workspace
from tests.core.datasets.web.photo_server import KEY, photo_server
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page, settle

WAIT = 60_000


def test_two_butterflies_from_flickr_to_a_data_set_with_attribution(page, tmp_path, monkeypatch):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with photo_server() as flickr:
        flickr.results |= {
            "meadow brown butterfly": list(range(1, 40)),
            "gatekeeper butterfly": list(range(1001, 1040)),
        }
        flickr.faults["/photos/2.jpg"] = ["html", "always"]
        flickr.faults["/photos/1003.jpg"] = ["to_private", "always"]
        monkeypatch.setenv("LOUPE_FLICKR_URL", flickr.flickr_url)
        monkeypatch.setenv("FLICKR_API_KEY", KEY)
        with app_server(tmp_path / "workspace") as server:
            open_page(page, f"{server.url}/photos?way=flickr")
            page.get_by_role("button", name="The tutorial's butterflies").click()
            most = page.get_by_role("spinbutton", name="Most photos per class")
            most.fill("12")
            most.press("Enter")
            settle(page)
            page.get_by_role("button", name="Fetch the photos").click()
            review = page.get_by_text("Look through them.")
            expect(review).to_be_visible(timeout=WAIT)
            settle(page)
            expect(page.get_by_text("12 photos, 1 could not be used")).to_have_count(2)

            page.get_by_role("button", name="Take out this photo").first.click()
            expect(page.get_by_text("1 photo taken out.")).to_be_visible(timeout=WAIT)
            page.get_by_role("button", name="Undo the last").click()
            expect(page.get_by_text("1 photo taken out.")).to_have_count(0, timeout=WAIT)
            page.get_by_role("button", name="Take out this photo").nth(3).click()
            expect(page.get_by_text("1 photo taken out.")).to_be_visible(timeout=WAIT)

            page.get_by_role("button", name="Make the data set").click()
            expect(page.get_by_text("23 photos in 2 classes")).to_be_visible(timeout=WAIT)
            settle(page)
            with page.expect_download() as download:
                page.get_by_role("button", name="ATTRIBUTION.csv").click()
            table = download.value.path().read_bytes().decode("utf-8-sig")
            assert download.value.suggested_filename == "ATTRIBUTION.csv"
    rows = list(csv.DictReader(io.StringIO(table)))
    workspace = Workspace(tmp_path / "workspace")
    dataset = open_dataset(workspace, "meadow-brown-and-gatekeeper")
    assert len(rows) == len(dataset.used) == 23
    assert {row["licence_url"] for row in rows} == {"https://creativecommons.org/licenses/by/2.0/"}
    assert all(row["source_page"].startswith("https://www.flickr.com/photos/") for row in rows)
    assert list_collections(workspace) == []
    outside = [url for url in asked if server.url.removeprefix("http") not in url]
    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
