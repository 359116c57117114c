"""What a comparison of twins asks: one network, two augmentations, the same seeds and budget."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.augmentation.comparing import differences
from core.augmentation.presets import DESCRIBED
from core.augmentation.recipe import AugmentationRecipe
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.training.recipes import Recipe
from core.training.runs import require_trainable
from core.workspace import Workspace

Side = Literal["with", "without"]
SIDES: tuple[Side, Side] = ("with", "without")
Judges = Literal["test", "validation"]


class TwinPlan(BaseModel):
    """What is compared: enough to repeat it.

    Attributes:
        recipe: Network, pictures and training of both twins. Its own augmentation and seed
            do not count.
        augmentations: What happens to the photos of each side.
        titles: What people call these augmentations.
        seeds: A pair of trainings for each.
        split: Which photos judge.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    dataset_version: int
    class_names: tuple[str, ...]
    recipe: Recipe
    augmentations: dict[Side, AugmentationRecipe]
    titles: dict[Side, str]
    seeds: tuple[int, ...] = Field(min_length=1, max_length=20)
    split: Judges = "test"
    created: str = ""

    def recipe_of(self, seed: int, side: Side) -> Recipe:
        """What one twin is trained by."""
        training = self.recipe.training.model_copy(update={"seed": seed})
        changes = {"training": training, "augmentation": self.augmentations[side]}
        return self.recipe.model_copy(update=changes)

    def order(self) -> list[tuple[int, Side]]:
        """Seed and side of every training, in their order: A B, B A, A B, …

        Whatever drifts meanwhile (a warm disk, another program at work) so favours neither.
        """
        first, second = SIDES
        turns = [(first, second), (second, first)]
        return [(s, side) for place, s in enumerate(self.seeds) for side in turns[place % 2]]

    def words(self, side: Side) -> str:
        """`"with Gentle"`, `"without augmentation"`."""
        steps = [step for step in self.augmentations[side].steps if step.enabled]
        return f"with {self.titles[side]}" if steps else "without augmentation"

    def same_question(self, other: "TwinPlan") -> bool:
        """Whether the other asks for exactly these trainings."""
        return self.model_copy(update={"created": other.created}) == other


def title_of(recipe: AugmentationRecipe) -> str:
    """What people call an augmentation: "Gentle", "garden photos", "your recipe"."""
    if recipe.name in DESCRIBED:
        return DESCRIBED[recipe.name].title
    return "your recipe" if recipe.name in ("", "own") else recipe.name


def without_steps(recipe: AugmentationRecipe) -> AugmentationRecipe:
    """The recipe that varies nothing and is else the same, down to the first layer's scale."""
    return recipe.model_copy(update={"name": "none", "steps": ()})


def plan_twins(
    workspace: Workspace,
    dataset_name: str,
    recipe: Recipe,
    augmentation: AugmentationRecipe,
    against: AugmentationRecipe | None = None,
    seeds: int = 3,
    split: Judges = "test",
) -> TwinPlan:
    """The plan for a fair comparison on the data set as it is now.

    Args:
        recipe: The network, and for how long it is trained.
        augmentation: What is asked about.
        against: What it is compared with; None for no augmentation.
        seeds: How many pairs; their seeds count from the recipe's own.

    Raises:
        NotFound: If the recipe needs weights that are neither here nor to be fetched.
        LoupeError: If there is nothing to compare, or nothing to compare it on.
    """
    dataset = open_dataset(workspace, dataset_name)
    other = without_steps(augmentation) if against is None else against
    require_trainable(dataset, recipe)
    if not differences(augmentation, other):
        raise LoupeError(
            "Both recipes do the same to the photos: their twins would not differ.",
            "Switch a step on or change one, or choose another recipe to compare with.",
        )
    if not len(dataset.split(split)):
        raise LoupeError(
            f"{dataset.title!r} has no {split} photos to judge by.",
            "Give some photos to that split first, or let other photos judge.",
        )
    first = recipe.training.seed
    return TwinPlan(
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        augmentations={"with": augmentation, "without": other},
        titles={"with": title_of(augmentation), "without": title_of(other)},
        seeds=tuple(range(first, first + seeds)),
        split=split,
    )
