"""From a search to a collection: complete, without duplicates, and able to go on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.datasets.collections import create_collection
from core.datasets.importing import import_dataset
from core.datasets.web import harvesting
from core.datasets.web.fetching import Fetcher
from core.datasets.web.flickr import FlickrSearch, Keyword
from core.datasets.web.inaturalist import INaturalistSearch, TaxonRow
from core.datasets.web.journal import account, keep_search
from core.jobs import new_job, request_stop, run_job
from core.workspace import APP_FOLDER
from tests.core.datasets.web.conftest import QuickClock
from tests.core.datasets.web.photo_server import KEY, draw_photo

JOB = "core.datasets.jobs:harvest_job"
ROWS = (
    Keyword(label="meadow brown", text="meadow brown butterfly"),
    Keyword(label="gatekeeper", text="gatekeeper butterfly"),
)


@pytest.fixture
def at_server(server, monkeypatch):
    server.results |= {
        "meadow brown butterfly": list(range(1, 31)),
        "gatekeeper butterfly": list(range(1001, 1031)),
    }
    monkeypatch.setenv("LOUPE_FLICKR_URL", server.flickr_url)
    monkeypatch.setenv("LOUPE_INATURALIST_URL", server.inaturalist_url)
    monkeypatch.setenv("LOUPE_FLICKR_API_KEY", KEY)
    monkeypatch.setattr(
        harvesting,
        "Fetcher",
        lambda allowed, secrets: Fetcher(allowed, secrets, clock=QuickClock()),
    )
    return server


def collection_for(workspace, search, dataset=""):
    collection = create_collection(workspace, "Butterflies", dataset)
    keep_search(collection, search.model_dump(mode="json"))
    return collection


@pytest.fixture
def collection(workspace):
    return collection_for(workspace, FlickrSearch(rows=ROWS, maximum=8))


def harvest(workspace, collection):
    folder = new_job(workspace, JOB, {"collection": collection.name}, "Butterflies")
    return run_job(folder), folder


def test_a_search_fills_its_classes_with_all_that_is_known(at_server, workspace, collection):
    status, _ = harvest(workspace, collection)
    assert status.state == "finished", status.message
    assert collection.counts() == {"meadow brown": 8, "gatekeeper": 8}
    entry = next(entry for entry in collection.entries() if entry.name == "flickr-3.jpg")
    assert collection.path(entry).read_bytes() == draw_photo(3)
    assert (entry.origin, entry.author, entry.licence) == ("flickr", "Photographer 3", "CC BY 2.0")
    assert entry.source_page.endswith("/photos/30000001@N03/3") and entry.group
    assert status.extra["classes"]["gatekeeper"]["have"] == 8
    assert len(status.extra["classes"]["gatekeeper"]["newest"]) == 6
    assert at_server.pause == 0 and len(at_server.photos_asked()) == 16


def test_what_cannot_be_used_is_named_and_made_up_for(at_server, workspace, collection):
    for number, fault in enumerate(("html", "gone", "half", "to_private", "huge"), start=1):
        at_server.faults[f"/photos/{number}.jpg"] = [fault, "always"]
    harvest(workspace, collection)
    told = account(collection)
    assert told["classes"]["meadow brown"] == {"have": 8, "known": 0, "refused": 5}
    reasons = {reason["file"]: reason["reason"] for reason in told["reasons"]}
    assert "web page" in reasons["flickr-1"]
    assert "not there any more" in reasons["flickr-2"]
    assert "cut off" in reasons["flickr-3"]
    assert "private network" in reasons["flickr-4"]
    assert "larger than" in reasons["flickr-5"]


def test_a_photo_of_two_searches_comes_once(at_server, workspace, collection):
    at_server.results["meadow brown butterfly"] = [1, 2]
    at_server.results["gatekeeper butterfly"] = [2, 1]
    at_server.pause = 0.5  # long enough for both classes to find it before it has come
    harvest(workspace, collection)
    names = [entry.name for entry in collection.entries()]
    assert len(names) == len(set(names)) == len(at_server.photos_asked())


def test_the_same_bytes_under_another_name_are_not_kept(at_server, workspace, collection):
    at_server.results["meadow brown butterfly"] = [4, 40_004]
    at_server.results["gatekeeper butterfly"] = [1001]
    harvest(workspace, collection)
    assert collection.counts() == {"meadow brown": 1, "gatekeeper": 1}
    assert account(collection)["classes"]["meadow brown"]["known"] == 1


def test_too_few_results_end_the_search_well(at_server, workspace, collection):
    at_server.results["gatekeeper butterfly"] = []
    status, _ = harvest(workspace, collection)
    assert status.state == "finished"
    assert collection.counts() == {"meadow brown": 8}
    assert status.extra["classes"]["gatekeeper"] == {
        "have": 0,
        "found": 0,
        "exhausted": True,
        "newest": [],
    }


def test_what_the_data_set_has_is_not_fetched_again(at_server, workspace, collection):
    harvest(workspace, collection)
    dataset = import_dataset(workspace, f"collection:{collection.name}", "butterflies")
    assert set(dataset.manifest["licence"]) == {"CC BY 2.0"}
    at_server.asked.clear()
    more = collection_for(workspace, FlickrSearch(rows=ROWS, maximum=5), dataset.name)
    harvest(workspace, more)
    fetched = {path.rpartition("/")[2] for path in at_server.photos_asked()}
    assert len(fetched) == 10
    assert not fetched & {entry.name.removeprefix("flickr-") for entry in collection.entries()}
    assert account(more)["classes"]["gatekeeper"] == {"have": 5, "known": 8, "refused": 0}


def test_stopped_and_started_again_it_fetches_nothing_twice(at_server, workspace, collection):
    at_server.pause = 0.05
    folder = new_job(workspace, JOB, {"collection": collection.name}, "Butterflies")
    work = threading.Thread(target=run_job, args=(folder,))
    work.start()
    while not collection.entries():
        time.sleep(0.01)
    request_stop(folder)
    work.join(20)
    came = {entry.name for entry in collection.entries()}
    assert 0 < len(came) < 16
    at_server.pause = 0
    at_server.asked.clear()
    status, _ = harvest(workspace, collection)
    assert status.state == "finished"
    assert collection.counts() == {"meadow brown": 8, "gatekeeper": 8}
    again = {f"flickr-{path.rpartition('/')[2]}" for path in at_server.photos_asked()}
    assert not again & came


def test_killed_in_the_middle_it_goes_on_where_it_was(at_server, workspace, collection):
    at_server.pause = 0.1
    folder = new_job(workspace, JOB, {"collection": collection.name}, "Butterflies")
    script = "import sys; from pathlib import Path; from core.jobs import run_job; "
    process = subprocess.Popen(
        [sys.executable, "-c", script + "run_job(Path(sys.argv[1]))", str(folder)],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(workspace.root)},
    )
    while len(collection.entries()) < 4 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = {entry.name for entry in collection.entries()}
    assert 4 <= len(kept) < 16
    # The worst moment: the photo is in, its line in the journal is not, or only half of it.
    journal = collection.folder / "harvest.jsonl"
    journal.write_bytes(journal.read_bytes().rstrip()[:-20])
    at_server.pause = 0
    at_server.asked.clear()
    status, _ = harvest(workspace, collection)
    assert status.state == "finished", status.message
    assert collection.counts() == {"meadow brown": 8, "gatekeeper": 8}
    again = {f"flickr-{path.rpartition('/')[2]}" for path in at_server.photos_asked()}
    assert not again & kept


def test_photos_taken_out_are_not_fetched_again_but_replaced(at_server, workspace, collection):
    harvest(workspace, collection)
    gone = collection.entries()[:3]
    collection.remove([entry.id for entry in gone])
    at_server.asked.clear()
    harvest(workspace, collection)
    assert sum(collection.counts().values()) == 16
    assert len(at_server.photos_asked()) == 3
    assert not {entry.name for entry in gone} & {entry.name for entry in collection.entries()}


def test_a_key_that_is_not_taken_ends_it_in_a_sentence(
    at_server, workspace, collection, monkeypatch
):
    monkeypatch.setenv("LOUPE_FLICKR_API_KEY", "wrong")
    status, _ = harvest(workspace, collection)
    assert status.state == "failed"
    assert "does not take this API key" in status.message


def test_no_key_is_told(at_server, workspace, collection, monkeypatch):
    monkeypatch.delenv("LOUPE_FLICKR_API_KEY")
    status, _ = harvest(workspace, collection)
    assert status.state == "failed" and "no key" in status.message


def test_the_key_is_in_no_file_of_the_workspace(at_server, workspace, collection):
    at_server.faults["flickr"] = ["echo", "always"]
    status, _ = harvest(workspace, collection)
    assert status.state == "failed" and "refused the search" in status.message
    at_server.faults.clear()
    harvest(workspace, collection)
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_photos_that_stop_coming_end_it_and_are_tried_again(at_server, workspace, collection):
    for number in [*range(3, 31), *range(1003, 1031)]:
        at_server.faults[f"/photos/{number}.jpg"] = ["broken", "always"]
    status, _ = harvest(workspace, collection)
    assert status.state == "failed" and "do not come any more" in status.message
    assert sum(collection.counts().values()) == 4
    at_server.faults.clear()
    status, _ = harvest(workspace, collection)
    assert collection.counts() == {"meadow brown": 8, "gatekeeper": 8}


def test_inaturalist_fills_a_collection_too(at_server, workspace):
    at_server.results |= {47927: list(range(1, 21)), 47926: list(range(101, 121))}
    rows = (
        TaxonRow(label="dragonfly", taxon_id=47927),
        TaxonRow(label="damselfly", taxon_id=47926),
    )
    search = INaturalistSearch(rows=rows, maximum=6, per_observation=2)
    collection = collection_for(workspace, search)
    status, _ = harvest(workspace, collection)
    assert status.state == "finished", status.message
    assert collection.counts() == {"dragonfly": 6, "damselfly": 6}
    groups = [entry.group for entry in collection.entries() if entry.label == "dragonfly"]
    assert len(set(groups)) == 3


def test_a_full_disk_is_a_plain_sentence(at_server, workspace, collection, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.datasets.collections.write_bytes", full)
    status, folder = harvest(workspace, collection)
    assert status.state == "failed" and "no space left" in status.message
    assert json.loads((folder / "job.json").read_text())["arguments"] == {
        "collection": collection.name
    }
