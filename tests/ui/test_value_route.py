"""Values over HTTP: every number is told, adds up, and nothing else is given away."""

from collections.abc import Iterator
from math import prod

import keras
import numpy as np
import pytest

from core.datasets.manifest import open_dataset
from core.inspection import looking
from core.jobs import resolve
from core.training.runs import create_run
from tests.conftest import small_recipe, workspace_with
from tests.ui.test_routes import Client
from ui import photo_shelf

kinds = keras.layers


class Here:
    """The engine's work is done in this process, which has Keras loaded already."""

    def call(self, function, *arguments, timeout=None, **named):
        return resolve(function)(*arguments, **named)

    call_beside = call


def network():
    """One layer of every kind, with weights and statistics that differ from 0 and 1."""
    given = keras.Input((16, 16, 3))
    scaled = kinds.Rescaling(1 / 127.5, -1.0, name="rescaled")(given)
    first = kinds.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="conv")(scaled)
    padded = kinds.ZeroPadding2D(1, name="padded")(first)
    depthwise = kinds.DepthwiseConv2D(3, name="depthwise")(padded)
    normed = kinds.BatchNormalization(name="normed")(depthwise)
    added = kinds.Add(name="added")([kinds.ReLU(name="cut")(normed), first])
    separable = kinds.SeparableConv2D(6, 3, padding="same", name="separable")(added)
    grouped = kinds.Conv2D(4, 3, groups=2, padding="same", name="grouped")(added)
    joined = kinds.Concatenate(name="joined")([separable, grouped + 3.0])
    largest = kinds.MaxPooling2D(3, 2, "same", name="largest")(joined)
    mean = kinds.AveragePooling2D(2, 1, "same", name="mean")(largest)
    point = kinds.Conv2D(12, 1, name="point")(kinds.Dropout(0.5, name="dropout")(mean))
    normed = kinds.LayerNormalization(name="layer-normed")(point)
    gate = kinds.GlobalAveragePooling2D(keepdims=True, name="gate")(normed)
    gated = kinds.Multiply(name="gated")(
        [kinds.GroupNormalization(3, name="grouped-normed")(normed), gate]
    )
    flat = kinds.Flatten(name="flat")(gated)
    both = kinds.Concatenate(name="both")([flat, kinds.GlobalMaxPooling2D(name="highest")(gated)])
    hidden = kinds.Dense(7, "relu", name="hidden")(kinds.UnitNormalization(name="unit")(both))
    scores = kinds.Dense(5, name="scores")(hidden)
    shares = kinds.Softmax(name="shares")(scores)
    model = keras.Model(given, kinds.Dense(2, "softmax", name="answer")(shares))
    for number, weight in enumerate(model.weights):
        drawn = np.random.default_rng(number).uniform(-0.5, 0.5, weight.shape)
        weight.assign(abs(drawn) + 0.3 if "variance" in weight.path else drawn)
    return model


