"""The server's memory with photos imported and every page visited; no TensorFlow in it."""

import tempfile
from pathlib import Path

from benchmarks.measure import Row
from benchmarks.workplace import DATASET, imported
from tests.journeys.app_server import REPOSITORY, AppServer, app_server
from tests.journeys.browser import chromium, open_page

TITLE = "Memory of the server, all pages visited"
TARGET_MEGABYTES = 350
HEAVY = ("tensorflow", "keras", "jaxlib", "torch")


def measure(quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        workspace = imported(Path(temporary), 12 if quick else 480)
        with app_server(workspace.root) as server, chromium() as browser:
            page = browser.new_page()
            for address in addresses()[:2] if quick else addresses():
                open_page(page, f"{server.url}/{address}?dataset={DATASET}")
            return [_memory(server), _heavy_libraries(server)]


def addresses() -> list[str]:
    """Where the pages are: a page per file."""
    names = sorted(path.stem for path in (REPOSITORY / "pages").glob("*.py"))
    return ["" if name == "home" else name for name in names]


def _memory(server: AppServer) -> Row:
    megabytes = server.resident_megabytes()
    return Row(
        "resident", megabytes, TARGET_MEGABYTES, "MB", megabytes, TARGET_MEGABYTES, at_least=False
    )


def _heavy_libraries(server: AppServer) -> Row:
    mapped = [line for line in server.maps().splitlines() if any(name in line for name in HEAVY)]
    return Row(
        "mapped files of TensorFlow", len(mapped), 0, "files", len(mapped), 0, at_least=False
    )
