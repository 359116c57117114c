"""How the classes of a data set differ in what a model should not learn: light, size, colours.

A difference is called large from an effect size of 0.8 on and noticeable from 0.5 on, after
Cohen, "Statistical power analysis for the behavioral sciences" (1988).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from core.datasets.class_pictures import HUES, ClassPictures
from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.measures import Measures

LARGE, NOTICEABLE = 0.8, 0.5
FEWEST = 5  # photos of a class that an average is compared of
MOST_OUTLIERS = 40
WHISKER = 1.5  # of the middle half's width, after Tukey (1977)
HUE_NAMES = ("red", "orange", "yellow", "green", "turquoise", "blue", "violet", "pink")
HUE_ENDS = (1, 3, 4, 10, 13, 17, 20, 22)  # the last of 24 hues of each name; 23 is red again


@dataclass(frozen=True)
class Quantity:
    """Something measured of every photo.

    Attributes:
        column: Where it stands in `measured`.
        title: What its chart is called.
        unit: Of its axis.
        more: How a class with higher values is: "brighter".
        instead: What a model may learn from it.
        low, high: How the gallery is sorted to see the extremes, with the words for it.
    """

    column: str
    title: str
    unit: str
    more: str
    instead: str
    low: tuple[str, str]
    high: tuple[str, str]


QUANTITIES = (
    Quantity(
        "brightness",
        "Brightness",
        "mean of 0 to 255",
        "brighter",
        "the light instead of what they show",
        ("dark", "darkest"),
        ("bright", "brightest"),
    ),
    Quantity(
        "sharpness",
        "Sharpness",
        "0 blurred, 1 sharp",
        "sharper",
        "the camera instead of what they show",
        ("blurred", "most blurred"),
        ("sharp", "sharpest"),
    ),
    Quantity(
        "megapixels",
        "Size",
        "megapixels",
        "larger",
        "how soft small photos look once all are brought to one size",
        ("smallest", "smallest"),
        ("largest", "largest"),
    ),
    Quantity(
        "colourfulness",
        "Colourfulness",
        "0 grey, 100 garish",
        "more colourful",
        "the colours around instead of what they show",
        ("flat", "least contrast"),
        ("colourful", "most colourful"),
    ),
)


@dataclass(frozen=True)
class Spread:
    """How a quantity is spread over the photos of a class: what a box plot shows.

    Attributes:
        outliers: The farthest photos beyond the whiskers: (id, value), at most 40.
    """

    label: str
    count: int
    low: float
    first: float
    median: float
    third: float
    high: float
    outliers: tuple[tuple[str, float], ...]


def measured(dataset: Dataset, measures: Measures) -> pd.DataFrame:
    """The measures of the used photos with `label` and `megapixels`, indexed by id."""
    used = dataset.used.set_index("id")
    table = measures.table.join(used[["label", "width", "height"]], how="inner")
    return table.assign(megapixels=table["width"] * table["height"] / 1e6)


def spreads(table: pd.DataFrame, column: str) -> list[Spread]:
    """How `column` is spread within each class, in the order of the classes."""
    return [_spread(str(label), part[column]) for label, part in table.groupby("label")]


def comparison(table: pd.DataFrame, quantity: Quantity) -> tuple[str, bool]:
    """What to look for in a quantity, as sentences, and whether it makes one look twice."""
    groups = {
        str(label): part[quantity.column].to_numpy(np.float64)
        for label, part in table.groupby("label")
        if len(part) >= FEWEST
    }
    if len(groups) < 2:
        return "There are too few photos to compare the classes.", False
    low, high = _farthest(groups)
    effect = effect_size(groups[high], groups[low])
    share = _how_much(groups[high].mean(), groups[low].mean())
    said = f"Photos of {high} are on average {share} {quantity.more} than those of {low}"
    if effect >= LARGE:
        return f"{said}: the model may learn {quantity.instead}.", True
    if effect >= NOTICEABLE:
        return f"{said}; the classes overlap, so this alone does not tell them apart.", False
    return f"No class stands out: {said[0].lower()}{said[1:]}.", False


def effect_size(one: np.ndarray, other: np.ndarray) -> float:
    """Cohen's d: how many standard deviations the averages of two groups lie apart."""
    spread = np.sqrt((one.var() + other.var()) / 2)
    apart = abs(one.mean() - other.mean())
    return float(apart / spread) if spread > 1e-12 else float("inf") if apart > 1e-12 else 0.0


