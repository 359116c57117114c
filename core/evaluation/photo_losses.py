"""How wrong a run was about each photo, as one number to sort by."""

import numpy as np
import pandas as pd

from core.datasets.manifest import Dataset, open_dataset
from core.errors import NotFound
from core.evaluation.out_of_fold import read_out_of_fold
from core.evaluation.results import SPLITS, read_predictions
from core.training.runs import Run, open_run
from core.workspace import Workspace

# Of a probability: below it a loss tells nothing more.
SMALLEST = 1e-7


def photo_losses(workspace: Workspace, run_name: str) -> pd.DataFrame | None:
    """The run's loss on every photo that it was asked about.

    Where suspects were looked for with this run's recipe, a photo that the run learnt from is
    judged by a teacher that did not (out of fold). The loss is that of the class the photo has
    now, also where it was moved since. Photos moved to a class that the run does not know are
    left out.

    Returns:
        A row per photo, indexed by its id: `loss` (0 is perfect; cross-entropy, natural
        logarithm), `predicted` (a class name) and `probability` (of that class, 0..1).
        None when it was asked about no photo.

    Raises:
        NotFound: If there is no such run.
    """
    run = open_run(workspace, run_name)
    dataset = open_dataset(workspace, run.config.dataset)
    answers = _answers(run, dataset)
    return None if answers is None else losses(answers, _labels(dataset))


def losses(probabilities: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """`photo_losses` for a table of probabilities.

    Args:
        probabilities: A row per photo id, a column per class, 0..1.
        labels: The class of each photo, by id; others than those of the columns are left out.
    """
    labels = labels[labels.isin(list(probabilities.columns))]
    known = probabilities[probabilities.index.isin(labels.index)]
    places = known.columns.get_indexer(pd.Index(labels.loc[known.index]))
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


def _labels(dataset: Dataset) -> pd.Series:
    return dataset.manifest.set_index("id")["label"]


def _answers(run: Run, dataset: Dataset) -> pd.DataFrame | None:
    """Probabilities by photo id. A photo the run learnt from is judged out of fold, if it was."""
    known = {split: table for split in SPLITS if (table := _of_split(run, split)) is not None}
    out_of_fold = read_out_of_fold(dataset.folder, run.name)
    if out_of_fold is not None:
        honest = [known[split] for split in SPLITS if split in known and split != "train"]
        asked = {photo for table in honest for photo in table.index}
        table = out_of_fold.table()
        return pd.concat([*honest, table[~table.index.isin(list(asked))]]).fillna(0.0)
    return pd.concat(known.values()) if known else None


def _of_split(run: Run, split: str) -> pd.DataFrame | None:
    try:
        table = read_predictions(run, split).set_index("id")
    except NotFound:
        return None
    columns = {f"p_{name}": name for name in run.config.class_names}
    return table[list(columns)].rename(columns=columns)
