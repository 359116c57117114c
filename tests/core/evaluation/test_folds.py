import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.evaluation.folds import deal

photo = st.tuples(st.sampled_from("abc"), st.sampled_from(["", "", "", "g1", "g2", "g3"]))


def photos(rows, fold=-1):
    return pd.DataFrame(
        {
            "id": [f"p{number}" for number in range(len(rows))],
            "label": [label for label, _ in rows],
            "group": [group for _, group in rows],
            "fold": fold,
        }
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(photo, min_size=2, max_size=60), st.integers(2, 6), st.integers(0, 50))
def test_every_photo_is_dealt_and_groups_stay_together(rows, folds, seed):
    table = photos(rows)
    alone = sum(not group for _, group in rows)
    if alone + len({group for _, group in rows if group}) < 2:
        with pytest.raises(LoupeError):
            deal(table, folds, seed)
        return
    dealt = deal(table, folds, seed)
    assert len(dealt) == len(rows)
    assert dealt.min() >= 0 and dealt.max() < folds
    assert len(np.unique(dealt)) >= 2
    for _, together in table[table["group"] != ""].groupby("group"):
        assert len(set(dealt[together.index])) == 1
    assert (deal(table, folds, seed) == dealt).all()


def test_classes_get_equal_shares():
    table = photos([("a", "")] * 40 + [("b", "")] * 10)
    dealt = deal(table, 5, 0)
    for fold in range(5):
        assert table["label"][dealt == fold].value_counts().to_dict() == {"a": 8, "b": 2}
    assert (deal(table, 5, 1) != dealt).any()


def test_the_folds_of_the_data_set_are_used_where_there_are_any():
    table = photos([("a", "")] * 6, fold=[4, 4, 2, 2, 2, 4])
    assert deal(table, 5, 0).tolist() == [1, 1, 0, 0, 0, 1]
    some = photos([("a", "")] * 6, fold=[4, -1, 2, 2, 2, 4])
    assert len(set(deal(some, 3, 0))) == 3


def test_photos_that_look_nearly_the_same_stay_together():
    table = photos([("a", "")] * 8 + [("b", "g1"), ("b", "g1"), ("b", "")])
    dealt = deal(table, 4, 0, near={"p0": "x", "p5": "x", "p3": "y", "p8": "y"})
    assert dealt[0] == dealt[5] and dealt[3] == dealt[8] == dealt[9]
