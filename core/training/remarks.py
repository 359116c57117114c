"""Settings of a recipe that do nothing on a data set, or not what one expects, in sentences.

None of them is an error: the training goes on as the sentence says.
"""

from collections.abc import Iterator

import pandas as pd

from core.augmentation.steps import MIXING_KINDS
from core.datasets.dataset import Dataset
from core.datasets.edits import photos as counted
from core.models.backbones import Backbone
from core.training.config import TrainingConfig
from core.training.device import graphics_card_found, has_fast_halves
from core.training.effects import first_doubting_epoch
from core.training.recipes import Recipe
from core.training.schedule import COUNTING_FROM, SETTLING_SCHEDULES

# Below this, the largest class has hardly more photos than the smallest.
EQUAL_CLASSES = 1.1
# A class with so many times fewer photos than the largest is one that a network may overlook.
RARE_CLASS = 5
# Of what an average of the weights looks back on, a training should have this many times more.
LOOKS_BACK = 3


def remarks(recipe: Recipe, dataset: Dataset) -> list[str]:
    """Plain sentences about settings of `recipe` that have no effect on `dataset`.

    Needs neither Keras nor the photos themselves: the manifest is enough.
    """
    training = recipe.training
    return [
        *_validation(training, dataset),
        *_stopping(training, dataset),
        *_balance(training, dataset),
        *_averaging(training, dataset),
        *_doubt(training, dataset),
        *_optimizer(training),
        *_computer(training),
        *_unfreezing(recipe),
        *_augmentation(recipe),
    ]


def will_validate(training: TrainingConfig, dataset: Dataset) -> bool:
    """Whether there will be photos to check the training with."""
    if dataset.split_counts()["validation"]:
        return True
    return training.validation_share is not None and _most_of_a_class(dataset) > 1


def _most_of_a_class(dataset: Dataset) -> int:
    return max(_class_counts(dataset).tolist(), default=0)


def _class_counts(dataset: Dataset) -> pd.Series:
    """How many training photos each class has, by its name."""
    return dataset.split("train", ["label"])["label"].value_counts()


def _validation(training: TrainingConfig, dataset: Dataset) -> Iterator[str]:
    there = dataset.split_counts()["validation"]
    if training.validation_share is None:
        return
    if there:
        yield (
            f"Nothing is held back for validation: {counted(there)} of the data set "
            f"{'is' if there == 1 else 'are'} set aside for it already."
        )
    elif not will_validate(training, dataset):
        yield "Nothing can be held back for validation: no class has two training photos."


def _stopping(training: TrainingConfig, dataset: Dataset) -> Iterator[str]:
    checked = will_validate(training, dataset)
    if training.keep == "best" and not checked:
        yield "Without validation photos nobody can tell which epoch is best: the last is kept."
    patience = training.early_stopping
    if patience is None:
        return
    if not checked:
        yield (
            "Without validation photos, early stopping goes by the loss on the training photos: "
            "it then notices when nothing more is learnt, but not when photos are learnt by rote."
        )
    counting = training.schedule in SETTLING_SCHEDULES
    epochs = training.epochs
    if epochs is not None and patience >= epochs * (1 - COUNTING_FROM if counting else 1):
        half = "the second half of " if counting else ""
        yield (
            f"Early stopping cannot happen: {half}{epochs} epochs "
            f"{'has' if counting or epochs == 1 else 'have'} no room for {patience} without "
            "progress."
        )
    elif counting:
        yield (
            f"The schedule '{training.schedule}' gets better when it slows down: early stopping "
            "counts in its second half only."
        )


def _balance(training: TrainingConfig, dataset: Dataset) -> Iterator[str]:
    if training.balance == "off":
        return
    counts = _class_counts(dataset)
    if len(counts) and counts.max() <= EQUAL_CLASSES * counts.min():
        yield "Balancing changes next to nothing: the classes have equally many training photos."
    elif training.balance == "batches" and training.batch_size < len(counts):
        yield (
            f"A batch of {counted(training.batch_size)} has no room for all {len(counts)} classes: "
            "their shares are equal over several batches only."
        )


def _averaging(training: TrainingConfig, dataset: Dataset) -> Iterator[str]:
    if not training.weight_averaging or training.epochs is None:
        return
    steps = training.epochs * -(-dataset.split_counts()["train"] // training.batch_size)
    back = round(1 / (1 - training.weight_averaging))
    if steps < LOOKS_BACK * back:
        yield (
            f"The average of the weights looks back on about {back} steps, and the training has "
            f"{steps}: it would still hold much of the untrained start. A smaller share looks "
            "back less far."
        )


def _doubt(training: TrainingConfig, dataset: Dataset) -> Iterator[str]:
    if training.doubt_labels is None:
        return
    if training.epochs and not first_doubting_epoch(training.epochs):
        yield (
            "No label will be doubted: that begins with an epoch in the second half, and there is "
            f"only {training.epochs}."
        )
    counts = _class_counts(dataset)
    if training.balance == "off" and len(counts) and counts.max() > RARE_CLASS * counts.min():
        yield (
            f"The class {counts.idxmin()} is rare, and its photos may be doubted for that alone: "
            "balance the classes, by equal batches."
        )


def _optimizer(training: TrainingConfig) -> Iterator[str]:
    usual = TrainingConfig(epochs=1)
    if training.optimizer != "sgd" and training.momentum != usual.momentum:
        yield f"Momentum belongs to the optimizer 'sgd': '{training.optimizer}' has its own."
    stairs = (training.drops, training.drop_to) != (usual.drops, usual.drop_to)
    if training.schedule != "step" and stairs:
        yield "The stairs have no effect: they belong to the schedule 'step'."
    if training.schedule != "inverse-time" and training.decay != usual.decay:
        yield "The decay has no effect: it belongs to the schedule 'inverse-time'."


def _computer(training: TrainingConfig) -> Iterator[str]:
    if graphics_card_found():
        return
    if training.precision == "mixed" and not has_fast_halves():
        yield (
            "There seems to be no graphics card here, and the processor has no 16 bits of its "
            "own: 'mixed' precision works, but is slower than 'full'."
        )
    if training.xla == "on":
        yield "There seems to be no graphics card here: XLA works, but is slower without one."


def _unfreezing(recipe: Recipe) -> Iterator[str]:
    backbone = recipe.architecture
    if not isinstance(backbone, Backbone) or not backbone.unfreeze_from:
        return
    if not any(block.convolutions for block in backbone.blocks[backbone.learning_from :]):
        yield (
            f"Nothing more learns than the head: '{backbone.unfreeze_from}' only normalises, and "
            "that stays as it is. Unfreeze from an earlier block."
        )


def _augmentation(recipe: Recipe) -> Iterator[str]:
    backbone = recipe.architecture
    steps = [step for step in recipe.augmentation.steps if step.enabled]
    if not isinstance(backbone, Backbone) or not steps:
        return
    titles = {"mixup": "MixUp", "cutmix": "CutMix"}
    mixing = [titles[step.kind] for step in steps if step.kind in MIXING_KINDS]
    unfrozen = backbone.unfreeze_from is not None
    if mixing:
        there = "works only once blocks are unfrozen" if unfrozen else "has no effect"
        yield (
            f"{' and '.join(mixing)} {there}: what the frozen network makes of each photo is kept, "
            "one photo at a time, and the kept copies are not blended."
        )
    if len(steps) > len(mixing) and not backbone.variants:
        there = "works only once blocks are unfrozen" if unfrozen else "has no effect"
        yield (
            f"The augmentation {there}: the frozen network looks at each photo as it is. "
            "Varied copies let it see more."
        )
