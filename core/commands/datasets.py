"""`import`, `datasets` and `check`."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from core.datasets.checks.checking import check
from core.datasets.importing import import_dataset, import_result
from core.datasets.labelling import parse_labelling
from core.datasets.manifest import list_datasets, open_dataset
from core.datasets.splits import SplitShares
from core.errors import LoupeError
from core.progress import Progress
from core.workspace import Workspace, free_name, slugify


def run_import(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    name = _name(workspace, options.source, options.name)
    shares = SplitShares.parse(options.split) if options.split else SplitShares()
    source = options.source if options.source.startswith("sample:") else Path(options.source)
    labelling = parse_labelling(options.labels)
    return import_result(
        import_dataset(workspace, source, name, shares, options.seed, progress, labelling)
    )


def run_datasets(
    workspace: Workspace, options: Namespace, progress: Progress
) -> list[dict[str, Any]]:
    return list_datasets(workspace)


def run_check(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    dataset = open_dataset(workspace, options.dataset)
    report = check(dataset, progress=progress)
    return {
        "dataset": dataset.name,
        "version": report.version,
        "checked": report.checked,
        "summary": report.summary,
        "findings": [finding.model_dump(mode="json") for finding in report.findings],
        "unreadable": report.unreadable,
        "dismissed": report.dismissed,
        "settings": report.settings.model_dump(mode="json"),
    }


def _name(workspace: Workspace, source: str, name: str | None) -> str:
    """The asked name, which must be free, or else one made from the source's."""
    if name is None:
        own = source.removeprefix("sample:")
        return free_name(workspace.datasets, Path(own).name.split(".")[0] or "photos")
    if (workspace.datasets / slugify(name)).exists():
        raise LoupeError(
            f"There is already a data set called {slugify(name)!r}.",
            "Choose another name with --name.",
        )
    return name
