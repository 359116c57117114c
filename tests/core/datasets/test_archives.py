"""Archives made to do harm: refused or skipped in a sentence, nothing written outside."""

import gzip
import io
import stat
import struct
import tarfile
import time
import tracemalloc
import zipfile

import pytest

from core.datasets import archives, crate, sources
from core.datasets.importing import import_dataset, import_result
from core.datasets.zip_directory import has_more_members_than
from core.errors import UnusableSource
from core.progress import silent
from core.workspace import open_workspace
from tests.core.datasets.photos import jpeg

GOOD = {
    f"{label}/{number}.jpg": jpeg(10 * place + number)
    for place, label in enumerate(("cats", "dogs"))
    for number in range(3)
}


@pytest.fixture
def place(tmp_path):
    return open_workspace(tmp_path / "home")


def zip_of(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def tar_of(path, members, mode="w"):
    with tarfile.open(path, mode) as file:
        for name, content in members.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content) if info.isreg() else info.size
            file.addfile(info, io.BytesIO(content))
    return path


def folder_for(tmp_path, archive):
    into = tmp_path / f"into-{archive.name}"
    into.mkdir(exist_ok=True)
    return into


def everything_below(folder):
    return {path for path in folder.rglob("*") if not path.is_relative_to(folder / "home")}


def import_only_good(place, tmp_path, archive):
    """The `skipped` of an import that must take the good six, and touch nothing outside."""
    before = everything_below(tmp_path)
    result = import_result(import_dataset(place, archive, "pets"))
    assert result["classes"] == {"cats": 3, "dogs": 3}
    assert everything_below(tmp_path) == before
    assert [path.name for path in place.root.iterdir() if path.is_file()] == []
    return {entry["file"]: entry["reason"] for entry in result["skipped"]}


OUTSIDE = [
    "../evil.jpg",
    "cats/../../../evil.jpg",
    "/tmp/evil-loupe.jpg",
    "C:\\evil.jpg",
    "..\\evil.jpg",
]


def test_zip_members_that_lead_out_are_left_out(place, tmp_path):
    archive = zip_of(tmp_path / "a.zip", GOOD | dict.fromkeys(OUTSIDE, jpeg(50)))
    told = import_only_good(place, tmp_path, archive)
    assert len(told) == len(OUTSIDE)
    assert all("leads out" in reason for reason in told.values())


def test_tar_members_that_lead_out_are_left_out(place, tmp_path):
    archive = tar_of(tmp_path / "a.tar", GOOD | dict.fromkeys(OUTSIDE, jpeg(50)))
    told = import_only_good(place, tmp_path, archive)
    assert len(told) == len(OUTSIDE)
    assert all("leads out" in reason for reason in told.values())


def test_links_and_devices_in_a_tar_are_left_out(place, tmp_path):
    special = {}
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE)
    for kind in kinds:
        info = tarfile.TarInfo(f"cats/special{kind.decode()}.jpg")
        info.type, info.linkname = kind, "/etc/passwd"
        special[info] = b""
    told = import_only_good(place, tmp_path, tar_of(tmp_path / "a.tar", GOOD | special))
    assert len(told) == len(kinds) and all("link or a device" in r for r in told.values())


def test_links_in_a_zip_are_left_out(place, tmp_path):
    archive = zip_of(tmp_path / "a.zip", GOOD)
    with zipfile.ZipFile(archive, "a") as file:
        info = zipfile.ZipInfo("cats/link.jpg")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    told = import_only_good(place, tmp_path, archive)
    assert told == {"cats/link.jpg": "It is a link or a device, so it was left out."}


def test_a_link_and_then_a_file_through_it(place, tmp_path):
    """The classic: a link out of the archive, and a member written through the link."""
    link = tarfile.TarInfo("cats/way")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    archive = tar_of(tmp_path / "a.tar", {link: b""} | GOOD | {"cats/way/evil.txt": b"evil"})
    told = import_only_good(place, tmp_path, archive)
    assert set(told) == {"cats/way", "cats/way/evil.txt"}


def test_locked_and_damaged_members_are_named(place, tmp_path):
    archive = zip_of(
        tmp_path / "a.zip", GOOD | {"cats/bad.jpg": jpeg(60), "cats/locked.jpg": jpeg(61)}
    )
    data = bytearray(archive.read_bytes())
    start = data.find(b"cats/bad.jpg") + 60
    data[start : start + 40] = bytes(40)
    locked = data.rfind(b"cats/locked.jpg") - 46
    data[locked + 8] |= 1
    archive.write_bytes(data)
    told = import_only_good(place, tmp_path, archive)
    assert "damaged" in told["cats/bad.jpg"] and "password" in told["cats/locked.jpg"]


def test_names_that_cannot_be_shown_do_no_harm(place, tmp_path):
    odd = {"cats/\x1b[31m\n.jpg": jpeg(70), "cats/" + "n" * 3000: jpeg(71), "cats/\udcff.jpg": b"x"}
    archive = tar_of(tmp_path / "a.tar", GOOD | odd, mode="w:gz")
    result = import_result(import_dataset(place, archive, "pets"))
    assert result["classes"] == {"cats": 4, "dogs": 3}
    reasons = [entry["reason"] for entry in result["skipped"]]
    assert "Its name is too long." in reasons and len(reasons) == 2
    assert all(entry["file"].isprintable() for entry in result["skipped"])


