import pytest

from core.datasets.edits import exclude, relabel, rename_class, restore, set_splits
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, redo, undo
from core.errors import LoupeError
from tests.core.datasets.photos import class_folders


@pytest.fixture
def dataset(workspace, tmp_path):
    return import_dataset(workspace, class_folders(tmp_path / "photos", bee=4, wasp=4), "insects")


def some(dataset, count=2, label="bee"):
    return dataset.manifest.loc[dataset.manifest["label"] == label, "id"].head(count).tolist()


def test_photos_change_their_class_and_back(workspace, dataset):
    changed = relabel(dataset, some(dataset), "hornet")
    assert changed.class_counts() == {"bee": 2, "hornet": 2, "wasp": 4}
    assert changed.changes[2] == "2 photos moved to hornet"
    back = undo(changed)
    assert back.class_names == ("bee", "wasp")
    assert redo(back).class_counts() == changed.class_counts()
    with pytest.raises(LoupeError, match="nothing to do again"):
        redo(open_dataset(workspace, "insects"))


def test_a_new_change_ends_what_could_be_done_again(dataset):
    back = undo(relabel(dataset, some(dataset), "hornet"))
    other = exclude(back, some(back, 1), "blurred")
    assert other.version == 3 and other.undone == ()
    assert other.class_counts() == {"bee": 3, "wasp": 4}
    assert other.photo(some(other, 1)[0])["reason"] == "blurred"
    assert restore(other, some(other, 1)).class_counts() == {"bee": 4, "wasp": 4}


def test_a_class_gets_another_name_or_joins_another(dataset):
    renamed = rename_class(dataset, "bee", "honey bee")
    assert renamed.class_names == ("honey bee", "wasp")
    assert rename_class(renamed, "honey bee", "wasp").class_counts() == {"wasp": 8}


def test_splits_and_folds_are_set_by_photo(dataset):
    ids = some(dataset)
    changed = set_splits(dataset, dict.fromkeys(ids, "test"), folds={ids[0]: 3})
    assert {changed.photo(photo_id)["split"] for photo_id in ids} == {"test"}
    assert changed.photo(ids[0])["fold"] == 3 and changed.photo(ids[1])["fold"] == -1


@pytest.mark.parametrize("label", ["", "  ", "x" * 81, "a\0b"])
def test_a_class_needs_a_name_that_can_be_read(dataset, label):
    with pytest.raises(LoupeError):
        relabel(dataset, some(dataset), label)


def test_a_change_that_changes_nothing_is_no_version(dataset):
    for change in (
        lambda: relabel(dataset, some(dataset), "bee"),
        lambda: relabel(dataset, ["nobody"], "bee"),
        lambda: restore(dataset, some(dataset)),
        lambda: rename_class(dataset, "fox", "wolf"),
        lambda: set_splits(dataset, {}),
    ):
        with pytest.raises(LoupeError, match="No photo to change"):
            change()
    assert open_dataset_version(dataset) == 1


def open_dataset_version(dataset):
    from core.workspace import read_json

    return read_json(dataset.folder / "dataset.json")["version"]
