"""How fast this computer looks at photos through a backbone, as far as it is known."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.errors import LoupeError
from core.images import PictureSpec
from core.models.backbones import Backbone
from core.training.device import cpu_count, graphics_card_found
from core.workspace import read_json, write_json

if TYPE_CHECKING:
    from core.training.features import Look

FILE = "speeds.json"
# Fewer say more about starting than about looking.
PHOTOS_THAT_TELL = 64
# Multiply-adds in a second on one core, measured with MobileNetV2 at 224 (benchmarks/transfer.py).
GUESS_PER_CORE = 1.1e10
# On a graphics card of any kind: a cautious guess, never measured.
GUESS_FOR_A_CARD = 3e11


class Cost(NamedTuple):
    """What looking at photos takes.

    Attributes:
        looks: How many pictures the backbone looks at.
        seconds: About how long that takes here, once.
        megabytes: What is kept on the disk.
        measured: Whether the time was measured with this backbone here, or is a guess.
    """

    looks: int
    seconds: float
    megabytes: float
    measured: bool


def cost(root: Path, backbone: Backbone, picture: PictureSpec, looks: int) -> Cost:
    """What it takes to look at `looks` pictures, copies included, in the workspace `root`."""
    known = _known(root).get(_key(backbone))
    speed = known or _guess()
    seconds = looks * backbone.multiply_adds(picture.image_size) / speed
    return Cost(looks, seconds, looks * backbone.features * 2 / 1e6, known is not None)


def note_speed(root: Path, look: "Look", looks: int, seconds: float) -> None:
    """Remembers how fast `looks` pictures were looked at in `seconds`."""
    if looks < PHOTOS_THAT_TELL or seconds <= 0:
        return
    work = looks * look.backbone.multiply_adds(look.picture.image_size)
    write_json(root / FILE, _known(root) | {_key(look.backbone): work / seconds})


def _guess() -> float:
    return GUESS_FOR_A_CARD if graphics_card_found() else GUESS_PER_CORE * cpu_count()


def _known(root: Path) -> dict[str, float]:
    try:
        known = read_json(root / FILE)
    except LoupeError:
        return {}
    return known if isinstance(known, dict) else {}


def _key(backbone: Backbone) -> str:
    return f"{backbone.backbone} {backbone.width:g}"
