"""Two engines: quick questions never wait behind those that take seconds.

Looking at layers, maps and values is answered by one that is always there. What takes longer
(explanations, activation maximisation, going through all test photos) is asked of another one,
whose process ends after a while without questions, so that its memory is taken only while needed.
"""

from functools import lru_cache
from typing import Any

from core.engine import Engine, get_engine

IDLE_SECONDS = 300.0
QUICK_SECONDS, LONG_SECONDS = 120.0, 900.0
# They take from a second to minutes.
LONG = frozenset(
    {
        "core.inspection.attribution:of_run",
        "core.inspection.sanity:sanity_check",
        "core.concepts.dropout_draws:digits",
        "core.concepts.dropout_draws:of_digit",
        "core.concepts.small_network:learn",
        "core.concepts.transfer:measured",
        "core.concepts.turned_six:taken_for",
        "core.inspection.embeddings:embed_pictures",
        "core.evaluation.results:evaluate_run",
        "core.evaluation.mirrored_results:evaluate_mirrored",
        "core.evaluation.robustness:seconds_per_answer",
        "core.training.pace:measure",
    }
)


class Engines:
    """Whoever asks need not know which of the two answers."""

    def __init__(self, quick: Engine, long: Engine):
        self._quick, self._long = quick, long

    def start(self) -> None:
        """Starts the one for quick questions; does not wait until it is ready."""
        self._quick.start()

    @property
    def is_running(self) -> bool:
        """Whether the one for quick questions was started."""
        return self._quick.is_running

    def call(self, function: str, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """As `Engine.call`, of the engine that the function belongs to.

        Args:
            timeout: Default: what a question of its kind takes at most on a slow computer.
        """
        is_long = function in LONG
        engine = self._long if is_long else self._quick
        patience = timeout or (LONG_SECONDS if is_long else QUICK_SECONDS)
        return engine.call(function, *args, timeout=patience, **kwargs)

    def call_beside(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """As `Engine.call_beside`, of the one for quick questions."""
        return self._quick.call_beside(function, *args, **kwargs)

    def close(self) -> None:
        """Ends both processes."""
        self._quick.close()
        self._long.close()


@lru_cache(maxsize=1)
def get_engines() -> Engines:
    """The two engines of this process."""
    return Engines(get_engine(), Engine(IDLE_SECONDS))
