"""A folder from one's own computer, dropped onto the page, becomes a data set."""

import re

from playwright.sync_api import expect

from core.datasets.collections import create_collection
from core.images import encode_jpeg
from core.workspace import open_workspace
from tests.conftest import draw_shape
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page, settle

WAIT = 60_000
PER_CLASS = 20
DROP = """async ([zone, files]) => {
  const transfer = new DataTransfer();
  for (const [name, bytes] of files) {
    transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  }
  zone.dispatchEvent(new DragEvent("dragenter", { dataTransfer: transfer, bubbles: true }));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}"""


def photo_bytes(label, number):
    return encode_jpeg(draw_shape(label, number, size=48))


def folder_of_shapes(folder):
    for label in ("disc", "frame"):
        (folder / label).mkdir(parents=True)
        for number in range(PER_CLASS):
            (folder / label / f"{number:02}.jpg").write_bytes(photo_bytes(label, number))
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "notes.txt").write_text("hello")
    return folder


def test_a_folder_is_uploaded_looked_at_and_imported(page, tmp_path):
    folder = folder_of_shapes(tmp_path / "my shapes")
    with app_server(tmp_path / "workspace") as server:
        open_page(page, f"{server.url}/photos")
        page.get_by_role("tab", name="Files and folders").click()
        page.locator("input.folder").set_input_files(folder)
        expect(page.get_by_text("2 classes, 40 photos")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("1 file would be left out")).to_be_visible()
        expect(page.locator(".loupe-proposal img")).to_have_count(6)
        [uploaded] = (server.workspace / "uploads").iterdir()
        names = {path.relative_to(uploaded).as_posix() for path in uploaded.rglob("*.*")}
        assert "my shapes/disc/00.jpg" in names and "my shapes/.DS_Store" not in names
        settle(page)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_text("40 photos in 2 classes")).to_be_visible(timeout=WAIT)
        assert "dataset=my-shapes" in page.url
        assert list((server.workspace / "uploads").iterdir()) == []

        # More of them, dropped, whose names say the class.
        files = [(f"disc_{n}.jpg", list(photo_bytes("disc", 100 + n))) for n in range(4)]
        files += [(f"frame_{n}.jpg", list(photo_bytes("frame", 100 + n))) for n in range(4)]
        open_page(page, f"{server.url}/photos?dataset=my-shapes&view=add")
        zone = page.locator(".zone").first
        expect(zone).to_be_visible(timeout=WAIT)
        page.evaluate(DROP, [zone.element_handle(), files])
        expect(page.get_by_text("2 classes, 8 photos")).to_be_visible(timeout=WAIT)
        settle(page)
        page.get_by_role("button", name=re.compile("Add 8 photos to")).click()
        expect(page.get_by_text("8 photos added")).to_be_visible(timeout=WAIT)


def test_files_are_dropped_into_a_class_and_what_is_no_photo_is_named(page, tmp_path):
    files = [(f"{n}.jpg", list(photo_bytes("disc", n))) for n in range(12)]
    with app_server(tmp_path / "workspace") as server:
        workspace = open_workspace(server.workspace)
        collection = create_collection(workspace, "shapes")
        collection.add_class("disc")
        address = "way=cards&collection=shapes&with=files&into=disc"
        open_page(page, f"{server.url}/photos?{address}")
        zone = page.locator(".zone").first
        expect(zone).to_be_visible(timeout=WAIT)
        broken = ("broken.jpg", list(b"not a picture"))
        page.evaluate(DROP, [zone.element_handle(), [*files, broken]])
        expect(page.get_by_text("12 of 13 photos were kept.")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("broken.jpg: The file holds text")).to_be_visible()
        expect(page.get_by_text("12 photos", exact=True)).to_be_visible(timeout=WAIT)
        assert collection.counts() == {"disc": 12}
