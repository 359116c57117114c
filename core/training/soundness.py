"""Whether a trained model answers with numbers at all."""

import numpy as np

from core.datasets.manifest import Dataset
from core.datasets.prepared import Prepared
from core.errors import Diverged
from core.models.loading import load_model, predict_probabilities
from core.training.runs import Run, RunConfig
from core.training.split_batches import diary_photos


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
    run.model_path.unlink(missing_ok=True)
    raise Diverged(
        "The network's numbers grew beyond all bounds: it answers nothing that could be used.",
        f"Use a learning rate below {config.recipe.training.learning_rate:g}.",
    )
