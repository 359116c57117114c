"""How much memory a training will take, before it is begun, and what would take less."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from core.datasets.dataset import Dataset
from core.errors import LoupeError, OutOfMemory, Stopped, TooLarge
from core.foreign_errors import is_out_of_memory
from core.memory import SETTING, memory_allowed, memory_available, size_text
from core.models.backbone_values import bytes_at_once, bytes_kept
from core.models.backbones import Backbone
from core.models.shapes import BYTES_PER_VALUE, LayerRow, trace
from core.slots import parallel_runs
from core.status import State, read_status
from core.training.config import TrainingConfig
from core.training.recipes import Recipe, list_recipes

# What follows was fitted to trainings measured as `python -m benchmarks training_memory` does
# (Keras 3.15, TensorFlow 2.21, two cores). Seven others, 0.37 to 1.04 GB, really took 0.86 to
# 1.10 times the estimate, the lower ones in 16 bits; MobileNetV2, alone of the backbones, 0.76
# and 0.79 times.
ERROR = 0.4
BASE = 345_000_000
BASE_WITH_BACKBONE = 480_000_000
PER_PHOTO = 1_500
# Beyond the values that the layers put out: gradients on their way back, and what the
# allocator cannot give back.
KEPT_FACTOR = 1.15
AT_ONCE_FACTOR = 1.5
# As above for a backbone: asked as Keras' model, and looked through as a graph of constants
# with one batch on its way while another is looked at.
ASKED_FACTOR, LOOKED_FACTOR = 2.3, 3.1
# The weights themselves, their gradients, the best ones so far, the second model through
# which they are saved, and the file's content on its way to the disk.
COPIES_OF_WEIGHTS = 5
SLOTS = {"adamw": 2, "muon": 2, "adam": 2, "rmsprop": 1, "sgd": 1}
# Mirrors of constants of modules that may not be imported here, because they import Keras
# (tests/core/training/test_memory.py holds them equal).
QUEUED_BATCHES = 8 + 2
VALIDATION_BATCH_SIZE = 128
LOOKED_AT_ONCE = 32
ASKED_AT_ONCE = 64
SIDE_STEP = 16
SMALLEST_SIDE = 16


class Photos(NamedTuple):
    """How many photos there are to learn from and to watch by."""

    train: int
    validation: int
    all: int


@dataclass(frozen=True)
class Fit:
    """Whether a training has room.

    Attributes:
        need: About how many bytes it will take; what it really takes lies within `ERROR`.
        free: What it can have; None where nobody tells.
    """

    need: int
    free: int | None

    @property
    def is_refused(self) -> bool:
        """Whether it would not fit even if the estimate is too high by all its error."""
        return self.free is not None and self.need * (1 - ERROR) > self.free

    @property
    def is_doubtful(self) -> bool:
        """Whether it might not fit."""
        return self.free is not None and self.need * (1 + ERROR) > self.free

    def words(self) -> str:
        """ "about 1.2 GB of 20 GB free"."""
        need = f"about {size_text(self.need)}"
        return need if self.free is None else f"{need} of {size_text(self.free)} free"


def photos_of(dataset: Dataset) -> Photos:
    """The counts of a data set that the estimate needs."""
    counts = dataset.split_counts()
    return Photos(counts["train"], counts["validation"], len(dataset.manifest))


def memory_needed(recipe: Recipe, num_classes: int, photos: Photos) -> int:
    """About how many bytes the process of a training holds at its peak.

    Memory that the system can take back at any time, as the pages of the memory-mapped
    pictures, is not in it: it does not grow with the number of photos.

    Raises:
        LoupeError: If the network cannot work on such pictures.
    """
    rows = trace(recipe.architecture, recipe.picture.shape, num_classes)
    if isinstance(recipe.architecture, Backbone):
        return _with_backbone(recipe, recipe.architecture, rows, photos)
    training = recipe.training
    weights = sum(row.parameters for row in rows) * BYTES_PER_VALUE
    learning = _learning(sum(row.memory for row in rows), recipe, photos)
    asking = _asking(max(map(_through, rows, rows[1:])), photos)
    return round(BASE + _copies(training) * weights + max(learning, asking) + _data(photos))


def _with_backbone(recipe: Recipe, backbone: Backbone, rows: list[LayerRow], photos: Photos) -> int:
    size, training = recipe.picture.image_size, recipe.training
    widest = bytes_at_once(backbone, size)
    names = [block.name for block in backbone.blocks]
    weights = sum(row.parameters for row in rows) * BYTES_PER_VALUE
    # The network, the same as constants of a graph, and what is saved.
    held = 3 * weights
    looking = LOOKED_FACTOR * widest * LOOKED_AT_ONCE
    if not backbone.unfreeze_from:
        # Validation photos are features to the head; only the tests ask the whole network.
        asking = ASKED_FACTOR * widest * ASKED_AT_ONCE
        return round(BASE_WITH_BACKBONE + held + max(looking, asking) + _data(photos))
    asking = _asking(widest, photos, ASKED_FACTOR)
    learn = {block.name for block in backbone.blocks[backbone.learning_from :]}
    learning_weights = sum(
        row.parameters for row in rows if row.name in learn or row.name not in names
    )
    held += (SLOTS[training.optimizer] + 2) * learning_weights * BYTES_PER_VALUE + weights
    kept = bytes_kept(backbone, size, backbone.learning_from) + widest
    learning = _learning(kept, recipe, photos)
    return round(BASE_WITH_BACKBONE + held + max(looking, asking, learning) + _data(photos))


def _learning(kept: int, recipe: Recipe, photos: Photos) -> float:
    """What a step keeps for the way back, and the batches that are made ahead."""
    batch = min(recipe.training.batch_size, max(1, photos.train))
    ahead = min(QUEUED_BATCHES, max(1, photos.train // batch)) * prod(recipe.picture.shape)
    return batch * (KEPT_FACTOR * kept + ahead)


def _asking(widest: int, photos: Photos, factor: float = AT_ONCE_FACTOR) -> float:
    """What asking about photos holds: of the widest place alone, but of larger batches."""
    watched = min(VALIDATION_BATCH_SIZE, photos.validation)
    return factor * widest * max(watched, ASKED_AT_ONCE)


def _through(row: LayerRow, after: LayerRow) -> int:
    return row.memory + after.memory


def _copies(training: TrainingConfig) -> int:
    averaged = 1 if training.weight_averaging else 0
    return COPIES_OF_WEIGHTS + SLOTS[training.optimizer] + averaged


def _data(photos: Photos) -> int:
    return PER_PHOTO * photos.all


def fit_of(dataset: Dataset, recipe: Recipe) -> Fit:
    """What a training of `recipe` on `dataset` needs and what it can have.

    Raises:
        LoupeError: If the network cannot work on such pictures.
    """
    need = memory_needed(recipe, len(dataset.class_names), photos_of(dataset))
    return Fit(need, memory_for_training(dataset))


def memory_for_training(dataset: Dataset) -> int | None:
    """What a training of the data set can have: as much as `LOUPE_MEMORY_GB` says, else what
    is free, together with what it waits for until the trainings at work are over."""
    allowed = memory_allowed()
    if allowed is not None:
        return allowed
    free = memory_available()
    return None if free is None else free + _given_back(dataset)


def _given_back(dataset: Dataset) -> int:
    """What the trainings hold that must end before another may begin; 0 if none must."""
    held = []
    for lock in (dataset.folder.parents[1] / "runs").glob("*/lock"):
        try:
            status = read_status(lock.parent)
        except LoupeError:
            continue
        if status.state is State.RUNNING:
            held.append(status.memory_used)
    return sum(held) if len(held) >= parallel_runs() else 0


def require_memory(dataset: Dataset, recipe: Recipe, fit: Fit | None = None) -> None:
    """Refuses a training that cannot fit, and says what would.

    Args:
        fit: `fit_of` the two, where it is known already.

    Raises:
        TooLarge: If it would not fit even if the estimate is too high by all its error.
    """
    fit = fit or fit_of(dataset, recipe)
    if not fit.is_refused or fit.free is None:
        return
    raise TooLarge(
        f"This training would take about {size_text(fit.need)} of memory; "
        f"{size_text(fit.free)} are free.",
        f"{what_would_fit(dataset, recipe, fit.free)} If you know better, set {SETTING} to the "
        "number of gigabytes that a training may take.",
    )


def doubt(dataset: Dataset, recipe: Recipe, fit: Fit | None = None) -> str:
    """A warning before the start of a training that might not fit; empty if it will."""
    fit = fit or fit_of(dataset, recipe)
    if not fit.is_doubtful or fit.free is None:
        return ""
    return (
        f"This may need more memory than is free: about {size_text(fit.need)}, of "
        f"{size_text(fit.free)}. {what_would_fit(dataset, recipe, fit.free)}"
    )


def what_would_fit(dataset: Dataset, recipe: Recipe, free: int) -> str:
    """What to change, computed: batch size, picture size, another recipe."""
    fits = _Fits(dataset, free)
    found = []
    if batch := fits.largest_batch(recipe):
        found.append(f"a batch size of {batch}")
    if side := fits.largest_side(recipe):
        found.append(f"pictures of {side} × {side}")
    if not found and (lighter := fits.lighter(recipe)):
        found.append(f"the recipe {lighter}")
    if not found:
        return "Close other programs, or train on a computer with more memory."
    return f"{_one_of(found)} would fit."


@dataclass(frozen=True)
class _Fits:
    """Looks for what stays below `free` bytes, the estimate's error included where it can."""

    dataset: Dataset
    free: int

    def allows(self, recipe: Recipe) -> bool:
        try:
            need = memory_needed(recipe, len(self.dataset.class_names), photos_of(self.dataset))
        except LoupeError:
            return False
        return need <= self.free

    def largest_batch(self, recipe: Recipe) -> int | None:
        """The largest smaller batch that fits; None when batches are not to blame."""
        photos = photos_of(self.dataset)
        low, high = 0, min(recipe.training.batch_size, max(1, photos.train))
        if self.allows(_with_batch(recipe, high)):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if self.allows(_with_batch(recipe, middle)) else (low, middle)
            )
        return low or None

    def largest_side(self, recipe: Recipe) -> int | None:
        """The largest smaller picture, square, that fits and that the network takes."""
        start = min(recipe.picture.image_size) - 1
        for side in range(start - start % SIDE_STEP, SMALLEST_SIDE - 1, -SIDE_STEP):
            picture = recipe.picture.model_copy(update={"image_size": (side, side)})
            if self.allows(recipe.model_copy(update={"picture": picture})):
                return side
        return None

    def lighter(self, recipe: Recipe) -> str | None:
        """The recipe that comes with Loupe and makes most of the room there is."""
        others = [other for other in list_recipes() if other.name != recipe.name]
        fitting = [other for other in others if self.allows(other)]
        classes, photos = len(self.dataset.class_names), photos_of(self.dataset)
        by_need = {other.name: memory_needed(other, classes, photos) for other in fitting}
        return max(by_need, key=lambda name: by_need[name], default=None)


def _with_batch(recipe: Recipe, batch_size: int) -> Recipe:
    training = recipe.training.model_copy(update={"batch_size": batch_size})
    return recipe.model_copy(update={"training": training})


def _one_of(found: list[str]) -> str:
    words = " or ".join(found)
    return words[:1].upper() + words[1:]


@contextmanager
def saying_what_fits(dataset: Dataset, recipe: Recipe) -> Iterator[None]:
    """Turns a lack of memory inside the block into a sentence that says what would fit.

    Raises:
        OutOfMemory: If memory runs out inside the block.
    """
    try:
        yield
    except Stopped:
        raise
    except Exception as error:
        if isinstance(error, LoupeError) or not is_out_of_memory(error):
            raise
        batch = max(1, recipe.training.batch_size // 2)
        smaller = f"a batch size of {batch}, " if batch < recipe.training.batch_size else ""
        raise OutOfMemory(
            f"The training ran out of memory with {recipe.training.batch_size} photos at once.",
            f"Use {smaller}smaller pictures or a smaller network, or close other programs.",
        ) from error
