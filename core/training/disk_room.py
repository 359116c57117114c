"""How much room on the disk a training will take, before it is begun."""

import shutil
from math import prod

from core.datasets.manifest import Dataset
from core.datasets.prepared import is_prepared, prepared_bytes
from core.disk import NoSpace
from core.errors import LoupeError
from core.memory import size_text
from core.models.backbones import Backbone
from core.models.shapes import BYTES_PER_VALUE, trace
from core.training.recipes import Recipe
from core.training.snapshot_files import snapshot_bytes

BYTES_PER_FEATURE = 2
# The model that is kept and the one that is being written beside it.
MODEL_FILES = 2
SIDE_STEP = 16
SMALLEST_SIDE = 16


def disk_needed(dataset: Dataset, recipe: Recipe) -> int:
    """Bytes that a training adds to the workspace: the prepared pictures unless they are there,
    what a frozen backbone makes of each photo and its copies, the model, and snapshots of it.

    The features of photos that were looked at before are counted again: they are small.

    Raises:
        LoupeError: If the network cannot work on such pictures.
    """
    rows = trace(recipe.architecture, recipe.picture.shape, len(dataset.class_names))
    parameters = sum(row.parameters for row in rows)
    model = MODEL_FILES * BYTES_PER_VALUE * parameters
    pictures = (
        0 if is_prepared(dataset, recipe.picture) else prepared_bytes(dataset, recipe.picture)
    )
    return (
        pictures
        + features_bytes(dataset, recipe)
        + model
        + snapshot_bytes(_learning(recipe, parameters))
    )


def _learning(recipe: Recipe, parameters: int) -> int:
    """How many of a network's `parameters` learn at some time: frozen blocks never do."""
    backbone = recipe.architecture
    if not isinstance(backbone, Backbone):
        return parameters
    frozen = backbone.blocks[: backbone.learning_from]
    return parameters - sum(block.parameters for block in frozen)


def features_bytes(dataset: Dataset, recipe: Recipe) -> int:
    """Bytes of the features that a recipe with a backbone keeps; 0 for any other."""
    backbone = recipe.architecture
    if not isinstance(backbone, Backbone):
        return 0
    looks = len(dataset.used) + backbone.variants * dataset.split_counts()["train"]
    return looks * backbone.features * BYTES_PER_FEATURE


def require_disk(dataset: Dataset, recipe: Recipe) -> None:
    """Refuses a training whose files cannot fit on the disk, and says what would.

    Raises:
        NoSpace: If there is no room for it.
    """
    free = shutil.disk_usage(dataset.folder).free
    need = disk_needed(dataset, recipe)
    if need <= free:
        return
    height, width = recipe.picture.image_size
    raise NoSpace(
        f"This training would take {size_text(need)} on the disk: {len(dataset.manifest):,} "
        f"pictures of {height} × {width}"
        + (", what the frozen network makes of them" if features_bytes(dataset, recipe) else "")
        + f" and the model. {size_text(free)} are free.",
        _what_would_fit(dataset, recipe, free),
    )


def _what_would_fit(dataset: Dataset, recipe: Recipe, free: int) -> str:
    own = prod(recipe.picture.image_size)
    side = int((own**0.5 - 1) // SIDE_STEP) * SIDE_STEP
    while side >= SMALLEST_SIDE:
        picture = recipe.picture.model_copy(update={"image_size": (side, side)})
        smaller = recipe.model_copy(update={"picture": picture})
        try:
            if disk_needed(dataset, smaller) <= free:
                return f"Pictures of {side} × {side} would fit. Or free some space."
        except LoupeError:
            break
        side -= SIDE_STEP
    return "Free some space, or set LOUPE_HOME to a folder on a larger disk."
