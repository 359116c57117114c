"""A network's layers as data: what can be drawn as a form, saved as JSON and built later."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field

from core.models.layers import (
    LAYER_KINDS,
    TITLES,
    Activation,
    ActivationName,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    LayerSpec,
    MaxPooling2D,
    Output,
    Padding,
    ResidualBlock,
)

__all__ = [
    "LAYER_KINDS",
    "Activation",
    "ActivationName",
    "Architecture",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "LayerSpec",
    "MaxPooling2D",
    "Output",
    "Padding",
    "Place",
    "ResidualBlock",
]

MOST_LAYERS = 500
# Where a layer stands: (4,) is the fifth of the stack, (4, 0) the first within that block.
Place = tuple[int, ...]


class Architecture(BaseModel):
    """A stack of layers, from the picture (first) to the answer (last).

    Attributes:
        open_size: Whether height and width of the input are left open (None), so that what
            was trained on pictures of one size can be asked about others. Written down only
            where it is chosen: files without it are what they always were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    layers: tuple[LayerSpec, ...] = Field(max_length=MOST_LAYERS)
    open_size: bool = Field(
        default=False,
        description="Leaves height and width of the input open (None): the trained model then "
        "takes pictures of other sizes too.",
        json_schema_extra={"label": "Pictures of any size"},
        exclude_if=lambda chosen: not chosen,
    )

    def names(self) -> dict[Place, str]:
        """The name of every layer by its place, in the order in which a picture meets them."""
        seen: dict[str, int] = {}
        return {place: _counted(layer.kind, seen) for place, layer in self.places()}

    def titles(self) -> dict[Place, str]:
        """What people call every layer: "Flatten", or "Convolution 2" where there are several."""
        kinds = Counter(layer.kind for _, layer in self.places())
        seen: Counter[str] = Counter()
        found = {}
        for place, layer in self.places():
            seen[layer.kind] += 1
            number = f" {seen[layer.kind]}" if kinds[layer.kind] > 1 else ""
            found[place] = TITLES[layer.kind] + number
        return found

    def places(self) -> list[tuple[Place, LayerSpec]]:
        """Every layer with its place; a block comes after the layers within it."""
        found: list[tuple[Place, LayerSpec]] = []
        for number, layer in enumerate(self.layers):
            if isinstance(layer, ResidualBlock):
                found += [((number, at), inner) for at, inner in enumerate(layer.layers)]
            found.append(((number,), layer))
        return found

    def at(self, place: Place) -> Layer:
        """The layer at `place`."""
        layer: Layer = self.layers[place[0]]
        if len(place) == 2 and isinstance(layer, ResidualBlock):
            return layer.layers[place[1]]
        return layer


def _counted(kind: str, seen: dict[str, int]) -> str:
    number = seen.get(kind, 0)
    seen[kind] = number + 1
    return f"{kind}_{number}" if number else kind
