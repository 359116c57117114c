"""Whether a recipe's network can work on its pictures and classes, and what size would do."""

from dataclasses import dataclass

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.picture_sizes import Size, nearest_size
from core.models.shapes import survey
from core.training.recipes import Recipe


@dataclass(frozen=True)
class Misfit:
    """Why a network cannot work as it is to be used.

    Attributes:
        problem: Names the layer, what it lacks, and the nearest value of its own that works.
        nearest: (height, width) of the nearest pictures that work; None where no size does.
    """

    problem: LoupeError
    nearest: Size | None

    def as_error(self) -> LoupeError:
        """The whole of it as one error."""
        if self.nearest is None:
            return self.problem
        height, width = self.nearest
        return LoupeError(
            self.problem.message,
            f"{self.problem.next_step} The nearest pictures that work have {height} × {width} "
            "pixels.",
        )


def misfit(recipe: Recipe, num_classes: int) -> Misfit | None:
    """What keeps `recipe` from learning `num_classes` classes; None if nothing does."""
    network, picture = recipe.architecture, recipe.picture
    problem: LoupeError | None = None
    if isinstance(network, Architecture):
        problem = survey(network, picture.shape, num_classes).problem
    else:
        try:
            network.require_size(picture.image_size)
        except LoupeError as error:
            problem = error
    if problem is None:
        return None
    nearest = nearest_size(network, picture.image_size, picture.channels, num_classes)
    return Misfit(problem, nearest)