def picture_sentence(pictures: ClassPictures) -> str:
    """What to look for in the average pictures."""
    if len(pictures.class_names) < 2:
        return "The average of all photos: what is seen here is what they have in common."
    shaped = pictures.mean.mean(axis=3).std(axis=(1, 2))
    clearest = int(shaped.argmax())
    others = float(np.delete(shaped, clearest).mean())
    name = pictures.class_names[clearest]
    if others and shaped[clearest] > 1.3 * others:
        return (
            f"The average of {name} has {shaped[clearest] / others:.1f} times the contrast of the "
            "others: its photos share a place, a pose or a background, which the model may learn."
        )
    return (
        "The averages are about equally blurred: no class gives itself away by a fixed place "
        "or background."
    )


def hue_sentence(pictures: ClassPictures) -> tuple[str, bool]:
    """What to look for in the colour profiles, and whether it makes one look twice."""
    names = pictures.class_names
    shares = named_hues(pictures)
    pairs = list(combinations(range(len(names)), 2))
    if not pairs:
        return "The colours that the photos hold.", False
    differences = [(np.abs(shares[i] - shares[j]).max(), i, j) for i, j in pairs]
    most, i, j = max(differences)
    hue = int(np.abs(shares[i] - shares[j]).argmax())
    if shares[i][hue] < shares[j][hue]:
        i, j = j, i
    said = (
        f"{100 * shares[i][hue]:.0f} % of the colour in photos of {names[i]} is "
        f"{HUE_NAMES[hue]}, against {100 * shares[j][hue]:.0f} % in those of {names[j]}"
    )
    if most >= 0.15:
        return f"{said}: the model may learn the surroundings.", True
    return f"The classes hold much the same colours: {said[0].lower()}{said[1:]}.", False


def named_hues(pictures: ClassPictures) -> np.ndarray:
    """float (C, 8): the share of each of `HUE_NAMES` in the colour of each class."""
    ends = np.array(HUE_ENDS)
    which = np.searchsorted(ends, np.arange(HUES)) % len(HUE_NAMES)
    return np.stack([pictures.hues[:, which == k].sum(axis=1) for k in range(len(HUE_NAMES))], 1)


def giveaways(dataset: Dataset, column: str) -> list[str]:
    """Values of a column, such as a format, that nearly only one class has, in sentences."""
    used = dataset.used
    counts = pd.crosstab(used[column], used["label"])
    found = []
    for value, row in counts.iterrows():
        label, of_all = str(row.idxmax()), int(row.sum())
        share_of_class = row.max() / max(1, counts[label].sum())
        if value and of_all >= FEWEST and row.max() >= 0.9 * of_all and share_of_class >= 0.3:
            found.append(
                f"{photos(int(row.max()))} of {label} ({100 * share_of_class:.0f} % of the class) "
                f"are {value}, and hardly any other."
            )
    return found if len(counts.columns) > 1 else []


def _spread(label: str, values: pd.Series) -> Spread:
    first, median, third = np.percentile(values, [25, 50, 75])
    reach = WHISKER * (third - first)
    inside = values[(values >= first - reach) & (values <= third + reach)]
    outside = values[(values < first - reach) | (values > third + reach)]
    farthest = (outside - median).abs().sort_values(ascending=False).index[:MOST_OUTLIERS]
    return Spread(
        label,
        len(values),
        float(inside.min()),
        float(first),
        float(median),
        float(third),
        float(inside.max()),
        tuple((str(photo_id), float(values[photo_id])) for photo_id in farthest),
    )


def _farthest(groups: dict[str, np.ndarray]) -> tuple[str, str]:
    """The two classes that differ most, the lower one first."""

    def apart(pair: Sequence[str]) -> float:
        return effect_size(groups[pair[0]], groups[pair[1]])

    one, other = max(combinations(groups, 2), key=apart)
    return (one, other) if groups[one].mean() <= groups[other].mean() else (other, one)


def _how_much(high: float, low: float) -> str:
    """How much more `high` is than `low`: `"40 %"`."""
    return f"{100 * (high / low - 1):,.0f} %" if low > 0 else "far"
