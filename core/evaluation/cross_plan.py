"""What a cross-validation asks: one recipe, the photos dealt into parts, each judged in turn."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from core.datasets.dataset import Dataset
from core.datasets.edits import photos as counted
from core.datasets.grouping import groups_of
from core.datasets.manifest import open_dataset
from core.datasets.near_groups import near_groups, near_stamp
from core.datasets.splits import split_into_folds
from core.errors import LoupeError
from core.training.config import TrainingConfig
from core.training.recipes import Recipe
from core.training.runs import require_trainable
from core.workspace import Workspace

Photos = Literal["learning", "all"]
LEARNING_SPLITS = ("train", "validation")
# With these the learning rate has come down to nothing at the end: the last epoch is kept, so
# that no photos need to be held back to choose one.
SETTLING = ("one-cycle", "cosine")


class CrossSettings(BaseModel):
    """How thoroughly a recipe is checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folds: int = Field(
        default=5,
        ge=2,
        le=20,
        description="The photos are dealt into so many parts. Each part is judged by a network "
        "that learnt from all the others. More parts: more photos to learn from, and longer.",
        json_schema_extra={"label": "Parts", "step": 1},
    )
    repeats: int = Field(
        default=1,
        ge=1,
        le=5,
        description="Dealt and trained anew so many times, each time from another start. "
        "Steadier, and as many times longer.",
        json_schema_extra={"label": "Rounds", "step": 1},
    )
    photos: Photos = Field(
        default="learning",
        description="'learning': the training and validation photos, so that the test photos "
        "stay unseen for the last test. 'all': the test photos too, which gives the surest "
        "figure, but leaves no photo that nobody has looked at.",
        json_schema_extra={"label": "Photos that take part"},
    )


class CrossPlan(CrossSettings):
    """A cross-validation on one version of a data set: enough to repeat it.

    Attributes:
        recipe: How every part's network is trained. In round r (from 0) the seed is r higher.
        own_folds: Whether the parts are the folds of the data set's own split.
        note: Why there are fewer parts than were asked for; empty where there are as many.
        unchecked: Whether nobody had looked for near copies, which then may lie in two parts.
    """

    dataset: str
    dataset_version: int
    class_names: tuple[str, ...]
    recipe: Recipe
    own_folds: bool = False
    note: str = ""
    unchecked: bool = False
    created: str = ""

    def order(self) -> list[tuple[int, int]]:
        """Round and part of every training, in their order; both count from 0."""
        return [(turn, part) for turn in range(self.repeats) for part in range(self.folds)]

    def recipe_of(self, turn: int) -> Recipe:
        """What the networks of a round are trained by.

        Validation photos that the training does not need take part in the learning, so no
        share is held back instead of them either.
        """
        changes: dict[str, object] = {"seed": self.recipe.training.seed + turn}
        if not needs_checking(self.recipe.training):
            changes["validation_share"] = None
        training = self.recipe.training.model_copy(update=changes)
        return self.recipe.model_copy(update={"training": training})

    def words(self, turn: int, part: int) -> str:
        """`"Part 2 of 5"`, with the round where there are several."""
        which = f"Part {part + 1} of {self.folds}"
        return which if self.repeats == 1 else f"{which}, round {turn + 1} of {self.repeats}"

    def same_question(self, other: "CrossPlan") -> bool:
        """Whether the other asks for exactly these trainings."""
        return self.model_copy(update={"created": other.created}) == other


def needs_checking(training: TrainingConfig) -> bool:
    """Whether the training chooses its end or its epoch by validation photos."""
    if training.early_stopping is not None or training.keep == "best":
        return True
    return training.keep == "auto" and training.schedule not in SETTLING


def pool_of(dataset: Dataset, photos: Photos) -> pd.DataFrame:
    """The rows of the manifest that take part, ordered by id."""
    used = dataset.used
    chosen = used if photos == "all" else used[used["split"].isin(LEARNING_SPLITS)]
    return chosen.sort_values("id")


def has_own_folds(dataset: Dataset) -> bool:
    """Whether the split dealt every photo in use into folds."""
    folds = dataset.used["fold"]
    return bool(len(folds) and folds.min() >= 0 and folds.nunique() > 1)


def most_parts(pool: pd.DataFrame, near: Mapping[str, str]) -> tuple[int, str]:
    """Into how many parts every class can be dealt with something in each, and what limits it.

    Returns:
        The number of groups of the rarest class (photos that stay together count once), and
        that class.
    """
    together = groups_of(pool, near)
    names = [together.get(photo, photo) for photo in pool["id"]]
    counts = pool.assign(together=names).groupby("label")["together"].nunique().sort_values()
    return int(counts.iloc[0]), str(counts.index[0])


def plan_cross_validation(
    workspace: Workspace,
    dataset_name: str,
    recipe: Recipe,
    folds: int = 5,
    repeats: int = 1,
    photos: Photos | None = None,
) -> CrossPlan:
    """The plan for the data set as it is now.

    Args:
        folds: At most so many; fewer where the rarest class has fewer photos, and as many as
            the data set's own split has, if that made folds.
        photos: None for all where the folds of the split take turns, else the learning ones.

    Raises:
        NotFound: If the recipe needs weights that are neither here nor to be fetched.
        LoupeError: If there is nothing to deal.
    """
    dataset = open_dataset(workspace, dataset_name)
    require_trainable(dataset, recipe)
    photos = photos or usual_photos(dataset)
    possible, note = possible_parts(dataset, photos, folds)
    settings = CrossSettings.model_validate(
        {"folds": possible, "repeats": repeats, "photos": photos}
    )
    return CrossPlan(
        **settings.model_dump(),
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=recipe,
        own_folds=has_own_folds(dataset),
        note=note,
        unchecked=may_hide_copies(dataset),
    )


