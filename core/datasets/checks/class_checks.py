"""Too few photos: of a class beside the others, to learn from, and for a verdict."""

from collections.abc import Collection

import pandas as pd

from core.datasets.checks.findings import Finding
from core.datasets.checks.settings import CheckSettings
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.evaluation.metrics import percent, wilson_interval

SUPPOSED = 0.8


def check_classes(
    dataset: Dataset, settings: CheckSettings, dismissed: Collection[str]
) -> list[Finding]:
    """Findings about classes and splits as a whole."""
    found = [
        *_balance(dataset, settings),
        *_to_learn(dataset, settings),
        *_verdict(dataset, settings),
    ]
    return [finding for finding in found if finding.kind not in dismissed]


def _balance(dataset: Dataset, settings: CheckSettings) -> list[Finding]:
    counts = dataset.class_counts()
    if len(counts) < 2:
        return []
    low, high = min(counts, key=lambda c: counts[c]), max(counts, key=lambda c: counts[c])
    if counts[high] < settings.imbalance * max(1, counts[low]):
        return []
    share = percent(counts[high] / sum(counts.values()))
    return [
        Finding(
            kind="imbalance",
            title="Unbalanced classes",
            sentence=f"{high} has {counts[high] / max(1, counts[low]):.0f} times as many photos "
            f"as {low} ({counts[high]:,} and {counts[low]:,}).",
            effect=f"Always answering {high} is right {share} of the time, so the model leans "
            f"towards it; more photos of {low} help.",
            severity="note",
            action="collect",
        )
    ]


def _to_learn(dataset: Dataset, settings: CheckSettings) -> list[Finding]:
    counts = dataset.split("train")["label"].value_counts()
    few = {
        name: int(counts.get(name, 0))
        for name in dataset.class_names
        if counts.get(name, 0) < settings.fewest_to_learn
    }
    if not few:
        return []
    names = ", ".join(f"{name} ({count})" for name, count in list(few.items())[:6])
    more = f" and {len(few) - 6} more" if len(few) > 6 else ""
    return [
        Finding(
            kind="few_to_learn",
            title="Few photos to learn from",
            sentence=f"{'One class has' if len(few) == 1 else f'{len(few)} classes have'} fewer "
            f"than {settings.fewest_to_learn} photos to learn from: {names}{more}.",
            effect="The model learns these photos by heart rather than the class.",
            severity="look",
            action="collect",
        )
    ]


def _verdict(dataset: Dataset, settings: CheckSettings) -> list[Finding]:
    test = dataset.split("test")
    low, high = interval(len(test))
    if len(test) and (high - low) / 2 * 100 <= settings.margin:
        return []
    absent = _absent(test, dataset.class_names)
    without = f" None of them shows {', '.join(absent)}." if absent and len(test) else ""
    meaning = (
        f"If a model gets {percent(round(SUPPOSED * len(test)) / len(test))} of them right, its "
        f"true share lies between {percent(low)} and {percent(high)}: two models can hardly be "
        "told apart."
        if len(test)
        else "Nobody can say how good a model is."
    )
    return [
        Finding(
            kind="few_to_test",
            title="Few photos for a verdict",
            sentence=f"The test has {photos(len(test)) if len(test) else 'no photos'}.{without}",
            effect=meaning,
            severity="look",
            action="collect",
        )
    ]


def interval(n: int) -> tuple[float, float]:
    """Wilson's interval for a model that is right four times in five on `n` test photos."""
    return wilson_interval(round(SUPPOSED * n), n)


def _absent(test: pd.DataFrame, class_names: tuple[str, ...]) -> list[str]:
    present = set(test["label"])
    return [name for name in class_names if name not in present]
