"""What the views of Look inside share: the run, the photo, and asking the engine about both."""

from dataclasses import dataclass
from typing import Any

from core.datasets.manifest import Dataset
from core.evaluation.results import require_model
from core.training.runs import Run
from ui import cache
from ui.photo_sources import Photo


@dataclass(frozen=True)
class Inside:
    """What is looked into.

    Attributes:
        run: With a trained model.
        photo: The one that is shown to it.
        dataset: The photos that the run learnt from; None when they are gone.
        image_size: (height, width) at which the network looks; None for the run's own.
    """

    run: Run
    photo: Photo
    dataset: Dataset | None
    image_size: tuple[int, int] | None = None

    @property
    def class_names(self) -> list[str]:
        """In the order of the model's answers."""
        return list(self.run.config.class_names)

    @property
    def stamp(self) -> int:
        """Changes when the model does.

        Raises:
            NotFound: If the model is gone.
        """
        return require_model(self.run).stat().st_mtime_ns

    def ask(self, function: str, *arguments: Any) -> Any:
        """What `function` of `core` answers for run, photo and `arguments`; kept for a while.

        Args:
            function: "core.module:name", called as
                `name(run folder, photo, *arguments, image_size=…)`.

        Raises:
            LoupeError: Whatever the function raises of this family.
        """
        return cache.remembered(
            _ask,
            function,
            str(self.run.folder),
            self.stamp,
            self.photo.source,
            arguments,
            self.image_size,
        )


def _ask(
    function: str,
    folder: str,
    stamp: int,
    source: bytes | str,
    arguments: tuple[Any, ...],
    image_size: tuple[int, int] | None,
) -> Any:
    return cache.engine().call(function, folder, source, *arguments, image_size=image_size)