def zip_with_entries(path, count):
    """A ZIP whose directory has `count` entries of 47 bytes each, quickly made."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<3H", 1, 0, 0) + bytes(12) + b"a"
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 47 * count, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 47 * count, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 47 * count, 0xFFFFFFFF, 0)
    with path.open("wb") as file:
        for _ in range(count // 1000):
            file.write(entry * 1000)
        file.write(record + locator + end)
    return path


def test_a_million_entries_in_a_zip_are_refused_at_once_in_little_memory(place, tmp_path):
    archive = zip_with_entries(tmp_path / "a.zip", 1_000_000)
    began = time.process_time()
    with pytest.raises(UnusableSource, match="more than 200,000 files"):
        import_dataset(place, archive, "pets")
    assert time.process_time() - began < 3
    tracemalloc.start()
    with pytest.raises(UnusableSource):
        archives.unpack(archive, tmp_path, silent)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert list(place.datasets.iterdir()) == []


def test_many_entries_in_a_tar_are_refused_while_they_stream(place, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_MEMBERS", 500)
    block = tarfile.TarInfo("cats/a.jpg").tobuf()
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(block * 100_000, 1))
    tracemalloc.start()
    with pytest.raises(UnusableSource, match="more than 500 files"):
        import_dataset(place, tmp_path / "a.tar.gz", "pets")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert list(place.datasets.iterdir()) == []


def test_the_zip_directory_is_counted_as_it_is_not_as_it_says(tmp_path):
    archive = zip_of(tmp_path / "a.zip", {f"a/{number}": b"" for number in range(300)})
    data = archive.read_bytes()
    end = data.rfind(b"PK\x05\x06")
    lying = data[: end + 8] + struct.pack("<2H", 1, 1) + data[end + 12 :]
    for content in (data, lying, b"before" + data, data[:-2] + b"\x05\0hello"):
        assert has_more_members_than(io.BytesIO(content), 299)
        assert not has_more_members_than(io.BytesIO(content), 300)


def test_a_folder_with_too_many_files_is_refused(place, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_MEMBERS", 10)
    (tmp_path / "pets" / "cats").mkdir(parents=True)
    for number in range(20):
        (tmp_path / "pets" / "cats" / str(number)).touch()
    with pytest.raises(UnusableSource, match="more than 10 files"):
        import_dataset(place, tmp_path / "pets", "pets")


def test_a_member_larger_than_a_photo_is_left_out(place, tmp_path, monkeypatch):
    monkeypatch.setattr(crate, "MAX_FILE_BYTES", 50_000)
    big = {"cats/big.jpg": bytes(60_000)}
    for archive in (zip_of(tmp_path / "a.zip", GOOD | big), tar_of(tmp_path / "a.tar", GOOD | big)):
        found = archives.unpack(archive, folder_for(tmp_path, archive), silent)
        assert len(found.files) == 6 and found.skipped[0]["file"] == "cats/big.jpg"


def test_a_size_that_lies_is_found_out_by_counting(tmp_path, monkeypatch):
    monkeypatch.setattr(crate, "MAX_FILE_BYTES", 50_000)
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("cats/big.jpg", bytes(1_000_000))
    data = archive.read_bytes().replace(struct.pack("<L", 1_000_000), struct.pack("<L", 900))
    archive.write_bytes(data)
    found = archives.unpack(archive, folder_for(tmp_path, archive), silent)
    assert found.files == [] and len(found.skipped) == 1
    assert list(folder_for(tmp_path, archive).iterdir()) == []


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.xz", "tar.bz2"])
def test_archives_that_unpack_to_far_more_than_their_size_are_refused(
    place, tmp_path, monkeypatch, kind
):
    monkeypatch.setattr(crate, "ALWAYS_ALLOWED_BYTES", 1_000_000)
    members = {f"cats/{number}.jpg": bytes(100_000) for number in range(100)}
    archive = tmp_path / f"a.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members.items():
                file.writestr(name, content)
    else:
        tar_of(archive, members, f"w:{kind[4:]}")
    monkeypatch.setattr(crate, "MAX_RATIO", 2)
    with pytest.raises(UnusableSource, match="far more than its size"):
        import_dataset(place, archive, "pets")
    assert list(place.datasets.iterdir()) == []


def test_endless_headers_in_a_tar_do_not_fill_the_memory(place, tmp_path):
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 500_000_000
    with gzip.open(tmp_path / "a.tar.gz", "wb", 1) as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(40):
            file.write(b"n" * 1_000_000)
    with pytest.raises(UnusableSource, match="file name or note of more than 1 MB"):
        import_dataset(place, tmp_path / "a.tar.gz", "pets")


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_an_archive_that_is_cut_off_is_refused_as_a_whole(place, tmp_path, kind):
    archive = tmp_path / f"a.{kind}"
    zip_of(archive, GOOD) if kind == "zip" else tar_of(archive, GOOD, f"w:{kind[4:]}")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusableSource, match="cut off or damaged"):
        import_dataset(place, archive, "pets")
    assert list(place.datasets.iterdir()) == []


def test_a_zip_from_windows_with_backslashes(place, tmp_path):
    names = {name.replace("/", "\\"): content for name, content in GOOD.items()}
    assert import_only_good(place, tmp_path, zip_of(tmp_path / "a.zip", names)) == {}
