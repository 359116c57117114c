import json
import logging

import pandas as pd
import pytest

from core.datasets.importing import import_dataset
from core.datasets.manifest import (
    COLUMNS,
    as_manifest,
    delete_dataset,
    list_datasets,
    open_dataset,
    save_version,
    undo,
)
from core.errors import LoupeError, NotFound
from core.workspace import open_workspace, restore
from tests.core.datasets.photos import class_folders


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported")
    source = class_folders(folder / "pets", cats=4, dogs=4)
    return open_workspace(folder / "home"), source


@pytest.fixture
def place(imported, request):
    workspace, source = imported
    import_dataset(workspace, source, request.node.name)
    return workspace


@pytest.fixture
def dataset(place, request):
    return open_dataset(place, request.node.name)


def relabelled(dataset, row, label):
    manifest = dataset.manifest.copy()
    manifest.loc[row, "label"] = label
    return manifest


def test_the_manifest_has_its_columns(dataset):
    assert tuple(dataset.manifest.columns) == COLUMNS
    assert dataset.manifest["excluded"].dtype == bool
    assert dataset.manifest[["author", "reason"]].eq("").all(axis=None)


def test_excluded_photos_are_not_used_but_kept(dataset):
    manifest = dataset.manifest.copy()
    manifest.loc[manifest["label"] == "dogs", "excluded"] = True
    changed = save_version(dataset, manifest)
    assert changed.class_names == ("cats",) and changed.class_counts() == {"cats": 4}
    assert len(changed.manifest) == 8 and len(changed.used) == 4
    assert sum(changed.split_counts().values()) == 4
    assert changed.summary()["images"] == 4


def test_photos_are_found_by_id(dataset):
    photo_id = dataset.manifest["id"].iloc[3]
    assert dataset.photo(photo_id)["file"] == dataset.manifest["file"].iloc[3]
    assert dataset.photo_path(photo_id).is_file()
    with pytest.raises(NotFound):
        dataset.photo("ffffffffffff")


def test_a_manifest_cannot_point_outside_the_data_set(dataset):
    manifest = dataset.manifest.copy()
    manifest.loc[0, "file"] = "../../../etc/passwd"
    changed = save_version(dataset, manifest)
    with pytest.raises(NotFound, match="outside"):
        changed.photo_path(changed.manifest["id"].iloc[0])


def test_versions_are_numbered_and_old_ones_stay(place, dataset):
    second = save_version(dataset, relabelled(dataset, 0, "wolves"))
    assert (second.version, second.history) == (2, (1, 2))
    assert open_dataset(place, dataset.name).class_names == ("cats", "dogs", "wolves")
    old = open_dataset(place, dataset.name, version=1)
    assert old.version == 1 and old.class_names == ("cats", "dogs")
    with pytest.raises(NotFound, match="no version 9"):
        open_dataset(place, dataset.name, version=9)


def test_undo_goes_back_one_and_never_reuses_a_number(place, dataset):
    second = save_version(dataset, relabelled(dataset, 0, "wolves"))
    back = undo(second)
    pd.testing.assert_frame_equal(back.manifest, dataset.manifest)
    assert open_dataset(place, dataset.name).version == 1
    third = save_version(back, relabelled(back, 0, "foxes"))
    assert (third.version, third.history) == (3, (1, 3))
    assert "wolves" in open_dataset(place, dataset.name, version=2).class_names
    assert undo(third).version == 1
    with pytest.raises(LoupeError, match="nothing to undo"):
        undo(open_dataset(place, dataset.name))


def test_two_windows_do_not_overwrite_one_another(place, dataset):
    save_version(dataset, relabelled(dataset, 0, "wolves"))
    for change in (lambda: save_version(dataset, dataset.manifest), lambda: undo(dataset)):
        with pytest.raises(LoupeError, match="another window"):
            change()
    assert "wolves" in open_dataset(place, dataset.name).class_names


def test_the_list_shows_summaries_and_leaves_out_what_is_broken(place, dataset, caplog):
    for name, content in (("no-json", None), ("half", "{"), ("other", json.dumps([1]))):
        (place.datasets / name).mkdir(exist_ok=True)
        if content:
            (place.datasets / name / "dataset.json").write_text(content)
    (place.datasets / ".half-made.new").mkdir(exist_ok=True)
    with caplog.at_level(logging.WARNING):
        listed = {summary["name"]: summary for summary in list_datasets(place)}
    assert listed[dataset.name] == dataset.summary()
    assert not {"no-json", "half", "other", ".half-made.new"} & set(listed)
    assert "half" in caplog.text


@pytest.mark.parametrize("name", ["nothing", "", "..", "../home", "/etc"])
def test_unknown_names_are_not_found(imported, name):
    with pytest.raises(NotFound, match="no data set called"):
        open_dataset(imported[0], name)


def test_deleting_can_be_undone(place, dataset):
    token = delete_dataset(place, dataset.name)
    with pytest.raises(NotFound):
        open_dataset(place, dataset.name)
    restore(place, token)
    assert open_dataset(place, dataset.name).class_counts() == dataset.class_counts()


def test_rows_are_filled_up_to_a_manifest():
    manifest = as_manifest([{"id": "a", "width": 3, "height": 2}])
    assert tuple(manifest.columns) == COLUMNS
    assert manifest.loc[0, "label"] == "" and not manifest.loc[0, "excluded"]
