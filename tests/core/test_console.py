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
