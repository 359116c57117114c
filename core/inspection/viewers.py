"""The viewers of the last few runs, loaded and compiled, so that the next photo is quick."""

from pathlib import Path

from core.evaluation.picture_size import picture_for
from core.evaluation.results import require_model, run_of
from core.inspection.viewer import Viewer
from core.kept import Kept
from core.models.loading import KEPT_BYTES, MOST_KEPT, load_model, weight_bytes


def viewer(run_folder: str | Path) -> Viewer:
    """The run's `Viewer`, kept while the model file stays the same.

    Raises:
        NotFound: If there is no such run, or no model in it yet.
    """
    path = require_model(run_of(run_folder))
    return _viewers.get(model_key(run_folder), lambda: Viewer(load_model(path)))


def model_key(run_folder: str | Path) -> tuple[str, int]:
    """What stays the same for as long as the run's model does."""
    path = require_model(run_of(run_folder))
    return str(path), path.stat().st_mtime_ns


_viewers: Kept[Viewer] = Kept(MOST_KEPT, KEPT_BYTES, lambda shown: weight_bytes(shown.model))


def warm(run_folder: str) -> None:
    """Loads and compiles the run's model, so that the first look is quick."""
    viewer(run_folder).warm(picture_for(run_of(run_folder)).shape)
