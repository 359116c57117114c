import io
import os
import time

import pytest

from core.errors import NotFound
from ui import uploads


class Upload(io.BytesIO):
    def __init__(self, name, data=b"picture"):
        super().__init__(data)
        self.name = name


def test_names_are_split_at_the_archives_ending():
    assert uploads.split_name("my.bears.tar.gz") == ("my.bears", ".tar.gz")
    assert uploads.split_name("Bears.ZIP") == ("Bears", ".zip")
    assert uploads.split_name("bears") == ("bears", "")


def test_a_collection_grows_class_by_class_and_is_handed_over_whole(workspace):
    uploads.add_pictures("mine", "Dragonfly", [Upload("a.jpg"), Upload("a.jpg")])
    uploads.add_pictures("mine", "../Damselfly", [Upload("../b.png")])
    assert uploads.draft_counts("mine") == {"-Damselfly": 1, "Dragonfly": 2}
    folder = uploads.close_draft("mine")
    assert uploads.draft_counts("mine") == {}
    assert folder.parent == workspace.uploads
    assert len(list(folder.rglob("*.*"))) == 3


def test_an_archive_is_kept_under_a_safe_name(workspace):
    path = uploads.keep_archive("../../x y.zip", Upload("x", b"zip"))
    assert path.parent == workspace.uploads and path.read_bytes() == b"zip"


def test_a_file_that_never_arrived_is_told(workspace):
    with pytest.raises(NotFound):
        uploads.received("../datasets/secret.zip")


def test_old_uploads_are_forgotten_but_never_a_collection_being_made(workspace):
    uploads.add_pictures("mine", "dragonfly", [])
    archive = uploads.upload_path("bears.zip")
    archive.write_bytes(b"zip")
    long_ago = time.time() - 3 * uploads.DAY
    for path in (archive, uploads.draft_folder("mine")):
        os.utime(path, (long_ago, long_ago))
    uploads.upload_path("another.zip")
    assert not archive.exists()
    assert uploads.draft_folder("mine").is_dir()


@pytest.mark.parametrize("name", ["", "....", "!!!.zip", "a." + "x" * 300, "../" * 50 + "a.zip"])
def test_any_name_that_a_browser_sends_becomes_a_file_of_ours(workspace, name):
    path = uploads.upload_path(name)
    path.write_bytes(b"")
    assert path.parent == workspace.uploads
