import os
import time

import pytest

from core.errors import NotFound
from ui import uploads


def test_names_are_split_at_the_archives_ending():
    assert uploads.split_name("my.bears.tar.gz") == ("my.bears", ".tar.gz")
    assert uploads.split_name("Bears.ZIP") == ("Bears", ".zip")
    assert uploads.split_name("bears") == ("bears", "")


def test_a_file_that_never_arrived_is_told(workspace):
    with pytest.raises(NotFound):
        uploads.received("../datasets/secret.zip")


def test_old_uploads_are_forgotten(workspace):
    archive = uploads.upload_path("bears.zip")
    archive.write_bytes(b"zip")
    long_ago = time.time() - 3 * uploads.DAY
    os.utime(archive, (long_ago, long_ago))
    uploads.upload_path("another.zip")
    assert not archive.exists()


def test_an_upload_is_found_and_removed_by_its_name_only(workspace):
    path = uploads.upload_path("bears.zip")
    path.write_bytes(b"zip")
    assert uploads.received(f"../uploads/{path.name}") == path
    uploads.remove(path.name)
    assert not path.exists()


@pytest.mark.parametrize("name", ["", "....", "!!!.zip", "a." + "x" * 300, "../" * 50 + "a.zip"])
def test_any_name_that_a_browser_sends_becomes_a_file_of_ours(workspace, name):
    path = uploads.upload_path(name)
    path.write_bytes(b"")
    assert path.parent == workspace.uploads
