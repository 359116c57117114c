"""Where uploaded files may come to lie, and where never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import upload_folder
from core.datasets.upload_folder import UploadFolder, begin_upload, checked_parts
from core.errors import LoupeError, NotFound

PIECE = st.text(st.sampled_from("ab.. /\\:~C\x00\n…é"), max_size=12)


@given(st.one_of(st.text(max_size=1200), st.lists(PIECE).map("/".join)))
def test_a_path_that_is_taken_lies_inside(path):
    try:
        parts = checked_parts(path)
    except LoupeError as error:
        assert error.message.endswith(".")
        return
    assert parts and all(part not in ("", ".", "..") for part in parts)
    assert all("/" not in part and "\\" not in part and part.isprintable() for part in parts)
    assert all(len(part.encode()) <= upload_folder.MAX_PART_BYTES for part in parts)


@given(st.lists(st.one_of(st.text(max_size=30), st.lists(PIECE).map("/".join)), max_size=8))
def test_whatever_is_placed_stays_in_the_upload(tmp_path_factory, paths):
    parent = tmp_path_factory.mktemp("uploads")
    upload = begin_upload(parent, "bears", 0)
    for path in paths:
        try:
            target = upload.place(path)
        except LoupeError:
            continue
        assert target.resolve().is_relative_to(upload.folder.resolve())
        target.write_bytes(b"x")
    assert [path.name for path in parent.iterdir()] == [upload.folder.name]


@pytest.mark.parametrize(
    "path",
    ["", "../a.jpg", "a/../../b.jpg", "/etc/a.jpg", "C:\\a.jpg", ".git/a", "a/.b.jpg", "a/" * 40]
    + ["x" * 300 + ".jpg", "__MACOSX/a.jpg", "a/" + "é" * 150],
)
def test_paths_that_are_refused(path):
    with pytest.raises(LoupeError):
        checked_parts(path)


def test_it_is_hidden_until_it_is_finished_and_gone_when_cancelled(tmp_path):
    upload = begin_upload(tmp_path, "My bears!", 0)
    upload.place("bears/black/1.jpg").write_bytes(b"1")
    assert all(path.name.startswith(".") for path in tmp_path.iterdir())
    folder, files = UploadFolder(tmp_path, upload.token).finish()
    assert (folder / "bears" / "black" / "1.jpg").read_bytes() == b"1" and files == 1
    assert folder.name.endswith("-my-bears")
    with pytest.raises(NotFound):
        UploadFolder(tmp_path, upload.token)
    other = begin_upload(tmp_path, "", 0)
    other.cancel()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_file_is_no_folder_at_the_same_time(tmp_path):
    upload = begin_upload(tmp_path, "x", 0)
    upload.place("a").write_bytes(b"1")
    with pytest.raises(LoupeError, match="same name"):
        upload.place("a/b.jpg")
    upload.place("c/d.jpg")
    with pytest.raises(LoupeError, match="same name"):
        upload.place("c")


def test_names_that_differ_only_in_case_are_both_kept(tmp_path):
    upload = begin_upload(tmp_path, "x", 0)
    for name in ("a.jpg", "A.JPG"):
        upload.place(name).write_bytes(name.encode())
    kept = {path.read_bytes() for path in upload.folder.iterdir()}
    assert kept == {b"a.jpg", b"A.JPG"}


@pytest.mark.parametrize("token", ["../x", "", "0123456789abcdef-", "ab/cd-x", "x"])
def test_a_token_that_nobody_was_given_is_not_found(tmp_path, token):
    with pytest.raises(NotFound):
        UploadFolder(tmp_path, token)


def test_what_does_not_fit_the_disk_is_refused_before_it_comes(tmp_path):
    with pytest.raises(LoupeError, match="no space left"):
        begin_upload(tmp_path / "uploads", "x", 10**15)
    assert list((tmp_path / "uploads").iterdir()) == []
