"""Changes by hand: each is a new version of the manifest, in words, and can be undone."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from core.datasets.dataset import SPLITS, Dataset
from core.datasets.manifest import save_version
from core.errors import LoupeError

MAX_LABEL_LENGTH = 80


def relabel(dataset: Dataset, ids: Collection[str], label: str) -> Dataset:
    """The photos `ids` belong to the class `label` from now on, which may be a new one.

    Raises:
        LoupeError: If `label` is empty or too long, or no such photo is in another class.
    """
    label = checked_label(label)
    chosen = _chosen(dataset, ids) & (dataset.manifest["label"] != label)
    _require_any(chosen, f"They are in the class {label!r} already.")
    manifest = dataset.manifest.copy()
    manifest.loc[chosen, "label"] = label
    return save_version(dataset, manifest, f"{photos(int(chosen.sum()))} moved to {label}")


def rename_class(dataset: Dataset, label: str, new: str) -> Dataset:
    """The class `label` is called `new` from now on; joins a class that is called so already."""
    new = checked_label(new)
    chosen = dataset.manifest["label"] == label
    _require_any(chosen, f"There is no class {label!r}.")
    manifest = dataset.manifest.copy()
    manifest.loc[chosen, "label"] = new
    return save_version(dataset, manifest, f"{label} renamed to {new}")


def exclude(dataset: Dataset, ids: Collection[str], reason: str = "by hand") -> Dataset:
    """The photos `ids` are used no more; their files stay.

    Args:
        reason: Why, as the gallery shows it.

    Raises:
        LoupeError: If none of them is in use.
    """
    chosen = _chosen(dataset, ids) & ~dataset.manifest["excluded"]
    _require_any(chosen, "They are excluded already.")
    manifest = dataset.manifest.copy()
    manifest.loc[chosen, "excluded"] = True
    manifest.loc[chosen, "reason"] = reason
    return save_version(dataset, manifest, f"{photos(int(chosen.sum()))} excluded: {reason}")


def restore(dataset: Dataset, ids: Collection[str]) -> Dataset:
    """The excluded photos among `ids` are used again.

    Raises:
        LoupeError: If none of them is excluded.
    """
    chosen = _chosen(dataset, ids) & dataset.manifest["excluded"]
    _require_any(chosen, "They are in use already.")
    manifest = dataset.manifest.copy()
    manifest.loc[chosen, "excluded"] = False
    manifest.loc[chosen, "reason"] = ""
    return save_version(dataset, manifest, f"{photos(int(chosen.sum()))} used again")


def set_splits(
    dataset: Dataset,
    splits: Mapping[str, str],
    what: str = "",
    folds: Mapping[str, int] | None = None,
) -> Dataset:
    """Moves photos to other splits.

    Args:
        splits: `"train"`, `"validation"` or `"test"` by photo id; other photos stay.
        what: The change in words.
        folds: The fold of each photo, from 0, by photo id; all others get -1. None leaves
            the folds as they are.

    Raises:
        LoupeError: If a split has another name, or no photo would move.
    """
    if unknown := sorted(set(splits.values()) - set(SPLITS)):
        raise LoupeError(f"There is no split {unknown[0]!r}.", f"Splits are {', '.join(SPLITS)}.")
    manifest = dataset.manifest.copy()
    told = zip(manifest["id"], manifest["split"], strict=True)
    manifest["split"] = pd.Series([splits.get(key, old) for key, old in told], dtype="str")
    if folds is not None:
        manifest["fold"] = pd.Series([folds.get(key, -1) for key in manifest["id"]], dtype="int64")
    moved = manifest["split"] != dataset.manifest["split"]
    _require_any(moved | (manifest["fold"] != dataset.manifest["fold"]), "They are there already.")
    return save_version(dataset, manifest, what or f"{photos(int(moved.sum()))} in other splits")


def checked_label(label: str) -> str:
    """`label` without spaces around it.

    Raises:
        LoupeError: If nothing is left, or it is longer than a label may be.
    """
    plain = " ".join(label.split())
    if not plain or not plain.isprintable():
        raise LoupeError("A class needs a name.", "Name it after what its photos show.")
    if len(plain) > MAX_LABEL_LENGTH:
        raise LoupeError(
            f"The name of a class may have {MAX_LABEL_LENGTH} letters; this one has {len(plain)}.",
            "Choose a shorter one.",
        )
    return plain


def photos(count: int) -> str:
    """`"1 photo"`, `"1,234 photos"`."""
    return "1 photo" if count == 1 else f"{count:,} photos"


def _chosen(dataset: Dataset, ids: Collection[str] | Sequence[str]) -> pd.Series:
    return dataset.manifest["id"].isin(list(ids))


def _require_any(chosen: pd.Series, otherwise: str) -> None:
    if not chosen.any():
        raise LoupeError(f"No photo to change. {otherwise}", "Select other photos.")
