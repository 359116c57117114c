from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.adding import add_photos
from core.datasets.collections import PREFIX, create_collection
from core.datasets.dataset import SPLITS, Dataset, as_manifest, class_names
from core.datasets.edits import exclude
from core.datasets.grouping import groups_of
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, undo
from core.datasets.split_plan import (
    SplitPlan,
    apply_plan,
    divide,
    folder_levels,
    group_summary,
    values,
)
from core.datasets.splits import SplitShares, split_by_shares, split_into_folds
from core.errors import LoupeError
from tests.core.datasets.photos import class_folders, jpeg


def photos_of(labels, groups=None, **more):
    rows = [
        {
            "id": f"{number:012x}",
            "label": label,
            "split": "train",
            "width": 9,
            "height": 9,
            "group": groups[number] if groups else "",
            "source_file": f"{label}/{number}.jpg",
        }
        | {name: column[number] for name, column in more.items()}
        for number, label in enumerate(labels)
    ]
    manifest = as_manifest(rows)
    return Dataset(None, "d", "D", "", "", class_names(manifest), 1, manifest)


@st.composite
def labelled_groups(draw):
    """Labels and groups of up to 120 photos, most groups of one class."""
    labels, groups = [], []
    for number, (label, size) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), max_size=40))
    ):
        labels += [label] * size
        groups += [f"g{number}" if size > 1 else ""] * size
    return labels, groups


shares_strategy = st.sampled_from(
    [SplitShares(), SplitShares(train=60, validation=20, test=20), SplitShares.parse("80/0/20")]
)


def group_sizes(labels, groups):
    """The largest group of each class; 1 where all are on their own."""
    sizes = Counter((label, group) for label, group in zip(labels, groups, strict=True) if group)
    largest = defaultdict(lambda: 1)
    for (label, _), size in sizes.items():
        largest[label] = max(largest[label], size)
    return largest


@given(labelled_groups(), shares_strategy, st.integers(0, 5))
def test_groups_stay_whole_and_shares_come_as_close_as_groups_allow(case, shares, seed):
    labels, groups = case
    splits = split_by_shares(labels, shares.as_dict(), seed, groups)
    assert len(splits) == len(labels) and set(splits) <= set(shares.as_dict())
    assert splits == split_by_shares(labels, shares.as_dict(), seed, groups)
    sides = defaultdict(set)
    for group, split in zip(groups, splits, strict=True):
        sides[group].add(split)
    assert all(len(found) == 1 for group, found in sides.items() if group)
    largest = group_sizes(labels, groups)
    for label, total in Counter(labels).items():
        counts = Counter(s for own, s in zip(labels, splits, strict=True) if own == label)
        pieces = {
            group or number
            for number, (own, group) in enumerate(zip(labels, groups, strict=True))
            if own == label
        }
        assert counts["train"] >= 1
        if len(pieces) >= len(shares.as_dict()):
            assert set(counts) == set(shares.as_dict())
        for name, share in shares.as_dict().items():
            # One group each is promised to the small splits: a large one may give up two.
            assert -2 * largest[label] <= counts[name] - total * share / 100 <= largest[label] + 1


@given(labelled_groups(), st.integers(2, 20), st.integers(0, 3))
def test_folds_are_equal_in_every_class_as_far_as_groups_allow(case, folds, seed):
    labels, groups = case
    found = split_into_folds(labels, folds, seed, groups)
    assert len(found) == len(labels) and set(found) <= set(range(folds))
    for group in set(groups) - {""}:
        assert len({f for f, own in zip(found, groups, strict=True) if own == group}) == 1
    largest = group_sizes(labels, groups)
    for label in set(labels):
        counts = Counter(f for f, own in zip(found, labels, strict=True) if own == label)
        sizes = [counts[fold] for fold in range(folds)]
        assert max(sizes) - min(sizes) <= 2 * largest[label] + 1


