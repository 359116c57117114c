"""The last rung of the ladder on the page: what the probe is given, and where its clicks lead."""

import base64
import json
import threading

import numpy as np
import pytest

from core.errors import LoupeError
from core.training.runs import open_run
from ui.inside import pixel, warming
from ui.inside.ladder import nearest_place
from ui.inside.place import Place

LADDER = """
import streamlit as st
from ui import cache
from ui.inside.inside import Inside
from ui.inside.ladder import LAYERS, show_ladder
from ui.inside.pixel import show_pixel
from ui.photo_sources import Photo, dataset_photo

run = cache.run("tiny-run")
dataset = cache.dataset("shapes")
photo = dataset_photo(dataset, str(dataset.split("test")["id"].iloc[0]))
if st.query_params.get("own"):
    photo = Photo("mine.png", photo.content())
inside = Inside(run, photo, dataset)
layers = {layer["name"]: layer for layer in inside.ask(LAYERS)}
place = show_ladder(inside, list(layers))
st.caption(f"{place.layer} {place.map} {place.at}")
if place.layer:
    show_pixel(inside, layers[place.layer], place.map or 0)
"""


@pytest.fixture
def page(at_trained_run, here):
    from streamlit.testing.v1 import AppTest

    def opened(**address):
        app = AppTest.from_string(LADDER, default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return opened


def given_to_probe(app):
    (probe,) = app.main.get("bidi_component")
    return json.loads(probe.proto.json)


def rungs(app):
    return [button.label for button in app.main.button] + [
        one.value.strip("*") for one in app.main.markdown if one.value.startswith("**")
    ]


def test_every_rung_down_to_the_pixel_leads_back_up(page):
    app = page(layer="conv2d", map="3", at="7,5")
    assert not app.exception
    assert rungs(app) == ["Network", "conv2d", "map 4", "pixel 7, 5"]
    assert app.main.caption[0].value == "conv2d 3 (7, 5)"
    assert given_to_probe(app)["at"] == [7, 5]
    app.button(key="ladder-1").click().run()
    assert rungs(app) == ["Network", "conv2d"] and "map" not in app.query_params
    app.button(key="ladder-0").click().run()
    assert rungs(app) == ["Network"] and "layer" not in app.query_params


@pytest.mark.parametrize(
    ("asked", "words", "found"),
    [
        ({"layer": "magic", "map": "1"}, "no layer called magic", "None None None"),
        ({"layer": "conv2d", "map": "8"}, "no map 9, only 1 to 8", "conv2d None None"),
        ({"layer": "conv2d", "map": "1", "at": "16,0"}, "no pixel 16, 0", "conv2d 1 None"),
        (
            {"layer": "output", "map": "1", "at": "0,0"},
            "no unit 2, only 1 to 1",
            "output None None",
        ),
        ({"layer": "output", "map": "0", "at": "0,0"}, "no rows and columns", "output 0 None"),
    ],
)
def test_what_does_not_exist_falls_back_to_the_nearest_rung(page, asked, words, found):
    app = page(**asked)
    assert not app.exception
    assert words in app.info[0].value.replace("\\", "")
    assert app.main.caption[0].value == found


def test_names_from_outside_are_no_markdown():
    place, sentence = nearest_place(Place("**[x](y)**", 1), None)
    assert place == Place() and "**[" not in sentence


def test_the_probe_gets_map_photo_and_fields(page, trained_run):
    shown = given_to_probe(page(layer="max_pooling2d", map="2"))
    values = np.frombuffer(base64.b64decode(shown["values"]), "<f4")
    assert shown["shape"] == [8, 8] and values.size == 64 and shown["at"] is None
    assert shown["map"].startswith("data:image/png;base64,")
    # Two rows of the convolution's, and one more at either side.
    assert shown["rows"][3] == [5, 9] and shown["columns"][0] == [0, 3]
    assert shown["photo_size"] == [16, 16]
    assert shown["address"].startswith(f"/api/runs/{trained_run.name}/value/max_pooling2d?place={{")
    assert "photo=" in shown["address"] and "token=" not in shown["address"]


def test_a_photo_of_ones_own_is_lent_by_a_token(page):
    address = given_to_probe(page(layer="conv2d", map="0", own="yes"))["address"]
    assert "photo=" not in address and len(address.partition("token=")[2].partition("&")[0]) == 64


def test_units_are_told_with_their_names(page):
    shown = given_to_probe(page(layer="global_average_pooling2d", map="9"))
    assert shown["units"] and shown["count"] == 16 and shown["at"] == [0, 9]
    assert shown["rows"] == [[0, 16]] and shown["names"] is None


@pytest.mark.parametrize(
    ("act", "layer", "index", "at"),
    [
        ({"do": "pin", "layer": "conv2d", "map": 2, "at": [1, 5]}, "conv2d", "2", "1,5"),
        (
            {"do": "go", "layer": "body/maps (2)", "map": 7, "at": [0, 0]},
            "body/maps (2)",
            "7",
            "0,0",
        ),
        ({"do": "go", "layer": "output", "map": 1, "at": None}, "output", "1", None),
        ({"do": "free", "layer": "conv2d", "map": 2, "at": None}, "conv2d", "2", None),
        ({"do": "pin", "layer": "conv2d", "map": -1, "at": [1, 5]}, None, None, None),
        ({"do": "pin", "layer": 7, "map": 1, "at": [1, 5]}, None, None, None),
        ({"do": "pin", "layer": "conv2d", "map": 1, "at": "1,5"}, None, None, None),
        (None, None, None, None),
    ],
)
def test_acts_go_into_the_address(monkeypatch, act, layer, index, at):
    told = {"at": "3,3"} if act and act.get("do") == "free" else {}
    monkeypatch.setattr("ui.state.event", lambda key, name: act)
    monkeypatch.setattr("ui.state.address", lambda key, default=None: told.get(key, default))
    monkeypatch.setattr("ui.state.set_address", told.__setitem__)
    told.setdefault("map", "2") if told else None
    pixel._acted()
    if layer is None:
        assert "layer" not in told
    else:
        assert (told["layer"], told["map"], told["at"]) == (layer, index, at)


class Slow:
    """An engine that opens a network only when it may."""

    def __init__(self, fails=False):
        self.may, self.calls, self.fails = threading.Event(), [], fails

    def call(self, function, *arguments, **named):
        self.calls.append(function)
        self.may.wait(20)
        if self.fails:
            raise LoupeError("It cannot be opened.")


def test_a_network_is_opened_once_and_nobody_is_kept_waiting(trained_run, monkeypatch):
    engine = Slow()
    monkeypatch.setattr("ui.cache.engine", lambda: engine)
    first, second = warming.begin(trained_run), warming.begin(trained_run)
    assert first is second and not first.is_set()
    engine.may.set()
    assert first.wait(20) and engine.calls == [warming.WARM]
    assert warming.begin(trained_run) is not first


def test_a_network_that_cannot_be_opened_does_not_hold_the_page(trained_run, monkeypatch):
    engine = Slow(fails=True)
    engine.may.set()
    monkeypatch.setattr("ui.cache.engine", lambda: engine)
    assert warming.begin(open_run(trained_run.workspace, trained_run.name)).wait(20)


def test_whoever_has_to_wait_is_told_why(trained_run, monkeypatch):
    from streamlit.testing.v1 import AppTest

    engine, said = Slow(), []
    monkeypatch.setattr("ui.cache.engine", lambda: engine)
    monkeypatch.setenv("LOUPE_HOME", str(trained_run.workspace.root))
    real = warming.st.spinner
    monkeypatch.setattr(
        warming.st,
        "spinner",
        lambda words, **named: said.append(words) or engine.may.set() or real(words, **named),
    )
    script = "from ui import cache\nfrom ui.inside import warming\n"
    script += "warming.wait_until_open(cache.run('tiny-run'))"
    app = AppTest.from_string(script, default_timeout=30).run()
    assert not app.exception and said == ["Opening the network, a few seconds the first time"]
