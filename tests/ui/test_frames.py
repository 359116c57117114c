import io
import os

import pytest
from PIL import Image

from core.datasets.collections import create_collection
from tests.ui.test_routes import Client
from ui import frames

OURS = "http://localhost:8501"
BOUNDARY = "----pictures"


def picture(kind="JPEG", size=(32, 24)):
    content = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(content, kind)
    return content.getvalue()


def form(*files):
    """A multipart body of (name, bytes)."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def collection(workspace):
    return create_collection(workspace, "hands")


def send(*files, query="label=up&group=burst-1", name="hands", **headers):
    body = form(*files)
    given = {
        "origin": OURS,
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
        "content-length": str(len(body)),
    }
    given = {key: value for key, value in (given | headers).items() if value is not None}
    return Client().post(f"/api/collections/{name}/frames?{query}", body, given)


def test_frames_come_into_their_class_byte_for_byte_and_know_their_burst(collection):
    data = picture()
    answer = send(("burst-1-00001.jpg", data), ("burst-1-00002.jpg", picture(size=(8, 8))))
    assert answer.status_code == 200 and answer.json() == {"added": 2, "refused": []}
    entries = collection.entries()
    assert [(e.label, e.origin, e.group) for e in entries] == [("up", "camera", "burst-1")] * 2
    assert collection.path(entries[0]).read_bytes() == data


def test_a_portion_that_is_sent_again_counts_once(collection):
    for _ in range(3):
        assert send(("burst-1-00001.jpg", picture())).json()["added"] == 1
    assert collection.counts() == {"up": 1}


def test_a_drawing_says_that_it_is_one(collection):
    query = "label=7&group=&origin=drawing"
    assert send(("drawing-1.png", picture("PNG")), query=query).status_code == 200
    assert [(e.origin, e.group, e.label) for e in collection.entries()] == [("drawing", "", "7")]


def test_what_is_no_picture_is_named_and_the_others_are_kept(collection):
    answer = send(("burst-1-00001.jpg", b"<html>"), ("burst-1-00002.jpg", picture())).json()
    assert answer["added"] == 1
    assert answer["refused"][0]["name"] == "burst-1-00001.jpg" and answer["refused"][0]["reason"]
    assert len(list((collection.folder / "photos").iterdir())) == 1


@pytest.mark.parametrize(
    ("files", "changes", "status"),
    [
        ([("a.jpg", b"not a picture")], {}, 422),
        ([("a.jpg", picture()[:200])], {}, 422),
        ([("a.jpg", b"")], {}, 422),
        ([], {}, 422),
        ([("a.jpg", picture())], {"query": "label=&group=b"}, 422),
        ([("a.jpg", picture())], {"query": "label=" + "x" * 200}, 422),
        ([("a.jpg", picture())], {"query": "label=up&group=../../etc"}, 422),
        ([("a.jpg", picture())], {"query": "label=up&origin=elsewhere"}, 422),
        ([("a.jpg", picture())], {"name": "nothing"}, 404),
        ([("a.jpg", picture())], {"name": "..%2Fhands"}, 404),
        ([("a.jpg", picture())], {"origin": "http://elsewhere.example"}, 403),
        ([("a.jpg", picture())], {"origin": None}, 403),
        ([("a.jpg", picture())], {"content-length": str(frames.LARGEST_REQUEST + 1)}, 422),
        ([("a.jpg", picture())], {"content-length": None}, 422),
        ([("a.jpg", picture())], {"content-type": "image/jpeg"}, 422),
        ([("a.jpg", picture())], {"content-type": "multipart/form-data; boundary=other"}, 422),
        ([("a.jpg", picture())] * (frames.MOST_FRAMES + 1), {}, 422),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence_and_leaves_nothing(
    collection, files, changes, status
):
    answer = send(*files, **changes)
    assert answer.status_code == status
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["error"].rstrip().endswith(".")
    assert collection.entries() == [] and not (collection.folder / "photos").exists()


def test_a_frame_over_the_limit_is_not_kept(collection, monkeypatch):
    monkeypatch.setattr(frames, "LARGEST_FRAME", 2000)
    answer = send(("a.png", picture("PNG") + bytes(3000)), ("b.png", picture("PNG")))
    assert answer.json()["added"] == 1 and "has more" in answer.json()["refused"][0]["reason"]


@pytest.mark.parametrize("name", ["../../evil.jpg", "/etc/evil.jpg", "..\\\\evil.jpg", ".hidden"])
def test_the_name_of_a_frame_cannot_leave_the_folder(collection, workspace, name):
    collection.add_class("up")  # so that nothing but the photo is new
    before = {path for path in workspace.root.rglob("*") if path.is_file()}
    assert send((name, picture())).status_code == 200
    (kept,) = {path for path in workspace.root.rglob("*") if path.is_file()} - before
    assert kept.parent == collection.folder / "photos" and not kept.name.startswith(".")


def test_a_full_disk_is_told_and_tried_again(collection, monkeypatch):
    def full(*args):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("core.datasets.collections.write_bytes", full)
    answer = send(("burst-1-00001.jpg", picture()))
    assert answer.status_code == 507 and "no space left" in answer.json()["error"]
    assert collection.entries() == []
