"""Deciding about suspect labels by keys pressed faster than anybody can save."""

from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.evaluation.decisions import in_force, progress_of
from core.evaluation.suspects import Queue, Suspect, keep_queue
from core.workspace import open_workspace
from tests.journeys.browser import open_page

WAIT = 30_000


def queue_of(dataset, count):
    discs = dataset.used["id"][dataset.used["label"] == "disc"].tolist()[:count]
    shares = {"disc": 0.1, "frame": 0.9}
    suspects = [Suspect(id, "disc", "frame", "class", 0.1, shares, "It looks so.") for id in discs]
    about = {
        "teacher": "A tiny network",
        "photos": 48,
        "accuracy": 0.9,
        "dataset_version": 1,
        "created": "now",
    }
    return Queue(suspects, {"disc": [], "frame": []}, about)


def test_no_key_is_lost_however_quickly_they_come(page, shared_server, picture_folder):
    server = shared_server
    workspace = open_workspace(server.workspace)
    dataset = import_dataset(workspace, picture_folder, "suspects")
    queue = queue_of(dataset, 8)
    keep_queue(dataset, queue)
    open_page(page, f"{server.url}/photos?dataset=suspects&view=labels")
    expect(page.get_by_text("1 of 8")).to_be_visible(timeout=WAIT)
    for key in ("m", "k", "x", "2", "1", "z", "Enter", "ArrowRight", "x", "k", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_text("8 of 8")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("All saved")).to_be_visible(timeout=WAIT)
    decided = in_force(open_dataset(workspace, "suspects"))
    actions = [decided[s.id].action if s.id in decided else "" for s in queue.suspects]
    assert actions == ["move", "keep", "exclude", "move", "move", "", "exclude", "keep"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("k")
    page.get_by_text("Decided so far").wait_for(timeout=WAIT)
    after = progress_of(open_dataset(workspace, "suspects"))
    assert (after["move"], after["exclude"], after["keep"]) == (3, 2, 3)
