"""Files from other people's servers: politely asked for, and looked at with suspicion."""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urljoin

import requests
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from core.datasets.sources import readable
from core.datasets.web.addresses import GuardedAdapter, place_of
from core.errors import LoupeError, Stopped

CHUNK = 65_536
MEGABYTE = 1_000_000
MAX_PHOTO_BYTES = 30 * MEGABYTE
MAX_ANSWER_BYTES = 20 * MEGABYTE
MAX_REDIRECTS = 5
SHORTEST_REST = 1.0  # seconds for a server that asks us to slow down and does not say how long
# Seconds between two requests for files to one host: ten photos a second of 100 KB stay
# below the 5 GB an hour that iNaturalist asks for.
PHOTO_PAUSE = 0.1
BUSY = (429, 500, 502, 503, 504)
GONE = (404, 410)
HEADERS = {
    "User-Agent": "Loupe/0.1 (makes image data sets for teaching)",
    # Nothing that unpacks to more than was sent.
    "Accept-Encoding": "identity",
}


class FetchError(LoupeError):
    """A file that will not come, however often one asks."""


class Unreachable(FetchError):
    """A file that does not come now; it may come later."""


class TooBusy(FetchError):
    """A server that wants to be left alone for longer than we wait."""


@dataclass(frozen=True)
class Patience:
    """How long a fetcher waits, in seconds.

    Attributes:
        connect, read: Until a connection stands, and between two pieces of an answer.
        whole: For one file from the first byte to the last.
        attempts: How often it asks before it gives up.
        longest_wait: The longest pause that a server may ask for.
    """

    connect: float = 10
    read: float = 20
    whole: float = 90
    attempts: int = 5
    longest_wait: float = 120


class Clock:
    """Time as a fetcher sees it. `stop` ends all waiting at once."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits.

        Raises:
            Stopped: When `stop` was called.
        """
        if self._stopped.wait(seconds):
            raise Stopped("The work was stopped.")

    def stop(self) -> None:
        self._stopped.set()

    def check(self) -> None:
        """Raises `Stopped` when `stop` was called."""
        self.sleep(0)


