"""Progress on stderr: enough to follow, never a line per photo."""

from io import StringIO

from core.console import TerminalProgress


def test_a_log_gets_a_line_per_phase_not_per_photo():
    log = StringIO()
    progress = TerminalProgress(log)
    for number in range(500):
        progress(number, 500, f"Writing digit {number}")
    progress(500, 500, "Writing digit 500")
    progress(0, 0, "Testing")
    assert log.getvalue().splitlines() == [
        "Writing digit 0: 0 of 500",
        "Writing digit 500: 500 of 500",
        "Testing",
    ]


def test_names_that_take_turns_are_no_news(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("core.console.time.monotonic", lambda: now[0])
    log = StringIO()
    progress = TerminalProgress(log)
    for number in range(1, 801):
        progress(number, 800, f"Drawing {('frog', 'toad')[number % 2]} {number}")
        now[0] += 0.01
    assert log.getvalue().splitlines() == [
        "Drawing toad 1: 1 of 800",
        "Drawing frog 2: 2 of 800",
        "Drawing frog 202: 202 of 800",
        "Drawing frog 402: 402 of 800",
        "Drawing frog 602: 602 of 800",
        "Drawing frog 800: 800 of 800",
    ]


def test_a_terminal_redraws_one_line():
    class Terminal(StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    progress = TerminalProgress(screen)
    progress(1, 2, "Reading")
    progress(2, 2, "Reading")
    progress.close()
    assert screen.getvalue() == "\r\x1b[KReading: 1 of 2\r\x1b[KReading: 2 of 2\n"
