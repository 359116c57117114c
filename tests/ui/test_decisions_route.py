import json

import pytest

from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from tests.ui.test_routes import Client

OURS = {"origin": "http://localhost:8501"}


@pytest.fixture
def shapes(workspace, picture_folder):
    return import_dataset(workspace, picture_folder, "shapes")


def send(decisions, headers=OURS, body=None):
    content = json.dumps({"decisions": decisions}).encode() if body is None else body
    return Client().post("/api/datasets/shapes/decisions", content, headers)


def test_many_decisions_are_taken_in_their_order(workspace, shapes):
    one, two, three = shapes.used["id"][:3]
    answer = send(
        [
            {"photo": one, "action": "move", "label": "frame"},
            {"photo": two, "action": "exclude", "label": ""},
            {"photo": three, "action": "keep"},
            {"photo": one, "action": "take-back"},
            {"photo": one, "action": "keep"},
        ]
    )
    assert answer.status_code == 200
    said = answer.json()
    assert (said["keep"], said["move"], said["exclude"]) == (2, 0, 1)
    assert said["refused"] == [] and said["errors"] == []
    now = open_dataset(workspace, "shapes")
    assert now.photo(one)["label"] == "disc" and now.photo(two)["excluded"]


def test_what_is_refused_is_named_and_the_rest_goes_on(shapes):
    one, two = shapes.used["id"][:2]
    said = send(
        [{"photo": one, "action": "move", "label": "horse"}, {"photo": two, "action": "keep"}]
    ).json()
    assert said["refused"] == [one] and "horse" in said["errors"][0]
    assert said["keep"] == 1


def test_strangers_are_turned_away(workspace, shapes):
    one = shapes.used["id"].iloc[0]
    decision = [{"photo": one, "action": "exclude"}]
    assert send(decision, {"origin": "http://elsewhere.example"}).status_code == 403
    assert send(decision, {}).status_code == 403
    assert not open_dataset(workspace, "shapes").photo(one)["excluded"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"decisions": 3}', b'{"decisions": [4]}'])
def test_nonsense_is_a_plain_refusal(shapes, body):
    answer = send([], body=body)
    assert answer.status_code == 422 and "cannot be read" in answer.json()["error"]


def test_a_body_beyond_all_measure_is_not_read_on(shapes):
    assert send([], body=b" " * 1_100_000).status_code == 413
