"""What stands side by side in the view Compare: two looks, and how they are called."""

import base64
from dataclasses import dataclass

import numpy as np

from core.images import encode_jpeg
from core.inspection.looks import Look
from core.training.runs import Run
from ui import cache, state
from ui.inside.inside import Inside

PHOTO, COPY, EPOCH, RUN = "photo", "copy", "epoch", "run"
SIDE = 320


@dataclass(frozen=True)
class Pair:
    """Two looks.

    Attributes:
        kind: PHOTO, COPY, EPOCH or RUN.
        one, other: The looks themselves.
        titles: What they are called.
        addresses: Where the browser finds the two pictures.
        runs: Whose networks look.
        yardstick: A photo of something else, for scale; None where that says nothing.
    """

    kind: str
    one: Look
    other: Look
    titles: tuple[str, str]
    addresses: tuple[str, str]
    runs: tuple[Run, Run]
    yardstick: Look | None = None

    @property
    def same_maps(self) -> bool:
        """Whether map n is the same map in both."""
        return self.kind != RUN


def look(inside: Inside, source: bytes | str | None = None, epoch: int | None = None) -> Look:
    """The photo at hand, or another, through the run at hand."""
    chosen = inside.photo.source if source is None else source
    return Look(str(inside.run.folder), chosen, inside.image_size, epoch)


def model_stamps(*looks: Look) -> tuple[int, ...]:
    """Numbers that change when the models of `looks` do."""
    return tuple(cache.run_folder_stamp(one.run_folder) for one in looks)


def asked() -> tuple[str, str]:
    """What the address says behind `?with=`: the kind, and what belongs to it."""
    kind, _, rest = (state.address("with") or "").partition(":")
    return kind, rest


def ask_for(kind: str, rest: object = "") -> None:
    """Writes what is compared with into the address; for callbacks."""
    state.set_address("with", f"{kind}:{rest}" if rest != "" else kind)


def as_address(picture: np.ndarray) -> str:
    """A picture as the network gets it as an address, enlarged so that small ones stay sharp.

    Args:
        picture: uint8 (height, width, channels).
    """
    times = max(1, SIDE // max(picture.shape[:2]))
    large = np.broadcast_to(picture, (*picture.shape[:2], 3)).repeat(times, 0).repeat(times, 1)
    return f"data:image/jpeg;base64,{base64.b64encode(encode_jpeg(large, 92)).decode()}"
