"""What the snapshots of a run look like on the disk; see `core.training.snapshots`."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.errors import LoupeError, NotFound

MOST = 8
ROOM = 64e6
FOLDER = "snapshots"
LARGEST_HALF = 60_000.0
_NAME = re.compile(r"epoch-(\d{6,})\.npz")


def snapshot_path(run_folder: Path, epoch: int) -> Path:
    """Where the weights that a run had after `epoch` are kept, if they are."""
    return run_folder / FOLDER / f"epoch-{epoch:06d}.npz"


def snapshot_epochs(run_folder: Path) -> list[int]:
    """The epochs whose weights a run has kept, from early to late; 0 is the untrained network."""
    names = (_NAME.fullmatch(file.name) for file in (run_folder / FOLDER).glob("epoch-*.npz"))
    return sorted(int(name.group(1)) for name in names if name)


def snapshot_bytes(parameters: int) -> int:
    """At most so many bytes do the snapshots of a network take.

    Args:
        parameters: How many of its numbers learn.
    """
    return int(min(ROOM, MOST * 2.0 * parameters))


def pack(weights: dict[int, np.ndarray]) -> bytes:
    """Weights by their place in the network as the bytes of an `.npz`, in less room.

    Filters become float16, which is off by a twentieth of a per cent at most. What has one axis is
    small, may hold large numbers, and stays float32.
    """
    content = BytesIO()
    np.savez(content, **{str(place): _small(values) for place, values in weights.items()})  # type: ignore[arg-type]
    return content.getvalue()


def read_snapshot(run_folder: Path, epoch: int) -> dict[int, np.ndarray]:
    """The weights of a run after `epoch`, float32, by their place counted from the end: -1 is
    the last of `model.weights`.

    A weight that this snapshot lacks did not learn yet: it is taken from the earliest that has it.

    Raises:
        NotFound: If there is no snapshot of `epoch`.
        LoupeError: If one is damaged.
    """
    epochs = snapshot_epochs(run_folder)
    if epoch not in epochs:
        raise NotFound(
            f"This training kept no weights of epoch {epoch}.",
            f"It kept those of: {', '.join(map(str, epochs))}." if epochs else "",
        )
    found: dict[int, np.ndarray] = {}
    for one in [epoch, *epochs]:
        found = _unpacked(snapshot_path(run_folder, one)) | found
    return found


def _small(values: np.ndarray) -> np.ndarray:
    if values.ndim < 2 or not np.all(np.abs(values) < LARGEST_HALF):
        return values.astype(np.float32)
    return values.astype(np.float16)


def _unpacked(path: Path) -> dict[int, np.ndarray]:
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return {int(name): kept[name].astype(np.float32) for name in kept.files}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise LoupeError(
            f"The snapshot {path.name} is damaged.", "Choose another epoch."
        ) from error
