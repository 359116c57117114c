"""What a run answers while one step of augmentation grows from nothing to the most."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.augmentation import strength
from core.augmentation.drawing import Drawn
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import Step
from core.augmentation.transforms import apply
from core.evaluation.asked import Asked, ask_photos
from core.progress import Progress, silent
from core.training.runs import Run


@dataclass(frozen=True, eq=False)
class Severity:
    """The answers for the same photos at growing strength of one step.

    Attributes:
        kind: Of the step.
        values: The strengths, as `strength.strengths` gives them; with the first nothing happens.
        ids: The photos.
        true: int64 (n,), their class numbers.
        by_way: float32 (levels, ways, n, num_classes): the answers at either end of the
            range, where it has two (turned to the left, and to the right), else at its one.
        class_names: Of the class numbers.
    """

    kind: str
    values: list[float]
    ids: list[str]
    true: np.ndarray
    by_way: np.ndarray
    class_names: tuple[str, ...]

    @cached_property
    def probabilities(self) -> np.ndarray:
        """float32 (levels, n, num_classes): the mean of the answers at both ends."""
        return self.by_way.mean(axis=1, dtype=np.float32)

    @cached_property
    def right(self) -> np.ndarray:
        """float64 (levels, n): at how many of its ends each photo was named rightly, 0..1."""
        return (self.by_way.argmax(axis=3) == self.true).mean(axis=1)


def ask_at_strengths(
    run_folder: Run | Path | str,
    step: Step,
    recipe: AugmentationRecipe = NO_AUGMENTATION,
    split: str = "validation",
    limit: int | None = None,
    levels: int = strength.LEVELS,
    progress: Progress = silent,
) -> Severity:
    """Asks a run about its photos while `step` grows, with the pictures of the strength strip.

    Steps that go both ways (turned to the left or right, darker or brighter) are asked at
    both ends of the range; the two answers are kept apart in `Severity.by_way`, and
    `Severity.probabilities` averages them.

    Args:
        run_folder: A run, or its folder.
        step: Its fields other than the strength stay as they are; its probability is ignored.
        recipe: Says how edges are filled.
        split: "validation" or "test"; an empty one is refused, the training photos never
            stand in for it.
        limit: See `asked.ask_photos`.
        levels: How many strengths, the first of them nothing.

    Raises:
        LoupeError: If the split has no photos or the run has no model yet.
        Stopped: From `progress`.
    """
    asked = ask_photos(run_folder, split, limit, progress)
    values = strength.strengths(step.kind, levels)
    drawn = [strength.at_ends(step, value, recipe) for value in values]
    words = f"Asking the model under {step.label.lower()}"
    flat = [one for level in drawn for one in level]
    answers = answers_to(asked, flat, progress, words)
    by_way = answers.reshape(len(values), len(drawn[0]), *answers.shape[1:])
    return Severity(step.kind, values, asked.ids, asked.true, by_way, asked.class_names)


def answers_to(
    asked: Asked, drawn: list[Drawn], progress: Progress = silent, words: str = "Asking the model"
) -> np.ndarray:
    """What the model answers when each of `drawn` is done to all photos.

    Memory stays flat: a few hundred pictures are changed and asked about at a time. What
    changes nothing is asked once.

    Returns:
        float32 (len(drawn), n, num_classes).
    """
    answers = np.empty((len(drawn), len(asked.ids), len(asked.class_names)), np.float32)
    places = list(dict.fromkeys(drawn))
    chunks = asked.chunks()
    total, done = len(places) * len(asked.ids), 0
    for place, rows in chunks:
        pictures = asked.array[rows]
        for one in places:
            progress(done, total, words)
            answered = asked.predict(changed(pictures, one))
            for number in [number for number, each in enumerate(drawn) if each == one]:
                answers[number, place] = answered
            done += len(rows)
    progress(total, total, words)
    return answers


def changed(pictures: np.ndarray, drawn: Drawn) -> np.ndarray:
    """The same done to each of `pictures`, uint8 (n, height, width, channels)."""
    if drawn.changes_nothing:
        return pictures
    made = np.empty_like(pictures)
    for place, picture in enumerate(pictures):
        made[place] = apply(picture, drawn)
    return made
