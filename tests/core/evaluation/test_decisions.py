import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.edits import exclude, relabel, rename_class, restore
from core.datasets.manifest import open_dataset, redo, undo
from core.errors import LoupeError, NotFound
from core.evaluation.decisions import (
    decide,
    in_force,
    progress_of,
    read_decisions,
    since_search,
    take_back,
    undecided,
)
from core.evaluation.suspects import Queue, Suspect


@pytest.fixture
def shapes(shapes_workspace):
    return shapes_workspace


def dataset(workspace):
    return open_dataset(workspace, "shapes")


def suspect(workspace, place=0, label="disc"):
    photos = dataset(workspace).used
    photo = photos[photos["label"] == label]["id"].iloc[place]
    other = "disc" if label == "frame" else "frame"
    shares = {label: 0.1, other: 0.9}
    return Suspect(photo, label, other, "class", 0.1, shares, "It looks so.")


def test_a_kept_photo_does_not_come_again_whatever_changes_elsewhere(shapes):
    first, second = suspect(shapes, 0), suspect(shapes, 1)
    decide(shapes, "shapes", first.id, "keep")
    assert dataset(shapes).version == 1
    assert undecided(dataset(shapes), [first, second]) == [second]
    exclude(dataset(shapes), [suspect(shapes, 5).id])
    relabel(dataset(shapes), [second.id], "frame")
    assert undecided(dataset(shapes), [first, second]) == []
    undo(dataset(shapes))
    assert undecided(dataset(shapes), [first, second]) == [second]


def test_a_kept_photo_stays_kept_when_its_class_is_renamed(shapes):
    first = suspect(shapes)
    decide(shapes, "shapes", first.id, "keep")
    rename_class(dataset(shapes), "disc", "circle")
    assert first.id in in_force(dataset(shapes))
    relabel(dataset(shapes), [suspect(shapes, 3, "circle").id], "disc")
    assert first.id not in in_force(dataset(shapes))


def test_a_new_search_does_not_ask_again_what_was_decided(shapes):
    first, second = suspect(shapes, 0), suspect(shapes, 1)
    decide(shapes, "shapes", first.id, "keep")
    later = Queue([first, second], {}, {"time": time.time()})
    assert since_search(dataset(shapes), later).suspects == [second]
    decide(shapes, "shapes", second.id, "keep")
    assert since_search(dataset(shapes), later).suspects == [second]


def test_moving_and_excluding_are_edits_in_words(shapes):
    first, second = suspect(shapes, 0), suspect(shapes, 1)
    counts = decide(shapes, "shapes", first.id, "move", "frame")
    assert counts == {"version": 2, "keep": 0, "move": 1, "exclude": 0}
    decide(shapes, "shapes", second.id, "exclude")
    now = dataset(shapes)
    assert now.photo(first.id)["label"] == "frame"
    assert now.photo(second.id)["excluded"] and now.photo(second.id)["reason"]
    assert now.changes == {
        2: "1 photo moved to frame",
        3: "1 photo excluded: looked at as a suspect",
    }
    assert undecided(now, [first, second]) == []


def test_a_moved_photo_that_is_moved_back_by_undo_comes_again(shapes):
    first = suspect(shapes)
    decide(shapes, "shapes", first.id, "move", "frame")
    undo(dataset(shapes))
    assert undecided(dataset(shapes), [first]) == [first]
    redo(dataset(shapes))
    assert undecided(dataset(shapes), [first]) == []


def test_the_last_decision_is_taken_back_first(shapes):
    first, second = suspect(shapes, 0), suspect(shapes, 1)
    decide(shapes, "shapes", first.id, "keep")
    decide(shapes, "shapes", second.id, "exclude")
    assert take_back(shapes, "shapes")["photo"] == second.id
    assert not dataset(shapes).photo(second.id)["excluded"]
    assert dataset(shapes).undone == (2,)
    assert take_back(shapes, "shapes") == progress_of(dataset(shapes)) | {"photo": first.id}
    with pytest.raises(LoupeError, match="no decision to take back"):
        take_back(shapes, "shapes")


def test_an_earlier_decision_is_taken_back_without_touching_later_edits(shapes):
    first, second, third = (suspect(shapes, place) for place in range(3))
    decide(shapes, "shapes", first.id, "move", "frame")
    decide(shapes, "shapes", second.id, "exclude")
    relabel(dataset(shapes), [third.id], "frame")
    take_back(shapes, "shapes", first.id)
    take_back(shapes, "shapes", second.id)
    now = dataset(shapes)
    assert now.photo(first.id)["label"] == "disc" and not now.photo(second.id)["excluded"]
    assert now.photo(third.id)["label"] == "frame"
    assert undecided(now, [first, second, third]) == [first, second]


def test_deciding_twice_the_same_changes_nothing(shapes):
    first = suspect(shapes)
    for _ in range(2):
        decide(shapes, "shapes", first.id, "exclude")
    assert dataset(shapes).version == 2
    assert len(read_decisions(dataset(shapes))) == 1


def test_an_excluded_photo_that_is_used_again_is_a_suspect_again(shapes):
    first = suspect(shapes)
    decide(shapes, "shapes", first.id, "exclude")
    restore(dataset(shapes), [first.id])
    assert undecided(dataset(shapes), [first]) == [first]


@pytest.mark.parametrize("action, label", [("burn", ""), ("move", "horse"), ("move", "")])
def test_what_is_no_decision_is_refused(shapes, action, label):
    with pytest.raises(LoupeError):
        decide(shapes, "shapes", suspect(shapes).id, action, label)
    assert read_decisions(dataset(shapes)) == [] and dataset(shapes).version == 1


def test_a_photo_that_is_not_there_is_told(shapes):
    with pytest.raises(NotFound):
        decide(shapes, "shapes", "nothing", "keep")


steps = st.lists(
    st.tuples(
        st.sampled_from(["keep", "move", "exclude", "take-back", "undo", "redo"]),
        st.integers(0, 3),
        st.sampled_from(["disc", "frame"]),
    ),
    min_size=3,
    max_size=10,
)


@pytest.fixture(scope="module")
def steady(shapes_datasets, tmp_path_factory):
    from tests.conftest import workspace_with

    return workspace_with(shapes_datasets, tmp_path_factory.mktemp("steady") / "workspace")


@given(steps)
@settings(max_examples=6, deadline=None)
def test_decisions_agree_with_the_data_set_in_any_order_of_steps(steady, steps):
    ids = dataset(steady).manifest["id"].tolist()[:4]
    for action, place, label in steps:
        try:
            if action == "take-back":
                take_back(steady, "shapes", ids[place])
            elif action in ("undo", "redo"):
                (undo if action == "undo" else redo)(dataset(steady))
            else:
                decide(steady, "shapes", ids[place], action, label)
        except LoupeError:
            continue
        now = dataset(steady)
        for photo, decision in in_force(now).items():
            row = now.photo(photo)
            assert row["excluded"] == (decision.action == "exclude")
            assert decision.action == "exclude" or row["label"] == decision.label
        if action in ("keep", "move", "exclude"):
            assert in_force(now)[ids[place]].action == action
        if action == "take-back":
            assert ids[place] not in in_force(now)
