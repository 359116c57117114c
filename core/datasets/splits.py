"""Which photos teach, which check, which test: the same proportions in every class."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.datasets.grouping import assign_groups
from core.errors import LoupeError


class SplitShares(BaseModel):
    """How the photos are shared out, in percent. The three add up to 100."""

    model_config = ConfigDict(frozen=True)

    train: int = Field(
        default=70,
        ge=1,
        le=100,
        description="Photos the model learns from.",
        json_schema_extra={"unit": "%", "label": "Train", "step": 5},
    )
    validation: int = Field(
        default=15,
        ge=0,
        le=99,
        description="Photos that check the model while it learns.",
        json_schema_extra={"unit": "%", "label": "Validation", "step": 5},
    )
    test: int = Field(
        default=15,
        ge=0,
        le=99,
        description="Photos kept aside for the final test.",
        json_schema_extra={"unit": "%", "label": "Test", "step": 5},
    )

    @model_validator(mode="after")
    def _adds_up(self) -> "SplitShares":
        total = self.train + self.validation + self.test
        if total != 100:
            raise ValueError(f"the three shares add up to {total} %, not 100 %")
        return self

    @classmethod
    def parse(cls, text: str) -> "SplitShares":
        """`"70/15/15"` as shares.

        Raises:
            LoupeError: If it is not three whole numbers that add up to 100.
        """
        try:
            train, validation, test = (int(part) for part in text.split("/"))
            return cls(train=train, validation=validation, test=test)
        except ValueError as error:
            raise LoupeError(
                f"The split {text!r} is not three percentages that add up to 100, "
                "with at least 1 for training.",
                "Write train, validation and test like 70/15/15.",
            ) from error

    def as_dict(self) -> dict[str, int]:
        """`{"train": 70, …}`, only the splits that have a share."""
        return {name: share for name, share in self.model_dump().items() if share}


def stratified_split(labels: Sequence[str], shares: SplitShares, seed: int) -> list[str]:
    """A split for every label's photo, drawn class by class.

    A class with at least as many photos as there are splits with a share appears in
    each of them; one with fewer goes to train first, then to the larger of the others.

    Args:
        labels: One label per photo.
        seed: Equal seeds give equal splits, whatever the order of the classes.

    Returns:
        `"train"`, `"validation"` or `"test"` for each photo, in the order of `labels`.
    """
    return split_by_shares(labels, shares.as_dict(), seed)


def split_by_shares(
    labels: Sequence[str],
    shares: dict[str, int],
    seed: int,
    groups: Sequence[str] | None = None,
) -> list[str]:
    """`stratified_split` for any named shares; they need not add up to 100.

    Args:
        groups: One per photo, empty for a photo on its own; equal ones stay on one side.
    """
    if groups is not None and any(groups):
        wanted = {label: _counts(total, shares) for label, total in Counter(labels).items()}
        return assign_groups(labels, groups, wanted, next(iter(shares)), seed)
    members: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    chosen = [""] * len(labels)
    for label, indices in members.items():
        random.Random(f"{seed} {label}").shuffle(indices)  # noqa: S311 - not a secret
        names = _repeated(_counts(len(indices), shares))
        for index, name in zip(indices, names, strict=True):
            chosen[index] = name
    return chosen


def split_into_folds(
    labels: Sequence[str], folds: int, seed: int, groups: Sequence[str]
) -> list[int]:
    """A fold from 0 for every photo: equal parts of every class, groups whole.

    What does not divide evenly goes to the folds that are the smallest so far.

    Args:
        groups: One per photo, empty for a photo on its own.
    """
    names = [str(fold) for fold in range(folds)]
    sizes = dict.fromkeys(names, 0)
    wanted: dict[str, dict[str, int]] = {}
    for label, total in sorted(Counter(labels).items()):
        smallest = sorted(names, key=lambda name: (sizes[name], int(name)))[: total % folds]
        wanted[label] = {name: total // folds + (name in smallest) for name in names}
        sizes = {name: sizes[name] + wanted[label][name] for name in names}
    return [int(name) for name in assign_groups(labels, groups, wanted, names[0], seed)]


def _counts(total: int, shares: dict[str, int]) -> dict[str, int]:
    """Whole photos per split: one each as far as they go, the rest by largest shortfall."""
    ranked = sorted(shares, key=lambda name: (name != "train", -shares[name]))
    counts = dict.fromkeys(shares, 0) | dict.fromkeys(ranked[:total], 1)
    whole = sum(shares.values())
    exact = {name: total * share / whole for name, share in shares.items()}
    for name in ranked:
        counts[name] = max(counts[name], int(exact[name]))
    while (surplus := sum(counts.values()) - total) != 0:
        if surplus < 0:
            counts[max(ranked, key=lambda name: exact[name] - counts[name])] += 1
        else:
            spare = [name for name in ranked if counts[name] > 1]
            counts[max(spare, key=lambda name: counts[name] - exact[name])] -= 1
    return counts


def _repeated(counts: dict[str, int]) -> Iterable[str]:
    return (name for name, count in counts.items() for _ in range(count))
