"""The two services' protocols, page by page, against the local server."""

import pytest

from core.datasets.web import flickr, inaturalist
from core.datasets.web.fetching import Fetcher, FetchError, Unreachable
from core.datasets.web.found import web_address
from core.datasets.web.licences import FLICKR, inaturalist_name, licence_url
from tests.core.datasets.web.photo_server import KEY

ROW = flickr.Keyword(label="gatekeeper", text="gatekeeper butterfly")
SEARCH = flickr.FlickrSearch(rows=(ROW,), licences=("cc-by", "cc-by-nc"))
DRAGONFLIES = inaturalist.TaxonRow(label="dragonfly", taxon_id=47927)


@pytest.fixture
def at_server(server, monkeypatch):
    monkeypatch.setenv("LOUPE_FLICKR_URL", server.flickr_url)
    monkeypatch.setenv("LOUPE_INATURALIST_URL", server.inaturalist_url)
    return server


def names(pages):
    return [photo.name for page in pages for photo in page]


def test_flickr_is_asked_as_documented_and_walked_to_the_end(at_server, fetcher):
    at_server.results["gatekeeper butterfly"] = list(range(1, 601))
    found = names(flickr.pages(fetcher, KEY, SEARCH, ROW))
    assert found == [f"flickr-{number}" for number in range(1, 601)]
    first = at_server.forms[0]
    assert first["method"] == "flickr.photos.search"
    assert first["text"] == "gatekeeper butterfly"
    assert first["license"] == "2,4,11,14"
    assert (first["format"], first["nojsoncallback"], first["sort"]) == ("json", "1", "relevance")
    assert [form["page"] for form in at_server.forms] == ["1", "2", "3"]


def test_a_flickr_photo_knows_whose_it_is(at_server, fetcher):
    at_server.results["gatekeeper butterfly"] = [3]
    [[photo]] = flickr.pages(fetcher, KEY, SEARCH, ROW)
    assert photo.author == "Photographer 3"
    assert photo.licence == "CC BY 2.0"
    assert photo.source_page == "https://www.flickr.com/photos/30000001@N03/3"
    assert photo.group == "flickr-30000001@N03-2021-07-03"


def test_a_photo_under_another_licence_is_not_taken_even_if_flickr_sends_it(at_server, fetcher):
    at_server.results["gatekeeper butterfly"] = [1, 2, 3, 4]
    at_server.licences |= {1: "0", 2: "6", 3: "99"}
    assert names(flickr.pages(fetcher, KEY, SEARCH, ROW)) == ["flickr-4"]


def test_the_size_that_comes_nearest_is_taken():
    addresses = {"url_s": "https://a.example/s.jpg", "url_z": "https://a.example/z.jpg"}
    assert flickr._address(addresses, "large") == "https://a.example/z.jpg"
    assert flickr._address(addresses, "medium") == "https://a.example/s.jpg"
    assert flickr._address({"url_l": "https://a.example/l.jpg"}, "small").endswith("l.jpg")
    assert flickr._address({"url_m": "javascript:alert(1)"}, "medium") == ""


def test_the_key_stands_in_no_address(at_server, fetcher):
    at_server.results["gatekeeper butterfly"] = [1]
    list(flickr.pages(fetcher, KEY, SEARCH, ROW))
    assert at_server.asked == ["/services/rest/"]


def test_an_invalid_key_is_told_and_not_shown(at_server, clock):
    fetcher = Fetcher([at_server.url], ["wrong-key"], clock=clock)
    with pytest.raises(flickr.InvalidKey) as caught:
        list(flickr.pages(fetcher, "wrong-key", SEARCH, ROW))
    assert "wrong-key" not in str(caught.value)


def test_a_key_in_flickrs_own_words_is_not_repeated(at_server, clock):
    at_server.faults["flickr"] = ["echo"]
    fetcher = Fetcher([at_server.url], [KEY], clock=clock)
    with pytest.raises(FetchError, match="Query for key … failed") as caught:
        list(flickr.pages(fetcher, KEY, SEARCH, ROW))
    assert KEY not in str(caught.value)


