"""What a browser may send, each change once, and nothing that is not a photo."""

import pytest

from core.datasets.edits import exclude
from core.datasets.manifest import open_dataset
from core.datasets.marks import marked_of, set_marks
from ui import state
from ui.photos import marking


@pytest.fixture
def dataset(shapes_workspace, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    kept, address = {}, {}
    monkeypatch.setattr(state, "get", lambda key, default=None: kept.get(key, default))
    monkeypatch.setattr(state, "put", kept.__setitem__)
    monkeypatch.setattr(state, "set_address", address.__setitem__)
    opened = open_dataset(shapes_workspace, "shapes")
    object.__setattr__(opened, "address", address)
    return opened


def now(dataset):
    from ui import cache

    return cache.dataset("shapes")


def change(number, add=(), remove=()):
    return {"number": number, "add": list(add), "remove": list(remove)}


def test_changes_that_are_sent_again_are_taken_note_of_once(dataset):
    one, other, third = dataset.manifest["id"].tolist()[:3]
    first = change(1, add=[one, other])
    marking.take_changes("shapes", "gallery", {"client": "a", "changes": [first]})
    marking.forget_marks("shapes", [other])
    again = {"client": "a", "changes": [first, change(2, add=[third], remove=[one])]}
    marking.take_changes("shapes", "gallery", again)
    assert marked_of(dataset) == [third]
    assert marking.heard("gallery") == {"client": "a", "number": 2}
    # Another window counts from 1 again.
    marking.take_changes("shapes", "gallery", {"client": "b", "changes": [first]})
    assert set(marked_of(dataset)) == {one, other, third}


@pytest.mark.parametrize(
    "message",
    [
        None,
        3,
        {},
        {"client": "a", "changes": 7},
        {"client": "a", "changes": [None, {"number": "1"}, change(1, add=["../x", "nowhere"])]},
        {"client": "a", "changes": [{"number": 1, "add": "abc", "remove": {"a": 1}}]},
    ],
)
def test_nonsense_from_a_browser_marks_nothing(dataset, message):
    marking.take_changes("shapes", "gallery", message)
    assert marked_of(dataset) == []


def test_keys_act_on_the_marked_photos_else_on_the_one_at_hand(dataset):
    ids = dataset.manifest["id"].tolist()
    marking.act("shapes", {"name": "exclude", "at": ids[0]}, list)
    assert now(dataset).manifest["excluded"].sum() == 1
    set_marks(dataset, ids[5:8])
    marking.act("shapes", {"name": "move", "value": "frame", "at": ids[0]}, list)
    assert set(now(dataset).manifest["label"][5:8]) == {"frame"}
    assert marked_of(dataset) == [] and marking.marked_before("shapes") == set(ids[5:8])
    marking.mark_again("shapes")
    assert marked_of(dataset) == ids[5:8]
    marking.act("shapes", {"name": "undo"}, list)
    marking.act("shapes", {"name": "undo"}, list)
    assert now(dataset).version == 1
    marking.act("shapes", {"name": "redo"}, list)
    assert now(dataset).version == 2


@pytest.mark.parametrize(
    "message",
    [
        {"name": "move", "value": "no such class"},
        {"name": "move", "value": ["frame"]},
        {"name": "open", "value": "nowhere"},
        {"name": "range", "value": "ab"},
        {"name": "format the disk"},
        {},
    ],
)
def test_what_is_not_understood_changes_nothing(dataset, message):
    marking.act("shapes", message, list)
    assert now(dataset).version == 1 and marked_of(dataset) == [] and not dataset.address


def test_a_range_reaches_over_pages_in_the_order_shown(dataset):
    ids = dataset.manifest["id"].tolist()
    marking.act("shapes", {"name": "range", "value": [ids[9], ids[6]]}, lambda: ids)
    assert marked_of(dataset) == ids[6:10]


def test_excluded_photos_are_marked_and_restored_too(dataset):
    ids = dataset.manifest["id"].tolist()
    exclude(dataset, ids[:2])
    set_marks(dataset, ids[:2])
    marking.bring_back("shapes")
    assert not now(dataset).manifest["excluded"].any()
