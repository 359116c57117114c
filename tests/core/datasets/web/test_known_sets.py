"""Well-known sets: from Keras' folder, from a server, and with neither."""

import dataclasses
import gzip
import hashlib
import io
import tarfile
import zipfile

import numpy as np
import pytest

from core.datasets.manifest import open_dataset
from core.datasets.web import known_set_import, known_sets
from core.datasets.web.fetching import Fetcher, Patience
from core.datasets.web.known_set_photos import Labelled, write_arrays
from core.datasets.web.known_sets import KNOWN_SETS
from core.images import read_picture
from core.jobs import new_job, run_job
from tests.core.datasets.web.conftest import QuickClock
from tests.core.datasets.web.photo_server import draw_photo

JOB = "core.datasets.jobs:known_set_job"


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """Keras' folder, empty; Keras reads its variable when it is imported, so it is told too."""
    from keras.src.backend import config

    home = tmp_path / "keras"
    home.mkdir()
    monkeypatch.setenv("KERAS_HOME", str(home))
    monkeypatch.setattr(config, "_KERAS_DIR", str(home))
    return home


@pytest.fixture
def quick(server, monkeypatch):
    """No waiting, and the local server may be asked."""

    def fetcher(reporter):
        return Fetcher([server.url], clock=QuickClock(), patience=Patience(attempts=2))

    monkeypatch.setattr(known_set_import, "make_fetcher", fetcher)
    return server


def get(workspace, name, per_class=0):
    arguments = {"known_set": name, "name": f"my {name}", "per_class": per_class}
    return run_job(new_job(workspace, JOB, arguments, name))


