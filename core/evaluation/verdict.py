"""What a model says about variations of a photo, beside what it says about the photo itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.evaluation.metrics import percent

# A label that is blended with less than this is shown, and counted, as not blended.
PLAIN = 0.995
Change = Literal["same", "lost", "won", "other", "blended"]


@dataclass(frozen=True)
class Verdict:
    """What the model takes one picture for.

    Attributes:
        answer: The number of the class it finds likeliest.
        probability: How sure it is of that, 0..1.
        right: Whether that is its class; None where nobody can say: its label is blended,
            or is no class of the model.
        change: Against the original: the "same" answer, a right one "lost", one "won",
            an "other" wrong one; or "blended": its label is no longer the original's.
        agreement: How far answer and label share out alike, 0..1: the sum, over the classes,
            of the smaller of the two. 1 is the label itself.
    """

    answer: int
    probability: float
    right: bool | None
    change: Change
    agreement: float


@dataclass(frozen=True)
class Tally:
    """The verdicts of a wall, counted; blended pictures only in `blended` and `agreement`.

    Attributes:
        originals: How many originals have a class of the model, and `originals_right` of them.
        variations: How many variations have one, and `right` of them.
        lost: How many of these are wrong while their original was right.
        won: The other way round.
        other: How many get another answer than their original, wrong as well.
        blended: How many have a blended label.
        agreement: Mean `Verdict.agreement` of those, 0 for none.
    """

    originals: int
    originals_right: int
    variations: int
    right: int
    lost: int
    won: int
    other: int
    blended: int
    agreement: float

    @property
    def flips(self) -> int:
        """How many variations get another answer than their original."""
        return self.lost + self.won + self.other


def label_shares(
    labels: Sequence[str], class_names: Sequence[str], shares: np.ndarray | None = None
) -> np.ndarray:
    """Which share of which class each picture has.

    Args:
        labels: Of a batch of pictures.
        shares: float (N, len(labels)): which share of each label a picture has, as `mix`
            returns it; None for the pictures themselves.

    Returns:
        float32 (N, num_classes). A label that is no class of the model has no share.
    """
    places = {name: place for place, name in enumerate(class_names)}
    of_labels = np.zeros((len(labels), len(class_names)), np.float32)
    for row, label in enumerate(labels):
        if label in places:
            of_labels[row, places[label]] = 1
    return of_labels if shares is None else np.asarray(shares, np.float32) @ of_labels


def judge(original: np.ndarray, own: np.ndarray, answers: np.ndarray, shares: np.ndarray) -> list:
    """The verdicts on one photo: first on itself, then on its variations.

    Args:
        original: float32 (num_classes,): what the model says about the photo.
        own: float32 (num_classes,): 1 for its class, all 0 if it has none of the model's.
        answers: float32 (N, num_classes): what the model says about its variations.
        shares: float32 (N, num_classes): the classes' shares of their labels.

    Returns:
        1 + N of `Verdict`.
    """
    first = _verdict(original, own, own, None)
    pairs = zip(answers, shares, strict=True)
    return [first, *(_verdict(answer, share, own, first) for answer, share in pairs)]


def _verdict(
    answer: np.ndarray, share: np.ndarray, own: np.ndarray, original: Verdict | None
) -> Verdict:
    best = int(answer.argmax())
    agreement = float(np.minimum(answer, share).sum())
    known, plain = bool(own.any()), float(share @ own) >= PLAIN
    right = bool(own[best]) if known and plain else None
    change: Change = "same"
    if original is not None:
        change = _change(best, right, original) if plain or not known else "blended"
    return Verdict(best, float(answer[best]), right, change, agreement)


def _change(answer: int, right: bool | None, original: Verdict) -> Change:
    if answer == original.answer:
        return "same"
    if right:
        return "won"
    return "lost" if original.right else "other"


def tally(verdicts: Sequence[Sequence[Verdict]]) -> Tally:
    """Counts what `judge` said about several photos, a row each."""
    originals = [row[0] for row in verdicts if row[0].right is not None]
    varied = [one for row in verdicts for one in row[1:]]
    plain = [one for one in varied if one.right is not None]
    blended = [one.agreement for one in varied if one.change == "blended"]
    changes = [one.change for one in varied]
    return Tally(
        originals=len(originals),
        originals_right=sum(bool(one.right) for one in originals),
        variations=len(plain),
        right=sum(bool(one.right) for one in plain),
        lost=changes.count("lost"),
        won=changes.count("won"),
        other=changes.count("other"),
        blended=len(blended),
        agreement=float(np.mean(blended)) if blended else 0.0,
    )


def in_words(counted: Tally) -> str:
    """What a tally says, in a sentence or three."""
    parts = [_right_words(counted), _change_words(counted), _blended_words(counted)]
    return " ".join(part for part in parts if part)


def _right_words(counted: Tally) -> str:
    n = counted.variations
    if not n:
        return ""
    if counted.originals_right == counted.originals:
        still = "for all of them" if counted.right == n else f"for {counted.right}"
        return f"Of {n} variations the model still says the right class {still}."
    return (
        f"Of {n} variations the model says the right class for {counted.right}; of the "
        f"{counted.originals} photos themselves for {counted.originals_right}."
    )


def _change_words(counted: Tally) -> str:
    kinds = (
        (counted.lost, "now wrong"),
        (counted.won, "now right"),
        (counted.other, "changed otherwise"),
    )
    said = [f"{count} {words}" for count, words in kinds if count]
    if not said:
        return "Not one gets another answer than its photo." if counted.variations else ""
    if len(said) == 1:
        which = "is" if counted.flips == 1 else "are"
        how = said[0].split(" ", 1)[1]
        return f"It changed its answer for {counted.flips}, which {which} {how}."
    return f"It changed its answer for {counted.flips}: {', '.join(said)}."


def _blended_words(counted: Tally) -> str:
    if not counted.blended:
        return ""
    what = "variation is" if counted.blended == 1 else "variations are"
    return (
        f"{counted.blended} {what} mixed from several classes, so that no single answer is right: "
        f"label and answer agree to {percent(counted.agreement)} on average."
    )


def steps_in_words(flips: Mapping[str, int], variations: int) -> str:
    """Which step changes most answers when it acts alone.

    Args:
        flips: Per step its name and for how many variations it alone changes the answer.
        variations: How many there are.
    """
    ranked = sorted(flips.items(), key=lambda item: -item[1])
    if not ranked:
        return ""
    if not ranked[0][1]:
        return "No step alone changes an answer."
    most = [name for name, count in ranked if count == ranked[0][1]]
    rest = [f"{name} {count}" for name, count in ranked[len(most) :] if count]
    first = f"{_listed(most)} {'flips' if len(most) == 1 else 'flip'} most"
    each = " each" if len(most) > 1 else ""
    more = f"; {', '.join(rest)}" if rest else ""
    return f"Acting alone, {first}: {ranked[0][1]} of {variations}{each}{more}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
