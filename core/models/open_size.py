"""Whether a network takes pictures of any size, and if not, which layer forbids it."""

from core.models.architecture import Architecture, Place
from core.models.impossible import ImpossibleLayer
from core.models.layers import (
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Layer,
    ResidualBlock,
    window_of,
)

REFUSAL = "The input size cannot be left open. "


def forbids_open(architecture: Architecture) -> str | None:
    """A sentence that names the layer which needs pictures of one size; None if none does."""
    problem = refuse_open(architecture)
    return problem.message.removeprefix(REFUSAL) if problem else None


def refuse_open(architecture: Architecture) -> ImpossibleLayer | None:
    """The layer that needs pictures of one size, as a refusal; None if none does."""
    names = architecture.names()
    for number, layer in enumerate(architecture.layers):
        name = names[(number,)]
        if isinstance(layer, GlobalAveragePooling2D | GlobalMaxPooling2D):
            # From here on there is a number for each map, whatever the picture's size.
            return None
        if isinstance(layer, Flatten):
            return _refused(
                f"Layer {name!r} lays all maps out in one row, whose length "
                "would change with the size of the picture.",
                "Use 'global_average_pooling2d' instead.",
                (number,),
                GlobalAveragePooling2D(),
            )
        if isinstance(layer, ResidualBlock):
            rimless = [at for at, inner in enumerate(layer.layers) if _loses_its_rim(inner)]
            if rimless:
                return _refused(
                    f"Block {name!r} has a layer without a rim, and its shortcut could not "
                    "follow at every size.",
                    "Use padding 'same' within the block.",
                    (number, rimless[0]),
                    layer.layers[rimless[0]].model_copy(update={"padding": "same"}),
                )
    return None


def _refused(why: str, next_step: str, place: Place, instead: Layer) -> ImpossibleLayer:
    problem = ImpossibleLayer(REFUSAL + why, next_step, instead)
    problem.place = place
    return problem


def _loses_its_rim(layer: Layer) -> bool:
    window, _ = window_of(layer)
    return getattr(layer, "padding", "same") == "valid" and window > 1
