import base64
import shutil

import numpy as np
import pytest

from core.images import encode_png
from core.inspection.embeddings import (
    embeddings_job,
    embeddings_map_path,
    embeddings_path,
    read_embeddings,
)
from core.jobs import new_job
from core.training.runs import Run
from core.workspace import open_workspace
from tests.conftest import draw_shape
from tests.pages.test_feature_maps import html, words
from ui.photos.measuring import EMBED


@pytest.fixture
def run(trained_run, tmp_path, monkeypatch):
    """A copy of the trained run whose workspace the pages open."""
    shutil.copytree(trained_run.workspace.root, tmp_path / "own")
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "own"))
    workspace = open_workspace(tmp_path / "own")
    return Run(workspace.runs / trained_run.name)


@pytest.fixture
def looked(run):
    """The same after its network has looked at all photos."""
    job = run.workspace.jobs / "embed"
    job.mkdir(parents=True, exist_ok=True)
    embeddings_job(job, lambda *report: None, run.name)
    return run


@pytest.fixture
def shown(monkeypatch):
    """What the map was given."""
    given = []
    monkeypatch.setattr("ui.inside.embeddings.photo_map", lambda **data: given.append(data))
    return given


def show(open_page, run, **address):
    app = open_page("feature_maps", run=run.name)
    for name, value in ({"view": "embeddings"} | address).items():
        app.query_params[name] = value
    return app.run()


def codes(data):
    return np.frombuffer(base64.b64decode(data["codes"]), np.uint8)


def test_before_the_network_looked_that_is_offered(open_page, run, here, shown):
    app = show(open_page, run)
    assert not app.exception and not app.error and not shown
    assert f"Let {run.name} look at them" in [button.label for button in app.main.button]


def test_the_plane_says_what_it_shows_and_what_it_hides(open_page, looked, here, shown):
    app = show(open_page, looked)
    assert not app.exception and not app.error
    assert "In all 16 numbers," in words(app) and "of all differences" in words(app)
    assert f"by={looked.name}&plane=pca" in shown[-1]["points"]
    assert {group["name"]: group["count"] for group in shown[-1]["groups"]} == {
        "disc": 24,
        "frame": 24,
    }
    (mark,) = shown[-1]["copies"]
    photo = str(app.query_params["photo"][0] if isinstance(app.query_params["photo"], list)
                else app.query_params["photo"])  # fmt: skip
    assert mark["here"] and mark["from"] == photo
    app = show(open_page, looked, plane="tsne")
    assert "plane=tsne" in shown[-1]["points"] and "Only neighbourhood counts" in words(app)


def test_points_are_coloured_by_what_the_network_answers(open_page, looked, here, shown):
    known = read_embeddings(looked)
    sure = known.probabilities.max(axis=1)
    show(open_page, looked, color="sure")
    counts = [group["count"] for group in shown[-1]["groups"]]
    assert counts == [(sure >= 0.9).sum(), ((sure >= 0.6) & (sure < 0.9)).sum(), (sure < 0.6).sum()]
    show(open_page, looked, color="right")
    assert [group["name"] for group in shown[-1]["groups"]] == ["right", "wrong"]
    assert sum(group["count"] for group in shown[-1]["groups"]) == 48
    show(open_page, looked, color="answer")
    assert (codes(shown[-1]) == known.probabilities.argmax(axis=1)).all()
    show(open_page, looked, color="split")
    assert [group["name"] for group in shown[-1]["groups"]] == ["Train", "Validation", "Test"]


def test_a_photo_that_was_clicked_is_opened_and_looked_into(open_page, looked, here, shown):
    known = read_embeddings(looked)
    app = show(open_page, looked, near=known.ids[3])
    assert not app.exception and not app.error
    assert "Nearest to it in all numbers" in words(app) and html(app).count("<figure>") == 5
    app.button(key="embeddings-look").click().run()
    assert app.query_params["photo"] in (known.ids[3], [known.ids[3]])
    assert "maps in all of them" in html(app)


def test_a_new_photo_is_joined_with_the_one_it_is_most_like(open_page, looked, here, shown):
    known = read_embeddings(looked)
    for plane in ("pca", "tsne"):
        app = show(open_page, looked, plane=plane)
        app.button_group(key="inside-where").set_value("Files").run()
        picture = encode_png(draw_shape("frame", 999))
        app.file_uploader(key="inside-file").set_value(("new.png", picture, "image/png")).run()
        assert not app.exception and not app.error
        (mark,) = shown[-1]["copies"]
        assert mark["from"] in known.ids and 0 <= mark["x"] <= 1 and 0 <= mark["y"] <= 1
        assert "joined with the likest" in mark["words"]


def test_without_a_map_the_plane_stands_in_for_it(open_page, looked, here, shown):
    embeddings_map_path(looked).unlink()
    app = show(open_page, looked, plane="tsne")
    assert not app.exception and "Arrange them" in [button.label for button in app.main.button]
    assert "plane=pca" in shown[-1]["points"]


def test_what_was_kept_without_answers_is_coloured_by_class(open_page, looked, here, shown):
    known = read_embeddings(looked)
    np.savez(embeddings_path(looked), ids=np.array(known.ids), vectors=known.vectors)
    app = show(open_page, looked, color="sure", near=known.ids[0])
    assert not app.exception and "coloured by class" in words(app)
    assert [group["name"] for group in shown[-1]["groups"]] == ["disc", "frame"]


def test_an_address_from_elsewhere_and_damage_are_told(open_page, looked, here, shown):
    app = show(open_page, looked, plane="x", color="y", near="nothing")
    assert not app.exception and "not on this plane" in words(app)
    embeddings_path(looked).write_bytes(b"damaged")
    app = show(open_page, looked)
    assert not app.exception and not app.error
    assert f"Let {looked.name} look at them" in [button.label for button in app.main.button]


def test_without_the_photos_there_is_no_plane(open_page, looked, here, shown):
    shutil.rmtree(looked.workspace.datasets / "shapes")
    app = open_page("feature_maps", run=looked.name)
    app.query_params["view"] = "embeddings"
    app.run()
    picture = encode_png(draw_shape("frame", 999))
    app.button_group(key="inside-where").set_value("Files").run()
    app.file_uploader(key="inside-file").set_value(("new.png", picture, "image/png")).run()
    assert not app.exception and "no longer here" in app.info[0].value


def test_only_the_work_of_this_run_is_shown_as_going_on(
    open_page, looked, here, shown, monkeypatch
):
    monkeypatch.setattr("ui.job_view.is_running", lambda folder: True)
    new_job(looked.workspace, EMBED, {"run": "another"}, "look")
    app = show(open_page, looked)
    labels = [button.label for button in app.main.button]
    assert not app.exception and f"Let {looked.name} look at them" not in labels
    new_job(looked.workspace, EMBED, {"run": looked.name}, "look")
    app = show(open_page, looked)
    assert not app.exception and "Stop" in [button.label for button in app.main.button]
    assert shown
