"""What a comparison of two looks shows, in a sentence or two."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.evaluation.metrics import percent as share_percent

SAME_MAPS = (
    "**At the same place** lays the maps of both exactly on top of each other: the cosine of the "
    "angle between all their values. 100 % is the same up to brightness, 0 % has nothing in "
    "common.\n\n**Anywhere in the photo** asks only how strongly each map answers on average, "
    "wherever that is. A photo that was shifted or mirrored keeps this line high even where the "
    "first one falls.\n\nMany maps answer a little to everything, so that even photos of "
    "different things are quite alike: where there is a dashed line, it shows how much."
)
OTHER_MAPS = (
    "The maps of two trainings come in no common order: what one finds in map 3, the other may "
    "find in map 20. So the line tells whether both layers group the places of this photo alike "
    "(centred kernel alignment, Kornblith et al. 2019): 100 % is the same up to the order of the "
    "maps, 0 % has nothing in common. Below, each map stands beside the one of the other network "
    "that answers most like it."
)
# From here on two looks count as the same.
SAME = 0.95
MOST_NAMED = 3


def seen_through(
    layers: Sequence[Mapping[str, Any]],
    what: str,
    yardstick: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """From which layer on two photos are the same to a network, as Markdown.

    Args:
        layers: As `core.inspection.comparing.compare` gives them, of the same maps.
        what: What the second photo is called: "the varied copy".
        yardstick: The same layers for a photo that has nothing to do with the first.
    """
    told = [layer for layer in layers if layer["likeness"] is not None]
    if not told:
        return ""
    least = min(told, key=lambda layer: layer["likeness"])
    place = _same_from(told)
    if place == 0:
        lowest = percent(least["likeness"])
        return (
            f"**To every layer {what} is the same to at least {lowest}**, place by place. "
            f"It differs most in `{least['name']}`."
        )
    if place is None:
        last = told[-1]
        said = (
            f"**The network tells {what} from the photo to the end:** `{last['name']}` answers "
            f"alike to {percent(last['likeness'])}."
        )
    else:
        on = told[place]
        worst = min(layer["likeness"] for layer in told[place:])
        said = (
            f"**From `{on['name']}` on, {what} is the same to the network to at least "
            f"{percent(worst)}.** Before, it sees another picture: least alike is "
            f"`{least['name']}` ({percent(least['likeness'])})."
        )
    return said + _measured_by(yardstick, told[-1 if place is None else place]["name"])


def changed_since(layers: Sequence[Mapping[str, Any]], one: str, other: str) -> str:
    """Which layers changed between two epochs, as Markdown.

    Args:
        one, other: What the epochs are called: "epoch 2", "the kept model".
    """
    told = [layer for layer in layers if layer["likeness"] is not None]
    if not told:
        return ""
    least = min(told, key=lambda layer: layer["likeness"])
    if least["likeness"] >= SAME:
        return (
            f"**Between {one} and {other} little changed:** every layer answers this photo the "
            f"same to at least {percent(least['likeness'])}."
        )
    same = [layer["name"] for layer in told if layer["likeness"] >= SAME]
    said = (
        f"**Between {one} and {other}, `{least['name']}` changed most:** it answers this photo "
        f"alike to {percent(least['likeness'])}."
    )
    if same:
        said += f" {len(same)} of {len(told)} layers stayed the same to {percent(SAME)} or more."
    return said


def two_trainings(
    layers: Sequence[Mapping[str, Any]], missing: Sequence[str], one: str, other: str
) -> str:
    """How alike two trainings see, and what cannot be compared, as Markdown.

    Args:
        one, other: What the trainings are called, safe within Markdown.
    """
    if not layers:
        return (
            f"**No layer of {one} can be laid beside one of {other}:** none has the same name "
            "and the same size of maps. Their answers can be compared all the same."
        )
    told = [layer for layer in layers if layer["likeness"] is not None]
    said = f"**{len(layers)} layers can be compared**"
    if told:
        most = max(told, key=lambda layer: layer["likeness"])
        least = min(told, key=lambda layer: layer["likeness"])
        said += (
            f": {one} and {other} see this photo most alike in `{most['name']}` "
            f"({percent(most['likeness'])}) and least alike in `{least['name']}` "
            f"({percent(least['likeness'])})"
        )
    if missing:
        named = ", ".join(f"`{name}`" for name in missing[:MOST_NAMED])
        rest = len(missing) - MOST_NAMED
        said += f". Not comparable: {named}" + (f" and {rest} more" if rest > 0 else "")
    return said + "."


def percent(share: float) -> str:
    """A likeness as a share; opposites have nothing in common either."""
    return share_percent(max(0.0, share))


def answers_words(one: Mapping[str, float], other: Mapping[str, float]) -> str:
    """Whether both looks end in the same answer, as a sentence."""
    first, second = (max(shares, key=lambda name: shares[name]) for shares in (one, other))
    if first == second:
        return (
            f"Both are taken for {first}: {percent(one[first])} and {percent(other[first])} sure."
        )
    return (
        f"They end in different answers: {first} ({percent(one[first])} sure) and "
        f"{second} ({percent(other[second])} sure)."
    )


def _same_from(told: Sequence[Mapping[str, Any]]) -> int | None:
    """The first layer from which on all are the same; None if the last is not."""
    place = None
    for number in range(len(told) - 1, -1, -1):
        if told[number]["likeness"] < SAME:
            break
        place = number
    return place


def _measured_by(yardstick: Sequence[Mapping[str, Any]] | None, name: str) -> str:
    for layer in yardstick or ():
        if layer["name"] == name and layer["likeness"] is not None:
            alike = percent(layer["likeness"])
            return f" For scale: a photo of something else is alike to {alike} there."
    return ""
