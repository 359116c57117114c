"""Who judges the labels: a recipe trained anew, or what a large network has seen before."""

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.errors import LoupeError, NotFound
from core.models.backbones import Backbone
from core.models.weights import find_weights, models_folder, weights_files
from core.training.recipes import Recipe, apply_overrides, get_recipe
from core.training.runs import list_runs, open_run
from core.workspace import Workspace

# Networks that may judge, the best first: whichever has its weights here.
PRETRAINED_BACKBONES = tuple(
    Backbone(name="teacher", backbone="mobilenet-v2", width=width)
    for width in (1.0, 0.75, 0.5, 0.35)
)
PRETRAINED_SIZE = (224, 224)
# On two cores; a GPU is faster. Measured on 481 photos of 500 pixels.
FEATURES_PER_SECOND = 35.0
SECONDS_AROUND_A_FOLD = 4.0


class Plan(BaseModel):
    """How thoroughly the photos are judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folds: int = Field(
        default=5,
        ge=2,
        le=10,
        description="The photos are dealt into so many parts. Each part is judged by a teacher "
        "that learnt from all the others.",
        json_schema_extra={"label": "Parts", "step": 1},
    )
    repeats: int = Field(
        default=1,
        ge=1,
        le=5,
        description="Dealt and judged anew so many times; the answers are averaged. Steadier, "
        "and longer.",
        json_schema_extra={"label": "Repeats", "step": 1},
    )
    seconds: float = Field(
        default=20.0,
        ge=1.0,
        le=3600.0,
        description="How long each teacher may learn. A teacher that knows its photos well finds "
        "more wrong labels and accuses fewer good ones.",
        json_schema_extra={"label": "Time for each part", "unit": "s", "step": 5},
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Instead of a time: how often each teacher looks at every photo.",
        json_schema_extra={"label": "Epochs", "step": 1},
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Decides who is dealt where.")


class Teacher(BaseModel):
    """Who gives the probabilities that labels are compared with.

    Attributes:
        kind: "pretrained": features of a network that has seen a million photos, and a
            logistic regression on them; "recipe": a network trained from nothing.
        title: What people call it.
        recipe: Of a "recipe" teacher.
        run: The run that the recipe was taken from, or empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["pretrained", "recipe"]
    title: str
    recipe: Recipe | None = None
    run: str = ""

    def digest(self, plan: Plan) -> str:
        """Equal for teachers that learn the same way."""
        said = f"1 {self.kind} {plan.model_dump_json()}"
        if self.recipe is not None:
            said += self.recipe.model_dump_json(exclude={"name", "title", "summary"})
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    def timed_recipe(self, plan: Plan, seed: int) -> Recipe:
        """The recipe with the plan's time or epochs, and `seed`."""
        if self.recipe is None:
            raise LoupeError(f"The teacher {self.title!r} has no recipe.")
        end: dict[str, Any] = {"budget_seconds": plan.seconds}
        if plan.epochs is not None:
            end = {"epochs": plan.epochs}
        return apply_overrides(self.recipe, end | {"seed": seed})


PRETRAINED = Teacher(kind="pretrained", title="A network that has seen a million photos")


def from_run(workspace: Workspace, name: str) -> Teacher:
    """The recipe of the run `name` as a teacher.

    Raises:
        NotFound: If there is no such run.
    """
    config = open_run(workspace, name).config
    return Teacher(
        kind="recipe", title=f"As in {config.title}", recipe=config.recipe, run=config.run
    )


def from_recipe(name: str) -> Teacher:
    """A recipe that comes with Loupe as a teacher."""
    recipe = get_recipe(name)
    return Teacher(kind="recipe", title=recipe.title, recipe=recipe)


def teachers_for(workspace: Workspace, dataset_name: str) -> list[Teacher]:
    """All that can judge this data set, the best choice first."""
    runs = [
        run["name"]
        for run in list_runs(workspace)
        if run["dataset"] == dataset_name and run["state"] == "finished"
    ]
    known = [from_run(workspace, name) for name in runs]
    first = [PRETRAINED] if pretrained_backbone() is not None else []
    return [*first, *known, from_recipe("small-cnn")]


def pretrained_backbone() -> Backbone | None:
    """The best network whose weights lie on this computer, None when there is none."""
    known = (each for each in PRETRAINED_BACKBONES if find_weights(each, PRETRAINED_SIZE))
    return next(known, None)


def require_pretrained() -> Backbone:
    """`pretrained_backbone`.

    Raises:
        NotFound: If there is none; says how to go on.
    """
    backbone = pretrained_backbone()
    if backbone is None:
        file = weights_files(PRETRAINED_BACKBONES[0], PRETRAINED_SIZE)[0]
        raise NotFound(
            "There are no weights of a trained network on this computer.",
            "Choose a training or a recipe as the teacher instead. Or put the file "
            f"{file.name} into the folder {models_folder()}.",
        )
    return backbone


def seconds_needed(teacher: Teacher, plan: Plan, photos: int) -> float | None:
    """About how long the judging takes; None when only the number of epochs is known."""
    if teacher.kind == "pretrained":
        return 5.0 + photos / FEATURES_PER_SECOND + plan.folds * plan.repeats * photos / 10_000
    if plan.epochs is not None:
        return None
    return plan.folds * plan.repeats * (plan.seconds + SECONDS_AROUND_A_FOLD)
