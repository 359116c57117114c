import pytest

from core.datasets.edits import exclude, relabel, restore, set_splits
from core.datasets.manifest import open_dataset, undo
from core.datasets.versions import difference, go_back_to, joined, versions
from core.errors import LoupeError


@pytest.fixture
def dataset(shapes_workspace):
    return open_dataset(shapes_workspace, "shapes")


def test_the_newest_version_comes_first_with_words_and_time(dataset):
    ids = dataset.manifest["id"].tolist()
    changed = exclude(relabel(dataset, ids[:3], "ring"), ids[3:4], "blurred")
    told = versions(changed)
    assert [version.number for version in told] == [3, 2, 1]
    assert told[0].words == "1 photo excluded: blurred"
    assert told[1].words == "3 photos moved to ring"
    assert told[2].words == "as it was imported"
    assert all(version.saved is not None for version in told)


def test_going_back_is_a_new_version_that_can_be_undone(dataset):
    ids = dataset.manifest["id"].tolist()
    changed = exclude(relabel(dataset, ids[:3], "ring"), ids[:1])
    back = go_back_to(changed, 1)
    assert back.version == 4 and back.manifest.equals(dataset.manifest)
    assert undo(back).manifest.equals(changed.manifest)
    with pytest.raises(LoupeError, match="already"):
        go_back_to(back, 4)


def test_a_difference_is_told_in_words(dataset):
    ids = dataset.manifest["id"].tolist()
    changed = exclude(relabel(dataset, ids[:5], "ring"), ids[6:8])
    assert difference(dataset.manifest, changed.manifest) == [
        "5 photos moved to another class",
        "2 photos excluded",
    ]
    assert difference(changed.manifest, restore(changed, ids[6:7]).manifest) == [
        "1 photo used again"
    ]
    other = "test" if dataset.photo(ids[0])["split"] != "test" else "train"
    moved = set_splits(open_dataset(_workspace(dataset), "shapes"), {ids[0]: other})
    assert "1 photo in another split" in difference(changed.manifest, moved.manifest)
    assert difference(dataset.manifest, dataset.manifest) == []
    assert difference(dataset.manifest.iloc[1:], dataset.manifest) == ["1 photo added"]


def _workspace(dataset):
    from core.workspace import Workspace

    return Workspace(dataset.folder.parent.parent)


def test_parts_are_joined_as_people_say_them():
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
