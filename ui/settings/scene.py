"""What the previews of the settings look at: these photos, this recipe, this choice."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.near_groups import near_stamp
from core.training.config import TrainingConfig
from core.training.effects import Epoch, first_epoch
from core.training.holding_back import chosen_to_hold_back
from core.training.recipes import Recipe
from ui import cache
from ui.palette import class_colors
from ui.settings.asking import Asking


@dataclass(frozen=True)
class Scene:
    """Everything a preview may need; what is costly is worked out when first asked for.

    Attributes:
        recipe: With the settings chosen now.
        own: The recipe's own settings.
        key: Prefix of the form's widgets.
    """

    dataset: Dataset
    recipe: Recipe
    own: TrainingConfig
    key: str
    asking: Asking

    @property
    def training(self) -> TrainingConfig:
        return self.recipe.training

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.dataset.class_names

    @cached_property
    def colors(self) -> dict[str, str]:
        return class_colors(self.class_names)

    @cached_property
    def photos(self) -> pd.DataFrame:
        """The photos that are learnt from, in the order in which a training numbers them."""
        return self._learnt_from[0]

    @cached_property
    def labels(self) -> np.ndarray:
        """int (N,): the class number of each training photo."""
        return self._learnt_from[1]

    @cached_property
    def epoch(self) -> Epoch:
        """What the first epoch shows."""
        return self.epoch_with()

    def epoch_with(self, **changes: object) -> Epoch:
        """What the first epoch would show with other settings."""
        training = self.training.model_copy(update=changes)
        key = (self._photos_key, training.seed, training.batch_size, training.balance)
        count = len(self.class_names)
        return cache.kept(
            "settings-epochs", key, lambda: first_epoch(self.labels, count, training), most=16
        )

    @property
    def steps_per_epoch(self) -> int:
        return -(-len(self.labels) // self.training.batch_size)

    @property
    def steps(self) -> int | None:
        """How many batches the whole training sees, where epochs decide; else None."""
        training = self.training
        if training.epochs is None or training.budget_seconds is not None:
            return None
        return training.epochs * self.steps_per_epoch

    @property
    def held_back(self) -> int:
        """How many training photos are held back for validation."""
        return self.dataset.split_counts()["train"] - len(self.photos)

    @property
    def _photos_key(self) -> tuple[object, ...]:
        chance = (self.training.validation_share, self.training.seed)
        held = chance if self.training.validation_share else ()
        return str(self.dataset.folder), self.dataset.version, near_stamp(self.dataset), *held

    @cached_property
    def _learnt_from(self) -> tuple[pd.DataFrame, np.ndarray]:
        return cache.kept("settings-photos", self._photos_key, self._read)

    def _read(self) -> tuple[pd.DataFrame, np.ndarray]:
        photos = self.dataset.split("train")[["id", "label"]]
        held = chosen_to_hold_back(self.training, self.dataset)
        photos = photos[~photos["id"].isin(held)] if held else photos
        numbers = {name: number for number, name in enumerate(self.class_names)}
        return photos, photos["label"].map(numbers).to_numpy(np.int64)
