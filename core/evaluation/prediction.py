"""What a run says about photos that are not in its data set."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import LoupeError
from core.evaluation.mirroring import mirrored_probabilities
from core.evaluation.picture_size import picture_for
from core.evaluation.results import require_model, run_of
from core.images import PictureSpec, load_picture, read_picture
from core.progress import Progress, silent
from core.training.runs import Run

FILES_AT_ONCE = 64


def predict_picture(
    run_folder: str,
    source: bytes | str,
    mirrored: bool = False,
    image_size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """The model's answer for one picture, given as bytes or as a path.

    Args:
        mirrored: Whether the answer is the mean of those for the picture and its mirror
            images (see `mirroring.mirror_images`), known as test-time augmentation.
        image_size: (height, width) that the picture is brought to; None for the run's own.

    Returns:
        label, probability, probabilities {class: 0..1} and repairs (what had to be done to
        the file to read it, in plain words).

    Raises:
        UnusablePicture: If the file cannot be read as a picture.
        NotFound: If there is no such run, or no model in it yet.
        LoupeError: If its model does not take pictures of `image_size`.
    """
    run = run_of(run_folder)
    picture = source if isinstance(source, bytes) else Path(source)
    pixels = load_picture(picture, picture_for(run, image_size))
    (probabilities,) = _probabilities(run, pixels[None], mirrored)
    return answer(probabilities, run.config.class_names) | {
        "repairs": list(read_picture(picture).repairs)
    }


def predict_files(
    run: Run | Path | str,
    files: Sequence[Path | str],
    progress: Progress = silent,
    mirrored: bool = False,
    image_size: tuple[int, int] | None = None,
) -> list[dict[str, Any]]:
    """An answer for each file in its order; a file that cannot be read gets its reason.

    Args:
        mirrored, image_size: As for `predict_picture`.

    Returns:
        Dicts with file, label, probability, probabilities, or with file, error.

    Raises:
        NotFound: If there is no such run, or no model in it yet.
        LoupeError: If its model does not take pictures of `image_size`.
    """
    run = run_of(run)
    require_model(run)
    spec = picture_for(run, image_size)
    answers: list[dict[str, Any]] = []
    for start in range(0, len(files), FILES_AT_ONCE):
        progress(start, len(files), "Looking at the photos")
        answers += _predict_some(run, files[start : start + FILES_AT_ONCE], spec, mirrored)
    progress(len(files), len(files), "Looking at the photos")
    return answers


def _predict_some(
    run: Run, files: Sequence[Path | str], spec: PictureSpec, mirrored: bool
) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = [{"file": str(file)} for file in files]
    pictures, places = [], []
    for place, file in enumerate(files):
        try:
            pictures.append(load_picture(Path(file), spec))
            places.append(place)
        except LoupeError as error:
            answers[place]["error"] = str(error)
    if pictures:
        for place, answer in zip(places, _answers(run, np.stack(pictures), mirrored), strict=True):
            answers[place] |= answer
    return answers


def _answers(run: Run, pictures: np.ndarray, mirrored: bool) -> list[dict[str, Any]]:
    rows = _probabilities(run, pictures, mirrored)
    return [answer(row, run.config.class_names) for row in rows]


def predict_pictures(run_folder: str, pictures: np.ndarray) -> np.ndarray:
    """The model's answers for pictures that are as it takes them already, all in one go.

    Args:
        pictures: uint8 (N, height, width, channels).

    Returns:
        float32 (N, num_classes), each row summing to 1.

    Raises:
        NotFound: If there is no such run, or no model in it yet.
        LoupeError: If the model cannot be read, or takes pictures of another size.
    """
    from core.models.loading import load_model, predict_probabilities

    run = run_of(run_folder)
    model = load_model(require_model(run))
    if not _fits(model.input_shape[1:], pictures.shape[1:]):
        raise LoupeError(
            f"The model of {run.name!r} takes pictures of {_size(model.input_shape[1:])}, "
            f"but these have {_size(pictures.shape[1:])}.",
            "Train it again, or choose another run.",
        )
    # Its own size of batch: rounded up to a full one, seven pictures would cost as much as 64.
    return predict_probabilities(model, pictures, batch_size=min(64, len(pictures)))


def _fits(taken: Sequence[int | None], given: Sequence[int]) -> bool:
    return all(side in (None, own) for side, own in zip(taken, given, strict=True))


def _size(shape: Sequence[int | None]) -> str:
    height, width, channels = shape
    size = "any size" if height is None else f"{width} × {height} pixels"
    return f"{size} and {channels} channels"


def _probabilities(run: Run, pictures: np.ndarray, mirrored: bool) -> np.ndarray:
    from core.models.loading import load_model, predict_probabilities

    model = load_model(require_model(run))
    if mirrored:
        return mirrored_probabilities(model, pictures, run.config.recipe.augmentation)
    return predict_probabilities(model, pictures)


def answer(probabilities: np.ndarray, class_names: Sequence[str]) -> dict[str, Any]:
    """label, probability and probabilities {class: 0..1} of one row (num_classes,)."""
    best = int(probabilities.argmax())
    return {
        "label": class_names[best],
        "probability": float(probabilities[best]),
        "probabilities": {
            name: float(value) for name, value in zip(class_names, probabilities, strict=True)
        },
    }
