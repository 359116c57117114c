"""Photos from the web on the Photos page: nothing there yet, the happy path, what goes wrong."""

import pytest

from core.datasets.collections import list_collections
from core.datasets.manifest import list_datasets, open_dataset
from core.datasets.web import harvesting
from core.datasets.web.fetching import Fetcher
from core.datasets.web.journal import kept_search
from core.jobs import run_job
from tests.core.datasets.web.conftest import QuickClock
from tests.core.datasets.web.photo_server import KEY, photo_server


@pytest.fixture
def server():
    with photo_server() as running:
        running.results |= {
            "meadow brown butterfly": list(range(1, 21)),
            "gatekeeper butterfly": list(range(1001, 1021)),
            47927: list(range(1, 21)),
            47926: list(range(101, 121)),
        }
        yield running


@pytest.fixture
def at_server(server, workspace, monkeypatch):
    """The local server stands for both services; jobs are done at once, in this process."""

    def launch(folder, environment=None):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (environment or {}).items():
                patch.setenv(name, value)
            run_job(folder)

    def fetcher(allowed, secrets):
        return Fetcher(allowed, secrets, clock=QuickClock())

    monkeypatch.setenv("LOUPE_FLICKR_URL", server.flickr_url)
    monkeypatch.setenv("LOUPE_INATURALIST_URL", server.inaturalist_url)
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    monkeypatch.setattr("ui.photos.web_search.launch", launch)
    monkeypatch.setattr("ui.photos.import_form.launch", run_job)
    monkeypatch.setattr("ui.photos.open_collection.launch", run_job)
    monkeypatch.setattr(harvesting, "Fetcher", fetcher)
    return server


def words(app):
    main = app.main
    parts = [*main.subheader, *main.markdown, *main.caption, *main.info, *main.error, *main.code]
    return " ".join(str(part.value) for part in parts)


def preset(app, kind, name):
    return app.button(key=f"{kind}-preset-{name}").click().run()


def fetch(app, kind, most=5):
    app.number_input(key=f"{kind}-search.maximum").set_value(most).run()
    return app.button(key=f"{kind}-start").click().run()


def test_without_a_key_it_says_how_to_get_one_and_offers_no_box_for_it(
    open_page, workspace, monkeypatch
):
    monkeypatch.delenv("FLICKR_API_KEY", raising=False)
    app = open_page("photos", way="flickr")
    said = words(app)
    assert "Flickr needs a key" in said and "secrets.toml" in said and "[flickr]" in said
    assert not app.main.text_input
    assert not app.exception


def test_a_key_among_streamlits_secrets_is_found(open_page, workspace, monkeypatch):
    monkeypatch.delenv("FLICKR_API_KEY", raising=False)
    import streamlit as st

    monkeypatch.setattr(st.secrets, "load_if_toml_exists", lambda: True)
    monkeypatch.setattr(st.secrets, "_secrets", {"flickr": {"api_key": " abc "}}, raising=False)
    from ui.flickr_key import flickr_key, job_environment

    assert flickr_key() == "abc"
    assert job_environment() == {"LOUPE_FLICKR_API_KEY": "abc"}


