import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import collections
from core.datasets.collection_journal import replay
from core.datasets.collections import ENTRIES, PREFIX, Collection, create_collection
from core.datasets.importing import import_dataset
from core.datasets.jobs import _photos_of, _use_up
from core.errors import LoupeError, NotFound
from core.workspace import open_workspace
from tests.core.datasets.photos import jpeg

LABELS = ("bee", "wasp", "hornet")
label = st.sampled_from(LABELS)
step = st.one_of(
    st.tuples(st.just("add"), label),
    st.tuples(st.just("remove"), st.integers(0, 30)),
    st.tuples(st.just("restore"), st.integers(0, 30)),
    st.tuples(st.just("rename"), label, label),
    st.tuples(st.just("add_class"), label),
    st.tuples(st.just("drop_class"), label),
)


@pytest.fixture
def collection(workspace):
    return create_collection(workspace, "My insects")


class Model:
    """What a collection should hold, in the plainest way there is."""

    def __init__(self):
        self.photos = []  # [id, label, whether it is in]
        self.classes = []  # [label, whether it was dropped]

    def shown(self):
        full = {name for _, name, kept in self.photos if kept}
        names = [name for name, dropped in self.classes if name in full or not dropped]
        return {
            name: [key for key, its, kept in self.photos if kept and its == name] for name in names
        }

    def class_(self, name):
        return next((each for each in self.classes if each[0] == name), None)

    def keep_class(self, name):
        if self.class_(name) is None:
            self.classes.append([name, False])
        self.class_(name)[1] = False


def do(collection, model, action, *values):
    if action == "add":
        entry = collection.add(b"picture", values[0], "a.jpg")
        model.photos.append([entry.id, values[0], True])
        model.keep_class(values[0])
    elif action in ("remove", "restore") and model.photos:
        photo = model.photos[values[0] % len(model.photos)]
        getattr(collection, action)([photo[0]])
        photo[2] = action == "restore"
    elif action == "rename":
        rename(collection, model, *values)
    elif action == "add_class":
        collection.add_class(values[0])
        model.keep_class(values[0])
    elif action == "drop_class" and values[0] in model.shown():
        collection.drop_class(values[0])
        model.class_(values[0])[1] = True
        for photo in model.photos:
            photo[2] = photo[2] and photo[1] != values[0]


def rename(collection, model, old, new):
    if old not in model.shown() or (new in model.shown() and new != old):
        with pytest.raises(LoupeError):
            collection.rename_class(old, new)
        return
    collection.rename_class(old, new)
    if new != old:
        model.classes = [each for each in model.classes if each[0] != new]
    model.class_(old)[0] = new
    for photo in model.photos:
        photo[1] = new if photo[1] == old else photo[1]


def ids(collection):
    found = collection.contents().by_class()
    return {name: [entry.id for entry in entries] for name, entries in found.items()}


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(step, max_size=25))
def test_whatever_is_done_in_whatever_order_it_holds_what_it_should(steps):
    with tempfile.TemporaryDirectory() as folder:
        collection = create_collection(open_workspace(Path(folder)), "insects")
        model = Model()
        for action in steps:
            do(collection, model, *action)
        assert ids(collection) == model.shown()
        assert list(ids(collection)) == list(model.shown())
        assert len(collection.entries()) == sum(kept for _, _, kept in model.photos)


def test_a_journal_cut_at_any_byte_loses_nothing_but_the_line_that_was_cut(collection):
    kept = collection.add(b"1", "bee", "a.jpg")
    collection.add(b"2", "wäsp", "b.jpg")
    collection.rename_class("bee", "bumblebee")
    collection.remove([kept.id])
    journal = (collection.folder / ENTRIES).read_bytes()
    whole = [json.loads(line) for line in journal.splitlines() if line]
    for cut in range(len(journal) + 1):
        complete = sum(1 for line in journal[:cut].splitlines() if _is_json(line))
        told = replay(journal[:cut] + b"\n" + json.dumps({"class": "after"}).encode() + b"\n")
        expected = replay(b"\n".join(json.dumps(line).encode() for line in whole[:complete]))
        assert told.photos == expected.photos and told.away == expected.away
        assert list(told.classes) == [*expected.classes, "after"]


def _is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def test_a_picture_that_was_sent_twice_is_kept_once(collection):
    first = collection.add(b"one", "bee", "frame.jpg", key="burst-1-00001")
    again = collection.add(b"two", "bee", "frame.jpg", key="burst-1-00001")
    assert first == again and collection.entries() == [first]
    assert collection.path(first).read_bytes() == b"one"
    collection.remove([first.id])
    collection.add(b"one", "bee", "frame.jpg", key="burst-1-00001")
    assert collection.entries() == []


def test_a_class_that_was_renamed_takes_along_what_was_taken_out(collection):
    entry = collection.add(b"1", "bee", "a.jpg")
    collection.remove([entry.id])
    collection.rename_class("bee", "wasp")
    assert collection.contents().taken_out("wasp") == [entry.id]
    collection.restore([entry.id])
    assert collection.counts() == {"wasp": 1}


@pytest.mark.parametrize(("old", "new"), [("bee", "wasp"), ("nothing", "x"), ("bee", "  ")])
def test_a_class_cannot_take_a_name_that_is_taken_or_none(collection, old, new):
    collection.add_class("bee")
    collection.add_class("wasp")
    with pytest.raises(LoupeError):
        collection.rename_class(old, new)
    assert list(collection.contents().classes) == ["bee", "wasp"]


def test_photos_that_come_while_a_data_set_is_made_stay(workspace, collection):
    for place, name in enumerate(("bee", "wasp")):
        for number in range(3):
            collection.add(jpeg(10 * place + number), name, f"{number}.jpg")
    source = PREFIX + collection.name
    used = _photos_of(workspace, source)
    import_dataset(workspace, source, "insects")
    late = collection.add(jpeg(99), "bee", "late.jpg")
    _use_up(workspace, source, used)
    assert collection.entries() == [late]
    assert collection.contents().taken_out("wasp") == []
    assert [path.name for path in (collection.folder / "photos").iterdir()] == [late.id]


def test_one_that_is_used_up_is_gone_and_takes_nothing_more(workspace, collection):
    entry = collection.add(jpeg(), "bee", "a.jpg")
    collection.use_up([entry.id])
    assert collections.list_collections(workspace) == []
    with pytest.raises(NotFound, match="closed"):
        Collection(collection.folder).add(jpeg(), "bee", "b.jpg")
    assert not collection.folder.exists()
