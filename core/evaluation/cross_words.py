"""What a cross-validation found, in sentences."""

from collections.abc import Mapping
from typing import Any

from core.datasets.edits import photos as counted
from core.evaluation.cross_plan import CrossPlan, needs_checking
from core.evaluation.metrics import NAMES_OF_SPLITS

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# How far the spread must exceed that of chance before it is said to: with five parts, chance
# alone makes a standard deviation 1.54 times as large as expected in one case of twenty
# (the 95 % point of chi-square with 4 degrees of freedom, divided by 4, its root).
MORE_THAN_LUCK = 1.54
# Below this, one interval is hardly narrower than the other.
WORTH_SAYING = 1.3
UNSEEN = {
    "learning": "The test photos took no part: they stay unseen for the last test.",
    "all": "The test photos took part too: whatever is chosen by this figure, no photo is left "
    "that could test the choice.",
}

UNCHECKED = (
    "Nobody has looked for near copies among these photos: where one is learnt from and its twin "
    "judged, the result looks better than the network is."
)


def share(value: float) -> str:
    """`0.956` as `"95.6 %"`; never 0 % or 100 % unless it is exactly that."""
    rounded = round(100 * value, 1)
    if 0 < value < 1:
        rounded = min(99.9, max(0.1, rounded))
    return f"{rounded:g} %"


def headline(report: Mapping[str, Any]) -> str:
    """The result in one sentence: `"Between 93 % and 98 % in five parts, 95.6 % on average"`."""
    parts = report["parts"]
    if len(parts) == 1:
        return f"{share(report['mean'])} right in the first part."
    count = NUMBERS[len(parts)] if len(parts) < len(NUMBERS) else str(len(parts))
    if report["low"] == report["high"]:
        return f"{share(report['mean'])} right in each of {count} parts."
    return (
        f"Between {share(report['low'])} and {share(report['high'])} right in {count} parts, "
        f"{share(report['mean'])} on average."
    )


def sentences(plan: CrossPlan, report: Mapping[str, Any]) -> list[str]:
    """What stands below the headline: how sure it is, and what it does not say."""
    said = [_whole(report), _spread(report), _interval(report), _judges(plan, report)]
    unchecked = UNCHECKED if plan.unchecked else ""
    return [sentence for sentence in (*said, UNSEEN[plan.photos], plan.note, unchecked) if sentence]


def _whole(report: Mapping[str, Any]) -> str:
    right = sum(part["right"] for part in report["parts"])
    low, high = report["interval"]
    what = f"{right:,} of {report['answers']:,} answers about {counted(report['photos'])}"
    if report["answers"] == report["photos"]:
        what = f"{right:,} of {counted(report['photos'])}"
    return (
        f"{what} were right. On many more photos of the same kind expect between {share(low)} "
        f"and {share(high)}."
    )


def _spread(report: Mapping[str, Any]) -> str:
    spread, luck = report["spread"], report["luck"]
    if spread is None:
        return ""
    size = sum(part["photos"] for part in report["parts"]) / len(report["parts"])
    said = (
        f"The parts differ by {points(spread)} (standard deviation). By luck alone, parts of "
        f"about {counted(round(size))} would differ by {points(luck)}: "
    )
    if spread > MORE_THAN_LUCK * luck:
        return said + (
            "here is more than luck. Some parts may be harder, or the training is unsteady."
        )
    return said + "no part stands out."


def _interval(report: Mapping[str, Any]) -> str:
    if report["rounds"] > 1:
        which = "The interval takes in the luck of the photos and that of the start and the dealing"
    else:
        which = "The interval is Wilson's, from all answers taken together"
    return (
        f"{which}. It is a little too narrow: the networks learnt from mostly the same photos, so "
        "their answers hang together, and by how much cannot be computed (Bengio and "
        "Grandvalet, 2004)."
    )


def _judges(plan: CrossPlan, report: Mapping[str, Any]) -> str:
    parts = report["parts"]
    learnt = round(sum(part["learnt"] for part in parts) / len(parts))
    checked = round(sum(part["checked"] for part in parts) / len(parts))
    who = f"Each network learnt from about {counted(learnt)}"
    if checked:
        who += f", and {counted(checked)} decided which epoch was kept"
    elif needs_checking(plan.recipe.training):
        who += ", and none was held back to choose the epoch to keep"
    return f"{who}. One that learns from all of them should be no worse."


def points(value: float) -> str:
    """A difference of shares: `"1.9 points"`."""
    number = f"{round(100 * value, 1):g}"
    return f"{number} {'point' if number == '1' else 'points'}"


def beside_single_split(
    report: Mapping[str, Any],
    title: str,
    evaluation: Mapping[str, Any],
    alike: bool,
) -> str:
    """How the result stands beside that of one training and its one test.

    Args:
        title: What the training is called.
        evaluation: Its test (see `core.evaluation.results.evaluate_run`).
        alike: Whether it was trained as the networks of the parts were.
    """
    low, high = evaluation["interval"]
    first, last = report["interval"]
    split = NAMES_OF_SPLITS[evaluation.get("split", "test")].lower()
    said = [
        f"{title} was right about {share(evaluation['accuracy'])} of {counted(evaluation['n'])} of "
        f"the {split} set: on more of the kind, anything from {share(low)} to {share(high)}."
    ]
    if high - low >= WORTH_SAYING * (last - first):
        times = (high - low) / (last - first)
        said.append(
            f"This check asked {report['photos']:,}, and its interval is {times:.1f} × as narrow."
        )
    if not alike:
        said.append(
            "That training was set otherwise than this check, so the two need not agree: check "
            "it with its own settings to know how much of its figure is luck."
        )
    elif low <= report["accuracy"] <= high:
        said.append("The two agree.")
    else:
        which = "luckier" if evaluation["accuracy"] > report["accuracy"] else "unluckier"
        said.append(
            f"That split was {which} than chance usually is, or its photos are of another kind: "
            "believe the check."
        )
    return " ".join(said)


def without_single_split(report: Mapping[str, Any], test_photos: int) -> str:
    """What a single split of the same photos could have said, where none was tried."""
    if not test_photos or len(report["parts"]) < 2:
        return ""
    half = 1.96 * (report["accuracy"] * (1 - report["accuracy"]) / test_photos) ** 0.5
    first, last = report["interval"]
    return (
        f"One split with its {counted(test_photos)} to test by would have been off by up to "
        f"{points(half)} either way; this check by {points((last - first) / 2)}. Judged by one "
        f"part alone, you might have believed {share(report['low'])} or {share(report['high'])}."
    )