def may_hide_copies(dataset: Dataset) -> bool:
    """Whether near copies may be dealt into two parts, because nobody has looked for them."""
    return not has_own_folds(dataset) and not near_stamp(dataset)


def usual_photos(dataset: Dataset) -> Photos:
    """Which photos take part unless somebody says otherwise."""
    return "all" if has_own_folds(dataset) else "learning"


def possible_parts(
    dataset: Dataset, photos: Photos, folds: int, near: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Into how many parts the photos can be dealt, and why not into `folds`; "" where they can.

    Args:
        near: As for `deal`.

    Raises:
        LoupeError: If they cannot be dealt at all; says why and what would help.
    """
    pool = pool_of(dataset, photos)
    _require_two_classes(dataset, pool)
    if has_own_folds(dataset):
        return _own_parts(pool, folds)
    most, rarest = most_parts(pool, near_groups(dataset) if near is None else near)
    count = int((pool["label"] == rarest).sum())
    if most < 2:
        what = "has a single photo" if count == 1 else f"has {counted(count)} that belong together"
        raise LoupeError(
            f"The class {rarest!r} {what}: while that is judged, nobody has learnt the class.",
            "Add photos of it, or exclude it.",
        )
    if folds <= most:
        return folds, ""
    alike = "" if count == most else ", counting those once that belong together"
    return most, (
        f"{most} parts instead of {folds}: the class {rarest} has {counted(most)}{alike}, and "
        "each part needs one."
    )


def _require_two_classes(dataset: Dataset, pool: pd.DataFrame) -> None:
    classes = sorted(pool["label"].unique())
    if len(classes) > 1:
        return
    what = "are no photos" if not classes else f"is only the class {classes[0]!r}"
    raise LoupeError(
        f"Among the photos of {dataset.title!r} that would take part there {what}.",
        "Let all photos take part, or move photos of other classes to the split 'train'.",
    )


def _own_parts(pool: pd.DataFrame, folds: int) -> tuple[int, str]:
    own = int(pool["fold"].nunique())
    if own < 2:
        raise LoupeError(
            "All photos that would take part are in the same fold of your split.",
            "Let all photos take part, or split them anew.",
        )
    if own == folds:
        return own, ""
    return own, f"{own} parts instead of {folds}: they are the folds that your split has made."


def deal(plan: CrossPlan, dataset: Dataset, near: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Who is judged in which part, for every photo that takes part.

    The classes in equal shares; bursts, observations and near copies whole. Photos are dealt
    as the split view deals folds, so that the same seed gives the same parts. The order of the
    manifest does not matter.

    Args:
        near: A name per photo id for photos that look nearly the same; None for what the last
            checks of the data set found.

    Returns:
        A row per photo: id, label, file, own (its split), and for each round r (from 1) the
        column `part_r`: int64, from 0.
    """
    pool = pool_of(dataset, plan.photos)
    near = near_groups(dataset) if near is None else near
    table = {
        "id": pool["id"].tolist(),
        "label": pool["label"].tolist(),
        "file": pool["source_file"].tolist(),
        "own": pool["split"].tolist(),
    }
    for turn in range(plan.repeats):
        table[f"part_{turn + 1}"] = _parts(plan, pool, near, turn).tolist()
    return pd.DataFrame(table)


def _parts(plan: CrossPlan, pool: pd.DataFrame, near: Mapping[str, str], turn: int) -> np.ndarray:
    if plan.own_folds:
        return np.unique(pool["fold"].to_numpy(np.int64), return_inverse=True)[1]
    together = groups_of(pool, near)
    names = [together.get(photo, "") for photo in pool["id"]]
    seed = plan.recipe.training.seed + turn
    parts = split_into_folds(pool["label"].tolist(), plan.folds, seed, names)
    return np.array(parts, np.int64)


def roles(plan: CrossPlan, dealt: pd.DataFrame, turn: int, part: int) -> np.ndarray:
    """What each photo does while `part` is judged: "train", "validation" or "test".

    The photos of the part are the test. The others teach, unless the training needs photos to
    choose its end by: then the validation photos among them do that, or the next fold of the
    data set's own split. Where a class would be left without a teacher, none is held back.

    Returns:
        str (N,), in the order of `dealt`.
    """
    parts = dealt[f"part_{turn + 1}"].to_numpy()
    judged = parts == part
    taught = np.where(judged, "test", "train")
    if not needs_checking(plan.recipe.training):
        return taught
    checks = (dealt["own"] == "validation").to_numpy() & ~judged
    if plan.own_folds:
        checks = (parts == (part + 1) % plan.folds) & (plan.folds > 2)
    labels = dealt["label"].to_numpy()
    if set(labels[~judged & ~checks]) != set(labels[~judged]):
        return taught
    return np.where(checks, "validation", taught)
