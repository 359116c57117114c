"""What the checks found: kept with the data set, together with what it was found on."""

import time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.datasets.checks.settings import CheckSettings
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.errors import LoupeError
from core.workspace import read_json, write_bytes

FILE = "checks.json"
DISMISSED = "checks-dismissed.json"

Severity = Literal["urgent", "look", "note"]
Action = Literal["exclude", "keep_one", "same_split", "choose_class", "collect"]
ORDER: dict[str, int] = {"urgent": 0, "look": 1, "note": 2}


class Finding(BaseModel):
    """One thing about a data set that a person should know.

    Attributes:
        kind: Which check found it, such as `"near_duplicates"`.
        title: It in two or three words.
        sentence: What was found, with the numbers.
        effect: What that does to a model or to its verdict.
        severity: `"urgent"` makes results wrong, `"look"` makes them worse, `"note"` may.
        action: What can be done about it by a button.
        ids: The photos concerned, the worst first.
        groups: The photos that belong together, for kinds that are about groups.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    title: str
    sentence: str
    effect: str
    severity: Severity
    action: Action
    ids: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


class Report(BaseModel):
    """The outcome of all checks.

    Attributes:
        version: The data set's version that they looked at.
        checked: How many photos in use there were.
        made: Seconds since 1970.
        settings: The thresholds.
        unreadable: Why, by photo id.
        findings: The worst first; without what was dismissed.
        dismissed: How many photos and findings were left out because a person said so.
    """

    model_config = ConfigDict(frozen=True)

    version: int
    checked: int
    made: float
    settings: CheckSettings
    unreadable: dict[str, str] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    dismissed: int = 0

    @property
    def summary(self) -> str:
        """`"481 photos checked: 3 things to look at, 1 urgent."`"""
        looked_at = photos(self.checked)
        if not self.findings:
            return f"{looked_at} checked: nothing to look at."
        urgent = sum(finding.severity == "urgent" for finding in self.findings)
        count = len(self.findings)
        things = "1 thing" if count == 1 else f"{count} things"
        return f"{looked_at} checked: {things} to look at, {urgent or 'none'} urgent."

    def is_stale(self, dataset: Dataset) -> bool:
        """Whether the data set has changed since."""
        return self.version != dataset.version

    def of_kind(self, kind: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.kind == kind), None)


def read_report(dataset: Dataset) -> Report | None:
    """What the last checks found; None when none were made, or their file is damaged."""
    try:
        return Report.model_validate(read_json(dataset.folder / FILE))
    except (LoupeError, ValidationError):
        return None


def write_report(dataset: Dataset, report: Report) -> None:
    """Keeps the outcome with the data set, in the place of the last one."""
    write_bytes(dataset.folder / FILE, report.model_dump_json(indent=1).encode())


def read_findings(dataset: Dataset) -> tuple[Finding, ...]:
    """The findings of the last checks, the worst first; none when none were made."""
    report = read_report(dataset)
    return report.findings if report else ()


def flagged(dataset: Dataset, kind: str) -> tuple[str, ...]:
    """The ids of the photos with a finding of this kind, the worst first."""
    return next((found.ids for found in read_findings(dataset) if found.kind == kind), ())


class Dismissed(BaseModel):
    """What a person has looked at and called no problem.

    Attributes:
        kinds: Kinds of findings that are not shown, as long as they are about classes.
        photos: Photo ids by kind.
        groups: Ids of the photos of a group, sorted and joined by spaces, by kind.
    """

    model_config = ConfigDict(frozen=True)

    kinds: tuple[str, ...] = ()
    photos: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def count(self) -> int:
        lists = [*self.photos.values(), *self.groups.values()]
        return len(self.kinds) + sum(len(entries) for entries in lists)


def read_dismissed(folder: Path) -> Dismissed:
    try:
        return Dismissed.model_validate(read_json(folder / DISMISSED))
    except (LoupeError, ValidationError):
        return Dismissed()


def dismiss(dataset: Dataset, finding: Finding) -> None:
    """Shows these photos, or this finding about classes, no more; remembered with the data set."""
    known = read_dismissed(dataset.folder)
    if finding.groups:
        told = {" ".join(sorted(group)) for group in finding.groups}
        changed: dict[str, Any] = {"groups": _with(known.groups, finding.kind, told)}
    elif finding.ids:
        changed = {"photos": _with(known.photos, finding.kind, set(finding.ids))}
    else:
        changed = {"kinds": tuple(sorted({*known.kinds, finding.kind}))}
    _keep(dataset, known.model_copy(update=changed))


def _with(known: dict[str, tuple[str, ...]], kind: str, more: set[str]) -> dict[str, Any]:
    return known | {kind: tuple(sorted({*known.get(kind, ()), *more}))}


def take_back_dismissals(dataset: Dataset) -> None:
    """Everything that was called no problem is shown again."""
    _keep(dataset, Dismissed())


def _keep(dataset: Dataset, dismissed: Dismissed) -> None:
    write_bytes(dataset.folder / DISMISSED, dismissed.model_dump_json(indent=1).encode())


def now() -> float:
    return time.time()
