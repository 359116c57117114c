"""Weights files: found, fetched, missing, damaged."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.errors import LoupeError, NotFound, Stopped
from core.models import weights
from core.models.backbones import Backbone
from core.models.transfer import build_backbone
from core.progress import silent

V2 = Backbone(name="v2", backbone="mobilenet-v2", width=0.35)
V3 = Backbone(name="v3", backbone="mobilenet-v3-small")
CONTENT = bytes(range(256)) * 400


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """An empty home of Keras, and nobody at the address of the weights."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(weights, "BASE_URL", "http://127.0.0.1:9/none")
    return tmp_path / "keras"


@pytest.fixture
def served(tmp_path, monkeypatch, keras_home):
    """A server with weights files that hold nonsense."""
    root = tmp_path / "served"
    for backbone in (V2, V3):
        (root / backbone.family.folder).mkdir(parents=True)
        name = weights.weights_files(backbone, (224, 224))[0].name
        (root / backbone.family.folder / name).write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setattr(weights, "BASE_URL", f"http://127.0.0.1:{server.server_port}")
    yield root
    server.shutdown()
    server.server_close()


def test_what_is_missing_is_named_with_the_folder_where_it_is_looked_for(keras_home):
    for ask in (weights.require_weights, partial(weights.obtain_weights, progress=silent)):
        with pytest.raises(NotFound) as refusal:
            ask(V2, (224, 224))
        words = str(refusal.value)
        assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5" in words
        assert str(keras_home / "models") in words
        assert "no connection to the internet" in words and "small-cnn" in words
    assert not list(keras_home.rglob("*.h5"))
    with pytest.raises(NotFound, match="not on this computer"):
        weights.local_weights(V2, (224, 224))


def test_a_size_with_a_file_of_its_own_prefers_it_and_takes_the_other_that_is_here(keras_home):
    names = [file.name for file in weights.weights_files(V2, (96, 96))]
    assert [name.split("_")[-3] for name in names] == ["96", "224"]
    assert len(weights.weights_files(V2, (100, 60))) == 1
    (keras_home / "models").mkdir(parents=True)
    (keras_home / "models" / names[1]).write_bytes(b"here")
    assert weights.find_weights(V2, (96, 96)).name == names[1]
    assert weights.needs_fetching(V2, (96, 96)) is None
    assert weights.needs_fetching(V2.model_copy(update={"weights": "random"}), (50, 50)) is None


def test_weights_are_fetched_once_with_progress(served, keras_home):
    weights.require_weights(V2, (100, 100))
    heard = []
    path = weights.obtain_weights(V2, (100, 100), lambda *told: heard.append(told))
    assert path.parent == keras_home / "models" and path.read_bytes() == CONTENT
    assert heard[-1][:2] == (len(CONTENT) // 1000,) * 2
    assert heard[-1][2] == "Fetching the weights of MobileNetV2"
    (served / "mobilenet_v2" / path.name).unlink()
    assert weights.obtain_weights(V2, (100, 100), silent) == path
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_stop_or_a_file_that_arrives_damaged_leaves_nothing(served, keras_home):
    def stop(done, total, message):
        if done:
            raise Stopped("The work was stopped.")

    with pytest.raises(Stopped):
        weights.obtain_weights(V2, (224, 224), stop)
    with pytest.raises(NotFound, match="arrived damaged"):
        weights.obtain_weights(V3, (224, 224), silent)
    assert not list((keras_home / "models").iterdir())


def test_a_server_without_the_file_is_told_apart(served):
    (served / "mobilenet_v2").rename(served / "elsewhere")
    with pytest.raises(NotFound, match="the server answered 404"):
        weights.require_weights(V2, (224, 224))
    with pytest.raises(NotFound, match="the server answered 404"):
        weights.obtain_weights(V2, (224, 224), silent)


def test_a_damaged_file_is_named(tmp_path):
    damaged = tmp_path / "mobilenet.h5"
    damaged.write_bytes(CONTENT)
    with pytest.raises(LoupeError) as refusal:
        build_backbone(V2, (32, 32), damaged)
    assert "mobilenet.h5 is damaged" in refusal.value.message
    assert str(damaged) in refusal.value.next_step


def test_the_digest_follows_the_content(tmp_path):
    one = tmp_path / "one.h5"
    one.write_bytes(b"a")
    first = weights.weights_digest(one)
    one.write_bytes(b"bb")
    assert weights.weights_digest(one) != first
    assert weights.weights_digest(None) == "random"
