import io

import numpy as np
import pytest
from PIL import Image

from core.jobs import resolve
from tests.ui.test_routes import Client
from ui.inside.inside import Inside
from ui.inside.pictures import ATLAS, INPUT, MAP, THUMBNAILS, picture_url
from ui.photo_sources import Photo, dataset_of, dataset_photo


@pytest.fixture
def client(at_trained_run, monkeypatch):
    class Here:
        def call(self, function, *arguments, timeout=None, **named):
            return resolve(function)(*arguments, **named)

    monkeypatch.setattr("ui.cache.engine", Here)
    return Client()


@pytest.fixture
def inside(at_trained_run):
    dataset = dataset_of(at_trained_run)
    photo = dataset_photo(dataset, str(dataset.manifest["id"].iloc[0]))
    return Inside(at_trained_run, photo, dataset)


def opened(answer):
    assert answer.status_code == 200, answer.content
    return Image.open(io.BytesIO(answer.content))


def test_every_picture_of_a_look_has_an_address_that_may_be_kept(client, inside):
    atlas = client.get(picture_url(inside, ATLAS, "conv2d", compact=1, colors="grey", clip=1))
    assert opened(atlas).size == (8 * 18 + 2, 20)
    assert "max-age=86400" in atlas.headers["cache-control"]
    one = client.get(picture_url(inside, MAP, "conv2d_1", index=15, side=64, scale="layer"))
    assert opened(one).size == (64, 64)
    assert opened(client.get(picture_url(inside, THUMBNAILS))).size == (52, 4 * 52)
    assert opened(client.get(picture_url(inside, INPUT))).size == (16, 16)
    other = picture_url(inside, INPUT).replace("stamp=", "stamp=1")
    assert client.get(other).headers["cache-control"] == "private, no-cache"


def test_a_photo_from_elsewhere_is_found_by_its_content_alone(client, inside):
    content = inside.photo.content()
    brought = Inside(inside.run, Photo("mine", content), inside.dataset)
    address = picture_url(brought, ATLAS, "conv2d")
    assert "photo=" not in address
    own = opened(client.get(picture_url(inside, ATLAS, "conv2d")))
    assert np.array_equal(np.asarray(opened(client.get(address))), np.asarray(own))
    guessed = address.replace("token=", "token=0")
    assert client.get(guessed).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("atlas/magic?photo={photo}", 404),
        ("atlas/conv2d?photo=x", 404),
        ("atlas/conv2d?photo={photo}&scale=big", 422),
        ("atlas/conv2d?photo={photo}&colors=purple", 422),
        ("atlas/conv2d?photo={photo}&clip=x", 422),
        ("atlas/conv2d?photo={photo}&clip=90", 422),
        ("atlas/conv2d?photo={photo}&clip=nan", 422),
        ("map/conv2d?photo={photo}&index=8", 404),
        ("map/conv2d?photo={photo}&index=x", 422),
        ("input?photo={photo}&size=5", 422),
        ("input?photo={photo}&size=50x50", 422),
    ],
)
def test_what_cannot_be_drawn_is_said(client, inside, wrong, status):
    address = wrong.format(photo=inside.photo.photo_id)
    answer = client.get(f"/api/runs/{inside.run.name}/{address}")
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