def test_flickr_out_of_order_is_tried_again(at_server, fetcher):
    at_server.results["gatekeeper butterfly"] = [1]
    at_server.faults["flickr"] = ["out of order", "out of order"]
    assert names(flickr.pages(fetcher, KEY, SEARCH, ROW)) == ["flickr-1"]
    at_server.faults["flickr"] = ["out of order", "always"]
    with pytest.raises(Unreachable, match="out of order"):
        list(flickr.pages(fetcher, KEY, SEARCH, ROW))


def test_nothing_found_is_an_empty_page(at_server, fetcher):
    assert names(flickr.pages(fetcher, KEY, SEARCH, ROW)) == []
    search = inaturalist.INaturalistSearch(rows=(DRAGONFLIES,))
    assert names(inaturalist.pages(fetcher, search, DRAGONFLIES)) == []


def test_inaturalist_is_walked_by_id(at_server, fetcher):
    at_server.results[47927] = list(range(1, 421))
    search = inaturalist.INaturalistSearch(rows=(DRAGONFLIES,), size="large")
    pages = [*inaturalist.pages(fetcher, search, DRAGONFLIES)]
    assert [len(page) for page in pages] == [200, 200, 20]
    photo = pages[0][6]
    assert photo.name == "inaturalist-70"
    assert photo.url == f"{at_server.url}/photos/70/large.jpg"
    assert photo.author == "Observer 1"
    assert photo.licence == "CC BY-NC 4.0"
    assert photo.source_page == "https://www.inaturalist.org/observations/7"
    assert photo.group == "inaturalist-7"


def test_a_sighting_gives_as_many_photos_as_asked_for(at_server, fetcher):
    at_server.results[47927] = [1, 2]
    at_server.licences[2] = "cc-by-nd"
    search = inaturalist.INaturalistSearch(rows=(DRAGONFLIES,), per_observation=2)
    assert names(inaturalist.pages(fetcher, search, DRAGONFLIES)) == [
        "inaturalist-10",
        "inaturalist-11",
    ]


def test_a_taxon_is_found_by_either_name(at_server, fetcher):
    [first, *_] = inaturalist.find_taxa(fetcher, "Anisoptera")
    assert (first.id, first.title) == (47927, "Dragonflies (Anisoptera)")
    assert {taxon.id for taxon in inaturalist.find_taxa(fetcher, "damselflies")} == {47792, 47926}
    assert inaturalist.find_taxa(fetcher, "unicorn") == []


def test_answers_of_any_shape_do_no_harm(fetcher, monkeypatch):
    nonsense = [
        {"results": None},
        {"results": [None, 1, {"id": "1; drop", "photos": [3]}, {"id": 4, "photos": [{}]}]},
        {"results": [{"id": 5, "photos": [{"id": 6, "license_code": "cc0", "url": 7}]}]},
        {"results": [{"id": True, "name": "x", "default_photo": []}]},
    ]
    search = inaturalist.INaturalistSearch(rows=(DRAGONFLIES,))
    for answer in nonsense:
        monkeypatch.setattr(fetcher, "fetch_json", lambda *_, answer=answer, **__: answer)
        assert names(inaturalist.pages(fetcher, search, DRAGONFLIES)) == []
        assert inaturalist.find_taxa(fetcher, "x") == []
    for photos in (None, [], {"photo": "x"}, {"photo": [{"id": "../../x"}], "pages": "many"}):
        answer = {"stat": "ok", "photos": photos}
        monkeypatch.setattr(fetcher, "fetch_json", lambda *_, answer=answer, **__: answer)
        assert names(flickr.pages(fetcher, KEY, SEARCH, ROW)) == []


def test_every_licence_has_a_page_that_explains_it():
    for code, name in FLICKR.values():
        assert licence_url(name).startswith("https://"), (code, name)
    assert licence_url("CC BY-NC-SA 2.0") == "https://creativecommons.org/licenses/by-nc-sa/2.0/"
    assert licence_url(inaturalist_name("cc0")).endswith("/zero/1.0/")
    assert licence_url(inaturalist_name("cc-by-nc")).endswith("/by-nc/4.0/")
    assert licence_url("something else") == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///x", "https://", "https://a b/c", None, 7, "//x/y"]
)
def test_only_web_addresses_are_addresses(url):
    assert web_address(url) == ""
