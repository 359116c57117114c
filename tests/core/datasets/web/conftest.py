"""A server of one's own, and a clock on which no waiting takes time."""

import pytest

from core.datasets.web.fetching import Clock, Fetcher, Patience
from tests.core.datasets.web.photo_server import photo_server


class QuickClock(Clock):
    """Waits at once, and remembers how long it would have waited."""

    def __init__(self, seconds_per_look=0.0):
        super().__init__()
        self.time = 0.0
        self.slept = []
        self.seconds_per_look = seconds_per_look

    def now(self):
        self.time += self.seconds_per_look
        return self.time

    def sleep(self, seconds):
        super().sleep(0)
        if seconds:
            self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def server():
    with photo_server() as running:
        yield running


@pytest.fixture
def clock():
    return QuickClock()


@pytest.fixture
def fetcher(server, clock):
    return Fetcher(allowed=[server.url], clock=clock, patience=Patience(connect=2, read=2))
