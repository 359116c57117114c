"""The second part of a training with a backbone: its last blocks learn too, in small steps.

The head has learnt by then: large mistakes of a new head would otherwise wash out what the
blocks know. Blocks below stay frozen, and batch normalisation keeps the averages it came with
(F. Chollet, "Transfer learning & fine-tuning", Keras' guide, 2020; that general features lie
below and special ones above: Yosinski et al., "How transferable are features in deep neural
networks?", 2014).
"""

import keras
import numpy as np

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.errors import LoupeError
from core.models.backbones import Backbone
from core.models.transfer import backbone_of, build_whole, unfreeze
from core.reporter import Reporter
from core.training.callbacks import Report
from core.training.keeping import Diary
from core.training.learning import learn
from core.training.runs import Run, RunConfig
from core.training.snapshots import Snapshots
from core.training.split_batches import diary_photos, split_batches

# A small learning rate is small for an optimizer that scales its steps; one that suits a head
# under plain SGD says nothing about blocks, and theirs would not move them at all.
OPTIMIZERS = {"sgd": "adamw"}


class Unfreezing:
    """Trains `whole` on, through the pictures.

    Args:
        whole: Backbone and trained head.
    """

    def __init__(
        self,
        run: Run,
        config: RunConfig,
        dataset: Dataset,
        prepared: Prepared,
        reporter: Reporter,
        whole: keras.Model,
        snapshots: Snapshots | None = None,
    ):
        self._run, self._config, self._dataset = run, config, dataset
        self._prepared, self._reporter, self._whole = prepared, reporter, whole
        self._snapshots = snapshots

    def fit(self, kept: int, before: Report, diary: Diary) -> tuple[int, Report]:
        """Trains, and saves what is better than the head alone.

        Args:
            kept: The epoch of `before` whose head is in the model.

        Returns:
            The epoch that is kept now, and the report of all epochs.
        """
        backbone = self._config.recipe.architecture
        batches = split_batches(self._config, self._dataset, self._prepared, "train")
        validation = split_batches(self._config, self._dataset, self._prepared, "validation")
        if batches is None or not isinstance(backbone, Backbone):
            raise LoupeError("There is nothing to unfreeze.")
        training = self._config.recipe.training
        training = training.model_copy(
            update={
                "optimizer": OPTIMIZERS.get(training.optimizer, training.optimizer),
                "learning_rate": backbone.unfrozen_learning_rate,
                "epochs": backbone.unfrozen_epochs,
                "budget_seconds": None,
            }
        )
        unfreeze(backbone_of(self._whole), backbone)
        keeper = build_whole(backbone, self._whole.input_shape[1:], self._classes, None)
        self._go_on(diary)
        return learn(
            training,
            self._whole,
            keeper,
            self._run.model_path,
            batches,
            validation,
            diary,
            self._reporter,
            before=before,
            kept=kept,
            words=", blocks unfrozen",
            snapshots=self._snapshots,
        )

    @property
    def _classes(self) -> int:
        return len(self._config.class_names)

    def _go_on(self, diary: Diary) -> None:
        ids, _ = diary_photos(self._config, self._dataset)
        pictures = np.asarray(self._prepared.array[self._prepared.indices(ids)])
        diary.go_on_with(self._whole, pictures)
