"""What a split will not be able to tell, in plain words, before anything learns from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from core.evaluation.metrics import percent, wilson_interval

# The accuracy that the sentence about the test is told for.
GOOD_ACCURACY = 0.9
# A test whose answer may be this far apart tells hardly anything.
WIDE = 0.15
FEW_PER_CLASS = 5
MOST_NAMED = 3


def test_interval(count: int) -> tuple[int, float, float]:
    """How many of `count` test photos 90 % are, and between what that may really lie."""
    right = round(GOOD_ACCURACY * count)
    return (right, *wilson_interval(right, count))


def interval_sentence(count: int) -> str:
    """`"With 24 test photos, an accuracy of 92 % could be anything from 74 to 98 %."`"""
    if not count:
        return "Without test photos nobody can tell how good a model is."
    right, low, high = test_interval(count)
    photos = "1 test photo" if count == 1 else f"{count:,} test photos"
    low_end, high_end = percent(low).removesuffix(" %"), percent(high)
    return (
        f"With {photos}, an accuracy of {percent(right / count)} could be anything "
        f"from {low_end} to {high_end}."
    )


def is_small_test(count: int) -> bool:
    """Whether the interval that a test of `count` photos implies is too wide to go by."""
    _, low, high = test_interval(count)
    return high - low > WIDE


def split_warnings(
    photos: pd.DataFrame,
    splits: Mapping[str, str],
    near: Mapping[str, str] | None = None,
) -> list[str]:
    """Plain sentences on what is amiss with a split; none if nothing is.

    Args:
        photos: The rows of the photos in use.
        splits: train, validation or test by photo id.
        near: Photos that look nearly the same, as a name per photo id.
    """
    sides = photos["id"].map(lambda photo_id: splits.get(photo_id, ""))
    tests = int((sides == "test").sum())
    told = [interval_sentence(tests)] if is_small_test(tests) else []
    if not (sides == "train").any():
        told.append("No photo is left to learn from.")
    if not (sides == "validation").any():
        told.append(
            "No photo checks the training while it runs: nothing says when to stop, "
            "or which moment was the best."
        )
    return [*told, *_thin_classes(photos["label"], sides), *_torn(splits, near or {})]


def _thin_classes(labels: pd.Series, sides: pd.Series) -> list[str]:
    """On classes that a split with photos knows nothing of, or hardly anything."""
    counts = pd.crosstab(labels, sides)
    told = []
    for split, word in (("train", "training"), ("test", "test")):
        if split not in counts:
            continue
        absent = counts.index[counts[split] == 0].tolist()
        if absent:
            verb = "has" if len(absent) == 1 else "have"
            told.append(f"{named(absent)} {verb} no {word} photo.")
    tests = counts["test"] if "test" in counts else pd.Series(dtype="int64")
    few = tests.index[tests.between(1, FEW_PER_CLASS - 1)].tolist()
    if few:
        verb = "has" if len(few) == 1 else "have"
        told.append(
            f"{named(few)} {verb} fewer than {FEW_PER_CLASS} test photos: what the test says "
            "of such a class is a matter of luck."
        )
    return told


def _torn(splits: Mapping[str, str], near: Mapping[str, str]) -> list[str]:
    """On photos that nearly are in two splits at once."""
    sides: dict[str, set[str]] = defaultdict(set)
    for photo_id, group in near.items():
        if photo_id in splits:
            sides[group].add(splits[photo_id])
    torn = sum("test" in found and len(found) > 1 for found in sides.values())
    if not torn:
        return []
    what = (
        "1 group of photos that belong together is"
        if torn == 1
        else (f"{torn:,} groups of photos that belong together are")
    )
    return [
        f"{what} on both sides of the test: the model has seen nearly the same photo, "
        "and the test will flatter it."
    ]


def named(names: Sequence[str]) -> str:
    """`"a, b and 3 more"`."""
    if len(names) <= MOST_NAMED:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED:,} more"
