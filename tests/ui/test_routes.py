import asyncio
import errno
import io
import json
import os
from dataclasses import dataclass

import pytest
from PIL import Image
from starlette.applications import Starlette

from ui.routes import ROUTES


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self):
        return json.loads(self.content)


class Client:
    """Speaks ASGI with our routes, so that no server and no further library is needed."""

    def __init__(self):
        self.app = Starlette(routes=ROUTES)

    def get(self, address, headers=None):
        return asyncio.run(self.ask("GET", address, headers or {}, b""))

    def post(self, address, content, headers):
        return asyncio.run(self.ask("POST", address, headers, content))

    async def ask(self, method, address, headers, body):
        path, _, query = address.partition("?")
        sent = []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode())
                for name, value in ({"host": "localhost:8501"} | headers).items()
            ],
        }

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        content = b"".join(part.get("body", b"") for part in sent[1:])
        return Answer(sent[0]["status"], headers, content)


@pytest.fixture
def client(workspace):
    return Client()


@pytest.fixture
def photo_id(workspace, picture_folder):
    from core.datasets.importing import import_dataset

    return import_dataset(workspace, picture_folder, "shapes").used["id"].iloc[0]


def test_a_thumbnail_is_a_small_jpeg_that_may_be_kept(client, photo_id):
    answer = client.get(f"/api/datasets/shapes/photos/{photo_id}?size=64")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert "max-age" in answer.headers["cache-control"]
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 64


def test_a_browser_that_has_it_is_told_so(client, photo_id):
    address = f"/api/datasets/shapes/photos/{photo_id}"
    etag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert again.status_code == 304 and again.content == b""
    assert client.get(f"{address}?size=320").headers["etag"] != etag


@pytest.fixture
def collected(workspace, picture_folder):
    """The address of a photo in the collection "pond"."""
    from core.datasets.collections import create_collection

    data = next((picture_folder / "disc").iterdir()).read_bytes()
    entry = create_collection(workspace, "pond").add(data, "frog", "frog.png")
    return f"/api/collections/pond/photos/{entry.id}"


def test_a_collected_photo_has_a_thumbnail_that_may_be_kept(client, collected):
    answer = client.get(f"{collected}?size=64")
    assert answer.status_code == 200
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 64
    assert "max-age" in answer.headers["cache-control"]
    etag = answer.headers["etag"]
    assert client.get(f"{collected}?size=64", {"if-none-match": etag}).status_code == 304
    assert client.get(f"{collected}?size=320", {"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("entry", ["nothing", "..", "%2e%2e", "..%2Fcollection.json", "lock"])
def test_a_collection_gives_away_nothing_but_its_photos(client, collected, entry):
    folder = collected.rpartition("/")[0]
    assert client.get(f"{folder}/{entry}").status_code == 404
    assert client.get(f"/api/collections/..%2Fcollections/photos/{entry}").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/datasets/shapes/photos/nothing", 404),
        ("/api/datasets/nothing/photos/nothing", 404),
        ("/api/datasets/..%2F..%2Fetc/photos/passwd", 404),
        ("/api/runs/nothing/atlas/conv2d?photo=x", 404),
    ],
)
def test_what_does_not_exist_is_not_found_in_a_sentence(client, photo_id, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["error"].endswith(".")


def test_a_size_that_is_no_number_is_told(client, photo_id):
    answer = client.get(f"/api/datasets/shapes/photos/{photo_id}?size=big")
    assert answer.status_code == 422
    assert "'big'" in answer.json()["error"]


def test_an_upload_from_our_own_page_is_kept(client, workspace):
    body = b"x" * 300_000
    answer = client.post(
        "/api/uploads?name=my%20Bears.tar.gz",
        content=body,
        headers={"origin": "http://localhost:8501"},
    )
    kept = workspace.uploads / answer.json()["file"]
    assert kept.read_bytes() == body
    assert kept.name.endswith("-my-bears.tar.gz")


@pytest.mark.parametrize("origin", [None, "http://elsewhere.example", "http://localhost:1"])
def test_an_upload_from_elsewhere_is_refused(client, workspace, origin):
    headers = {"origin": origin} if origin else {}
    answer = client.post("/api/uploads?name=a.zip", content=b"x", headers=headers)
    assert answer.status_code == 403
    assert not workspace.uploads.exists() or not list(workspace.uploads.iterdir())


def test_an_uploads_name_cannot_leave_the_folder(client, workspace):
    answer = client.post(
        "/api/uploads?name=..%2F..%2Fevil.zip",
        content=b"x",
        headers={"origin": "http://localhost:8501"},
    )
    assert "/" not in answer.json()["file"]
    assert [path.parent for path in workspace.root.rglob("*evil*")] == [workspace.uploads]


def test_an_upload_that_finds_the_disk_full_is_told_and_leaves_nothing(
    client, workspace, monkeypatch
):
    def full(path, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.rename", full)
    answer = client.post(
        "/api/uploads?name=bears.zip",
        content=b"x" * 300_000,
        headers={"origin": "http://localhost:8501"},
    )
    assert answer.status_code == 507
    assert "no space left for 'bears.zip'" in answer.json()["error"]
    assert list(workspace.uploads.iterdir()) == []
