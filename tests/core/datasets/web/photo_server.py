"""A server on this computer that speaks as Flickr and iNaturalist document it, faults included."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np

from core.images import encode_jpeg

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TAXA = {
    47792: ("Odonata", "Dragonflies and Damselflies", "order", 3_400_000),
    47927: ("Anisoptera", "Dragonflies", "suborder", 2_100_000),
    47926: ("Zygoptera", "Damselflies", "suborder", 1_200_000),
}


def draw_photo(number, hue=0, size=(90, 120)):
    """JPEG bytes of a picture that no other number has."""
    generator = np.random.default_rng((number, hue))
    rows, columns = np.mgrid[: size[0], : size[1]]
    ground = generator.integers(40, 120, 3)
    picture = np.ones((*size, 3)) * ground + generator.normal(0, 6, (*size, 3))
    y, x = generator.uniform(0.35, 0.65, 2) * size
    color = np.roll([230, 150, 40], hue) + generator.integers(-20, 20, 3)
    for side in (-1, 1):
        wing = ((columns - x - side * 18) / 20) ** 2 + ((rows - y) / 26) ** 2 < 1
        picture[wing] = color
    picture[(abs(columns - x) < 3) & (abs(rows - y) < 30)] = 30
    return encode_jpeg(np.clip(picture, 0, 255).astype(np.uint8), 90)


@dataclass
class PhotoServer:
    """What the server answers; change it as a test needs.

    Attributes:
        results: For each keyword, or taxon id, the numbers of its photos.
        faults: What goes wrong at a path, one after the other; the last one `"always"`.
        asked: Every path that was asked for.
        forms: The arguments of every call to Flickr.
    """

    url: str = ""
    results: dict = field(default_factory=dict)
    faults: dict = field(default_factory=lambda: defaultdict(list))
    asked: list = field(default_factory=list)
    forms: list = field(default_factory=list)
    pause: float = 0.0
    licences: dict = field(default_factory=dict)

    @property
    def flickr_url(self):
        return f"{self.url}/services/rest/"

    @property
    def inaturalist_url(self):
        return f"{self.url}/v1"

    def photos_asked(self):
        return [path for path in self.asked if path.startswith("/photos/")]

    def next_fault(self, path):
        waiting = self.faults[path]
        if not waiting:
            return None
        return waiting[0] if waiting[-1] == "always" else waiting.pop(0)


def flickr_answer(server, form):
    server.forms.append(form)
    fault = server.next_fault("flickr")
    if fault == "echo":
        said = f"Query for key {form['api_key']} failed"
        return {"stat": "fail", "code": 999, "message": said}
    if fault == "out of order":
        return {"stat": "fail", "code": 105, "message": "Service currently unavailable"}
    if form.get("api_key") != KEY:
        said = "Invalid API Key (Key has invalid format)"
        return {"stat": "fail", "code": 100, "message": said}
    numbers = server.results.get(form["text"], [])
    page, size = int(form["page"]), int(form["per_page"])
    shown = numbers[(page - 1) * size : page * size]
    return {
        "stat": "ok",
        "photos": {
            "page": page,
            "pages": -(-len(numbers) // size),
            "perpage": size,
            "total": len(numbers),
            "photo": [flickr_photo(server, number) for number in shown],
        },
    }


def flickr_photo(server, number):
    return {
        "id": str(number),
        "owner": f"{number % 5}0000001@N0{number % 5}",
        "secret": "abc",
        "title": "<b>A butterfly</b>",
        "ownername": f"Photographer {number % 5}",
        "license": server.licences.get(number, "4"),
        "datetaken": "2021-07-03 12:00:00",
        "url_m": f"{server.url}/photos/{number}.jpg",
        "height_m": 90,
        "width_m": 120,
    }


def taxa_answer(query):
    asked = query["q"].lower()
    fitting = [
        {
            "id": number,
            "name": name,
            "preferred_common_name": common,
            "rank": rank,
            "observations_count": seen,
            "default_photo": {"square_url": f"{query['server']}/photos/{number}.jpg"},
        }
        for number, (name, common, rank, seen) in TAXA.items()
        if name.lower().startswith(asked) or asked in common.lower()
    ]
    return {"total_results": len(fitting), "page": 1, "per_page": 8, "results": fitting}


def observations_answer(server, query):
    numbers = sorted(server.results.get(int(query["taxon_id"]), []))
    wanted = [number for number in numbers if number > int(query["id_above"])]
    shown = wanted[: int(query["per_page"])]
    results = [observation(server, number) for number in shown]
    return {"total_results": len(wanted), "page": 1, "per_page": 200, "results": results}


def observation(server, number):
    code = server.licences.get(number, "cc-by-nc")
    return {
        "id": number,
        "quality_grade": "research",
        "uri": f"https://www.inaturalist.org/observations/{number}",
        "license_code": code,
        "user": {"login": f"user{number % 3}", "name": f"Observer {number % 3}"},
        "photos": [
            {
                "id": number * 10 + place,
                "license_code": code,
                "url": f"{server.url}/photos/{number * 10 + place}/square.jpg",
                "attribution": f"(c) Observer {number % 3}, some rights reserved (CC BY-NC)",
            }
            for place in range(2)
        ],
    }


def handler(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            """Nobody reads it."""

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            self.go(form)

        def do_GET(self):
            self.go(None)

        def go(self, form):
            parts = urlsplit(self.path)
            server.asked.append(parts.path)
            query = {k: v[0] for k, v in parse_qs(parts.query).items()} | {"server": server.url}
            fault = server.next_fault(parts.path)
            if fault:
                getattr(self, f"fault_{fault}")()
            elif parts.path == "/services/rest/":
                self.answer_json(flickr_answer(server, form))
            elif parts.path == "/v1/taxa/autocomplete":
                self.answer_json(taxa_answer(query))
            elif parts.path == "/v1/observations":
                self.answer_json(observations_answer(server, query))
            elif parts.path.startswith("/photos/"):
                time.sleep(server.pause)
                self.answer(self.photo(parts.path), "image/jpeg")
            elif parts.path.startswith("/files/"):
                self.answer(server.results[parts.path], "application/octet-stream")
            else:
                self.answer(b"nothing here", "text/plain", 404)

        def photo(self, path):
            number = int("".join(sign for sign in path if sign.isdecimal())) % 10_000
            return draw_photo(number, hue=number // 1000 % 3)

        def answer(self, data, kind, status=200, **headers):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(headers.pop("length", len(data))))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)

        def answer_json(self, document):
            self.answer(json.dumps(document).encode(), "application/json")

        def fault_busy(self):
            self.answer(b"slow down", "text/plain", 429, Retry_After="7")

        def fault_busy_until(self):
            date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
            self.answer(b"slow down", "text/plain", 429, Retry_After=date)

        def fault_busy_for_an_hour(self):
            self.answer(b"slow down", "text/plain", 429, Retry_After="3600")

        def fault_broken(self):
            self.answer(b"oops", "text/plain", 500)

        def fault_html(self):
            self.answer(b"<!DOCTYPE html><p>Please log in", "image/jpeg")

        def fault_not_json(self):
            self.answer(b"<!DOCTYPE html><p>Please log in", "text/html")

        def fault_gone(self):
            self.answer(b"", "text/plain", 404)

        def fault_truncated(self):
            data = draw_photo(1)
            self.answer(data[: len(data) // 2], "image/jpeg", length=len(data))
            self.close_connection = True

        def fault_half(self):
            """Cut off where nothing but the picture itself tells."""
            data = draw_photo(1)
            self.answer(data[: len(data) // 2], "image/jpeg")

        def fault_huge(self):
            self.answer(b"", "image/jpeg", length=10**12)
            self.close_connection = True

        def fault_endless(self):
            """Never says how long it is, and does not end."""
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.close_connection = True
            try:
                while True:
                    self.wfile.write(b"x" * 65_536)
            except OSError:
                return

        def fault_drip(self):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.close_connection = True
            try:
                for _ in range(2000):
                    self.wfile.write(b"x")
                    time.sleep(0.002)
            except OSError:
                return

        def fault_drip_headers(self):
            self.close_connection = True
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _ in range(500):
                    self.wfile.write(b"x")
                    time.sleep(0.02)
            except OSError:
                return

        def fault_hang_up(self):
            self.close_connection = True
            self.connection.close()

        def redirect(self, target):
            self.answer(b"", "text/plain", 302, Location=target)

        def fault_to_private(self):
            self.redirect("http://192.168.0.1/secret.jpg")

        def fault_to_loopback(self):
            self.redirect("http://localhost:1/secret.jpg")

        def fault_to_file(self):
            self.redirect("file:///etc/passwd")

        def fault_loop(self):
            self.redirect(self.path)

        def fault_moved(self):
            self.redirect("/photos/77.jpg")

    return Handler


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is part of the tests."""


@contextmanager
def photo_server(**settings) -> Iterator[PhotoServer]:
    """A server of one's own on a free port, ended with its block."""
    server = PhotoServer(**settings)
    http = Quiet(("127.0.0.1", 0), handler(server))
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
