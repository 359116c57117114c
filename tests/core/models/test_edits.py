import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LoupeError
from core.models import edits
from core.models.architecture import MOST_LAYERS, Architecture
from core.models.layers import Conv2D, Dropout, Flatten, Output, ResidualBlock


def network(*layers):
    return Architecture(name="n", layers=(*layers, Output()))


# Every layer is told apart by its filters.
STACK = network(
    Conv2D(filters=1),
    ResidualBlock(layers=(Conv2D(filters=21), Conv2D(filters=22))),
    Conv2D(filters=3),
    ResidualBlock(layers=(Conv2D(filters=41),)),
    Flatten(),
)
PLACES = [place for place, _ in STACK.places()]


def simple(architecture):
    found = [layer for _, layer in architecture.places()]
    return sorted(str(layer) for layer in found if layer.kind == "conv2d")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), st.integers(0, 6), st.one_of(st.none(), st.integers(0, 3)))
def test_a_moved_layer_is_where_it_is_said_to_be_and_none_is_lost(place, first, second):
    goal = (first,) if second is None else (first, second)
    within_no_block = len(goal) == 2 and first not in (1, 3)
    if within_no_block:
        return
    layer = STACK.at(place)
    try:
        moved, there = edits.move(STACK, place, goal)
    except LoupeError:
        assert layer.kind in ("output", "residual_block", "flatten")
        return
    assert moved.at(there) == layer
    assert simple(moved) == simple(STACK)
    assert moved.layers[-1] == Output() and len(there) == len(goal)


def test_the_first_change_leaves_the_old_architecture_alone():
    before = STACK.model_copy()
    edits.remove(STACK, (1, 0))
    assert before == STACK


def test_a_block_whose_last_layer_goes_goes_too():
    assert edits.remove(STACK, (3, 0)).layers == (*STACK.layers[:3], *STACK.layers[4:])


def test_a_copy_stands_right_behind():
    copied = edits.duplicate(STACK, (1, 1))
    assert [layer.filters for layer in copied.layers[1].layers] == [21, 22, 22]
    assert edits.duplicate(STACK, (1,)).layers[2] == STACK.layers[1]


def test_nothing_comes_behind_the_answer():
    assert edits.insert(STACK, (99,), Dropout()).layers[-1] == Output()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: edits.remove(STACK, (5,)), "answer stays"),
        (lambda: edits.duplicate(STACK, (5,)), "answer stays"),
        (lambda: edits.move(STACK, (5,), (0,)), "answer stays"),
        (lambda: edits.insert(STACK, (0,), Output()), "one answer"),
        (lambda: edits.insert(STACK, (1, 0), Flatten()), "cannot stand within a residual block"),
        (lambda: edits.move(STACK, (3,), (1, 0)), "cannot stand within"),
        (lambda: edits.move(STACK, (1,), (1, 0)), "into itself"),
        (
            lambda: edits.insert(network(*[Dropout()] * (MOST_LAYERS - 1)), (0,), Dropout()),
            f"at most {MOST_LAYERS} layers",
        ),
    ],
)
def test_what_is_not_possible_is_said(change, sentence):
    with pytest.raises(LoupeError, match=sentence):
        change()
