"""The ASGI app: pages over Streamlit, pictures over HTTP, Keras in another process.

Start it with `streamlit run streamlit_app.py`.
"""

import gc
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# `ui.cache` is imported before the server runs; its caches are in memory either way.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)

from core import engines, launcher  # noqa: E402
from core.datasets.tidying import tidy_workspace  # noqa: E402
from core.workspace import open_workspace  # noqa: E402
from ui import messages, routes  # noqa: E402

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Starts the two processes that hold Keras, so that the first click need not wait."""
    for start in (launcher.warm_up, engines.get_engines().start):
        try:
            start()
        except Exception:
            log.exception("A background process did not start; it is tried again when needed.")
    try:
        tidy_workspace(open_workspace())
    except Exception:
        log.exception("The workspace was not tidied; the next start tries again.")


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    # Streamlit collects garbage around every script run: what is loaded now need
    # never be looked at again.
    gc.collect()
    gc.freeze()
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    try:
        yield {}
    finally:
        engines.get_engines().close()


app = st.App(
    ROOT / "ui" / "router.py",
    routes=routes.ROUTES,
    lifespan=lifespan,
    on_script_error=messages.report_unexpected,
)
