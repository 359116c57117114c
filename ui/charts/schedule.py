"""The learning rate over a training: as it is planned, and as it really was."""

from collections.abc import Sequence
from typing import Any

from core.training.config import TrainingConfig
from core.training.schedule import learning_rate_at, rate_in_words
from ui.charts.style import RIGHT
from ui.palette import QUIET

HEIGHT = 190
POINTS = 240
# What "inverse-time" is drawn for while nobody knows how many steps there will be.
STEPS_TO_SHOW = 10_000


def schedule_chart(training: TrainingConfig, steps: int | None = None) -> dict[str, Any]:
    """The planned learning rate, as a Vega-Lite dictionary.

    The axis counts epochs where the training ends by them, else the share of its time; for
    "inverse-time" with unknown `steps`, steps.

    Args:
        steps: How many batches the whole training will see; None while unknown.
    """
    along, length, axis_format = _axis(training, steps)
    shares = [place / POINTS for place in range(POINTS + 1)]
    points = [
        {"at": round(share * length, 4), "rate": planned_rate(training, share, steps)}
        for share in shares
    ]
    return _chart(points, f"Learning rate, by {along}", axis_format, "step-after")


def schedule_words(training: TrainingConfig, steps: int | None = None) -> str:
    """Start, peak and end of the planned learning rate, in a sentence."""
    rates = [planned_rate(training, place / POINTS, steps) for place in range(POINTS + 1)]
    start, peak, end = (rate_in_words(rate) for rate in (rates[0], max(rates), rates[-1]))
    if training.schedule == "constant":
        return f"It stays at {peak} from the first step to the last."
    if training.schedule == "step":
        stairs = sorted(set(rates), reverse=True)
        times = "time" if len(stairs) == 2 else "times"
        return f"It starts at {start}, goes down {len(stairs) - 1} {times} and ends at {end}."
    if training.schedule == "inverse-time" and steps is None:
        return (
            f"It starts at {start} and is {end} after {STEPS_TO_SHOW:,} steps; how many steps "
            "there will be depends on how fast this computer is."
        )
    if max(rates) > rates[0]:
        share = rates.index(max(rates)) / POINTS
        return f"It starts at {start}, climbs to {peak} in the first {share:.0%}, ends at {end}."
    return f"It starts at {start} and comes down to {end}."


def used_rate_chart(metrics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The learning rate at the end of every epoch, as a Vega-Lite dictionary.

    Args:
        metrics: The rows of a run's `metrics.jsonl`.
    """
    points = [
        {"at": row["epoch"], "rate": row["learning_rate"]}
        for row in metrics
        if row.get("learning_rate") is not None
    ]
    return _chart(points, "Learning rate at the end of every epoch", "d", "linear", dots=True)


def planned_rate(training: TrainingConfig, share: float, steps: int | None = None) -> float:
    """The learning rate that the training will use after `share` (0..1) of it."""
    return learning_rate_at(training, share, round(share * (steps or STEPS_TO_SHOW)))


def _axis(training: TrainingConfig, steps: int | None) -> tuple[str, float, str]:
    """What is counted, up to how many, and how its numbers are written."""
    if training.schedule == "inverse-time" and steps is None:
        return "steps", STEPS_TO_SHOW, ",d"
    if training.epochs and training.budget_seconds is None:
        return "epochs", training.epochs, "~r"
    return "share of the training", 1.0, ".0%"


def _chart(
    points: list[dict[str, Any]], title: str, axis_format: str, line: str, dots: bool = False
) -> dict[str, Any]:
    at = {"field": "at", "type": "quantitative"}
    rate = {"field": "rate", "type": "quantitative"}
    return {
        "height": HEIGHT,
        "title": {"text": title, "anchor": "start", "fontSize": 14},
        "data": {"values": [point | {"words": rate_in_words(point["rate"])} for point in points]},
        "encoding": {
            "x": {
                **at,
                "axis": {"title": None, "format": axis_format, "grid": False, "tickCount": 6},
                "scale": {"zero": True, "nice": False},
            },
            "y": {
                **rate,
                "axis": {"title": None, "tickCount": 4, "format": "~g"},
                "scale": {"zero": True, "nice": True},
            },
            "tooltip": [
                {**at, "title": "after", "format": axis_format},
                {"field": "words", "type": "nominal", "title": "learning rate"},
            ],
        },
        "layer": [
            {"mark": {"type": "area", "color": RIGHT, "opacity": 0.12, "interpolate": line}},
            {"mark": {"type": "line", "color": RIGHT, "strokeWidth": 2.5, "interpolate": line}},
            # Dots too small to be seen, or to be seen: they carry what is said on hovering.
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 30 if dots else 60,
                    "opacity": 1 if dots else 0,
                    "color": RIGHT if dots else QUIET,
                }
            },
        ],
    }
