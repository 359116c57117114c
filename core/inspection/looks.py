"""One photo through one network: half of a comparison. Needs no Keras."""

from typing import NamedTuple


class Look(NamedTuple):
    """One photo through one network.

    Attributes:
        run_folder: A run with a trained model.
        source: The photo as the bytes of its file, or the path of the file.
        image_size: (height, width) at which the network looks; None for the run's own.
        epoch: As the network was after it; None for the model that was kept.
    """

    run_folder: str
    source: bytes | str
    image_size: tuple[int, int] | None = None
    epoch: int | None = None
