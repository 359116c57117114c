"""Changes to a stack of layers: each returns a new architecture and leaves the old one be."""

from core.errors import LoupeError
from core.models.architecture import MOST_LAYERS, Architecture, Place
from core.models.layers import (
    BRANCH_KINDS,
    MOST_IN_BLOCK,
    TITLES,
    Layer,
    Output,
    ResidualBlock,
    kind_of,
)


def insert(architecture: Architecture, place: Place, layer: Layer) -> Architecture:
    """`architecture` with `layer` at `place`; what stood there moves one further.

    Raises:
        LoupeError: If a block cannot hold such a layer, or there are too many.
    """
    layers = _list(architecture, place)
    _check_room(layers, place, layer)
    at = min(place[-1], len(layers))
    if len(place) == 1:
        at = min(at, _before_the_answer(layers))
    return _with(architecture, place, [*layers[:at], layer, *layers[at:]])


def replace(architecture: Architecture, place: Place, layer: Layer) -> Architecture:
    """`architecture` with `layer` instead of the one at `place`."""
    layers = _list(architecture, place)
    return _with(architecture, place, [*layers[: place[-1]], layer, *layers[place[-1] + 1 :]])


def remove(architecture: Architecture, place: Place) -> Architecture:
    """`architecture` without the layer at `place`; a block left empty goes as well.

    Raises:
        LoupeError: If it is the answer.
    """
    _keep_answer(architecture, place)
    layers = _list(architecture, place)
    rest = [*layers[: place[-1]], *layers[place[-1] + 1 :]]
    if len(place) == 2 and not rest:
        return remove(architecture, place[:1])
    return _with(architecture, place, rest)


def duplicate(architecture: Architecture, place: Place) -> Architecture:
    """`architecture` with a copy of the layer at `place` right after it.

    Raises:
        LoupeError: If it is the answer, or there are too many layers.
    """
    _keep_answer(architecture, place)
    after = (*place[:-1], place[-1] + 1)
    return insert(architecture, after, architecture.at(place))


def move(architecture: Architecture, place: Place, goal: Place) -> tuple[Architecture, Place]:
    """The layer at `place` taken out and put at `goal`.

    Args:
        place: Where it stands.
        goal: Before which of the present layers it is to stand, counted as they stand now.

    Returns:
        The new architecture and the layer's new place.

    Raises:
        LoupeError: If it is the answer, or a block cannot hold it.
    """
    _keep_answer(architecture, place)
    layer = architecture.at(place)
    if len(goal) == 2 and goal[0] == place[0] and len(place) == 1:
        raise LoupeError("A residual block cannot be put into itself.")
    added = insert(architecture, goal, layer)
    goal = _settled(architecture, goal)
    there = _after_insertion(place, goal)
    was_alone = len(there) == 2 and len(_list(added, there)) == 1
    return remove(added, there), _after_removal(goal, there[:1] if was_alone else there)


def _settled(architecture: Architecture, goal: Place) -> Place:
    """Where a layer really went: never behind the answer or the end."""
    layers = _list(architecture, goal)
    last = len(layers) if len(goal) == 2 else _before_the_answer(layers)
    return (*goal[:-1], min(goal[-1], last))


def _after_insertion(place: Place, inserted: Place) -> Place:
    if len(inserted) == 1:
        return (place[0] + (inserted[0] <= place[0]), *place[1:])
    if len(place) == 2 and place[0] == inserted[0]:
        return (place[0], place[1] + (inserted[1] <= place[1]))
    return place


def _after_removal(place: Place, removed: Place) -> Place:
    if len(removed) == 1:
        return (place[0] - (removed[0] < place[0]), *place[1:])
    if len(place) == 2 and place[0] == removed[0]:
        return (place[0], place[1] - (removed[1] < place[1]))
    return place


def _list(architecture: Architecture, place: Place) -> list[Layer]:
    """The layers beside `place`: of the stack, or of the block it lies in.

    Raises:
        LoupeError: If there is no such place.
    """
    if len(place) == 1 and place[0] >= 0:
        return list(architecture.layers)
    if len(place) == 2 and min(place) >= 0 and place[0] < len(architecture.layers):
        block = architecture.layers[place[0]]
        if isinstance(block, ResidualBlock):
            return list(block.layers)
    raise LoupeError("There is no such place in this network.")


def _with(architecture: Architecture, place: Place, layers: list[Layer]) -> Architecture:
    if len(place) == 1:
        return architecture.model_copy(update={"layers": tuple(layers)})
    block = architecture.layers[place[0]].model_copy(update={"layers": tuple(layers)})
    return replace(architecture, place[:1], block)


def _check_room(layers: list[Layer], place: Place, layer: Layer) -> None:
    title = TITLES[kind_of(layer)]
    if isinstance(layer, Output):
        raise LoupeError("A network has one answer, at its end.")
    if len(place) == 2 and kind_of(layer) not in BRANCH_KINDS:
        raise LoupeError(
            f"“{title}” cannot stand within a residual block.",
            "Put it before or after the block.",
        )
    most = MOST_IN_BLOCK if len(place) == 2 else MOST_LAYERS
    if len(layers) >= most:
        where = "A block" if len(place) == 2 else "A network"
        raise LoupeError(f"{where} has at most {most} layers here.", "Remove one first.")


def _before_the_answer(layers: list[Layer]) -> int:
    ends = bool(layers) and isinstance(layers[-1], Output)
    return len(layers) - 1 if ends else len(layers)


def _keep_answer(architecture: Architecture, place: Place) -> None:
    if isinstance(architecture.at(place), Output):
        raise LoupeError("The answer stays at the end: every network needs it.")
