"""Everything the workbench's views draw from: the network, its arithmetic, the photos it is for."""

from dataclasses import dataclass
from functools import cached_property

from core.errors import LoupeError
from core.images import PictureSpec
from core.models import edits
from core.models.architecture import Architecture, Place
from core.models.impossible import ImpossibleLayer
from core.models.layers import TITLES, Layer, kind_of
from core.models.shapes import LayerRow, Survey, survey
from core.training.recipes import Recipe
from ui import state
from ui.workbench.draft import Draft, choose, chosen_place
from ui.workbench.words import in_titles


@dataclass(frozen=True)
class Bench:
    """One network on the bench.

    Attributes:
        draft: Where changes go.
        recipe: The recipe that was chosen, with its own layers.
        layers: What is on the bench.
        picture: What it sees of a photo.
        num_classes: How many classes it tells apart.
        photos: How many photos a round of training has.
    """

    draft: Draft
    recipe: Recipe
    layers: Architecture
    picture: PictureSpec
    num_classes: int
    photos: int

    @cached_property
    def survey(self) -> Survey:
        return survey(self.layers, self.picture.shape, self.num_classes)

    @cached_property
    def names(self) -> dict[Place, str]:
        return self.layers.names()

    @cached_property
    def titles(self) -> dict[Place, str]:
        return self.layers.titles()

    @property
    def key(self) -> str:
        return self.draft.scope

    @property
    def chosen(self) -> Place:
        return chosen_place(self.layers)

    @property
    def problem(self) -> ImpossibleLayer | None:
        """Which layer cannot work, if it is one of them."""
        found = self.survey.problem
        return found if isinstance(found, ImpossibleLayer) and found.place else None

    @property
    def refusal(self) -> LoupeError | None:
        """Why the network cannot work, its layers called as their cards are."""
        found = self.survey.problem
        return in_titles(found, self.layers) if found else None

    def rows_at(self, place: Place) -> list[LayerRow]:
        """What the arithmetic says of the layer at `place`, the layers within it included."""
        return [row for row in self.survey.rows if row.place[: len(place)] == place and row.place]

    def put(self, layers: Architecture, place: Place, by_form: bool = False) -> None:
        """Puts `layers` on the bench and opens the one at `place`."""
        self.draft.change(self.layers, layers, by_form)
        choose(layers, place)

    def add(self, layer: Layer) -> None:
        """Adds `layer` after the chosen one, within its block where a block can hold it."""
        place = self.chosen
        goal = (*place[:-1], place[-1] + 1)
        try:
            changed = edits.insert(self.layers, goal, layer)
        except LoupeError:
            goal = (place[0] + 1,)
            changed = edits.insert(self.layers, goal, layer)
        at = min(goal[-1], len(changed.layers) - 2) if len(goal) == 1 else goal[-1]
        self.put(changed, (*goal[:-1], at))

    def repair(self) -> None:
        """Gives the layer that cannot work the nearest value that does."""
        problem = self.problem
        if problem is None:
            return
        if problem.instead is not None:
            self.put(edits.replace(self.layers, problem.place, problem.instead), problem.place)
        elif problem.before is not None:
            self.put(edits.insert(self.layers, problem.place, problem.before), problem.place)
        elif (flattening := self._flattening(problem)) is not None:
            self.put(*edits.move(self.layers, problem.place, flattening))

    @property
    def repair_words(self) -> str:
        """What the button says that repairs it: "Window: use 4"; "" where nothing would."""
        problem = self.problem
        if problem is None:
            return ""
        if problem.instead is not None:
            return _changed_field(self.layers.at(problem.place), problem.instead)
        if problem.before is not None:
            return f"Put “{TITLES[kind_of(problem.before)]}” before it"
        flattening = self._flattening(problem)
        if flattening is None:
            return ""
        return f"Move it before “{self.titles[flattening]}”"

    def _flattening(self, problem: ImpossibleLayer) -> Place | None:
        """The layer that makes a list of the maps that are needed; None if that is not why."""
        lists = [row for row in self.survey.rows if len(row.output_shape) == 1]
        # The heaviest of too many weights is named as well, and has figures all the same.
        needs_maps = len(problem.place) == 1 and not self.rows_at(problem.place)
        return lists[0].place if lists and needs_maps else None

    def travel(self, which: str) -> None:
        """Undoes or redoes one change."""
        self.draft.travel(which, self.layers)

    def say(self, error: LoupeError) -> None:
        """Keeps what could not be done, to be shown once."""
        state.put(f"{self.key}-said", error)


def _changed_field(layer: Layer, instead: Layer) -> str:
    if kind_of(layer) != kind_of(instead):
        return f"Use “{TITLES[kind_of(instead)]}” instead"
    fields = type(layer).model_fields
    name = next(name for name in fields if getattr(layer, name) != getattr(instead, name))
    extra = fields[name].json_schema_extra
    label = extra.get("label", name) if isinstance(extra, dict) else name
    return f"{label}: use {getattr(instead, name)}"