def test_folds_of_many_small_classes_are_equally_large():
    labels = [f"class {number % 20}" for number in range(20 * 7)]
    sizes = Counter(split_into_folds(labels, 5, 0, [""] * len(labels)))
    assert set(sizes.values()) == {28}


@settings(max_examples=40)
@given(labelled_groups().filter(lambda case: case[0]), st.randoms(use_true_random=False))
def test_the_order_of_the_photos_does_not_matter_and_nobody_is_lost(case, random):
    dataset = photos_of(*case)
    rows = list(range(len(dataset.manifest)))
    random.shuffle(rows)
    mixed = Dataset(None, "d", "D", "", "", dataset.class_names, 1, dataset.manifest.iloc[rows])
    for how in ("percentages", "folds"):
        plan = SplitPlan(how=how, folds=3, seed=4)
        division = divide(plan, dataset)
        assert division == divide(plan, mixed)
        assert set(division.splits) == set(dataset.manifest["id"])
        assert group_summary(division)["torn"] == 0


def test_other_seeds_draw_other_photos():
    dataset = photos_of("ab" * 40)
    assert divide(SplitPlan(seed=0), dataset) != divide(SplitPlan(seed=1), dataset)


def test_near_duplicates_and_bursts_are_chained_together():
    dataset = photos_of("aaaaaa", ["b1", "b1", "b2", "b2", "", ""])
    ids = dataset.manifest["id"].tolist()
    together = groups_of(dataset.manifest, {ids[1]: "n", ids[2]: "n", ids[4]: "alone"})
    assert set(together) == set(ids[:4]) and len(set(together.values())) == 1


def test_without_keeping_groups_every_photo_is_on_its_own():
    dataset = photos_of("a" * 40, ["g"] * 40)
    assert set(divide(SplitPlan(), dataset).splits.values()) == {"train"}
    loose = divide(SplitPlan(keep_groups=False), dataset)
    assert Counter(loose.splits.values()) == {"train": 28, "validation": 6, "test": 6}


def test_not_stratified_only_the_whole_has_the_shares():
    dataset = photos_of(["a"] * 10 + ["b"] * 90)
    division = divide(SplitPlan(stratified=False), dataset)
    assert Counter(division.splits.values()) == {"train": 70, "validation": 15, "test": 15}


def test_folders_that_were_given_a_side_and_the_rest_whole():
    names = [f"2024-0{number % 4}/{number % 2}/{number}.jpg" for number in range(40)]
    dataset = photos_of("ab" * 20, source_file=names)
    assert folder_levels(dataset.manifest) == 2
    plan = SplitPlan(how="folder", sides={"2024-00": "test"})
    division = divide(plan, dataset)
    side = values(plan, dataset.manifest)
    found = {
        folder: {division.splits[key] for key in dataset.manifest["id"][side == folder]}
        for folder in sorted(set(side))
    }
    assert found["2024-00"] == {"test"}
    assert all(len(splits) == 1 for splits in found.values())


def test_authors_are_on_one_side_and_photos_without_are_strangers():
    authors = [f"author {number % 12}" if number < 60 else "" for number in range(100)]
    dataset = photos_of("ab" * 50, author=authors)
    division = divide(SplitPlan(how="source", source="author"), dataset)
    for author in set(authors) - {""}:
        ids = dataset.manifest["id"][dataset.manifest["author"] == author]
        assert len({division.splits[key] for key in ids}) == 1
    unknown = dataset.manifest["id"][dataset.manifest["author"] == ""]
    assert {division.splits[key] for key in unknown} == set(SPLITS)
    assert division.groups == {}, "an author is no burst"


def test_a_side_that_is_no_split_is_refused():
    with pytest.raises(ValueError, match="no split 'exam'"):
        SplitPlan(sides={"a": "exam"})


@pytest.fixture
def bees(workspace, tmp_path):
    return import_dataset(workspace, class_folders(tmp_path / "p", bee=20, wasp=20), "bees")


