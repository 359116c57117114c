"""All ways in which photos come: samples, files, and whatever else stands in `WAYS`."""

from core.datasets.dataset import Dataset
from ui.photos.import_form import import_form


def collecting(dataset: Dataset | None) -> None:
    """Draws the ways in.

    Args:
        dataset: The data set on show, which photos can be added to; None when there is none.
    """
    import_form()
