"""The newcomer's first minute: one button, the whole road."""

from playwright.sync_api import expect

from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page

# Of two classes. How good it gets in its seconds is the machine's affair; what the sample
# can be learnt to is tested by epochs.
BETTER_THAN_CHANCE = 65


def test_the_demo_plays_to_the_end_and_links_into_the_pages(page, tmp_path):
    with app_server(tmp_path / "workspace") as server:
        open_page(page, server.url)
        page.get_by_role("button", name="Play the demo").click()
        stop = page.get_by_role("button", name="Stop the demo")
        expect(stop).to_be_visible(timeout=30_000)
        page.reload()
        expect(stop).to_be_visible(timeout=30_000)
        sentence = page.get_by_text("Test accuracy").first
        expect(sentence).to_be_visible(timeout=240_000)
        percent = int(sentence.inner_text().split("accuracy ")[1].split("\u00a0")[0].split()[0])
        assert percent >= BETTER_THAN_CHANCE
        page.get_by_role("link", name="See which it gets wrong").click()
        expect(page.locator("h1")).to_have_text("Evaluation", timeout=20_000)
        assert "dataset=pond-insects" in page.url
        assert "run=demo-pond-insects" in page.url