def test_applying_is_one_edit_that_can_be_undone(workspace, bees):
    changed = apply_plan(bees, SplitPlan(how="folds", folds=4, seed=3))
    assert changed.changes[2] == "Split into 4 folds, seed 3"
    assert set(changed.manifest["fold"]) == {0, 1, 2, 3}
    assert set(changed.split("test")["fold"]) == {0}
    assert set(changed.split("validation")["fold"]) == {1}
    assert undo(changed).manifest.equals(bees.manifest)
    again = open_dataset(workspace, "bees")
    plain = apply_plan(again, SplitPlan(seed=5))
    assert set(plain.manifest["fold"]) == {-1}
    with pytest.raises(LoupeError, match="No photo to change"):
        apply_plan(plain, SplitPlan(seed=5))


def test_excluded_photos_follow_those_that_look_like_them(bees):
    ids = bees.manifest["id"].tolist()
    dataset = exclude(bees, [ids[0]])
    near = {ids[0]: "n", ids[1]: "n"}
    for seed in range(6):
        splits = divide(SplitPlan(seed=seed), dataset, near).splits
        assert splits[ids[0]] == splits[ids[1]]


def burst(collection, label, name, count, start):
    for number in range(count):
        collection.add(jpeg(start + number), label, f"{number}.jpg", origin="camera", group=name)


def sides_of_groups(dataset):
    used = dataset.manifest[dataset.manifest["group"] != ""]
    return used.groupby("group")["split"].agg(set).map(len)


def test_bursts_stay_whole_when_a_collection_becomes_a_data_set(workspace):
    collection = create_collection(workspace, "bursts")
    for number in range(12):
        burst(collection, "ab"[number % 2], f"burst {number}", 4, 100 * number)
    dataset = import_dataset(workspace, PREFIX + "bursts", "bursts")
    assert set(sides_of_groups(dataset)) == {1}
    assert all(dataset.split_counts().values())


def test_photos_of_a_burst_that_is_there_already_join_its_split(workspace):
    first, second = (create_collection(workspace, name) for name in ("one", "two"))
    for number in range(10):
        burst(first, "ab"[number % 2], f"burst {number}", 4, 100 * number)
        burst(second, "ab"[number % 2], f"burst {number}", 2, 5000 + 100 * number)
        burst(second, "ab"[number % 2], f"fresh {number}", 3, 9000 + 100 * number)
    import_dataset(workspace, PREFIX + "one", "bursts")
    add_photos(workspace, "bursts", PREFIX + "two")
    dataset = open_dataset(workspace, "bursts")
    assert len(dataset.manifest) == 90
    assert set(sides_of_groups(dataset)) == {1}


def test_photos_added_to_a_data_set_with_folds_get_one(workspace, bees, tmp_path):
    apply_plan(bees, SplitPlan(how="folds", folds=4))
    for number in range(12):
        (tmp_path / f"new-{number}.jpg").write_bytes(jpeg(7000 + number))
    folder = tmp_path / "more" / "bee"
    folder.mkdir(parents=True)
    for number in range(12):
        (folder / f"{number}.jpg").write_bytes(jpeg(7000 + number))
    add_photos(workspace, "bees", tmp_path / "more")
    dataset = open_dataset(workspace, "bees")
    added = dataset.manifest.iloc[40:]
    assert Counter(added["fold"]) == {0: 3, 1: 3, 2: 3, 3: 3}
    pairs = set(zip(dataset.manifest["fold"], dataset.manifest["split"], strict=True))
    assert pairs == {(0, "test"), (1, "validation"), (2, "train"), (3, "train")}


def test_twenty_thousand_photos_in_groups_of_mixed_classes():
    generator = np.random.default_rng(0)
    labels = [f"class {number}" for number in generator.integers(0, 10, 20_000)]
    groups = [f"g{number}" for number in generator.integers(0, 6000, 20_000)]
    splits = pd.Series(split_by_shares(labels, SplitShares().as_dict(), 0, groups))
    assert splits.groupby(groups).nunique().max() == 1
    shares = splits.value_counts(normalize=True)
    assert abs(shares["test"] - 0.15) < 0.005