def test_two_butterflies_become_a_data_set_that_knows_its_authors(open_page, at_server):
    app = open_page("photos", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    assert [box.value for box in app.main.text_input] == [
        "meadow brown",
        "meadow brown butterfly",
        "gatekeeper",
        "gatekeeper butterfly",
    ]
    fetch(app, "flickr")
    assert not app.exception and not app.error
    assert "**meadow brown:** 5 photos" in words(app) and "Look through them" in words(app)
    app.button(key="search-make").click().run()
    assert not app.exception and not app.error
    [summary] = list_datasets(harvesting_workspace())
    assert summary["classes"] == {"gatekeeper": 5, "meadow brown": 5}
    dataset = open_dataset(harvesting_workspace(), summary["name"])
    assert set(dataset.manifest["origin"]) == {"flickr"} and all(dataset.manifest["author"])
    assert "10 photos" in words(app) and "Name them" in words(app)
    assert list_collections(harvesting_workspace()) == []


def harvesting_workspace():
    from ui import cache

    return cache.workspace()


def test_what_is_half_filled_in_is_told(open_page, at_server):
    app = open_page("photos", way="flickr")
    app.button(key="flickr-start").click().run()
    assert "nothing to search for" in app.error[0].value
    app.main.text_input[0].set_value("gatekeeper").run()
    app.button(key="flickr-start").click().run()
    assert "needs a name and words to search for" in app.error[0].value
    app.main.text_input[1].set_value("gatekeeper butterfly").run()
    app.main.text_input[2].set_value("gatekeeper").run()
    app.main.text_input[3].set_value("hedge brown").run()
    app.button(key="flickr-start").click().run()
    assert "Two rows have the class 'gatekeeper'" in app.error[0].value
    assert list_collections(harvesting_workspace()) == []


def test_rows_come_and_go_and_keep_what_was_typed(open_page, at_server):
    app = open_page("photos", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    app.button(key="flickr-add-row").click().run()
    assert len(app.main.text_input) == 6
    first = next(button for button in app.main.button if button.label == "Remove")
    first.click().run()
    assert [box.value for box in app.main.text_input][:2] == ["gatekeeper", "gatekeeper butterfly"]


def test_a_key_that_is_not_taken_is_told_on_the_page(open_page, at_server, monkeypatch):
    monkeypatch.setenv("FLICKR_API_KEY", "somebody-elses")
    app = open_page("photos", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    fetch(app, "flickr")
    assert "does not take this API key" in app.error[0].value
    assert "somebody-elses" not in words(app)
    monkeypatch.setenv("FLICKR_API_KEY", KEY)
    app.button(key="search-again").click().run()
    assert not app.error and "**gatekeeper:** 5 photos" in words(app)


def test_a_search_thrown_away_can_be_brought_back(open_page, at_server):
    app = open_page("photos", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    fetch(app, "flickr")
    app.button(key="search-away-button").click().run()
    assert list_collections(harvesting_workspace()) == []
    app.button(key="search-undo").click().run()
    assert "**gatekeeper:** 5 photos" in words(app)


def test_more_photos_for_a_data_set_leave_out_what_it_has(open_page, at_server):
    app = open_page("photos", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    fetch(app, "flickr")
    app.button(key="search-make").click().run()
    name = list_datasets(harvesting_workspace())[0]["name"]

    app = open_page("photos", dataset=name, view="add", way="flickr")
    preset(app, "flickr", "The tutorial's butterflies")
    app.button_group(key="flickr-purpose").set_value(name).run()
    fetch(app, "flickr", most=3)
    assert "**gatekeeper:** 3 photos, 5 were there already" in words(app)
    app.button(key="search-add").click().run()
    assert not app.exception and not app.error
    dataset = open_dataset(harvesting_workspace(), name)
    assert dataset.class_counts() == {"gatekeeper": 8, "meadow brown": 8}
    assert dataset.version == 2


def test_inaturalist_finds_species_by_name_and_fills_in_the_class(open_page, at_server):
    app = open_page("photos", way="inaturalist")
    app.main.text_input[0].set_value("Anisoptera").run()
    assert app.main.text_input[1].value == "dragonflies"
    assert "2,100,000 observations" in str(app.main.selectbox[0].options[0])
    preset(app, "inaturalist", "Dragonflies and damselflies")
    assert app.main.text_input[1].value == "dragonfly"
    fetch(app, "inaturalist")
    assert not app.exception and not app.error
    assert "**damselfly:** 5 photos" in words(app)
    [collection] = list_collections(harvesting_workspace())
    rows = kept_search(collection.folder)["search"]["rows"]
    assert [row["taxon_id"] for row in rows] == [47927, 47926]


def test_inaturalist_out_of_reach_is_a_sentence(open_page, at_server):
    at_server.faults["/v1/taxa/autocomplete"] = ["broken", "always"]
    app = open_page("photos", way="inaturalist")
    app.main.text_input[0].set_value("Zygoptera").run()
    assert "has a problem of its own" in app.error[0].value
    assert not app.exception


def test_a_well_known_set_that_cannot_be_fetched_says_where_it_would_lie(
    open_page, workspace, monkeypatch, tmp_path
):
    import socket

    def no_network(*arguments, **options):
        raise socket.gaierror("no network")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    monkeypatch.setattr("core.datasets.web.known_set_import.WatchfulClock", lambda _: QuickClock())
    monkeypatch.setattr("ui.photos.known_sets_view.launch", run_job)
    app = open_page("photos", way="known")
    assert "Get CIFAR-10" in [button.label for button in app.main.button]
    app.button(key="known-mnist").click().run()
    said = app.error[0].value
    assert "MNIST could not be fetched" in said and "mnist.npz" in said and "archive" in said
    assert not app.exception and list_datasets(workspace) == []
