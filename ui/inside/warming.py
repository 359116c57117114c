"""Networks are opened in the background, before anybody has to wait for them."""

import logging
import threading

import streamlit as st

from core.errors import LoupeError
from core.training.runs import Run
from ui import cache

log = logging.getLogger(__name__)
WARM = "core.inspection.activations:warm"
WORDS = "Opening the network, a few seconds the first time"
# A network that is open answers within this; nobody reads words for a shorter time.
PATIENCE, LOOK_AGAIN = 0.25, 0.2

_opening: dict[str, threading.Event] = {}
_lock = threading.Lock()


def begin(run: Run) -> threading.Event:
    """Has the engine open the run's network; returns at once with what is set when it is open.

    It is set, too, if the network cannot be opened: whoever asks it then gets to know why.
    """
    folder = str(run.folder)
    with _lock:
        if folder in _opening:
            return _opening[folder]
        over = _opening[folder] = threading.Event()
    threading.Thread(target=_open, args=(folder, over), name="warming", daemon=True).start()
    return over


def begin_if_running(run: Run) -> None:
    """As `begin`, for a network that is only likely to be looked into next."""
    if getattr(cache.engine(), "is_running", False):
        begin(run)


def wait_until_open(run: Run) -> None:
    """Says that the network is being opened, if it is; a click elsewhere does not wait for it."""
    over = begin(run)
    if over.wait(PATIENCE):
        return
    with st.spinner(WORDS, show_time=True):
        pause = st.empty()
        while not over.wait(LOOK_AGAIN):
            pause.empty()  # here Streamlit leaves a page that is no longer wanted


def _open(folder: str, over: threading.Event) -> None:
    try:
        cache.engine().call(WARM, folder)
    except LoupeError as error:
        log.info("A network could not be opened beforehand: %s", error)
    except Exception:
        log.exception("A network could not be opened beforehand")
    finally:
        with _lock:
            _opening.pop(folder, None)
        over.set()