@pytest.fixture(scope="module")
def run(shapes_datasets, tmp_path_factory):
    """A run whose network holds every kind of layer."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("kinds") / "workspace")
    made = create_run(workspace, "shapes", small_recipe(), "many kinds")
    network().save(made.model_path)
    return made


@pytest.fixture
def client(run, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(run.workspace.root))
    monkeypatch.setattr("ui.cache.engine", Here)
    return Client()


@pytest.fixture(scope="module")
def photo(run):
    dataset = open_dataset(run.workspace, "shapes")
    return str(dataset.split("test")["id"].iloc[0])


@pytest.fixture
def ask(client, run, photo):
    def asked(layer, place, more="", headers=None):
        address = f"/api/runs/{run.name}/value/{layer}?place={place}&photo={photo}{more}"
        return client.get(address, headers or {})

    return asked


def parts_of(told) -> Iterator[float]:
    """Every number that is added up: those shown, and the sum of the rest."""
    for grid in told["grids"]:
        if grid["weights"] is None:
            yield from (one for row in grid["values"] for one in row if one is not None)
        else:
            yield from np.multiply(grid["values"], grid["weights"]).ravel()
    for term in told["terms"]:
        yield term["value"] if term["weight"] is None else term["value"] * term["weight"]
    if told["rest"]:
        yield told["rest"]["sum"]


def bent(name, before):
    return {"": before, "relu": max(before, 0.0)}[name]


def formula(told, parts):
    """What the named numbers of a formula come to."""
    numbers = told["numbers"]
    if "variance" in numbers:
        spread = (numbers["variance"] + numbers.get("epsilon", 0)) ** 0.5
        scaled = (parts[0] - numbers["mean"]) / spread * numbers.get("scale", 1)
        return scaled + numbers.get("offset", 0)
    if "scale" in numbers:
        return parts[0] * numbers["scale"] + numbers.get("offset", 0)
    if "length" in numbers:
        return parts[0] / numbers["length"]
    if "constant 1" in numbers:
        return parts[0] + numbers["constant 1"]
    if told["scores"]:
        return np.exp(parts[0] - told["scores"]["highest"]) / told["scores"]["total"]
    if len(parts) > 1:
        return prod(parts) if "multiplied" in told["says"] else sum(parts)
    return bent(told["activation"], parts[0])


def check(told):
    """Goes through the arithmetic as a person would."""
    close = pytest.approx(told["given"], rel=1e-4, abs=1e-4)
    assert told["value"] == close and told["note"] == ""
    parts = list(parts_of(told))
    if told["form"] == "weighted sum":
        before = sum(parts) + (told["bias"] or 0)
        assert before == pytest.approx(told["before"], rel=1e-4, abs=1e-4)
        if told["activation"] == "softmax":
            scores = told["scores"]
            share = np.exp(before - scores["highest"]) / scores["total"]
            assert share == close
        else:
            assert bent(told["activation"], before) == close
    elif told["form"] == "largest":
        assert max(parts) == close
    elif told["form"] == "mean":
        assert sum(parts) / told["grids"][0]["count"] == close
    elif told["form"] == "copy":
        assert parts == [close]
    else:
        assert formula(told, parts) == close
    return told["form"]


def test_all_numbers_of_all_layers_add_up(ask, run, photo):
    path = str(open_dataset(run.workspace, "shapes").photo_path(photo))
    forms = set()
    for layer in looking.layers_of(str(run.folder), path):
        shape = layer["shape"]
        for number in (0, prod(shape) // 2, prod(shape) - 1):
            place = ",".join(str(int(at)) for at in np.unravel_index(number, shape))
            answer = ask(layer["name"], place, "&reach=1&most=3")
            assert answer.status_code == 200, answer.content
            forms |= {check(told) for told in answer.json()["values"]}
            assert answer.json()["values"][0]["place"] == list(map(int, place.split(",")))
    assert forms == {"weighted sum", "largest", "mean", "formula", "copy"}


def test_neighbours_come_along_up_to_the_edge(ask):
    places = [told["place"] for told in ask("conv", "0,0,3", "&reach=2").json()["values"]]
    assert len(places) == 9 and all(place[2] == 3 for place in places)
    assert len(ask("conv", "4,4,3", "&reach=99").json()["values"]) == 49


def test_what_counts_most_leads_down_to_the_photo(ask):
    layer, place, seen = "answer", [1], []
    while layer:
        told = ask(layer, ",".join(map(str, place))).json()["values"][0]
        lead = told["strongest"]
        assert lead is not None, (layer, place)
        seen.append(layer)
        layer, place = lead["source"], lead["place"]
    assert seen[0] == "answer" and len(seen) >= 8
    assert len(place) == 3 and max(place[:2]) < 16 and place[2] < 3


@pytest.mark.parametrize(
    ("layer", "place", "more", "status", "words"),
    [
        ("magic", "0,0,0", "", 404, "no layer called 'magic'"),
        ("..%2F..%2Fetc", "0,0,0", "", 404, "no layer called"),
        ("conv", "16,0,0", "", 422, "no value at 16, 0, 0"),
        ("conv", "0,0,8", "", 422, "no value at"),
        ("conv", "0", "", 422, "no value at 0"),
        ("conv", "0,0", "", 422, "a row, a column and a map"),
        ("conv", "-1,0,0", "", 422, "whole numbers"),
        ("conv", "1e9,0,0", "", 422, "whole numbers"),
        ("conv", "999999,0,0", "", 422, "too large"),
        ("conv", "", "", 422, "whole numbers"),
        ("conv", "0,0,0", "&most=x", 422, "whole numbers"),
        ("conv", "0,0,0", "&size=7", 422, "a height and a width"),
        ("conv", "0,0,0", "&size=640x640", 422, "pictures of 16 × 16 pixels only"),
        ("conv", "0,0,0", "&token=guessed", 404, "not at hand"),
    ],
)
def test_what_cannot_be_told_is_said_in_a_sentence(ask, layer, place, more, status, words):
    answer = ask(layer, place, more)
    assert answer.status_code == status
    assert words in answer.json()["error"] + answer.json()["next_step"]


@pytest.mark.parametrize(
    "address", ["nothing/value/conv?place=0,0,0&photo=x", "..%2F..%2Fx/value/y?place=0"]
)
def test_foreign_runs_are_not_found(client, address):
    assert client.get(f"/api/runs/{address}").status_code == 404


def test_other_sites_and_photos_that_are_not_there_are_refused(ask, client, run):
    answer = ask("conv", "0,0,0", "", {"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    for photo in ("", "nothing", "..%2Fx"):
        address = f"/api/runs/{run.name}/value/conv?place=0,0,0&photo={photo}"
        assert client.get(address).status_code == 404


def test_a_visitors_photo_is_known_to_that_visit_alone(client, run, photo, monkeypatch):
    path = open_dataset(run.workspace, "shapes").photo_path(photo)
    content = path.read_bytes()
    monkeypatch.setattr("ui.state.visit", lambda: "one")
    token = photo_shelf.lend(content)
    assert photo_shelf.lend(content) == token
    address = f"/api/runs/{run.name}/value/conv?place=3,4,0"
    lent = client.get(f"{address}&token={token}").json()["values"]
    assert lent == client.get(f"{address}&photo={photo}").json()["values"]
    monkeypatch.setattr("ui.state.visit", lambda: "another")
    assert photo_shelf.lend(content) != token
