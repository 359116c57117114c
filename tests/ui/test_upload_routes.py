"""The streaming routes: what they keep, what they refuse, what they leave behind."""

import json

import pytest

from core.datasets.collections import create_collection
from core.images import encode_png
from tests.conftest import draw_shape
from tests.ui.test_routes import Client

OURS = {"origin": "http://localhost:8501"}


@pytest.fixture
def client(workspace):
    return Client()


def bundle(files):
    return b"".join(
        json.dumps({"path": path, "size": len(data)}).encode() + b"\n" + data
        for path, data in files.items()
    )


def begun(client, name="bears", size=0):
    answer = client.post(f"/api/uploads/folders?name={name}&bytes={size}", b"", OURS)
    assert answer.status_code == 200
    return f"/api/uploads/folders/{answer.json()['token']}"


def left(workspace):
    return [path.name for path in workspace.uploads.rglob("*")]


def test_a_folder_comes_in_bundles_and_is_handed_over(client, workspace):
    address = begun(client)
    first = client.post(address, bundle({"bears/a.jpg": b"\n\n1", "bears/b.jpg": b""}), OURS)
    second = client.post(address, bundle({"bears/black/c.jpg": b"x" * 3_000_000}), OURS)
    assert first.json() == {"kept": 2, "refused": []} and second.json()["kept"] == 1
    done = client.post(f"{address}/finish", b"", OURS).json()
    folder = workspace.uploads / done["file"]
    assert done["files"] == 3 and (folder / "bears" / "a.jpg").read_bytes() == b"\n\n1"
    assert (folder / "bears" / "black" / "c.jpg").stat().st_size == 3_000_000
    assert client.post(address, bundle({"d.jpg": b"x"}), OURS).status_code == 404


def test_what_is_refused_is_named_and_the_rest_is_kept(client, workspace, monkeypatch):
    monkeypatch.setattr("ui.upload_routes.MAX_FILE_BYTES", 100)
    address = begun(client)
    files = {"../evil.jpg": b"e", "big.jpg": b"x" * 101, ".DS_Store": b"m", "good.jpg": b"g"}
    answer = client.post(address, bundle(files), OURS).json()
    assert answer["kept"] == 1
    assert [each["path"] for each in answer["refused"]] == ["../evil.jpg", "big.jpg", ".DS_Store"]
    assert [name for name in left(workspace) if "." in name[1:4] or "good" in name][
        -1
    ] == "good.jpg"


@pytest.mark.parametrize(
    "body",
    [
        b'{"path": "a.jpg", "size": 10}\nabc',
        b'{"path": "a.jpg"',
        b"nonsense\n",
        b'{"path": "a.jpg", "size": -1}\n',
        b'{"path": "a.jpg", "size": "many"}\n',
        b"x" * 100_000,
    ],
)
def test_a_body_that_is_cut_off_or_nonsense_is_refused_and_keeps_no_half_file(
    client, workspace, body
):
    address = begun(client)
    answer = client.post(address, body, OURS)
    assert answer.status_code == 422 and answer.json()["error"].endswith(".")
    assert not [name for name in left(workspace) if name.startswith("a.jpg")]
    client.post(f"{address}/cancel", b"", OURS)
    assert left(workspace) == []


def test_a_full_disk_is_a_plain_sentence_and_leaves_no_half_file(client, workspace, monkeypatch):
    address = begun(client)

    async def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.upload_routes._keep", full)
    for where in (address, "/api/uploads?name=a.zip"):
        answer = client.post(where, bundle({"a.jpg": b"x"}), OURS)
        assert answer.status_code == 507 and "no space left" in answer.json()["error"]
    client.post(f"{address}/cancel", b"", OURS)
    assert left(workspace) == []


def test_what_cannot_fit_is_refused_before_it_is_sent(client, workspace):
    answer = client.post(f"/api/uploads/folders?name=a&bytes={10**15}", b"", OURS)
    assert answer.status_code == 507 and "do not fit" in answer.json()["error"]
    large = OURS | {"content-length": str(10**15)}
    assert client.post("/api/uploads?name=a.zip", b"x", large).status_code == 507
    assert left(workspace) == []


@pytest.mark.parametrize("way", ["", "/0123-x", "/0123-x/finish", "/0123-x/cancel"])
def test_only_our_own_pages_may_send(client, workspace, way):
    answer = client.post(f"/api/uploads/folders{way}", b"", {"origin": "http://elsewhere.example"})
    assert answer.status_code == 403


def test_a_photo_goes_into_a_class_of_a_collection(client, workspace):
    collection = create_collection(workspace, "insects")
    address = "/api/collections/insects/photos?label=bee&name=..%2Fa.png&origin=files"
    answer = client.post(address, encode_png(draw_shape("disc", 1)), OURS)
    assert answer.status_code == 200
    [entry] = collection.entries()
    assert (entry.label, entry.name, entry.origin) == ("bee", "a.png", "files")
    assert collection.path(entry).read_bytes() == encode_png(draw_shape("disc", 1))


@pytest.mark.parametrize(
    ("query", "data", "status", "words"),
    [
        ("label=bee&name=a.jpg", b"not a picture", 422, "holds text"),
        ("label=&name=a.png", None, 422, "needs a name"),
        ("label=bee&name=a.jpg", b"", 422, "empty"),
    ],
)
def test_what_is_no_photo_does_not_get_into_a_collection(
    client, workspace, query, data, status, words
):
    collection = create_collection(workspace, "insects")
    body = encode_png(draw_shape("disc", 1)) if data is None else data
    answer = client.post(f"/api/collections/insects/photos?{query}", body, OURS)
    assert answer.status_code == status and words in answer.json()["error"]
    assert collection.entries() == []
    assert [path.name for path in collection.folder.iterdir()] == ["collection.json"]


def test_a_collection_that_is_gone_is_not_found(client, workspace):
    answer = client.post("/api/collections/nothing/photos?label=a&name=b", b"x", OURS)
    assert answer.status_code == 404
