"""Faults planted into photos: how many the checks find, and how many they only imagine."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks import faults
from benchmarks.faults import Fault
from benchmarks.measure import Row
from core.datasets.checks.checking import check
from core.datasets.checks.findings import Report
from core.datasets.dataset import Dataset
from core.datasets.importing import import_dataset
from core.workspace import Workspace, open_workspace

TITLE = "Planted faults: found of those planted, and planted of those found"
SHARE = 0.03
RECALL, PRECISION = 0.9, 0.9


def measure(quick: bool = False) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for name, folder in _photo_sets(Path(temporary), quick):
            workspace = open_workspace(Path(temporary) / f"workspace-{name}")
            rows += [*copies(workspace, folder, name), *spoilt(workspace, folder, name)]
    return rows


def _photo_sets(temporary: Path, quick: bool) -> Iterable[tuple[str, Path]]:
    """Pond insects, and the photos in LOUPE_BENCH_PHOTOS where it names any, copied."""
    workspace = open_workspace(temporary / "samples")
    sample = import_dataset(workspace, "sample:pond-insects", "pond insects")
    yield "pond insects", _copied(sample, temporary / "pond", 100 if quick else None)
    given = os.environ.get("LOUPE_BENCH_PHOTOS")
    if given and not quick:
        name = Path(given).name
        theirs = import_dataset(workspace, Path(given), name)
        yield name, _copied(theirs, temporary / "theirs", None)


def _copied(dataset: Dataset, folder: Path, most: int | None) -> Path:
    step = len(dataset.manifest) // most if most else 1
    for row in dataset.manifest.iloc[::step].to_dict("records"):
        target = folder / row["label"] / f"{row['id']}{Path(row['file']).suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dataset.folder / row["file"], target)
    return folder


def copies(workspace: Workspace, folder: Path, name: str) -> list[Row]:
    """Near copies, exact copies, copies in another class, and the leaks among them all."""
    before = _pairs(*_checked(workspace, folder, "clean"))
    rng = np.random.default_rng(0)
    photos = faults.choose(faults.photos_below(folder), 1.0, rng)
    count = max(4, round(SHARE * len(photos)))
    planted = [
        *faults.plant_near_copies(photos[:count], rng),
        *faults.plant_exact_copies(photos[count : 2 * count]),
        *faults.plant_copies_in_another_class(photos[2 * count : 3 * count], rng),
    ]
    dataset, report = _checked(workspace, folder, "copies")
    found = _pairs(dataset, report)
    rows = []
    for kind in ("near_duplicates", "exact_duplicates", "label_conflicts"):
        truth = {_pair(fault) for fault in planted if fault.kind == kind}
        new = found.get(kind, set()) - _all(before)
        # A photo that is there twice anyway makes a second pair with its planted copy.
        new = {pair for pair in new if pair in truth or not _touches(pair, before)}
        rows += _rows(f"{name}, {kind.replace('_', ' ')}", truth, new)
    for how in faults.CHANGES:
        truth = {_pair(fault) for fault in planted if fault.how == how}
        rows += _rows(f"{name}, near duplicates, {how}", truth, found["near_duplicates"])[:1]
    splits = dict(
        zip(map(_name, dataset.manifest["source_file"]), dataset.manifest["split"], strict=True)
    )
    truth = {pair for pair in map(_pair, planted) if len({splits[file] for file in pair}) > 1}
    new = {
        pair
        for pair in found.get("leaks", set()) - _all(before)
        if pair in truth or not _touches(pair, before)
    }
    return [*rows, *_rows(f"{name}, leaks", truth, new)]


def spoilt(workspace: Workspace, folder: Path, name: str) -> list[Row]:
    """Dark, bright, blurred and tiny photos, planted into a folder without copies."""
    for path in faults.photos_below(folder):
        if path.name.startswith(("near-", "exact-", "other-")):
            path.unlink()
    dataset, report = _checked(workspace, folder, "unspoilt")
    before = {kind: _flagged(dataset, report, kind) for kind in faults.SPOILT}
    rng = np.random.default_rng(1)
    photos = faults.choose(faults.photos_below(folder), 1.0, rng)
    count = max(2, round(SHARE * len(photos)))
    planted = {
        kind: faults.spoil(photos[place * count : (place + 1) * count], kind)
        for place, kind in enumerate(faults.SPOILT)
    }
    dataset, report = _checked(workspace, folder, "spoilt")
    rows = []
    for kind, done in planted.items():
        new = _flagged(dataset, report, kind) - before[kind]
        rows += _rows(f"{name}, {kind}", {frozenset({fault.file.stem}) for fault in done}, new)
    return rows


def _checked(workspace: Workspace, folder: Path, name: str) -> tuple[Dataset, Report]:
    dataset = import_dataset(workspace, folder, name)
    return dataset, check(dataset)


def _name(source_file: str) -> str:
    return Path(source_file).stem


def _pair(fault: Fault) -> frozenset[str]:
    assert fault.original is not None  # noqa: S101
    return frozenset({fault.file.stem, fault.original.stem})


def _pairs(dataset: Dataset, report: Report) -> dict[str, set[frozenset[str]]]:
    """The pairs of file names that stand in one group, by kind of finding."""
    names = dict(
        zip(dataset.manifest["id"], map(_name, dataset.manifest["source_file"]), strict=True)
    )
    found: dict[str, set[frozenset[str]]] = {"near_duplicates": set()}
    for finding in report.findings:
        for group in finding.groups:
            members = [names[photo_id] for photo_id in group]
            pairs = {frozenset({a, b}) for a in members for b in members if a != b}
            found.setdefault(finding.kind, set()).update(pairs)
    return found


def _all(found: dict[str, set[frozenset[str]]]) -> set[frozenset[str]]:
    return set().union(*found.values())


def _touches(pair: frozenset[str], before: dict[str, set[frozenset[str]]]) -> bool:
    """Whether a photo of the pair was there twice before anything was planted."""
    twice = set().union(*_all(before)) if _all(before) else set()
    plain = {name.split("-")[-1] for name in pair}
    return bool(plain & twice)


def _flagged(dataset: Dataset, report: Report, kind: str) -> set[frozenset[str]]:
    names = dict(
        zip(dataset.manifest["id"], map(_name, dataset.manifest["source_file"]), strict=True)
    )
    finding = report.of_kind(kind)
    return {frozenset({names[photo_id]}) for photo_id in (finding.ids if finding else ())}


def _rows(case: str, truth: set[frozenset[str]], found: set[frozenset[str]]) -> list[Row]:
    right = len(truth & found)
    if not truth:
        return []
    rows = [Row(f"{case}: recall", right, len(truth), "", right / len(truth), RECALL, True)]
    if found:
        share = right / len(found)
        rows.append(Row(f"{case}: precision", right, len(found), "", share, PRECISION, True))
    return rows
