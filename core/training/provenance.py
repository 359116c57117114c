"""Which version of a data set a run learnt from, and what has changed in it since."""

from core.datasets.manifest import open_dataset
from core.datasets.versions import difference
from core.training.runs import Run


def changes_since(run: Run) -> list[str]:
    """What changed in the run's data set since it learnt from it, in words; empty if nothing.

    Raises:
        NotFound: If the data set or the version has gone.
    """
    config = run.config
    then = open_dataset(run.workspace, config.dataset, config.dataset_version)
    return difference(then.manifest, open_dataset(run.workspace, config.dataset).manifest)
