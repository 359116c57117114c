"""How wrong a run was about each photo, as one number to sort by."""

import numpy as np
import pandas as pd

from core.datasets.manifest import open_dataset
from core.errors import NotFound
from core.evaluation.results import SPLITS, read_predictions
from core.training.runs import Run, open_run
from core.workspace import Workspace

# Of a probability: below it a loss tells nothing more.
SMALLEST = 1e-7


def photo_losses(workspace: Workspace, run_name: str) -> pd.DataFrame | None:
    """The run's loss on every photo that it was asked about.

    The loss is that of the class the photo has now, also where it was moved since. Photos
    moved to a class that the run does not know are left out.

    Returns:
        A row per photo, indexed by its id: `loss` (0 is perfect; cross-entropy, natural
        logarithm), `predicted` (a class name) and `probability` (of that class, 0..1).
        None when no split was evaluated.

    Raises:
        NotFound: If there is no such run.
    """
    answers = _answers(open_run(workspace, run_name))
    return None if answers is None else losses(answers, _labels(workspace, run_name))


def losses(probabilities: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """`photo_losses` for a table of probabilities.

    Args:
        probabilities: A row per photo id, a column per class, 0..1.
        labels: The class of each photo, by id; others than those of the columns are left out.
    """
    labels = labels[labels.isin(list(probabilities.columns))]
    known = probabilities[probabilities.index.isin(labels.index)]
    places = known.columns.get_indexer(labels.loc[known.index])
    values = known.to_numpy(np.float64)
    of_label = values[np.arange(len(known)), places]
    return pd.DataFrame(
        {
            "loss": -np.log(np.clip(of_label, SMALLEST, 1.0)),
            "predicted": known.columns.to_numpy()[values.argmax(axis=1)],
            "probability": values.max(axis=1, initial=0.0),
        },
        index=known.index,
    )


def _labels(workspace: Workspace, run_name: str) -> pd.Series:
    dataset = open_dataset(workspace, open_run(workspace, run_name).config.dataset)
    return dataset.manifest.set_index("id")["label"]


def _answers(run: Run) -> pd.DataFrame | None:
    """The probabilities of every split that was evaluated, one row per photo id."""
    found = []
    for split in SPLITS:
        try:
            table = read_predictions(run, split).set_index("id")
        except NotFound:
            continue
        columns = {f"p_{name}": name for name in run.config.class_names}
        found.append(table[list(columns)].rename(columns=columns))
    return pd.concat(found) if found else None
