"""Whether a trained model answers with numbers at all, and with sensible ones."""

from collections.abc import Mapping
from math import log, sqrt
from typing import Any

import numpy as np

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.errors import Diverged
from core.models.loading import load_model, predict_probabilities
from core.training.runs import Run, RunConfig
from core.training.split_batches import diary_photos
from core.training.unknown import learnt_nothing

# Guessing among C classes has a loss of ln C.
TIMES_WORSE_THAN_GUESSING = 5


def require_numbers(run: Run, config: RunConfig, dataset: Dataset, prepared: Prepared) -> None:
    """Asks the kept model about a dozen photos and looks at its weights.

    The loss of a step is computed before the step changes the weights: those of the very last
    may be beyond all bounds although every loss was a number, and so may be what a model makes
    of photos that it has not learnt from.

    Raises:
        Diverged: If a weight or an answer is no number. The model is then taken away.
    """
    ids, _ = diary_photos(config, dataset)
    model = load_model(run.model_path)
    answers = predict_probabilities(model, np.asarray(prepared.array[prepared.indices(ids)]))
    if all(np.isfinite(values).all() for values in (answers, *model.get_weights())):
        return
    raise _burst(
        run, config, "The network's numbers grew beyond all bounds: it answers nothing at all."
    )


def require_bounds(
    run: Run, config: RunConfig, dataset: Dataset, result: Mapping[str, Any]
) -> None:
    """Looks whether the network was thrown so far that it only ever gives one wild answer.

    Args:
        result: What `core.training.worker.fit` returned.

    Raises:
        Diverged: If it knows nothing and is far more wrong than guessing. The model is then
            taken away.
    """
    counts = dataset.split("train", ["label"])["label"].value_counts()
    photos = int(counts.sum())
    share = counts.max() / photos
    # What always giving one answer may come to by luck.
    lucky = share + 2 * sqrt(share * (1 - share) / photos)
    loss = run.metrics()[result["kept_epoch"] - 1]["loss"]
    guessing = log(max(2, len(config.class_names)))
    if loss <= TIMES_WORSE_THAN_GUESSING * guessing:
        return
    if learnt_nothing(result, lucky):
        raise _burst(
            run,
            config,
            f"The network was thrown off its way: it has learnt nothing, and its loss of {loss:g} "
            f"is far above the {guessing:.2f} of mere guessing.",
        )


def _burst(run: Run, config: RunConfig, message: str) -> Diverged:
    run.model_path.unlink(missing_ok=True)
    return Diverged(message, f"Use a learning rate below {config.recipe.training.learning_rate:g}.")
