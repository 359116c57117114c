"""The route that hands a small network's weights to the browser."""

import pytest

from core.inspection import live
from core.jobs import resolve
from tests.ui.test_routes import Client


@pytest.fixture
def client(at_trained_run, monkeypatch):
    class Here:
        def call(self, function, *arguments):
            return resolve(function)(*arguments)

    monkeypatch.setattr("ui.cache.engine", Here)
    return Client()


def test_a_network_is_sent_once_and_not_again_while_it_stays_the_same(client, at_trained_run):
    address = f"/api/runs/{at_trained_run.name}/live?stamp=1"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content == live.export_network(str(at_trained_run.folder))
    again = client.get(address, {"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_what_cannot_be_sent_is_answered_in_words(client, at_trained_run, monkeypatch):
    assert client.get("/api/runs/none/live").status_code == 404
    monkeypatch.setattr(live, "MOST_WORK", 1)
    answer = client.get(f"/api/runs/{at_trained_run.name}/live")
    assert answer.status_code == 422 and "cannot react" in answer.json()["error"]
