"""Layer by layer: from the whole network to one layer, to one map, to one value of it."""

from ui.inside.inside import Inside
from ui.inside.ladder import LAYERS, show_ladder
from ui.inside.layer_level import layer_level
from ui.inside.network_level import network_level


def show_layers(inside: Inside) -> None:
    """The level that the address asks for; what it asks for in vain is said."""
    layers = inside.ask(LAYERS)
    place = show_ladder(inside, [layer["name"] for layer in layers])
    if place.layer is None:
        network_level(inside, layers)
    else:
        layer_level(inside, layers, place)
