"""What a comparison of twins found, in sentences."""

from typing import Any

from core.datasets.edits import photos
from core.evaluation.metrics import percent
from core.evaluation.power import FEW_PHOTOS, FEWEST_CHANGED, smallest_difference
from core.evaluation.twin_comparison import HARMS, HELPS
from core.training.twin_plan import SIDES, TwinPlan

# A convention: on the bears, the curves of the small network climb steeply until about there.
FEW_EPOCHS = 5
ONE_PAIR = "One pair cannot tell how much was the luck of its start: compare with three."
SPLIT_NAMES = {"test": "test set", "validation": "validation set"}


def headline(plan: TwinPlan, found: dict[str, Any]) -> str:
    """The verdict in one sentence."""
    shares = " and ".join(
        f"{percent(found['accuracy'][side]['value'])} right {plan.words(side)}" for side in SIDES
    )
    # One pair may owe it to its start, and is not to be trusted like several.
    it = "It" if len(found["seeds"]) > 1 else "In this one pair it"
    if found["verdict"] == HELPS:
        return f"{it} helps: {shares}."
    if found["verdict"] == HARMS:
        return f"{it} does harm: {shares}."
    return f"No difference that this {SPLIT_NAMES[found['split']]} can show: {shares}."


def sentences(plan: TwinPlan, found: dict[str, Any]) -> list[str]:
    """What stands below the verdict: how sure it is, and what would make it surer."""
    said = [_difference(found), _pairs(found), _needed(found), _efforts(plan, found)]
    said.append(_few_epochs(found))
    return [sentence for sentence in said if sentence]


def points(share: float) -> str:
    """A difference of shares in percentage points: "+3.1 points", "−1 point", "0 points"."""
    value = round(100 * share, 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    number = f"{abs(value):g}"
    return f"{sign}{number} {'point' if number == '1' else 'points'}"


def power_sentence(count: int, split: str, disagreement: float) -> str:
    """What so many photos will be able to show, said before anything is trained."""
    smallest = smallest_difference(count, disagreement)
    who = f"{photos(count)} of the {SPLIT_NAMES[split]} judge"
    if smallest is None:
        return f"{who}. That is too few to show any difference: at least {FEWEST_CHANGED} must."
    return (
        f"{who}. They can show a difference of about {100 * smallest:.0f} percentage points or "
        "more (with a chance of 80 %)."
    )


def are_few(count: int) -> bool:
    """Whether so many photos show only large differences."""
    return count < FEW_PHOTOS


def _difference(found: dict[str, Any]) -> str:
    difference = found["difference"]
    gained = sum(pair["gained"] for pair in found["pairs"])
    lost = sum(pair["lost"] for pair in found["pairs"])
    pairs = f" and {len(found['seeds'])} pairs of trainings" if len(found["seeds"]) > 1 else ""
    sentence = (
        f"The difference is {points(difference['value'])}, found on {photos(found['photos'])}"
        f"{pairs}. On many more photos of the same kind expect between "
        f"{points(difference['low'])} and {points(difference['high'])}."
    )
    if not gained and not lost:
        return f"{sentence} Not a single answer changed between right and wrong."
    return sentence


def _pairs(found: dict[str, Any]) -> str:
    if len(found["seeds"]) == 1:
        return f"{_changes(found['pairs'][0])}{ONE_PAIR}"
    values = ", ".join(points(pair["value"]) for pair in found["pairs"])
    return (
        f"The pairs, each with a start of its own, differ by {values}. "
        "The interval takes both into account, the luck of the start and that of the photos."
    )


def _changes(pair: dict[str, Any]) -> str:
    if not pair["gained"] + pair["lost"]:
        return ""
    return (
        f"{photos(pair['gained'])} became right and {pair['lost']:,} wrong; by luck alone so "
        f"uneven a change comes in {percent(pair['p'])} of all cases (McNemar's exact test). "
    )


def _needed(found: dict[str, Any]) -> str:
    needed, value, luck = found["photos_needed"], found["difference"]["value"], found["seed_luck"]
    if found["verdict"] in (HELPS, HARMS) or needed is None:
        return ""
    size = f"a difference of {points(abs(value)).lstrip('+')}"
    lucky = luck is not None and luck > abs(value)
    enough, starts = needed <= found["photos"], f"these {len(found['seeds'])}"
    if enough and not lucky:
        return f"Another comparison, with more starts, may show {size}."
    if enough:
        return (
            f"The photos would do to show {size}, but the luck of {starts} alone could make as "
            "much: compare with more starts, or train longer."
        )
    more = f", and more starts: the luck of {starts} alone could make as much" if lucky else ""
    return (
        f"To show {size} it would take about {_round(needed):,} such photos (here "
        f"{found['photos']:,} judged){more}."
    )


def _efforts(plan: TwinPlan, found: dict[str, Any]) -> str:
    """How many epochs each side got out of the same time; nothing where epochs were set."""
    if plan.recipe.training.epochs is not None:
        return ""
    means = {side: _mean(found["epochs"][side]) for side in SIDES}
    seconds = plan.recipe.training.budget_seconds or 0.0
    counts = " and ".join(f"{_epochs(means[side])} {plan.words(side)}" for side in SIDES)
    return (
        f"Each training had {seconds:g} s, enough for {counts}: making variations takes time, "
        "and the comparison counts that."
    )


def _few_epochs(found: dict[str, Any]) -> str:
    least = min(_mean(found["epochs"][side]) for side in SIDES)
    if least >= FEW_EPOCHS:
        return ""
    return (
        f"So short a training ({_epochs(least)}) says little: variations pay late. Compare again "
        "with more time."
    )


def _epochs(count: float) -> str:
    return f"{count:.0f} epoch{'' if round(count) == 1 else 's'}"


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _round(count: int) -> int:
    """Two significant digits: more would pretend to a precision that nobody has."""
    digits = max(0, len(str(count)) - 2)
    return round(count, -digits)
