"""The network on the bench: what it is now, what it was, and which of its layers is open.

The layer stands in the address as `?layer=`, under its name.
"""

from core.models.architecture import Architecture, Place
from ui import model_choice, state

STEPS_TO_UNDO = 200


class Draft:
    """The network being worked on for one data set, or for none.

    Args:
        dataset_name: Beside whose photos it is kept.
        num_classes: How many classes the photos have.
    """

    def __init__(self, dataset_name: str, num_classes: int):
        self._dataset_name, self._num_classes = dataset_name, num_classes
        self.scope = f"bench-{dataset_name}"

    @property
    def now(self) -> Architecture | None:
        """What was made of the recipe's network; None for the recipe's own."""
        choice = model_choice.kept_choice(self._dataset_name)
        return choice.draft or choice.architecture

    @property
    def revision(self) -> int:
        """Counts the changes that the forms did not make: they then show other values."""
        return int(state.get(f"{self.scope}-revision", 0))

    def change(self, before: Architecture, after: Architecture, by_form: bool = False) -> None:
        """Puts `after` on the bench; `before` can be brought back."""
        if before != after:
            self.remember(before)
            self._keep(after, by_form)

    def remember(self, before: Architecture) -> None:
        """Lets `before` be brought back, whatever comes next."""
        past = (*state.get(f"{self.scope}-past", ()), before)
        state.put(f"{self.scope}-past", past[-STEPS_TO_UNDO:])
        state.put(f"{self.scope}-future", ())

    def restart(self, before: Architecture | None) -> None:
        """Another network has been put on the bench by other means."""
        if before is not None:
            self.remember(before)
        state.put(f"{self.scope}-revision", self.revision + 1)

    def can(self, which: str) -> bool:
        """Whether there is something to "undo" or "redo"."""
        return bool(state.get(f"{self.scope}-{_STACKS[which][0]}", ()))

    def travel(self, which: str, now: Architecture) -> None:
        """Undoes or redoes one change; "undo" or "redo"."""
        source, goal = (f"{self.scope}-{stack}" for stack in _STACKS[which])
        waiting = state.get(source, ())
        if waiting:
            state.put(goal, (*state.get(goal, ()), now))
            state.put(source, waiting[:-1])
            self._keep(waiting[-1])

    def _keep(self, layers: Architecture, by_form: bool = False) -> None:
        if not by_form:
            state.put(f"{self.scope}-revision", self.revision + 1)
        model_choice.keep_layers(self._dataset_name, layers, self._num_classes)


_STACKS = {"undo": ("past", "future"), "redo": ("future", "past")}


def chosen_place(architecture: Architecture) -> Place:
    """The layer that the address names, else the first."""
    asked = state.address("layer")
    names = architecture.names()
    return next((place for place, name in names.items() if name == asked), (0,))


def choose(architecture: Architecture, place: Place) -> None:
    """Opens the layer at `place`, or the nearest there is."""
    names = architecture.names()
    if place not in names:
        place = (min(place[0], len(architecture.layers) - 1),)
    state.set_address("layer", names.get(place))
