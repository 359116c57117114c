import os
import time

import pytest

from core.datasets.edits import relabel
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, undo
from core.datasets.prepared import prepare
from core.datasets.tidying import ARRAY_KEPT_SECONDS, tidy_workspace
from core.images import PictureSpec
from core.locks import locked
from tests.core.datasets.photos import class_folders


@pytest.fixture
def pets(workspace, tmp_path):
    return import_dataset(workspace, class_folders(tmp_path / "p", cats=3, dogs=3), "pets")


def aged(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_it_leaves_alone_what_somebody_may_be_writing(workspace, pets):
    staging = workspace.datasets / ".new ones.0000.new"
    staging.mkdir()
    busy = pets.folder / ".dataset.json.0000.tmp"
    busy.write_bytes(b"half")
    workspace.uploads.mkdir()
    arriving = workspace.uploads / ".a.zip.part"
    arriving.write_bytes(b"half")
    with locked(staging / ".importing"):
        assert tidy_workspace(workspace) == []
    assert staging.exists() and busy.exists() and arriving.exists()
    for path in (busy, arriving):
        aged(path, 2 * 3600)
    assert len(tidy_workspace(workspace)) == 3
    assert not staging.exists() and not busy.exists() and not arriving.exists()
    assert tidy_workspace(workspace) == []


def test_arrays_go_only_when_no_version_in_use_needs_them(workspace, pets):
    spec = PictureSpec(image_size=(8, 8))
    prepare(pets, spec)
    array = next((pets.folder / "prepared").glob("*.npy"))
    aged(array, ARRAY_KEPT_SECONDS + 9)
    assert tidy_workspace(workspace) == [] and array.exists()
    stranger = array.with_name("0123456789abcdef01234567.npy")
    stranger.write_bytes(array.read_bytes())
    stranger.with_suffix(".json").write_text('{"ids": ["x"]}')
    assert tidy_workspace(workspace) == [] and stranger.exists(), "it is young"
    aged(stranger, ARRAY_KEPT_SECONDS + 9)
    assert tidy_workspace(workspace) == [f"prepared/{stranger.name}"]
    assert array.exists() and not stranger.with_suffix(".json").exists()


def test_versions_that_were_undone_stay(workspace, pets):
    changed = relabel(pets, pets.manifest["id"][:1].tolist(), "lions")
    relabel(undo(changed), pets.manifest["id"][:1].tolist(), "tigers")
    assert tidy_workspace(workspace) == []
    assert "lions" in open_dataset(workspace, "pets", 2).class_names


def test_a_data_set_that_cannot_be_read_does_not_keep_the_others_untidy(workspace, pets):
    (workspace.datasets / "broken").mkdir()
    (workspace.datasets / "broken" / "dataset.json").write_text("no json")
    manifest = pets.folder / "manifests" / "000007.parquet"
    manifest.write_bytes(b"never current")
    assert tidy_workspace(workspace) == ["manifests/000007.parquet"]
