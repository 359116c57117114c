"""The weights that backbones have learnt: where they lie on this computer, and how they get there.

They are Keras' own files in Keras' own folder (`KERAS_HOME/models`, else `~/.keras/models`):
what any other program has fetched is used, and the other way round.
"""

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import LoupeError, Stopped, WeightsMissing
from core.models.backbones import Backbone
from core.progress import Progress

BASE_URL = "https://storage.googleapis.com/tensorflow/keras-applications"
ASK_SECONDS = 5.0
# Without a byte for so long, the download is given up.
PATIENCE_SECONDS = 60.0
BYTES_PER_WEIGHT = 4


class WeightsFile(NamedTuple):
    """A published weights file.

    Attributes:
        name: Under this name Keras keeps it.
        url: Where it is fetched from.
        megabytes: About how large it is: four bytes for every weight.
    """

    name: str
    url: str
    megabytes: float


def models_folder() -> Path:
    """Where Keras keeps weights."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home).expanduser() / "models"


def weights_files(backbone: Backbone, image_size: tuple[int, int]) -> list[WeightsFile]:
    """The files that fit, the best first. The convolutions of any of them fit any size."""
    family, own = backbone.family, backbone.family.sides[0]
    height, width = image_size
    sizes = [height] if height == width and height in family.weight_sizes else []
    return [_file(backbone, size) for size in dict.fromkeys([*sizes, own])]


def _file(backbone: Backbone, size: int) -> WeightsFile:
    family = backbone.family
    name = family.weights.format(width=float(backbone.width), size=size)
    weights = sum(block.parameters for block in backbone.blocks)
    return WeightsFile(name, f"{BASE_URL}/{family.folder}/{name}", weights * BYTES_PER_WEIGHT / 1e6)


def find_weights(backbone: Backbone, image_size: tuple[int, int]) -> Path | None:
    """The best file that lies on this computer, None when there is none."""
    paths = (models_folder() / file.name for file in weights_files(backbone, image_size))
    return next((path for path in paths if path.is_file()), None)


def needs_fetching(backbone: Backbone, image_size: tuple[int, int]) -> WeightsFile | None:
    """The file that has to be fetched before this can be trained; None when all is there."""
    if backbone.weights == "random" or find_weights(backbone, image_size):
        return None
    return weights_files(backbone, image_size)[0]


def local_weights(backbone: Backbone, image_size: tuple[int, int]) -> Path | None:
    """The file to build from; None for random weights.

    Raises:
        WeightsMissing: If it is not on this computer.
    """
    file = needs_fetching(backbone, image_size)
    if file is not None:
        raise missing(backbone, file)
    return None if backbone.weights == "random" else find_weights(backbone, image_size)


def require_weights(backbone: Backbone, image_size: tuple[int, int]) -> None:
    """Looks whether the weights are here or can be fetched, before anything is begun.

    Raises:
        WeightsMissing: If neither; names the file and the folder where it is looked for.
    """
    file = needs_fetching(backbone, image_size)
    if file is None:
        return
    request = urllib.request.Request(file.url, method="HEAD")  # noqa: S310 - our own https address
    try:
        with urllib.request.urlopen(request, timeout=ASK_SECONDS):  # noqa: S310
            return
    except (OSError, ValueError) as error:
        raise missing(backbone, file, error) from error


def missing(
    backbone: Backbone, file: WeightsFile, error: BaseException | None = None
) -> WeightsMissing:
    """What to say when `file` is not here, and could not be fetched because of `error`."""
    folder = models_folder()
    tried = f", and they could not be fetched ({_reason(error)})" if error else ""
    return WeightsMissing(
        f"The weights of {backbone.family.title} are not on this computer{tried}. "
        f"They are looked for as {file.name} in {folder}.",
        f"Connect to the internet and try again, or copy that file (about {file.megabytes:.0f} MB) "
        "into that folder. The recipe small-cnn needs no weights.",
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code}"
    if isinstance(error, ValueError):
        return "the file arrived damaged"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "no answer in time"
    return "no connection to the internet"


def obtain_weights(
    backbone: Backbone, image_size: tuple[int, int], progress: Progress
) -> Path | None:
    """The weights file, fetched into Keras' folder if need be; None for random weights.

    Raises:
        WeightsMissing: If it is not here and cannot be fetched.
        Stopped: From `progress`; nothing half-fetched is left.
    """
    file = needs_fetching(backbone, image_size)
    if file is None:
        return local_weights(backbone, image_size)
    folder = models_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".fetching-", dir=folder))
    except OSError as error:
        raise LoupeError(
            f"The folder {folder} for the weights cannot be written: {error.strerror}.",
            "Name another with the environment variable KERAS_HOME.",
        ) from error
    try:
        return _fetch(backbone, file, folder, staging, progress)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fetch(
    backbone: Backbone, file: WeightsFile, folder: Path, staging: Path, progress: Progress
) -> Path:
    import keras

    message = f"Fetching the weights of {backbone.family.title}"
    progress(0, round(file.megabytes * 1000), message)
    try:
        with _followed(progress, message), contextlib.redirect_stdout(io.StringIO()):
            keras.utils.get_file(
                file.name,
                file.url,
                cache_dir=str(staging),
                cache_subdir="models",
                file_hash=_published_hash(file.name),
            )
    except Stopped:
        raise
    except Exception as error:  # Keras raises plain ones
        raise missing(backbone, file, error.__context__ or error) from error
    # Under its own name only now: whatever ends this process, no half file is taken for whole.
    os.replace(staging / "models" / file.name, folder / file.name)
    return folder / file.name


@contextmanager
def _followed(progress: Progress, message: str) -> Iterator[None]:
    """Has Keras' loader tell `progress` instead of drawing a bar on the terminal."""
    import socket

    from keras.src.utils import file_utils

    class Bar:
        def __init__(self, target: int | None):
            self.target = target

        def update(self, current: int | None) -> None:
            if current and self.target:
                progress(current // 1000, self.target // 1000, message)

    bar, patience = file_utils.Progbar, socket.getdefaulttimeout()
    file_utils.Progbar = Bar
    socket.setdefaulttimeout(PATIENCE_SECONDS)
    try:
        yield
    finally:
        file_utils.Progbar = bar
        socket.setdefaulttimeout(patience)


def _published_hash(name: str) -> str | None:
    """What Keras knows of the file's content; it knows nothing of some."""
    from keras.src.applications import convnext, efficientnet_v2, mobilenet_v3, resnet

    hashes: dict[str, Any] = {
        "convnext_tiny_notop.h5": convnext.WEIGHTS_HASHES["convnext_tiny"],
        "efficientnetv2-b0_notop.h5": efficientnet_v2.WEIGHTS_HASHES["b0"],
        "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5": resnet.WEIGHTS_HASHES[
            "resnet50v2"
        ],
    }
    hashes |= {
        f"weights_mobilenet_v3_{key}_no_top_v2.h5": value
        for key, value in mobilenet_v3.WEIGHTS_HASHES.items()
    }
    return hashes[name][1] if name in hashes else None


def weights_digest(weights: Path | None) -> str:
    """16 hex digits that stand for the content of a weights file; "random" without one."""
    if weights is None:
        return "random"
    about = weights.stat()
    return _digest(weights, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=16)
def _digest(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
