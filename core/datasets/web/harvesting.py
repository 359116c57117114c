"""From a search to a collection: several photos at once, none twice, always able to go on."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from core.datasets.collections import Collection
from core.datasets.dataset import Dataset
from core.datasets.manifest import open_dataset
from core.datasets.web import flickr, inaturalist
from core.datasets.web.addresses import RefusedAddress
from core.datasets.web.fetching import Fetcher, FetchError, TooBusy, Unreachable
from core.datasets.web.flickr import FlickrSearch
from core.datasets.web.found import FoundPhoto
from core.datasets.web.inaturalist import INaturalistSearch
from core.datasets.web.journal import Journal, Line, account, kept_search
from core.disk import room_on_disk
from core.errors import LoupeError, Stopped, UnusablePicture
from core.images import read_picture
from core.locks import locked
from core.reporter import Reporter
from core.workspace import Workspace

WORKERS = 4
TICK_SECONDS = 0.2
LAST_SECONDS = 2.0  # for what is under way when the work is stopped
ENDINGS = {"JPEG": ".jpg", "JPEG2000": ".jp2"}
NEWEST = 6  # photos per class that are shown while it works
# So many photos in a row that do not come mean that it is not the photos.
MOST_FAILURES_IN_A_ROW = 12
Search = FlickrSearch | INaturalistSearch
SEARCHES: TypeAdapter[Search] = TypeAdapter(Search)
Pages = Iterator[list[FoundPhoto]]


class Loaded(NamedTuple):
    """A photo's bytes, looked at."""

    data: bytes
    content_hash: str
    extension: str


@dataclass
class ClassHarvest:
    """How far the search for one class is."""

    label: str
    pages: Pages
    have: int = 0
    found: int = 0
    waiting: list[FoundPhoto] = field(default_factory=list)
    under_way: int = 0
    searching: bool = False
    exhausted: bool = False
    newest: list[str] = field(default_factory=list)


def class_pages(search: Search, fetcher: Fetcher, api_key: str) -> dict[str, Pages]:
    """The pages of results for every class of a search."""
    if isinstance(search, FlickrSearch):
        return {row.label: flickr.pages(fetcher, api_key, search, row) for row in search.rows}
    return {row.label: inaturalist.pages(fetcher, search, row) for row in search.rows}


def make_fetcher(search: Search, api_key: str = "") -> Fetcher:
    """A fetcher for a search. A service named by a setting of ours may be on this computer."""
    ours, usual = (
        (flickr.service_url(), flickr.URL)
        if isinstance(search, FlickrSearch)
        else (inaturalist.service_url(), inaturalist.URL)
    )
    return Fetcher(allowed=() if ours == usual else (ours,), secrets=(api_key,))


def harvest(workspace: Workspace, collection: Collection, reporter: Reporter) -> dict[str, Any]:
    """Downloads into `collection` what its own search finds; see `Harvest.run`.

    Flickr's key comes from the environment variable `LOUPE_FLICKR_API_KEY` of this process.

    Raises:
        LoupeError: If there is no search, no key, or the service does not let us.
    """
    kept = kept_search(collection.folder)
    if kept is None:
        raise LoupeError("This collection has no search.", "Start a new one.")
    search = SEARCHES.validate_python(kept["search"])
    api_key = os.environ.get(flickr.KEY_VARIABLE, "")
    if isinstance(search, FlickrSearch) and not api_key:
        raise LoupeError(
            "There is no key for Flickr.",
            "Put one into .streamlit/secrets.toml; the form for a new search says how.",
        )
    name = collection.about.get("dataset")
    dataset = open_dataset(workspace, name) if name else None
    with (
        locked(collection.folder / "harvest.lock", reporter.raise_if_stopped),
        room_on_disk(collection.about["title"]),
    ):
        fetcher = make_fetcher(search, api_key)
        return Harvest(collection, search, fetcher, reporter, api_key, dataset).run()


