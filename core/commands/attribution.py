"""`attribution`."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from core.datasets.manifest import open_dataset
from core.datasets.web.attribution import attributed, attribution_csv
from core.errors import LoupeError
from core.progress import Progress
from core.workspace import Workspace, write_bytes


def run_attribution(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    dataset, out = open_dataset(workspace, options.dataset), Path(options.out)
    table = attribution_csv(dataset)
    try:
        write_bytes(out, table)
    except OSError as error:
        raise LoupeError(
            f"{out} cannot be written: {error.strerror}.", "Choose another."
        ) from error
    return {"dataset": dataset.name, "photos": attributed(dataset), "out": str(out)}