def publish(monkeypatch, known, *contents, url="http://127.0.0.1:9/nothing"):
    """Lets a known set consist of other bytes: names stay, checksums and addresses follow."""
    files = tuple(
        dataclasses.replace(
            file,
            url=f"{url}/{file.name}",
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for file, content in zip(known.files, contents, strict=True)
    )
    monkeypatch.setitem(KNOWN_SETS, known.name, dataclasses.replace(known, files=files))
    return files


def tgz(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def idx(array, *, header):
    return gzip.compress(bytes(header) + array.astype(np.uint8).tobytes())


FLOWERS = {
    f"flower_photos/{label}/{label}_{number}_n.jpg": draw_photo(number, hue)
    for hue, label in enumerate(("daisy", "tulips"))
    for number in range(12)
} | {
    "flower_photos/LICENSE.txt": b"All images are CC-BY.\n\n"
    b"daisy/daisy_0_n.jpg CC-BY by A Guy - Named Nyal - https://www.flickr.com/photos/nyal/1/\n",
    "flower_photos/notes/readme.jpg": b"not in a class",
}


@pytest.mark.parametrize("name", KNOWN_SETS)
def test_without_a_network_it_says_what_is_missing_and_where_to_put_it(
    name, workspace, keras_home, monkeypatch, quick
):
    def no_network(*arguments, **options):
        import socket

        raise socket.gaierror("no network")

    monkeypatch.setattr("socket.getaddrinfo", no_network)
    status = get(workspace, name)
    known = KNOWN_SETS[name]
    assert status.state == "failed"
    assert status.message.startswith(f"{known.title} could not be fetched from https://")
    assert "could not be reached" in status.message
    assert str(keras_home / "datasets") in status.next_step
    assert "archive" in status.next_step
    assert not list(workspace.datasets.iterdir())
    assert not list(workspace.uploads.glob("*")) if workspace.uploads.exists() else True


def test_a_file_in_keras_folder_is_used_through_keras_own_loader(
    workspace, keras_home, monkeypatch
):
    labels = np.arange(60) % 10
    pictures = np.random.default_rng(0).integers(0, 256, (60, 28, 28))
    contents = [
        idx(labels, header=range(8)),
        idx(pictures, header=range(16)),
        idx(labels[:20], header=range(8)),
        idx(pictures[:20], header=range(16)),
    ]
    files = publish(monkeypatch, KNOWN_SETS["fashion-mnist"], *contents)
    for file, content in zip(files, contents, strict=True):
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(content)
    status = get(workspace, "fashion-mnist", per_class=5)
    assert status.state == "finished", status.message
    dataset = open_dataset(workspace, status.result["dataset"])
    assert dataset.title == "my fashion-mnist"
    assert dataset.class_counts() == dict.fromkeys(sorted(known_sets.FASHION), 6)
    assert dataset.split_counts()["test"] == 10
    row = dataset.manifest.iloc[0]
    assert (row["origin"], row["author"], row["licence"]) == (
        "known-set",
        "Zalando Research",
        "MIT",
    )
    assert sorted(path.name for path in (keras_home / "datasets").rglob("*.gz")) == sorted(
        file.path.name for file in files
    )


def test_keras_checks_what_it_loads_itself_too(workspace, keras_home, monkeypatch):
    """Even bytes that carry our own checksum do not get past that of Keras."""
    array = io.BytesIO()
    np.savez(
        array, x_train=np.zeros(1), y_train=np.zeros(1), x_test=np.zeros(1), y_test=np.zeros(1)
    )
    [file] = publish(monkeypatch, KNOWN_SETS["mnist"], array.getvalue())
    file.path.parent.mkdir(parents=True)
    file.path.write_bytes(array.getvalue())

    def no_network(*arguments):
        raise OSError("no network")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", no_network)
    status = get(workspace, "mnist")
    assert status.state == "failed" and "cannot be read from" in status.message


def test_an_archive_is_fetched_checked_and_imported(workspace, keras_home, monkeypatch, quick):
    content = tgz(FLOWERS)
    [file] = publish(monkeypatch, KNOWN_SETS["flowers"], content, url=f"{quick.url}/files")
    quick.results["/files/flower_photos.tgz"] = content
    quick.faults["/files/flower_photos.tgz"] = ["truncated"]
    status = get(workspace, "flowers", per_class=10)
    assert status.state == "finished", status.message
    dataset = open_dataset(workspace, "my-flowers")
    assert dataset.class_counts() == {"daisy": 10, "tulips": 10}
    authors = dataset.manifest.set_index("source_file")["author"]
    assert authors["daisy/daisy_0_n.jpg"] == "A Guy - Named Nyal"
    assert "TensorFlow" in authors["tulips/tulips_3_n.jpg"]
    assert file.path.read_bytes() == content
    assert not list(workspace.uploads.iterdir())
    asked = len(quick.asked)
    assert get(workspace, "flowers").state == "failed"  # the name is taken
    assert len(quick.asked) == asked  # but nothing was fetched again


def test_splits_of_several_archives_are_kept(workspace, keras_home, monkeypatch, quick):
    contents = []
    for start in (0, 100):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number in range(start, start + 5):
                archive.writestr(f"horses/{number}.png", draw_photo(number))
                archive.writestr(f"humans/{number}.png", draw_photo(number, 1))
        contents.append(packed.getvalue())
    files = publish(
        monkeypatch, KNOWN_SETS["horses-or-humans"], *contents, url=f"{quick.url}/files"
    )
    quick.results |= {
        f"/files/{file.name}": content for file, content in zip(files, contents, strict=True)
    }
    status = get(workspace, "horses-or-humans")
    assert status.state == "finished", status.message
    dataset = open_dataset(workspace, "my-horses-or-humans")
    assert dataset.class_counts() == {"horse": 10, "human": 10}
    assert dataset.split_counts()["validation"] == 10


def test_what_is_not_the_published_file_is_not_used(workspace, keras_home, monkeypatch, quick):
    [file] = publish(monkeypatch, KNOWN_SETS["flowers"], tgz(FLOWERS), url=f"{quick.url}/files")
    quick.results["/files/flower_photos.tgz"] = b"something else"
    file.path.parent.mkdir(parents=True)
    file.path.write_bytes(b"half a file")
    status = get(workspace, "flowers")
    assert status.state == "failed"
    assert "not the file that was published" in status.message
    assert "is there, but it is not the published one" in status.message
    assert [path.name for path in file.path.parent.iterdir()] == ["flower_photos.tgz"]


def test_arrays_become_files_in_class_folders_pixel_for_pixel(tmp_path):
    pictures = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 3), np.uint8)
    labels = np.arange(40) % 10
    parts = [Labelled("train", pictures, labels), Labelled("test", pictures[:10], labels[:10])]
    assert [*write_arrays(KNOWN_SETS["cifar-10"], parts, tmp_path, 2)][-1] == 30
    assert len(list((tmp_path / "train" / "frog").iterdir())) == 2
    same = read_picture(tmp_path / "train" / "truck" / "00009.png").array
    assert np.array_equal(same, pictures[9])


def test_every_set_says_what_it_is_and_has_a_checksum():
    assert len(known_sets.CIFAR_100) == 100 and list(known_sets.CIFAR_100) == sorted(
        known_sets.CIFAR_100
    )
    for known in KNOWN_SETS.values():
        assert known.sentence.endswith(".") and known.author and known.photos
        assert bool(known.loader) == bool(known.classes) != bool(known.folders)
        for file in known.files:
            assert file.url.startswith("https://") and len(file.digest) in (32, 64)