class Harvest:
    """Downloads what a search finds into a collection.

    Args:
        collection: Where the photos go. What an earlier harvest left in it counts.
        dataset: The data set that the photos are for: what it has is not downloaded again.
    """

    def __init__(
        self,
        collection: Collection,
        search: Search,
        fetcher: Fetcher,
        reporter: Reporter,
        api_key: str = "",
        dataset: Dataset | None = None,
    ):
        self._collection, self._search = collection, search
        self._fetcher, self._reporter = fetcher, reporter
        self._journal = Journal(collection)
        self._there = _photos_of(dataset)
        self._failures = 0
        counts = collection.counts()
        self._classes = [
            ClassHarvest(label, pages, counts.get(label, 0))
            for label, pages in class_pages(search, fetcher, api_key).items()
        ]
        self._running: dict[Future, Callable[[Future], None]] = {}

    def run(self) -> dict[str, Any]:
        """Works until every class is full or nothing more is found.

        Returns:
            `{"collection": its name}` and its `account`.

        Raises:
            Stopped: When the job is asked to stop; what came is kept.
            LoupeError: When the service refuses or cannot be reached; what came is kept.
        """
        try:
            self._work()
        finally:
            self._keep_what_came()
        self._tell()
        return {"collection": self._collection.name} | account(self._collection)

    def _work(self) -> None:
        searcher, loader = ThreadPoolExecutor(1), ThreadPoolExecutor(WORKERS)
        try:
            while self._fill(searcher, loader):
                self._collect()
                self._tell()
        finally:
            self._fetcher.clock.stop()
            # Whoever waits for a silent server at this moment is not waited for.
            searcher.shutdown(wait=False, cancel_futures=True)
            loader.shutdown(wait=False, cancel_futures=True)

    def _keep_what_came(self) -> None:
        """Keeps the photos that were whole when the work was stopped."""
        done, _ = wait(self._running, LAST_SECONDS)
        for future in done:
            if not future.cancelled():
                with suppress(LoupeError):
                    self._running[future](future)
        self._running.clear()

    def _fill(self, searcher: ThreadPoolExecutor, loader: ThreadPoolExecutor) -> bool:
        """Gives the pools more to do, the emptiest class first; whether any of it is under way."""
        while len(self._running) < 2 * WORKERS:
            ready = [harvest for harvest in self._classes if self._wants_more(harvest)]
            if not ready:
                break
            harvest = min(ready, key=lambda one: one.have + one.under_way)
            if harvest.waiting:
                self._begin_photo(loader, harvest, harvest.waiting.pop(0))
            else:
                self._begin_page(searcher, harvest)
        return bool(self._running)

    def _wants_more(self, harvest: ClassHarvest) -> bool:
        if harvest.have + harvest.under_way >= self._search.maximum:
            return False
        return bool(harvest.waiting) or not (harvest.searching or harvest.exhausted)

    def _begin_page(self, pool: ThreadPoolExecutor, harvest: ClassHarvest) -> None:
        harvest.searching = True
        future: Future = pool.submit(next, harvest.pages, None)
        self._running[future] = lambda done: self._found(harvest, done)

    def _begin_photo(
        self, pool: ThreadPoolExecutor, harvest: ClassHarvest, photo: FoundPhoto
    ) -> None:
        if photo.name in self._journal.names:
            return
        there = self._there.get(photo.name)
        if there is not None:
            self._note(harvest, photo, "known", _already(there))
            return
        harvest.under_way += 1
        # Claimed at once: another class may have found it too.
        self._journal.names.add(photo.name)
        future = pool.submit(self._load, photo)
        self._running[future] = lambda done: self._loaded(harvest, photo, done)

    def _load(self, photo: FoundPhoto) -> Loaded:
        data = self._fetcher.fetch(photo.url)
        picture = read_picture(data)
        extension = ENDINGS.get(picture.format, f".{picture.format.lower()}")
        return Loaded(data, hashlib.sha256(data).hexdigest(), extension)

    def _collect(self) -> None:
        done, _ = wait(self._running, TICK_SECONDS, FIRST_COMPLETED)
        for future in done:
            self._running.pop(future)(future)

    def _found(self, harvest: ClassHarvest, done: Future) -> None:
        harvest.searching = False
        page = done.result()
        harvest.exhausted = page is None
        harvest.waiting += page or []
        harvest.found += len(page or [])

    def _loaded(self, harvest: ClassHarvest, photo: FoundPhoto, done: Future) -> None:
        harvest.under_way -= 1
        try:
            loaded: Loaded = done.result()
        except Stopped:
            return
        except TooBusy:
            raise
        except Unreachable as error:
            # Not written down: it is tried again when the search goes on.
            self._failures += 1
            if self._failures >= MOST_FAILURES_IN_A_ROW:
                raise LoupeError(
                    f"The photos do not come any more: {error.message}",
                    "What came is kept. Go on later.",
                ) from None
            return
        except (FetchError, RefusedAddress, UnusablePicture) as error:
            self._note(harvest, photo, "refused", error.message)
            return
        self._failures = 0
        self._keep(harvest, photo, loaded)

    def _keep(self, harvest: ClassHarvest, photo: FoundPhoto, loaded: Loaded) -> None:
        there = self._there.get(loaded.content_hash)
        if there is not None:
            self._note(harvest, photo, "known", _already(there))
        elif loaded.content_hash in self._journal.hashes:
            self._note(harvest, photo, "known", "The same photo has come already.")
        else:
            name = photo.name + loaded.extension
            entry = self._collection.add(loaded.data, harvest.label, name, **photo.facts())
            self._journal.add(
                Line(photo.name, harvest.label, "got", content_hash=loaded.content_hash)
            )
            harvest.have += 1
            harvest.newest = [entry.id, *harvest.newest][:NEWEST]

    def _note(self, harvest: ClassHarvest, photo: FoundPhoto, outcome: Any, reason: str) -> None:
        self._journal.add(Line(photo.name, harvest.label, outcome, reason))

    def _tell(self) -> None:
        classes = {
            harvest.label: {
                "have": harvest.have,
                "found": harvest.found,
                "exhausted": harvest.exhausted,
                "newest": harvest.newest,
            }
            for harvest in self._classes
        }
        self._reporter.update(extra={"classes": classes}, unit="photos")
        total = self._search.maximum * len(self._classes)
        self._reporter(sum(harvest.have for harvest in self._classes), total, "Fetching photos")


def _photos_of(dataset: Dataset | None) -> dict[str, str]:
    """What a data set has: the class of each photo, by content and by its name on the web."""
    if dataset is None:
        return {}
    there: dict[str, str] = {}
    columns = ["content_hash", "source_file", "origin", "label"]
    for content_hash, file, origin, label in dataset.manifest[list(columns)].itertuples(
        index=False
    ):
        there[content_hash] = label
        if origin in ("flickr", "inaturalist"):
            there[os.path.splitext(PurePosixPath(file).name)[0]] = label
    return there


def _already(label: str) -> str:
    return f"It is in the data set already, in the class {label!r}."
