"""All checks of a data set: measured, compared, judged, and kept."""

from core.datasets.checks.class_checks import check_classes
from core.datasets.checks.copy_checks import check_copies, copy_groups
from core.datasets.checks.findings import (
    ORDER,
    Report,
    now,
    read_dismissed,
    read_report,
    write_report,
)
from core.datasets.checks.near_duplicates import Likeness, find_near_duplicates, read_likeness
from core.datasets.checks.photo_checks import check_photos, unreadable
from core.datasets.checks.settings import CheckSettings
from core.datasets.dataset import Dataset
from core.datasets.measures import Measures, measure, read_measures
from core.progress import Progress, silent


def check(
    dataset: Dataset, settings: CheckSettings | None = None, progress: Progress = silent
) -> Report:
    """Makes all checks and keeps what they find with the data set.

    Args:
        settings: The thresholds; those of the last checks when None.
        progress: Told how far it is. May raise `Stopped`: the next time it goes on there.
    """
    measures = measure(dataset, progress)
    likeness = find_near_duplicates(dataset, measures, progress)
    progress(1, 1, "Putting the findings together")
    return _kept(dataset, settings, measures, likeness, measures.unreadable)


def refresh(dataset: Dataset, settings: CheckSettings | None = None) -> Report | None:
    """Judges the data set as it is now, from what was measured before: in a moment.

    Returns:
        None when there are photos that were never measured, or no checks were made yet.
    """
    before, measures, likeness = read_report(dataset), read_measures(dataset), None
    if before is not None and measures is not None:
        likeness = read_likeness(dataset)
    if before is None or measures is None or likeness is None:
        return None
    known = set(measures.table.index) | set(before.unreadable)
    if not known.issuperset(dataset.manifest["id"]):
        return None
    return _kept(dataset, settings or before.settings, measures, likeness, before.unreadable)


def _kept(
    dataset: Dataset,
    settings: CheckSettings | None,
    measures: Measures,
    likeness: Likeness,
    reasons: dict[str, str],
) -> Report:
    before = read_report(dataset)
    chosen = settings or (before.settings if before else CheckSettings())
    report = judge(dataset, chosen, measures, likeness, reasons)
    write_report(dataset, report)
    return report


def judge(
    dataset: Dataset,
    settings: CheckSettings,
    measures: Measures,
    likeness: Likeness,
    reasons: dict[str, str],
) -> Report:
    """What the numbers mean for the photos in use; excluded ones are no concern any more."""
    used, dismissed = dataset.used, read_dismissed(dataset.folder)
    sizes = used.set_index("id")[["width", "height"]]
    table = measures.table.join(sizes, how="inner")
    table = table[~table.index.isin(list(reasons))]
    threshold = likeness.threshold(settings.agreement)
    alike = [(one, other) for one, other, score, _ in likeness.pairs if score >= threshold]
    in_use = set(used["id"]) - set(dismissed.photos.get("unreadable", ()))
    findings = [
        *unreadable({key: why for key, why in reasons.items() if key in in_use}),
        *check_copies(used, alike, dismissed.groups),
        *check_photos(table, settings, dismissed.photos),
        *check_classes(dataset, settings, dismissed.kinds),
    ]
    return Report(
        version=dataset.version,
        checked=len(used),
        made=now(),
        settings=settings,
        unreadable=reasons,
        findings=tuple(sorted(findings, key=lambda finding: ORDER[finding.severity])),
        dismissed=dismissed.count,
    )


def copies_by_name(dataset: Dataset) -> dict[str, str]:
    """A name per photo id, equal for photos that are copies of each other; for splits.

    Empty before the first checks. Photos in use only.
    """
    report, likeness = read_report(dataset), read_likeness(dataset)
    if report is None or likeness is None:
        return {}
    threshold = likeness.threshold(report.settings.agreement)
    alike = ((one, other) for one, other, score, _ in likeness.pairs if score >= threshold)
    exact, near = copy_groups(dataset.used, alike)
    return {photo_id: group[0] for group in (*exact, *near) for photo_id in group}
