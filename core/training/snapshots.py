"""The weights of a few epochs, so that one can see later how a network came to see.

Kept are the untrained network and the epochs 1, 2, 4, 8, …: most of what there is to see happens
at the beginning. Where more come than there is room for, every second one goes. The end needs no
snapshot where it is the model that was kept.

Only what moves is written (what learns, and the averages of normalising layers): a frozen backbone
would be the same in every file.
"""

import shutil
import sys
from pathlib import Path

import keras
import numpy as np

from core.errors import LoupeError
from core.models.loading import read_model
from core.training import snapshot_files as files
from core.training.callbacks import Logs, synchronise
from core.training.runs import Run
from core.workspace import write_bytes

# A disk that is nearly full is left to the model.
LEAVE_FREE = 256e6


class Snapshots(keras.callbacks.Callback):
    """Keeps snapshots while a training goes on; whatever fails, the training goes on.

    Put it behind the callbacks that change the weights when an epoch ends. A training in two
    parts (a head, then unfrozen blocks) hands the same one on with `turn_to`.

    Args:
        run_folder: Of the run; what an earlier attempt left in its `snapshots/` is removed.
    """

    def __init__(self, run_folder: Path):
        super().__init__()
        self._run_folder = run_folder
        self._folder = run_folder / files.FOLDER
        self._pinned = {0}
        self._begun_with = 0
        self._source: keras.Model | None = None
        self._ended = False
        self._last = 0
        shutil.rmtree(self._folder, ignore_errors=True)

    def turn_to(self, source: keras.Model, epoch: int) -> None:
        """From now on keeps the weights of `source`, which begins as it was after `epoch`."""
        self._source, self._begun_with = source, epoch
        self._pinned.add(epoch)

    def on_train_begin(self, logs: Logs = None) -> None:
        if not self._keep(self._begun_with) and self._begun_with:
            # Blocks learn from here on: without their start the head's epochs mean nothing.
            self._ended = True
            shutil.rmtree(self._folder, ignore_errors=True)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        done = epoch + 1
        self._last = done
        if done & (done - 1) == 0:
            self._keep(done)

    def finish(self, kept: int) -> None:
        """Keeps the end as well, unless it is the model: its epoch is `kept`."""
        if self._last != kept:
            self._pinned.add(self._last)
            self._keep(self._last)

    def _keep(self, epoch: int) -> bool:
        if self._ended or self._source is None:
            return False
        try:
            if self.model is not None:
                synchronise(self.model)
            content = files.pack(_moving(self._source))
            fits = self._make_room(len(content))
            if fits:
                write_bytes(files.snapshot_path(self._run_folder, epoch), content)
            return fits
        except (OSError, MemoryError) as error:
            self._ended = True
            print(f"No more snapshots are kept: {error}", file=sys.stderr)
            return False

    def _make_room(self, size: int) -> bool:
        """Whether there is room for `size` bytes; older ones that are not pinned may go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while not self._fits(size):
            kept = files.snapshot_epochs(self._run_folder)
            going = [epoch for epoch in kept if epoch not in self._pinned][::2]
            if not going:
                return False
            for epoch in going:
                files.snapshot_path(self._run_folder, epoch).unlink(missing_ok=True)
        return shutil.disk_usage(self._folder).free - size > LEAVE_FREE

    def _fits(self, size: int) -> bool:
        kept = list(self._folder.glob("epoch-*.npz"))
        taken = sum(file.stat().st_size for file in kept)
        return len(kept) < files.MOST and taken + size <= files.ROOM


def model_at(run: Run, epoch: int) -> keras.Model:
    """The run's network as it was after `epoch`; a new one, which nobody else holds.

    Raises:
        As `put_back`, and as `core.models.loading.load_model`.
    """
    model = read_model(run.model_path)
    put_back(model, run.folder, epoch)
    return model


def put_back(model: keras.Model, run_folder: Path, epoch: int) -> None:
    """Gives `model`, the run's own, the weights that it had after `epoch`.

    Raises:
        NotFound: If there is no snapshot of `epoch`.
        LoupeError: If one is damaged, or belongs to another network.
    """
    variables = model.weights
    weights = files.read_snapshot(run_folder, epoch)
    for place, values in weights.items():
        if not -len(variables) <= place < 0 or variables[place].shape != values.shape:
            raise LoupeError(
                f"The snapshot of epoch {epoch} belongs to another network.", "Train it again."
            )
    for place, values in weights.items():
        variables[place].assign(values)


def _moving(source: keras.Model) -> dict[int, np.ndarray]:
    """The weights that move, by their place counted from the end.

    The head of a network is its end, so that a place holds for the head and for the whole.
    """
    count = len(source.weights)
    return {
        place - count: np.asarray(keras.ops.convert_to_numpy(variable))
        for place, variable in enumerate(source.weights)
        if variable.trainable or variable.name.startswith("moving_")
    }
