"""The whole network: the photo's way in columns, and a small network that reacts to a drawing."""

import shutil

import pytest

from core.errors import LoupeError
from core.inspection import live
from core.jobs import State
from core.status import JobStatus, write_status
from tests.pages.test_feature_maps import words
from ui.components import live_network, network_flow
from ui.inside import whole, whole_live


@pytest.fixture
def sent(monkeypatch):
    """What the two components are given."""
    data = {}
    for name, module in (("flow", network_flow), ("live", live_network)):
        monkeypatch.setattr(
            module, "_component", lambda name=name, **given: data.update({name: given["data"]})
        )
    return data


@pytest.fixture
def view(open_page, at_trained_run, here, sent):
    def show(**address):
        app = open_page("feature_maps", run=at_trained_run.name)
        for name, value in ({"view": "whole"} | address).items():
            app.query_params[name] = value
        return app.run()

    return show


def test_the_photo_is_followed_to_the_answer(view, sent):
    app = view()
    assert not app.exception and not app.error
    flow = sent["flow"]
    assert [column["heading"] for column in flow["columns"]] == [
        *["Rescaling", "Convolution", "Max pooling", "Convolution"],
        *["Global average", "Dense"],
    ]
    assert flow["columns"][1]["sub"] == "16 × 16" and flow["columns"][-1]["sub"] == "number"
    assert [answer["name"] for answer in flow["answers"]] == ["disc", "frame"]
    assert sum(answer["probability"] for answer in flow["answers"]) == pytest.approx(1, abs=1e-4)
    assert flow["photo_size"] == "16 × 16"
    assert flow["detail"] == "" and flow["sprite"].startswith("data:image/png;base64,")


def test_what_is_done_on_the_drawing_stands_in_the_address(monkeypatch):
    address, act = {}, {}
    monkeypatch.setattr(whole.state, "event", lambda *_: act)
    monkeypatch.setattr(whole.state, "set_address", address.__setitem__)
    monkeypatch.setattr(whole.state, "address_list", lambda name: address.get(name, []))
    monkeypatch.setattr(whole.state, "set_address_list", address.__setitem__)
    act.update({"do": "open", "layer": "conv2d_1", "map": 3})
    whole._acted()
    assert address == {"layer": "conv2d_1", "map": "3", "at": None, "view": "maps"}
    for expected in (["block"], []):
        act.update({"do": "fold", "group": "block"})
        whole._acted()
        assert address["open"] == expected
    act.update({"do": "detail", "detail": "every"})
    whole._acted()
    assert address["detail"] == "every"


def test_drawing_begins_with_the_run_at_hand_when_it_is_small_enough(view, sent, at_trained_run):
    app = view(part="draw")
    assert not app.exception and not app.error and not app.info
    assert sent["live"]["run"] == at_trained_run.name and not sent["live"]["digits"]
    assert sent["live"]["address"].startswith(f"/api/runs/{at_trained_run.name}/live?stamp=")
    assert sent["live"]["photo"]


@pytest.fixture
def too_large(monkeypatch):
    monkeypatch.setattr(live, "MOST_WORK", 1)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))


def test_a_network_that_is_too_large_says_so_and_another_is_offered(view, sent, too_large):
    app = view(part="draw")
    assert "multiplications a picture; 1 are the most" in app.info[0].value
    assert "live" not in sent
    assert app.button(key="whole-live-make").label == "Make one now"


def test_one_click_starts_the_making_which_is_then_followed(view, too_large, monkeypatch):
    launched = []
    monkeypatch.setattr(whole_live, "launch", launched.append)
    app = view(part="draw")
    app.button(key="whole-live-make").click().run()
    (folder,) = launched
    assert not app.exception and app.button(key=f"stop-{folder.name}").label == "Stop"
    failed = JobStatus(title="Make", state=State.FAILED, message="The disk is full.", created=0)
    write_status(folder, failed)
    app.run()
    assert "The disk is full." in app.error[0].value
    assert app.button(key="whole-live-make")
    shutil.rmtree(folder)


def test_an_engine_that_fails_is_told(open_page, at_trained_run, monkeypatch, sent):
    class Broken:
        def call(self, *arguments, **named):
            raise LoupeError("This model takes 2 inputs.")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = open_page("feature_maps", run=at_trained_run.name, view="whole")
    for part in ("photo", "draw"):
        app.query_params["view"], app.query_params["part"] = "whole", part
        app.run()
        assert "This model takes 2 inputs." in words(app)
        assert not app.exception and not sent
