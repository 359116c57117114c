import pytest

from core.datasets.adding import JOURNAL, add_photos, tidy
from core.datasets.collections import PREFIX, create_collection, list_collections, open_collection
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, undo
from core.errors import NotFound, UnusableSource
from core.workspace import write_json
from tests.core.datasets.photos import class_folders, jpeg


@pytest.fixture
def collection(workspace):
    return create_collection(workspace, "My insects")


def filled(collection, **counts):
    for place, (label, count) in enumerate(counts.items()):
        for number in range(count):
            collection.add(
                jpeg(5000 + 100 * place + number), label, f"{number}.jpg", author="Ada", group="b1"
            )
    return collection


def test_it_keeps_what_was_added_and_what_was_taken_out_can_come_back(workspace, collection):
    filled(collection, wasp=2, bee=1)
    first = collection.entries()[0]
    collection.remove([first.id])
    again = open_collection(workspace, "my-insects")
    assert again.counts() == {"wasp": 1, "bee": 1}
    again.restore([first.id])
    assert again.counts() == {"wasp": 2, "bee": 1}
    assert [each.name for each in list_collections(workspace)] == ["my-insects"]


def test_a_line_that_a_crash_cut_short_costs_nothing_else(collection):
    filled(collection, wasp=1)
    with (collection.folder / "entries.jsonl").open("ab") as file:
        file.write(b'{"id": "half')
    filled(collection, bee=1)
    assert collection.counts() == {"wasp": 1, "bee": 1}


def test_it_becomes_a_data_set_that_knows_where_its_photos_come_from(workspace, collection):
    filled(collection, wasp=4, bee=4)
    dataset = import_dataset(workspace, PREFIX + collection.name, "insects")
    assert dataset.class_counts() == {"bee": 4, "wasp": 4}
    assert set(dataset.manifest["author"]) == {"Ada"}
    assert set(dataset.manifest["origin"]) == {"files"}
    assert set(dataset.manifest["group"]) == {"b1"}


def test_photos_are_added_to_a_data_set_once_and_undone_together(workspace, collection, tmp_path):
    import_dataset(workspace, class_folders(tmp_path / "photos", bee=6, wasp=6), "insects")
    filled(collection, hornet=4)
    collection.add(jpeg(0), "hornet", "known.jpg")
    result = add_photos(workspace, "insects", PREFIX + collection.name)
    assert result["added"] == 4 and result["classes"] == {"hornet": 4}
    assert "already, in the class 'bee'" in result["skipped"][0]["reason"]
    dataset = open_dataset(workspace, "insects")
    assert dataset.class_counts() == {"bee": 6, "hornet": 4, "wasp": 6}
    assert all(dataset.photo_path(photo_id).is_file() for photo_id in dataset.manifest["id"])
    assert dataset.changes[2] == "4 photos added"
    assert undo(dataset).class_names == ("bee", "wasp")
    stored = {path for path in (dataset.folder / "photos").rglob("*") if path.is_file()}
    assert len(stored) == 16 and not list((dataset.folder / "photos").glob(".*"))


def test_an_adding_with_nothing_new_says_so_and_leaves_nothing(workspace, tmp_path):
    folder = class_folders(tmp_path / "photos", bee=3, wasp=3)
    dataset = import_dataset(workspace, folder, "insects")
    with pytest.raises(UnusableSource, match="no new photo"):
        add_photos(workspace, "insects", folder)
    assert open_dataset(workspace, "insects").version == 1
    assert sorted(path.name for path in (dataset.folder / "photos").iterdir()) == ["bee", "wasp"]


def test_what_a_killed_adding_left_is_swept(workspace, tmp_path):
    dataset = import_dataset(workspace, class_folders(tmp_path / "p", bee=3, wasp=3), "insects")
    orphan = dataset.folder / "photos" / "added-1234"
    orphan.mkdir()
    (orphan / "x.jpg").write_bytes(jpeg())
    write_json(dataset.folder / JOURNAL, {"batch": "added-1234"})
    tidy(dataset.folder)
    assert not orphan.exists() and not (dataset.folder / JOURNAL).exists()


def test_one_that_does_not_exist_is_not_found(workspace):
    with pytest.raises(NotFound, match="no collection"):
        open_collection(workspace, "nothing")
