import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LoupeError, NotFound
from core.workspace import (
    free_name,
    move_to_bin,
    new_folder,
    open_workspace,
    read_json,
    restore,
    slugify,
    write_json,
)


@given(st.text())
def test_slugs_are_safe_folder_names(name):
    try:
        slug = slugify(name)
    except LoupeError:
        return
    assert slug == slugify(slug)
    assert 0 < len(slug) <= 80 and slug == slug.lower()
    assert not set(slug) & set('/\\.:*?"<>| \0\n')


@pytest.mark.parametrize("name", ["", "..", "///", "   "])
def test_a_name_without_letters_is_refused(name):
    with pytest.raises(LoupeError, match="no letter or digit"):
        slugify(name)


def test_names_people_write():
    assert slugify("Pond insects") == "pond-insects"
    assert slugify("../../etc/passwd") == "etc-passwd"
    assert slugify("Käfer 2") == "käfer-2"


def test_a_long_name_of_large_letters_still_fits_a_file_system(tmp_path):
    name = slugify("\U00020000" * 100)
    with new_folder(tmp_path / name) as staging:
        assert len(staging.name.encode()) <= 255
    assert (tmp_path / name).is_dir()


def test_free_name_counts_on(tmp_path):
    assert free_name(tmp_path, "Bears") == "bears"
    (tmp_path / "bears").mkdir()
    (tmp_path / "bears-2").mkdir()
    assert free_name(tmp_path, "Bears") == "bears-3"


def test_the_workspace_obeys_loupe_home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "home"))
    workspace = open_workspace()
    assert workspace.root == tmp_path / "home" and workspace.datasets.is_dir()


def test_a_workspace_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LoupeError, match="cannot be written"):
        open_workspace(tmp_path / "file")


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "a") as staging:
        (staging / "half").write_text("half")
        assert not (tmp_path / "a").exists()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with new_folder(tmp_path / "a") as staging:
        (staging / "whole").write_text("whole")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "whole"]
    with pytest.raises(LoupeError, match="already exists"), new_folder(tmp_path / "a"):
        pass


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    write_json(tmp_path / "a.json", {"old": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"new": object()})
    assert read_json(tmp_path / "a.json") == {"old": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_reading_json_tells_missing_from_damaged(tmp_path):
    with pytest.raises(NotFound):
        read_json(tmp_path / "gone.json")
    (tmp_path / "half.json").write_text(json.dumps({"a": 1})[:3])
    with pytest.raises(LoupeError, match="damaged"):
        read_json(tmp_path / "half.json")


def test_what_is_binned_comes_back_beside_a_newer_one(tmp_path):
    workspace = open_workspace(tmp_path)
    (workspace.datasets / "bears").mkdir()
    (workspace.datasets / "bears" / "mark").write_text("old")
    token = move_to_bin(workspace, workspace.datasets / "bears")
    assert not (workspace.datasets / "bears").exists()
    (workspace.datasets / "bears").mkdir()
    back = restore(workspace, token)
    assert back == workspace.datasets / "bears-2" and (back / "mark").read_text() == "old"
    with pytest.raises(NotFound):
        restore(workspace, token)
    with pytest.raises(NotFound):
        restore(workspace, "../datasets")