class Turns:
    """Lets requests to a place pass one after the other, a pause apart, over all threads."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[tuple[str, float], float] = {}
        self._paused: dict[str, float] = {}

    def wait(self, place: str, pause: float) -> None:
        with self._lock:
            now, key = self._clock.now(), (place, pause)
            turn = max(now, self._free.get(key, 0.0), self._paused.get(place, 0.0))
            self._free[key] = turn + pause
        if turn > now:
            self._clock.sleep(turn - now)

    def pause(self, place: str, seconds: float) -> None:
        """Nobody asks `place` anything for so long."""
        with self._lock:
            until = self._clock.now() + seconds
            self._paused[place] = max(until, self._paused.get(place, 0.0))


class Fetcher:
    """Fetches files from public servers. May be used by several threads at once.

    Args:
        allowed: Addresses whose host and port may be anywhere, this computer included.
        secrets: Texts that no message may ever show.
        patience: How long it waits.
        clock: Where its time comes from.
    """

    def __init__(
        self,
        allowed: Collection[str] = (),
        secrets: Collection[str] = (),
        patience: Patience | None = None,
        clock: Clock | None = None,
    ):
        self.clock = clock or Clock()
        self.patience = patience or Patience()
        self._turns = Turns(self.clock)
        self._secrets = [text for text in secrets if text]
        self._session = requests.Session()
        # Neither proxies nor passwords of this computer's user go to strangers' servers.
        self._session.trust_env = False
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._session.headers.update(HEADERS)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        places = [place_of(url) for url in allowed]
        adapter = GuardedAdapter(places, 2 * self.patience.read, pool_maxsize=16)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def plain(self, text: object, length: int = 200) -> str:
        """Text from outside as it may be shown: one short line without our secrets."""
        said = str(text)
        for secret in self._secrets:
            for form in {secret, quote(secret), quote_plus(secret)}:
                said = said.replace(form, "…")
        return " ".join(readable(said.replace("\n", " ")).split())[:length]

    def fetch(
        self,
        url: str,
        max_bytes: int = MAX_PHOTO_BYTES,
        pause: float = PHOTO_PAUSE,
        form: Mapping[str, str] | None = None,
    ) -> bytes:
        """The bytes at `url`, at most `max_bytes`.

        Args:
            pause: Seconds between two requests with this pause to the same host.
            form: Sent in the body of a POST, so that it stands in no address. Redirects
                are then not followed.

        Raises:
            FetchError: If it will not come: gone, forbidden, too large, not http.
            Unreachable: If it did not come after several attempts.
            RefusedAddress: If it, or what it leads to, is no public server.
            Stopped: If the clock was stopped.
        """
        data = bytearray()

        def take(chunk: bytes, total: int) -> None:
            data.extend(chunk)

        self._persist(url, max_bytes, pause, form, data.clear, take)
        return bytes(data)

    def fetch_json(
        self,
        url: str,
        pause: float,
        query: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON object at `url`; arguments and errors as for `fetch`."""
        whole = requests.Request("GET", url, params=query).prepare().url or url
        data = self.fetch(whole, MAX_ANSWER_BYTES, pause, form)
        try:
            answer = json.loads(data)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unreachable(
                f"{self._host(url)} answered with something that is not the expected list.",
                "Perhaps a log-in page of your network stands in between. Try again later.",
            ) from None
        return answer

    def download(
        self,
        url: str,
        path: Path,
        max_bytes: int,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Writes what is at `url` into the file `path`; errors as for `fetch`.

        Args:
            progress: Told the bytes that came and, if known, how many there are, else 0.
        """
        with path.open("wb") as file:

            def begin() -> None:
                file.seek(0)
                file.truncate()

            def take(chunk: bytes, total: int) -> None:
                file.write(chunk)
                progress(file.tell(), total)

            self._persist(url, max_bytes, PHOTO_PAUSE, None, begin, take)

    def _persist(
        self,
        url: str,
        max_bytes: int,
        pause: float,
        form: Mapping[str, str] | None,
        begin: Callable[[], None],
        take: Callable[[bytes, int], None],
    ) -> None:
        for attempt in range(1, self.patience.attempts + 1):
            begin()
            try:
                return self._follow(url, max_bytes, pause, form, take)
            except Unreachable:
                if attempt == self.patience.attempts:
                    raise
                # Twice as long each time, and never in step with other clients.
                self.clock.sleep(min(30.0, 2.0 ** (attempt - 1)) * random.uniform(0.5, 1))  # noqa: S311

    def _follow(
        self,
        url: str,
        max_bytes: int,
        pause: float,
        form: Mapping[str, str] | None,
        take: Callable[[bytes, int], None],
    ) -> None:
        deadline = self.clock.now() + self.patience.whole
        for _ in range(MAX_REDIRECTS + 1):
            place = place_of(url)
            if not place:
                raise FetchError("It leads to an address that is no web page.")
            self._turns.wait(place, pause)
            with closing(self._ask(url, form)) as answer:
                if not answer.is_redirect:
                    self._require_success(answer, place)
                    return self._read(answer, max_bytes, deadline, take)
                if form is not None:
                    raise FetchError(f"{self._host(url)} sends us elsewhere.")
                url = urljoin(url, answer.headers["location"])
        raise FetchError(f"{self._host(url)} sends us from one address to the next without end.")

    def _ask(self, url: str, form: Mapping[str, str] | None) -> requests.Response:
        waits = (self.patience.connect, self.patience.read)
        method = "GET" if form is None else "POST"
        try:
            return self._session.request(
                method, url, data=form, timeout=waits, stream=True, allow_redirects=False
            )
        except (requests.Timeout, TimeoutError):
            raise Unreachable(f"{self._host(url)} does not answer.", CHECK_NETWORK) from None
        except requests.exceptions.SSLError:
            raise FetchError(f"{self._host(url)} offers no safe connection.") from None
        except (requests.ConnectionError, HTTPError, OSError):
            raise Unreachable(f"{self._host(url)} could not be reached.", CHECK_NETWORK) from None
        except (requests.RequestException, ValueError):
            raise FetchError(f"{self._host(url)} gave an answer that cannot be read.") from None

    def _require_success(self, answer: requests.Response, place: str) -> None:
        host, status = place.rpartition(":")[0], answer.status_code
        if status in BUSY:
            self._make_room(answer, place)
            what = "asks us to slow down" if status == 429 else "has a problem of its own"
            raise Unreachable(f"{host} {what} (error {status}).", "Try again later.")
        if status in GONE:
            raise FetchError("It is not there any more.")
        if status != 200:
            raise FetchError(f"{host} does not give it away (error {status}).")

    def _make_room(self, answer: requests.Response, place: str) -> None:
        """Notes how long the server wants to be left alone."""
        try:
            seconds = Retry().parse_retry_after(answer.headers.get("Retry-After", "0"))
        except (HTTPError, ValueError, OverflowError):
            seconds = 0.0
        if answer.status_code == 429:
            seconds = max(seconds, SHORTEST_REST)
        if seconds > self.patience.longest_wait:
            raise TooBusy(
                f"{place.rpartition(':')[0]} asks us to wait for {seconds / 60:.0f} minutes.",
                "Go on then: what is here already is kept.",
            )
        self._turns.pause(place, seconds)

    def _read(
        self,
        answer: requests.Response,
        max_bytes: int,
        deadline: float,
        take: Callable[[bytes, int], None],
    ) -> None:
        announced = answer.headers.get("Content-Length", "")
        total = int(announced) if announced.isdecimal() else 0
        self._check_size(total, max_bytes)
        came = 0
        while chunk := self._piece(answer):
            came += len(chunk)
            self._check_size(came, max_bytes)
            if self.clock.now() > deadline:
                raise FetchError(f"It took longer than {self.patience.whole:.0f} seconds to come.")
            self.clock.check()
            take(chunk, total)

    def _piece(self, answer: requests.Response) -> bytes:
        try:
            # Also notices an answer that is shorter than it said it would be.
            return answer.raw.read1(CHUNK, decode_content=True) or b""
        except (HTTPError, OSError, ValueError):
            raise Unreachable("It was cut off on the way.", "Try again later.") from None

    def _check_size(self, count: int, max_bytes: int) -> None:
        if count > max_bytes:
            raise FetchError(
                f"It is larger than {max_bytes / MEGABYTE:,.0f} MB, so it was not read on."
            )

    def _host(self, url: str) -> str:
        return self.plain(place_of(url).rpartition(":")[0] or "The server", 80)


CHECK_NETWORK = "Check the network connection of the computer that Loupe runs on, then try again."
