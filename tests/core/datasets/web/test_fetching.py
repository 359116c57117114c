import hashlib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.web.addresses import RefusedAddress, is_public, place_of
from core.datasets.web.fetching import Fetcher, FetchError, Patience, TooBusy, Unreachable
from core.errors import Stopped
from tests.core.datasets.web.conftest import QuickClock
from tests.core.datasets.web.photo_server import draw_photo

PHOTO = "/photos/5.jpg"
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "not an address",
        "",
    ],
)
def test_addresses_of_this_computer_and_its_network_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"]
)
def test_addresses_on_the_internet_are_public(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_the_clothes_of_version_6(address):
    assert is_public(f"::ffff:{address}") == is_public(str(address))


def test_a_place_is_a_host_and_a_port():
    assert place_of("https://Live.StaticFlickr.com/1/2.jpg") == "live.staticflickr.com:443"
    assert place_of("http://localhost:80") == "localhost:80"
    for other in ("file:///etc/passwd", "ftp://host/a", "http://", "http://host:99999", "//host"):
        assert place_of(other) == ""


def test_a_photo_comes_as_it_is(server, fetcher):
    assert fetcher.fetch(server.url + PHOTO) == draw_photo(5)


def test_a_redirect_within_what_is_allowed_is_followed(server, fetcher):
    server.faults[PHOTO] = ["moved"]
    assert fetcher.fetch(server.url + PHOTO) == draw_photo(77)


@pytest.mark.parametrize("fault", ["broken", "hang_up", "truncated", "busy"])
def test_what_went_wrong_once_is_tried_again(server, fetcher, clock, fault):
    server.faults[PHOTO] = [fault]
    assert fetcher.fetch(server.url + PHOTO) == draw_photo(5)
    assert server.asked == [PHOTO, PHOTO]
    assert clock.slept


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [("busy", pytest.approx(7, abs=0.01)), ("busy_until", pytest.approx(30, abs=2))],
)
def test_a_server_is_left_alone_for_as_long_as_it_asks(server, fetcher, clock, fault, seconds):
    server.faults[PHOTO] = [fault]
    fetcher.fetch(server.url + PHOTO)
    assert sum(clock.slept) == seconds


def test_a_server_that_asks_for_an_hour_is_not_waited_for(server, fetcher, clock):
    server.faults[PHOTO] = ["busy_for_an_hour"]
    with pytest.raises(TooBusy, match="wait for 60 minutes"):
        fetcher.fetch(server.url + PHOTO)
    assert server.asked == [PHOTO] and not clock.slept


def test_pauses_grow_and_the_attempts_end(server, fetcher, clock):
    server.faults[PHOTO] = ["broken", "always"]
    with pytest.raises(Unreachable, match="problem of its own"):
        fetcher.fetch(server.url + PHOTO)
    assert len(server.asked) == Patience().attempts
    pauses = [pause for pause in clock.slept if pause > 0.11]
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("gone", "not there any more"),
        ("huge", "larger than 1 MB"),
        ("endless", "larger than 1 MB"),
        ("loop", "without end"),
        ("to_file", "no web page"),
    ],
)
def test_what_will_not_come_is_told_at_once(server, fetcher, fault, words):
    server.faults[PHOTO] = [fault, "always"]
    with pytest.raises(FetchError, match=words):
        fetcher.fetch(server.url + PHOTO, max_bytes=1_000_000)
    assert len(server.asked) <= 6


@pytest.mark.parametrize("fault", ["to_private", "to_loopback"])
def test_a_redirect_into_the_private_network_is_refused(server, fetcher, fault):
    server.faults[PHOTO] = [fault]
    with pytest.raises(RefusedAddress, match="private network"):
        fetcher.fetch(server.url + PHOTO)
    assert server.asked == [PHOTO]


