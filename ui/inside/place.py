"""Where in the network the visitor is, network → layer → map → pixel, as the address says it."""

from dataclasses import dataclass

from ui import state


@dataclass(frozen=True)
class Place:
    """One rung of the ladder.

    Attributes:
        layer: The layer's name; None for the network as a whole.
        map: The number of one of its maps, or of a unit of a layer without places; None for
            all of them.
        at: (row, column) of one value of the map; None for all of it.
    """

    layer: str | None = None
    map: int | None = None
    at: tuple[int, int] | None = None


def asked_place() -> Place:
    """The place in the address: `?layer=conv2d&map=3&at=10,12`. It may not exist."""
    layer, index, at = (state.address(key) or "" for key in ("layer", "map", "at"))
    row, _, column = at.partition(",")
    return Place(
        layer or None,
        int(index) if _is_number(index) else None,
        (int(row), int(column)) if _is_number(row) and _is_number(column) else None,
    )


def go_to_place(place: Place) -> None:
    """Writes `place` into the address; for callbacks."""
    at = None if place.at is None else f"{place.at[0]},{place.at[1]}"
    state.set_address("layer", place.layer)
    state.set_address("map", None if place.map is None else str(place.map))
    state.set_address("at", at)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7
