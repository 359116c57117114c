"""More archives made to do harm: overlaps, nests, names, headers, damage of every kind."""

import io
import random
import struct
import tarfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.datasets import archives, crate
from core.datasets.importing import import_dataset, import_result
from core.errors import UnusableSource
from core.progress import silent
from core.workspace import open_workspace
from tests.core.datasets.photos import jpeg
from tests.core.datasets.test_archives import GOOD, everything_below, tar_of, zip_of


@pytest.fixture
def place(tmp_path):
    return open_workspace(tmp_path / "home")


def imported(place, tmp_path, archive):
    """What the import says, having touched nothing outside the workspace."""
    before = everything_below(tmp_path)
    result = import_result(import_dataset(place, archive, "pets"))
    assert everything_below(tmp_path) == before
    return result


def overlapping_zip(path, entries):
    """After D. Fifield, "A better zip bomb" (2019): one member's bytes, named `entries` times."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = bytes(1_000_000)
    packed = body.compress(data) + body.flush()
    crc = zlib.crc32(data)
    name = b"cats/0.jpg"
    sizes = struct.pack("<LLL", crc, len(packed), len(data))
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes
    content = local + struct.pack("<HH", len(name), 0) + name + packed
    central = b""
    for _ in range(entries):
        central += b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
        central += struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, entries, entries, len(central), len(content), 0)
    path.write_bytes(content + central + end)
    return path


def test_members_that_share_their_bytes_are_no_way_round_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(crate, "ALWAYS_ALLOWED_BYTES", 20_000_000)
    archive = overlapping_zip(tmp_path / "bomb.zip", 2000)
    (tmp_path / "into").mkdir()
    try:
        found = archives.unpack(archive, tmp_path / "into", silent)
    except UnusableSource as error:
        assert "far more than its size" in error.message
    else:  # newer versions of Python see the overlap themselves
        assert len(found.files) <= 1 and len(found.skipped) >= 1999
    assert sum(path.stat().st_size for path in (tmp_path / "into").iterdir()) <= 21_000_000


def test_archives_in_archives_are_not_opened(place, tmp_path):
    inner = zip_of(tmp_path / "inner.zip", {f"cats/{n}.jpg": bytes(100_000) for n in range(9)})
    nested = {"cats/inner.zip": inner.read_bytes(), "dogs/inner.tar.gz": b"\x1f\x8b" + bytes(99)}
    result = imported(place, tmp_path, zip_of(tmp_path / "a.zip", GOOD | nested))
    assert result["images"] == 6
    assert {entry["file"] for entry in result["skipped"]} == set(nested)


NAMES = {
    "cats/" + "n" * 300 + ".jpg": "a name of 300 letters",
    "cats/\u202egpj.exe": "turned from right to left",
    "cats/CON.jpg": "a device of Windows",
    "cats/aux": "another one",
    "cats/trailing dot.": "",
    "cats/A.JPG": "differs from the next",
    "cats/a.jpg": "in its case only",
    "cats/\x07bell\x1b[2J.jpg": "control characters",
    "cats/caf\u0065\u0301.jpg": "decomposed",
    "cats/caf\u00e9.jpg": "composed",
    "cats/<img src=x onerror=alert(1)>.jpg": "HTML",
}


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_odd_names_keep_their_photos_and_get_harmless_files(place, tmp_path, kind):
    odd = {name: jpeg(300 + number) for number, name in enumerate(NAMES)}
    make = zip_of if kind == "zip" else tar_of
    result = imported(place, tmp_path, make(tmp_path / f"a.{kind}", GOOD | odd))
    assert result["images"] == 6 + len(NAMES) and result["skipped"] == []
    stored = [path for path in (place.datasets / "pets" / "photos").rglob("*") if path.is_file()]
    assert len({str(path).lower() for path in stored}) == len(stored)
    for path in stored:
        assert path.name.isprintable() and len(path.name.encode()) <= 255
        assert not set(path.name) & set('<>:"/\\|?*\u202e')
        assert path.stem.split(".")[0].lower() not in {"con", "aux", "nul", "prn"}


def test_the_same_name_twice_gives_two_photos(place, tmp_path):
    archive = tmp_path / "a.tar"
    with tarfile.open(archive, "w") as file:
        for name, data in [*GOOD.items(), ("cats/0.jpg", jpeg(77)), ("cats/0.jpg", jpeg(78))]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    assert imported(place, tmp_path, archive)["images"] == 8


def test_names_in_no_known_alphabet(place, tmp_path):
    archive = zip_of(tmp_path / "a.zip", GOOD | {"cats/xxxx.jpg": jpeg(50)})
    archive.write_bytes(archive.read_bytes().replace(b"xxxx", b"\xff\xfe\x81\x9d"))
    assert imported(place, tmp_path, archive)["images"] == 7


def test_a_member_without_a_name_is_told(place, tmp_path):
    archive = zip_of(tmp_path / "a.zip", GOOD | {"nothing": jpeg(50)})
    archive.write_bytes(archive.read_bytes().replace(b"nothing", b"\0othing"))
    assert imported(place, tmp_path, archive)["skipped"] == [
        {"file": "?", "reason": "It has no name."}
    ]


def test_sparse_files_and_notes_of_many_megabytes_in_a_tar(place, tmp_path):
    archive = tmp_path / "a.tar"
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as file:
        info = tarfile.TarInfo("cats/0.jpg")
        info.pax_headers = {"comment": "c" * 5_000_000}
        file.addfile(info)
    with pytest.raises(UnusableSource, match="note of more than 1 MB"):
        import_dataset(place, archive, "pets")
    sparse = tarfile.TarInfo("cats/sparse.jpg")
    sparse.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "cats/sparse.jpg",
        "GNU.sparse.realsize": str(2**40),
    }
    map_of_holes = b"1\n0\n512\n".ljust(512, b"\0") + bytes(512)
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as file:
        sparse.size = len(map_of_holes)
        file.addfile(sparse, io.BytesIO(map_of_holes))
        for name, data in GOOD.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    result = imported(place, tmp_path, archive)
    assert result["images"] == 6 and [e["file"] for e in result["skipped"]] == ["cats/sparse.jpg"]


def whole_archives(folder):
    members = dict(list(GOOD.items())[:4])
    return [
        zip_of(folder / "a.zip", members).read_bytes(),
        tar_of(folder / "a.tar", members).read_bytes(),
        tar_of(folder / "a.tar.gz", members, "w:gz").read_bytes(),
        tar_of(folder / "a.tar.xz", members, "w:xz").read_bytes(),
        tar_of(folder / "a.tar.bz2", members, "w:bz2").read_bytes(),
    ]


def damaged(data, draw):
    spoilt = bytearray(data)
    if draw.random() < 0.3:
        return bytes(spoilt[: draw.randrange(len(spoilt))])
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(spoilt))
        if draw.random() < 0.5:
            spoilt[place] ^= 1 << draw.randrange(8)
        else:
            spoilt[place : place + 4] = draw.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f"])
    return bytes(spoilt)


NO_MATTER = [HealthCheck.function_scoped_fixture]


@settings(max_examples=120, deadline=None, suppress_health_check=NO_MATTER)
@given(which=st.integers(0, 4), seed=st.integers(0, 2**32))
def test_damaged_archives_are_unpacked_or_refused(which, seed, tmp_path):
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    if not hasattr(whole_archives, "made"):
        whole_archives.made = whole_archives(source)
    archive, into = tmp_path / "damaged", tmp_path / "into"
    archive.write_bytes(damaged(whole_archives.made[which], random.Random(seed)))
    into.mkdir(exist_ok=True)
    try:
        found = archives.unpack(archive, into, silent)
    except UnusableSource as error:
        assert error.message.endswith(".")
    else:
        assert all(file.path.parent == into for file in found.files)
        assert all(entry["reason"] for entry in found.skipped)
    for path in into.iterdir():
        path.unlink()
    assert {path.name for path in tmp_path.iterdir()} == {"source", "damaged", "into"}
