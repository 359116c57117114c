"""The size of picture that a run is asked at: its own, or another where its network allows that."""

from pathlib import Path

import numpy as np
from pydantic import ValidationError

from core.errors import LoupeError
from core.images import MAX_SIDE, PictureSpec, load_picture
from core.models.architecture import Architecture
from core.models.open_size import forbids_open
from core.models.picture_sizes import smallest_side
from core.models.shapes import survey
from core.training.runs import Run, RunConfig

# As multiples of the trained size; a network seldom knows what it sees beyond them.
SCALES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def takes_other_sizes(config: RunConfig) -> bool:
    """Whether the run's model takes pictures of more than one size."""
    network = config.recipe.architecture
    return isinstance(network, Architecture) and network.open_size


def picture_for(run: Run, image_size: tuple[int, int] | None = None) -> PictureSpec:
    """What the run's model gets to see of a photo.

    Args:
        image_size: (height, width) to be asked at; None for the size it learnt from.

    Raises:
        LoupeError: If its network takes one size only, naming the layer that forbids others,
            or if the size is too small for it, or larger than pictures may be.
    """
    config = run.config
    own = config.recipe.picture
    if image_size is None or image_size == own.image_size:
        return own
    if not takes_other_sizes(config):
        raise _one_size_only(run)
    try:
        spec = PictureSpec.model_validate(own.model_dump() | {"image_size": image_size})
    except ValidationError as error:
        raise LoupeError(
            f"Pictures of {words(image_size)} cannot be looked at.",
            f"Both sides must have 1 to {MAX_SIDE:,} pixels.",
        ) from error
    network, classes = config.recipe.architecture, len(config.class_names)
    assert isinstance(network, Architecture)  # noqa: S101 - for the type checker
    problem = survey(network, spec.shape, classes).problem
    if problem:
        least = smallest_side(network, spec.channels, classes)
        raise LoupeError(
            f"The network of {run.name!r} cannot look at pictures of {words(image_size)}: "
            f"{problem.message}",
            f"Its layers need at least {least} × {least} pixels.",
        )
    return spec


def asked_picture(
    run: Run, source: bytes | str, image_size: tuple[int, int] | None = None
) -> np.ndarray:
    """A photo as the run's model gets to see it: uint8 (height, width, channels).

    Args:
        source: The bytes of its file, or the path of the file.
        image_size: As for `picture_for`.

    Raises:
        UnusablePicture: If the photo cannot be read.
        LoupeError: As `picture_for`.
    """
    spec = picture_for(run, image_size)
    return load_picture(source if isinstance(source, bytes) else Path(source), spec)


def offered_sizes(run: Run) -> list[tuple[int, int]]:
    """The sizes worth asking at, from small to large; the run's own alone if it takes no other."""
    own = run.config.recipe.picture.image_size
    if not takes_other_sizes(run.config):
        return [own]
    found = []
    for scale in SCALES:
        size = (round(own[0] * scale), round(own[1] * scale))
        try:
            picture_for(run, size)
        except LoupeError:
            continue
        found.append(size)
    return found


def words(image_size: tuple[int, int]) -> str:
    """`64 × 96 pixels`, the height first."""
    return f"{image_size[0]} × {image_size[1]} pixels"


def _one_size_only(run: Run) -> LoupeError:
    network = run.config.recipe.architecture
    own = words(run.config.recipe.picture.image_size)
    said = f"The model of {run.name!r} takes pictures of {own} only."
    if not isinstance(network, Architecture):
        return LoupeError(
            f"{said} A network that was trained before is built for one size here.",
            "Ask it at its own size, or train it again at the size you want.",
        )
    forbidden = forbids_open(network)
    if forbidden:
        return LoupeError(
            f"{said} {forbidden}", "Ask it at its own size, or train a network without that layer."
        )
    return LoupeError(
        f"{said} Its layers would allow others, but the size was not left open when it was "
        "trained.",
        "Train it again with pictures of any size: on the page “Model”, or with "
        "--set open_size=yes.",
    )
