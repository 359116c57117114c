import hashlib
import tarfile
import zipfile
from collections import Counter

import pytest

from core.datasets.importing import import_dataset, import_result
from core.datasets.manifest import open_dataset
from core.datasets.splits import SplitShares
from core.errors import LoupeError, UnusableSource
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders, encoded, jpeg, picture


@pytest.fixture
def place(tmp_path):
    return open_workspace(tmp_path / "home")


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def sentences(told):
    return {entry["file"]: entry.get("reason") or entry.get("what") for entry in told}


def test_a_folder_per_class(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=20, dogs=10)
    result = import_result(import_dataset(place, source, "My pets"))
    assert result == {
        "dataset": "my-pets",
        "images": 30,
        "classes": {"cats": 20, "dogs": 10},
        "splits": {"train": 21, "validation": 5, "test": 4},
        "skipped": [],
        "repaired": [],
    }


def test_photos_are_the_original_bytes_and_the_manifest_describes_them(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    dataset = import_dataset(place, source, "pets", seed=5)
    assert dataset.title == "pets" and dataset.class_names == ("cats", "dogs")
    for row in dataset.manifest.to_dict("records"):
        original = (source / row["source_file"]).read_bytes()
        assert dataset.photo_path(row["id"]).read_bytes() == original
        assert row["content_hash"] == hashlib.sha256(original).hexdigest()
        assert (row["width"], row["height"], row["format"]) == (40, 30, "JPEG")
        assert len(row["id"]) == 12 and int(row["id"], 16) >= 0


def test_ids_depend_on_content_only_and_copies_get_their_own(place, tmp_path):
    source = class_folders(tmp_path / "a", cats=3, dogs=3)
    (source / "cats" / "copy.jpg").write_bytes((source / "cats" / "0.jpg").read_bytes())
    first = import_dataset(place, source, "first", seed=1).manifest
    (source / "cats" / "1.jpg").rename(source / "cats" / "other name.jpg")
    second = import_dataset(place, source, "second", seed=2).manifest
    assert set(first["id"]) == set(second["id"]) and first["id"].is_unique


def test_the_seed_draws_the_split(place, tmp_path):
    source = class_folders(tmp_path / "a", cats=20, dogs=20)
    splits = [
        import_dataset(place, source, name, seed=seed).manifest["split"].tolist()
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    ]
    assert splits[0] == splits[1] != splits[2]


@pytest.mark.parametrize("packed", ["zip", "tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_archives_give_what_their_folder_gives(place, tmp_path, packed):
    source = class_folders(tmp_path / "pets", cats=4, dogs=4)
    archive = tmp_path / f"pets.{packed}"
    if packed == "zip":
        with zipfile.ZipFile(archive, "w") as file:
            for path in sorted(source.rglob("*")):
                file.write(path, path.relative_to(tmp_path))
    else:
        with tarfile.open(archive, f"w:{packed[4:]}") as file:
            file.add(source, "pets")
    unpacked = import_dataset(place, source, "folder")
    dataset = import_dataset(place, archive, "archive")
    assert import_result(dataset) == import_result(unpacked) | {"dataset": "archive"}
    assert set(dataset.manifest["content_hash"]) == set(unpacked.manifest["content_hash"])
    assert sorted(path.name for path in dataset.folder.iterdir()) == [
        "dataset.json",
        "manifests",
        "photos",
    ]


def test_splits_of_the_source_are_kept(place, tmp_path):
    for split, count in (("Training", 6), ("val", 3), ("testing", 2)):
        class_folders(tmp_path / "pets" / split, cats=count, dogs=count)
    dataset = import_dataset(place, tmp_path / "pets", "pets")
    assert dataset.split_counts() == {"train": 12, "validation": 6, "test": 4}
    folders = dataset.manifest["source_file"].str.split("/").str[0]
    assert set(zip(folders, dataset.manifest["split"], strict=True)) == {
        ("Training", "train"),
        ("val", "validation"),
        ("testing", "test"),
    }


def test_validation_is_carved_out_of_train_alone(place, tmp_path):
    class_folders(tmp_path / "pets" / "train", cats=34, dogs=17)
    class_folders(tmp_path / "pets" / "test", cats=5, dogs=5)
    dataset = import_dataset(place, tmp_path / "pets", "pets")
    assert dataset.split_counts() == {"train": 42, "validation": 9, "test": 10}
    assert Counter(dataset.split("validation")["label"]) == {"cats": 6, "dogs": 3}
    assert set(dataset.split("test")["source_file"].str.split("/").str[0]) == {"test"}


def test_only_a_train_folder_is_split_like_no_split_at_all(place, tmp_path):
    class_folders(tmp_path / "pets" / "train", cats=10, dogs=10)
    dataset = import_dataset(place, tmp_path / "pets", "pets", SplitShares.parse("60/20/20"))
    assert dataset.split_counts() == {"train": 12, "validation": 4, "test": 4}


def test_classes_may_be_called_train_and_plane(place, tmp_path):
    source = class_folders(tmp_path / "things", train=3, plane=3)
    assert import_dataset(place, source, "things").class_names == ("plane", "train")


def test_splits_without_train_are_refused(place, tmp_path):
    for split in ("val", "test"):
        class_folders(tmp_path / "pets" / split, cats=3, dogs=3)
    with pytest.raises(UnusableSource, match="none called 'train'"):
        import_dataset(place, tmp_path / "pets", "pets")


def test_wrapping_folders_and_the_computers_own_files_are_seen_through(place, tmp_path):
    source = class_folders(tmp_path / "outer" / "download" / "pets", cats=3, dogs=3)
    for hidden in ("__MACOSX/cats/._0.jpg", ".git/config", "download/pets/cats/.DS_Store"):
        path = tmp_path / "outer" / hidden
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (source / "dogs" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "outer" / "README.txt").write_text("hello")
    result = import_result(import_dataset(place, tmp_path / "outer", "pets"))
    assert result["classes"] == {"cats": 3, "dogs": 3}
    assert result["skipped"] == [{"file": "README.txt", "reason": "It lies in no class folder."}]


def test_folders_inside_a_class_belong_to_it(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=2, dogs=2)
    class_folders(source / "cats", young=2, old=2)
    dataset = import_dataset(place, source, "pets")
    assert dataset.class_counts() == {"cats": 6, "dogs": 2}
    assert dataset.manifest["file"].is_unique


def test_names_that_differ_only_in_case_do_not_overwrite_one_another(place, tmp_path):
    source = tmp_path / "pets.zip"
    with zipfile.ZipFile(source, "w") as file:
        names = ["Cats/a.jpg", "Cats/A.JPG", "Cats/a!.jpg", "cats/a.jpg", "dogs/ä.jpg"]
        for seed, name in enumerate(names):
            file.writestr(name, jpeg(seed))
    dataset = import_dataset(place, source, "pets")
    assert dataset.class_counts() == {"Cats": 3, "cats": 1, "dogs": 1}
    assert dataset.manifest["file"].str.casefold().is_unique
    for row in dataset.manifest.to_dict("records"):
        content = dataset.photo_path(row["id"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["content_hash"]


def test_what_is_amiss_is_named_and_the_rest_goes_on(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=8, dogs=8, lonely=1, empty=0)
    cats = source / "cats"
    (cats / "broken.jpg").write_bytes(jpeg(99, (400, 300))[:3000])
    (cats / "words.jpg").write_text("not a picture at all")
    (cats / "zero.jpg").write_bytes(b"")
    (cats / "wrong.jpg").write_bytes(encoded(picture(98), "PNG"))
    (cats / "grey.png").write_bytes(encoded(picture(97, mode="L"), "PNG"))
    result = import_result(import_dataset(place, source, "pets"))
    assert result["classes"] == {"cats": 10, "dogs": 8, "lonely": 1}
    assert sentences(result["skipped"]) == {
        "cats/broken.jpg": "The picture is cut off: the end of the file is missing.",
        "cats/words.jpg": "The file holds text, not a picture.",
        "cats/zero.jpg": "The file is empty (0 bytes).",
        "empty/": "The class 'empty' has no usable photo, so it was left out.",
    }
    assert sentences(result["repaired"]) == {
        "cats/wrong.jpg": "called .jpg, but is a PNG picture: read as PNG",
        "cats/grey.png": "grey turned into RGB",
        "lonely/": "The class 'lonely' has 1 photo, used for train: "
        "none is left for validation and test.",
    }
    dataset = open_dataset(place, "pets")
    assert "words.jpg" not in " ".join(files_in(dataset.folder))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda root: root.mkdir(), "no usable photo"),
        (lambda root: class_folders(root, cats=3), "at least two"),
        (lambda root: class_folders(root, cats=3, dogs=0), "at least two"),
        (lambda root: root.write_text("not an archive"), "neither a folder nor"),
        (lambda root: root.write_bytes(b"PK\x03\x04 not really a zip"), "cut off or damaged"),
        (lambda root: root.write_bytes(b"\x1f\x8b not really gzip"), "cut off or damaged"),
        (lambda root: None, "no folder or archive"),
    ],
)
def test_a_source_without_two_classes_leaves_nothing_behind(place, tmp_path, make, told):
    make(tmp_path / "source")
    with pytest.raises(UnusableSource, match=told) as caught:
        import_dataset(place, tmp_path / "source", "pets")
    assert caught.value.next_step
    assert files_in(place.datasets) == []


def test_unknown_sample(place):
    with pytest.raises(UnusableSource, match="no sample called 'nonsense'.*pond-insects"):
        import_dataset(place, "sample:nonsense", "a")


def test_a_name_that_is_taken_is_refused_before_any_work(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=2, dogs=2)
    import_dataset(place, source, "pets")
    with pytest.raises(LoupeError, match="already a data set called 'pets'"):
        import_dataset(place, source, "Pets", progress=lambda *_: pytest.fail("began"))