def test_without_leave_not_even_a_name_of_this_computer_is_asked(server):
    with pytest.raises(RefusedAddress):
        Fetcher().fetch(server.url + PHOTO)
    with pytest.raises(RefusedAddress):
        Fetcher().fetch(server.url.replace("127.0.0.1", "localhost") + PHOTO)
    assert server.asked == []


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(server, fetcher, monkeypatch):
    """A name server that answers differently the second time (DNS rebinding) gains nothing."""
    looked_up = []
    real = socket.getaddrinfo

    def lookup(host, *arguments, **options):
        if host != "photos.example":
            return real(host, *arguments, **options)
        looked_up.append(host)
        address = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

    connected = []

    def connect(address, *arguments, **options):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    monkeypatch.setattr("core.datasets.web.addresses.create_connection", connect)
    with pytest.raises(Unreachable):
        Fetcher(clock=QuickClock(), patience=Patience(attempts=1)).fetch("http://photos.example/a")
    assert connected == ["93.184.216.34"] and looked_up == ["photos.example"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    answers = [(socket.AF_INET, 1, 6, "", (address, 80)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(RefusedAddress):
        Fetcher().fetch("http://photos.example/a")


def test_a_slow_drip_ends(server):
    clock = QuickClock(seconds_per_look=20)
    fetcher = Fetcher(allowed=[server.url], clock=clock)
    server.faults[PHOTO] = ["drip", "always"]
    with pytest.raises(FetchError, match="longer than 90 seconds"):
        fetcher.fetch(server.url + PHOTO)


def test_headers_that_come_byte_by_byte_end_too(server, clock):
    """The read timeout never passes: each byte begins it anew."""
    fetcher = Fetcher([server.url], clock=clock, patience=Patience(read=0.2, attempts=2))
    server.faults[PHOTO] = ["drip_headers"]
    assert fetcher.fetch(server.url + PHOTO) == draw_photo(5)
    assert server.asked == [PHOTO, PHOTO]


def test_a_download_into_a_file_tells_how_far_it_is_and_begins_anew(server, fetcher, tmp_path):
    server.results["/files/set.bin"] = bytes(range(256)) * 4000
    server.faults["/files/set.bin"] = ["truncated"]
    told = []
    path = tmp_path / "set.bin"
    fetcher.download(
        f"{server.url}/files/set.bin", path, 10**7, lambda done, total: told.append((done, total))
    )
    assert (
        hashlib.sha256(path.read_bytes()).digest()
        == hashlib.sha256(server.results["/files/set.bin"]).digest()
    )
    assert told[-1] == (1_024_000, 1_024_000)


def test_requests_to_an_interface_are_a_second_apart(server, fetcher, clock):
    for _ in range(3):
        fetcher.fetch_json(f"{server.url}/v1/taxa/autocomplete", 1.0, {"q": "dragon"})
    assert sum(clock.slept) == pytest.approx(2)


def test_a_log_in_page_instead_of_a_list_is_told(server, fetcher):
    server.faults["/v1/taxa/autocomplete"] = ["not_json"]
    with pytest.raises(Unreachable, match="not the expected list"):
        fetcher.fetch_json(f"{server.url}/v1/taxa/autocomplete", 1.0, {"q": "dragon"})


def test_a_stopped_clock_ends_the_waiting(server, fetcher, clock):
    clock.stop()
    with pytest.raises(Stopped):
        fetcher.fetch(server.url + PHOTO)


def test_no_message_shows_a_secret(clock):
    fetcher = Fetcher(secrets=["k3y+/="], clock=clock)
    assert "k3y" not in fetcher.plain("about k3y+/= and k3y%2B/%3D and k3y%2B%2F%3D")
    assert fetcher.plain("two\nlines\x07") == "two lines�"


def test_a_server_that_is_not_there_is_told_in_a_sentence(clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="127.0.0.1 could not be reached") as caught:
        Fetcher(allowed=[address], clock=clock).fetch(f"{address}/?api_key=secret")
    assert "secret" not in str(caught.value) and caught.value.__suppress_context__
