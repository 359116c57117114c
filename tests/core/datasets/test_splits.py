from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.splits import SplitShares, stratified_split
from core.errors import LoupeError

SPLITS = ["train", "validation", "test"]


@st.composite
def split_shares(draw):
    train = draw(st.integers(1, 100))
    validation = draw(st.integers(0, 100 - train).filter(lambda share: share < 100))
    return SplitShares(train=train, validation=validation, test=100 - train - validation)


@given(st.lists(st.sampled_from("abcd"), max_size=200), split_shares(), st.integers(0, 9))
def test_every_class_is_shared_out_in_proportion(labels, shares, seed):
    splits = stratified_split(labels, shares, seed)
    assert splits == stratified_split(labels, shares, seed)
    assert len(splits) == len(labels)
    wanted = shares.as_dict()
    for label, total in Counter(labels).items():
        counts = Counter(s for own, s in zip(labels, splits, strict=True) if own == label)
        assert set(counts) <= set(wanted)
        assert counts["train"] >= 1
        if total >= len(wanted):
            assert set(counts) == set(wanted)
        for name, share in wanted.items():
            # One each is guaranteed to the small splits, so a large one may give up two.
            assert -2 <= counts[name] - total * share / 100 <= 1


@given(st.lists(st.sampled_from("abc"), min_size=30, max_size=60))
def test_a_class_keeps_its_split_when_other_classes_come_and_go(labels):
    shares = SplitShares()
    splits = stratified_split(labels, shares, 7)
    alone = [split for label, split in zip(labels, splits, strict=True) if label == "a"]
    assert alone == stratified_split(["a"] * labels.count("a"), shares, 7)


def test_other_seeds_give_other_splits():
    labels = ["a"] * 100
    assert stratified_split(labels, SplitShares(), 0) != stratified_split(labels, SplitShares(), 1)


def test_small_classes_train_first():
    assert stratified_split(["a"], SplitShares(), 0) == ["train"]
    assert sorted(stratified_split(["a"] * 2, SplitShares(), 0)) == ["train", "validation"]
    assert sorted(stratified_split(["a"] * 3, SplitShares(), 0)) == sorted(SPLITS)


def test_parsing_what_people_write():
    shares = SplitShares.parse("80/10/10")
    assert (shares.train, shares.validation, shares.test) == (80, 10, 10)
    assert SplitShares.parse("100/0/0").as_dict() == {"train": 100}


@pytest.mark.parametrize("text", ["", "70", "70/30", "a/b/c", "70/20/20", "0/50/50", "120/-10/-10"])
def test_other_shares_are_refused_in_a_sentence(text):
    with pytest.raises(LoupeError, match="add up to 100"):
        SplitShares.parse(text)
