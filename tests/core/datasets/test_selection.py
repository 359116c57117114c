import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.dataset import SPLITS, as_manifest
from core.datasets.selection import (
    ORDERS,
    Facts,
    Query,
    between,
    from_address,
    matching,
    page_at,
    to_address,
)

few = settings(max_examples=40)
LABELS = ("bear", "Bear cub", "wolf, grey")
WORDS = st.sampled_from(["", "bear", "WOLF", "anna", ".", "(", "é"])
ROW = st.fixed_dictionaries(
    {
        "label": st.sampled_from(LABELS),
        "split": st.sampled_from(SPLITS),
        "excluded": st.booleans(),
        "width": st.integers(1, 5000),
        "height": st.integers(1, 5000),
        "author": st.sampled_from(["", "Anna (é)", "B. Bear"]),
        "origin": st.sampled_from(["import", "flickr"]),
    }
)
ROWS = st.lists(ROW, max_size=30)
SEVERAL = {
    "classes": st.lists(st.sampled_from([*LABELS, "not there"]), unique=True, max_size=2),
    "splits": st.lists(st.sampled_from(SPLITS), unique=True, max_size=2),
    "flags": st.lists(st.sampled_from(["dark", "blurred"]), unique=True, max_size=2),
    "origins": st.lists(st.sampled_from(["import", "flickr"]), unique=True, max_size=1),
    "authors": st.lists(st.sampled_from(["Anna (é)"]), unique=True, max_size=1),
}
QUERIES = st.builds(
    Query,
    use=st.sampled_from(["used", "excluded", "all"]),
    text=st.lists(WORDS, max_size=2).map(" ".join).map(str.strip),
    marked=st.booleans(),
    similar=st.sampled_from(["", "3"]),
    sort=st.sampled_from(list(ORDERS)),
    **{name: values.map(tuple) for name, values in SEVERAL.items()},
)


def manifest_of(rows):
    numbered = [
        row | {"id": str(place), "source_file": f"photo-{place}.jpg"}
        for place, row in enumerate(rows)
    ]
    return as_manifest(numbered)


EMPTY = manifest_of([])


def facts_of(rows):
    known = [str(place) for place in range(len(rows)) if place % 3]
    numbers = np.array([int(one) % 5 for one in known], float)
    columns = ("sharpness", "brightness", "contrast", "colourfulness", "loss", "likeness")
    return Facts(
        pd.DataFrame(dict.fromkeys(columns, numbers), index=known),
        {"dark": known[:4], "blurred": known[2:6]},
        frozenset(known[::2]),
    )


def kept_plainly(rows, query, facts):
    """What the filters mean, spelt out photo by photo."""
    kept = set()
    for place, row in enumerate(rows):
        photo_id = str(place)
        text = " ".join((f"photo-{place}.jpg", row["label"], row["author"])).lower()
        flagged = any(photo_id in facts.flagged[kind] for kind in query.flags)
        tests = (
            query.use == "all" or row["excluded"] == (query.use == "excluded"),
            not query.classes or row["label"] in query.classes,
            not query.splits or row["split"] in query.splits,
            not query.origins or row["origin"] in query.origins,
            not query.authors or row["author"] in query.authors,
            not query.flags or flagged,
            not query.marked or photo_id in facts.marked,
            all(word.lower() in text for word in query.text.split()),
        )
        if all(tests):
            kept.add(place)
    return kept


@few
@given(ROWS, QUERIES)
def test_exactly_the_photos_that_pass_every_filter_are_shown_once(rows, query):
    facts = facts_of(rows)
    found = matching(manifest_of(rows), query, facts)
    assert len(found) == len(set(found.tolist()))
    assert set(found.tolist()) == kept_plainly(rows, query, facts)


@few
@given(ROWS, QUERIES)
def test_sorting_never_changes_what_is_shown_and_unknown_values_come_last(rows, query):
    manifest, facts = manifest_of(rows), facts_of(rows)
    found = matching(manifest, query, facts)
    column = query.order.column
    if not column or column == "pixels":
        return
    values = facts.values[column].reindex([str(place) for place in found]).to_numpy()
    known = values[~np.isnan(values)]
    assert np.isnan(values[len(known) :]).all()
    assert (np.diff(known) * (-1 if query.order.largest_first else 1) >= 0).all()


@few
@given(ROWS)
def test_classes_take_turns_and_sizes_are_sorted(rows):
    manifest = manifest_of(rows)
    turns = manifest.iloc[matching(manifest, Query(use="all"))]["label"].tolist()
    first = turns[: manifest["label"].nunique()]
    assert len(set(first)) == len(first)
    largest = manifest.iloc[matching(manifest, Query(use="all", sort="largest"))]
    assert (largest["width"] * largest["height"]).is_monotonic_decreasing
    newest = matching(manifest, Query(use="all", sort="newest")).tolist()
    assert newest == list(range(len(rows)))[::-1]


@few
@given(QUERIES)
def test_a_link_shows_the_same(query):
    assert from_address(to_address(query)) == query


@few
@given(
    st.dictionaries(
        st.sampled_from(["class", "split", "sort", "use", "q", "marked", "page", "x"]),
        st.lists(st.text(max_size=12), max_size=3),
    )
)
def test_no_address_is_too_strange(parts):
    query = from_address(parts)
    assert query.sort in ORDERS and set(query.splits) <= set(SPLITS)
    assert len(matching(EMPTY, query)) == 0


@given(st.integers(0, 500), st.integers(1, 120), st.integers(-5, 900))
def test_pages_hold_every_photo_once(count, per_page, page):
    shown = page_at(count, per_page, page)
    assert len(shown) <= per_page and (len(shown) > 0 or count == 0)
    pages = max(1, -(-count // per_page))
    every = [place for number in range(1, pages + 1) for place in page_at(count, per_page, number)]
    assert every == list(range(count))


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, min_size=1, max_size=20), st.data())
def test_a_range_reaches_from_one_photo_to_the_other_whichever_comes_first(ids, data):
    one, other = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    found = between(ids, one, other)
    assert found == between(ids, other, one)
    assert {one, other} <= set(found) <= set(ids)
    assert abs(ids.index(one) - ids.index(other)) + 1 == len(found)


def test_a_range_from_a_photo_that_has_gone_is_the_photo_itself():
    assert between(["a", "b"], "z", "b") == ["b"]
    assert between(["a", "b"], "a", "z") == []


@pytest.mark.parametrize("query, count", [(Query(), 0), (Query(text="a", use="all"), 2)])
def test_filters_are_counted(query, count):
    assert query.filters == count
