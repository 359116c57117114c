"""All maps of a layer as one picture to choose from; all units of one without places as bars."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

from core.inspection.atlas import grid_of
from core.inspection.drawn_shape import drawn_shape
from ui import state
from ui.components.image_grid import Atlas, image_grid
from ui.components.unit_bars import unit_bars
from ui.inside.drawing_controls import Look
from ui.inside.inside import Inside
from ui.inside.layer_words import figure, unit_noun
from ui.inside.pictures import ATLAS, picture_url
from ui.inside.place import Place, go_to_place

UNITS = "core.inspection.layer_pictures:unit_values"
TALL, WIDE = 640, 480  # pixels that an atlas has on the screen, before one scrolls
SMALLEST, LARGEST = 52, 300  # of a map on the screen
MAPS, BARS = "inside-atlas", "inside-units"


def is_flat(layer: dict[str, Any]) -> bool:
    """Whether its units say a single number each."""
    return drawn_shape(layer["shape"])[:2] == (1, 1)


def unit_names(
    inside: Inside, layers: Sequence[dict[str, Any]], layer: dict[str, Any]
) -> list[str]:
    """What the layer's maps or units are called; the answer's are called after the classes."""
    classes = inside.class_names
    if layer["name"] == layers[-1]["name"] and len(layer["shape"]) == 1:
        if layer["units"] == len(classes):
            return classes
        if layer["units"] == 1 and len(classes) == 2:
            return [classes[1]]
    noun = unit_noun(layer)
    return [f"{noun} {number + 1:,}" for number in range(layer["units"])]


def all_maps(inside: Inside, layer: dict[str, Any], selected: int | None, look: Look) -> None:
    """Every map of the layer; a click puts its number into the address."""
    shape = drawn_shape(layer["shape"])
    where = grid_of(shape, smallest=1)

    def chosen() -> None:
        number = state.event(MAPS, "chosen")
        if isinstance(number, (int, float)) and 0 <= int(number) < where.count:
            go_to_place(Place(layer["name"], int(number)))

    columns = ceil(sqrt(shape[2] * WIDE / TALL * shape[0] / shape[1]))
    image_grid(
        Atlas(
            picture_url(inside, ATLAS, layer["name"], **look.query(), compact=1),
            where.count,
            where.columns,
            where.rows,
            *where.cell,
            where.layout()["gap"],
        ),
        key=MAPS,
        title=f"{where.count} maps of layer {layer['name']}",
        noun="map",
        selected=selected,
        smallest=max(SMALLEST, min(LARGEST, WIDE // max(1, columns) - 8)),
        on_choose=chosen,
    )


def all_units(
    inside: Inside, layer: dict[str, Any], selected: int | None, names: Sequence[str]
) -> None:
    """Every unit of the layer, busiest first; a click puts its number into the address."""
    values = inside.ask(UNITS, layer["name"])
    order = sorted(range(len(values)), key=lambda number: -abs(values[number]))

    def opened() -> None:
        number = state.event(BARS, "open")
        if isinstance(number, (int, float)) and 0 <= int(number) < len(values):
            go_to_place(Place(layer["name"], int(number)))

    unit_bars(
        [
            {
                "index": number,
                "name": names[number],
                "value": values[number],
                "words": figure(values[number]),
            }
            for number in order
        ],
        key=BARS,
        selected=selected,
        on_open=opened,
    )
