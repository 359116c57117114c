"""How a job can end, by name: programs compare the name, people read the word."""

from enum import StrEnum


class Ending(StrEnum):
    """The names that stand in `status.json` as `ending`. New ones may come; none changes."""

    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"
    OUT_OF_MEMORY = "out-of-memory"
    TOO_LARGE = "too-large"
    DISK_FULL = "disk-full"
    WEIGHTS_DAMAGED = "weights-damaged"
    WEIGHTS_MISSING = "weights-missing"
    DATA_MISSING = "data-missing"
    MISSING = "missing"
    NOTHING_TO_LEARN = "nothing-to-learn"
    REFUSED = "refused"
    FAULT = "fault"


# As they stand on a badge; the endings that are not here are what their state is called.
WORDS = {
    Ending.DIVERGED: "went out of bounds",
    Ending.OUT_OF_MEMORY: "out of memory",
    Ending.TOO_LARGE: "did not fit",
    Ending.DISK_FULL: "disk full",
    Ending.WEIGHTS_DAMAGED: "weights damaged",
    Ending.WEIGHTS_MISSING: "weights missing",
    Ending.DATA_MISSING: "photos missing",
    Ending.NOTHING_TO_LEARN: "nothing to learn",
}


def word(ending: str, state: str) -> str:
    """What a badge says of a job that ended in `state`: "out of memory", else the state."""
    return WORDS.get(Ending(ending), state) if ending in set(Ending) else state
