"""Who is judged by whom in a cross-validation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.datasets.dataset import Dataset, as_manifest, class_names
from core.datasets.edits import relabel, set_splits
from core.datasets.manifest import open_dataset
from core.datasets.split_plan import SplitPlan, apply_plan, divide
from core.errors import LoupeError, NotFound
from core.evaluation.cross_plan import (
    SETTLING,
    CrossPlan,
    deal,
    most_parts,
    needs_checking,
    plan_cross_validation,
    pool_of,
    possible_parts,
    roles,
)
from tests.conftest import small_recipe

photo = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["train", "train", "validation", "test"]),
    st.sampled_from(["", "", "", "g1", "g2", "g3"]),
    st.sampled_from(["", "", "n1", "n2"]),
)


def data_set(tmp_path, rows):
    """A data set of which only the manifest is there, and who looks like whom in it."""
    photos = [
        {
            "id": f"p{number:03d}",
            "file": f"photos/{number}.png",
            "source_file": f"{number}.png",
            "label": label,
            "split": split,
            "width": 24,
            "height": 24,
            "content_hash": f"{number:064x}",
            "group": group,
        }
        for number, (label, split, group, _) in enumerate(rows)
    ]
    manifest = as_manifest(photos)
    near = {f"p{number:03d}": name for number, (*_, name) in enumerate(rows) if name}
    made = Dataset(tmp_path, "made", "made", "", "", class_names(manifest), 1, manifest)
    return made, near


def plan_for(dataset, folds, repeats=1, photos="all", **training):
    return CrossPlan(
        folds=folds,
        repeats=repeats,
        photos=photos,
        dataset=dataset.name,
        dataset_version=dataset.version,
        class_names=dataset.class_names,
        recipe=small_recipe(**training),
    )


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(photo, min_size=6, max_size=40),
    folds=st.integers(2, 8),
    photos=st.sampled_from(["learning", "all"]),
    keep=st.sampled_from(["auto", "best"]),
)
def test_every_photo_is_judged_once_by_somebody_who_never_learnt_from_it(
    tmp_path_factory, rows, folds, photos, keep
):
    dataset, near = data_set(tmp_path_factory.getbasetemp(), rows)
    try:
        possible, note = possible_parts(dataset, photos, folds, near)
    except LoupeError:
        pool = pool_of(dataset, photos)
        assert pool["label"].nunique() < 2 or most_parts(pool, near)[0] < 2
        return
    assert possible <= folds and bool(note) == (possible < folds)
    plan = plan_for(dataset, possible, repeats=2, photos=photos, keep=keep)
    dealt = deal(plan, dataset, near)
    assert sorted(dealt["id"]) == sorted(pool_of(dataset, photos)["id"])
    for turn in range(2):
        parts = dealt[f"part_{turn + 1}"]
        assert set(parts) == set(range(possible))
        judged = []
        for part in range(possible):
            role = roles(plan, dealt, turn, part)
            assert set(role) <= {"train", "validation", "test"}
            judged += dealt["id"][role == "test"].tolist()
            assert (role == "test").tolist() == (parts == part).tolist()
            taught = set(dealt["label"][role == "train"])
            assert set(dealt["label"][role == "test"]) <= taught
        assert sorted(judged) == sorted(dealt["id"])
        stay_together(dataset, dealt, parts, near)


def stay_together(dataset, dealt, parts, near):
    group = dict(zip(dataset.manifest["id"], dataset.manifest["group"], strict=True))
    for names in (group, near):
        told = np.array([names.get(photo, "") for photo in dealt["id"]])
        for name in set(told) - {""}:
            assert parts[told == name].nunique() == 1


@settings(max_examples=10, deadline=None)
@given(rows=st.lists(photo, min_size=8, max_size=40), order=st.randoms(use_true_random=False))
def test_the_order_of_the_manifest_changes_nothing(tmp_path_factory, rows, order):
    dataset, near = data_set(tmp_path_factory.getbasetemp(), rows)
    try:
        folds, _ = possible_parts(dataset, "all", 4, near)
    except LoupeError:
        assume(False)
    mixed = list(range(len(rows)))
    order.shuffle(mixed)
    other = replace(dataset, manifest=dataset.manifest.iloc[mixed])
    plan = plan_for(dataset, folds)
    assert deal(plan, dataset, near).equals(deal(plan, other, near))


def test_classes_get_equal_shares_and_rounds_are_dealt_anew(tmp_path):
    rows = [("a", "train", "", "")] * 40 + [("b", "train", "", "")] * 10
    dataset, near = data_set(tmp_path, rows)
    dealt = deal(plan_for(dataset, 5, repeats=2), dataset, near)
    for part in range(5):
        counts = dealt["label"][dealt["part_1"] == part].value_counts()
        assert counts.to_dict() == {"a": 8, "b": 2}
    assert (dealt["part_1"] != dealt["part_2"]).any()


def test_the_same_seed_deals_as_the_split_view_does(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    plan = plan_cross_validation(shapes_workspace, "shapes", small_recipe(seed=3), 4, photos="all")
    split = divide(SplitPlan(how="folds", folds=4, seed=3), dataset)
    dealt = deal(plan, dataset)
    assert dict(zip(dealt["id"], dealt["part_1"], strict=True)) == split.folds


def test_the_folds_of_the_split_are_the_parts_where_there_are_any(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    dataset = apply_plan(dataset, SplitPlan(how="folds", folds=4, seed=9))
    plan = plan_cross_validation(shapes_workspace, "shapes", small_recipe(keep="best"))
    assert plan.own_folds and (plan.folds, plan.photos) == (4, "all")
    assert "folds that your split has made" in plan.note
    dealt = deal(plan, dataset)
    own = dataset.manifest.set_index("id")["fold"].loc[dealt["id"]]
    assert dealt["part_1"].tolist() == own.tolist()
    role = roles(plan, dealt, 0, 3)
    assert set(dealt["part_1"][role == "validation"]) == {0}
    learning = plan_cross_validation(shapes_workspace, "shapes", small_recipe(), photos="learning")
    assert learning.folds == 3


def test_photos_check_only_where_the_training_needs_them(shapes_workspace):
    from core.training.learning import SETTLING_SCHEDULES

    assert SETTLING == SETTLING_SCHEDULES
    told = {"epochs": 3, "early_stopping": 2, "keep": "last", "schedule": "constant"}
    assert needs_checking(small_recipe(**told).training)
    assert not needs_checking(small_recipe(keep="last", schedule="constant").training)
    assert needs_checking(small_recipe(schedule="constant").training)
    assert not needs_checking(small_recipe(schedule="one-cycle").training)
    dataset = open_dataset(shapes_workspace, "shapes")
    for keep, checked in (("best", True), ("auto", False)):
        recipe = small_recipe(keep=keep, validation_share=0.2, seed=4)
        plan = plan_cross_validation(shapes_workspace, "shapes", recipe)
        role = roles(plan, deal(plan, dataset), 0, 1)
        assert ("validation" in role) == checked
        training = plan.recipe_of(2).training
        assert training.seed == 6
        assert training.validation_share == (0.2 if checked else None)


def test_a_rare_class_limits_the_parts_and_one_photo_ends_it(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    few = dataset.manifest[dataset.manifest["label"] == "disc"]
    few = few[few["split"] == "train"]["id"].tolist()[:3]
    rest = [one for one in dataset.manifest["id"] if one not in few]
    dataset = relabel(dataset, rest, "frame")
    plan = plan_cross_validation(shapes_workspace, "shapes", small_recipe(), 5)
    assert plan.folds == 3 and plan.note.startswith("3 parts instead of 5: the class disc has 3")
    relabel(dataset, few[:2], "frame")
    with pytest.raises(LoupeError, match="'disc' has a single photo.*Add photos of it"):
        plan_cross_validation(shapes_workspace, "shapes", small_recipe())


def test_what_cannot_be_dealt_is_refused_with_the_next_step(shapes_workspace):
    with pytest.raises(NotFound):
        plan_cross_validation(shapes_workspace, "nowhere", small_recipe())
    dataset = open_dataset(shapes_workspace, "shapes")
    discs = dataset.manifest[dataset.manifest["label"] == "disc"]["id"]
    away = set_splits(dataset, dict.fromkeys(discs, "test"), "No discs to learn from")
    with pytest.raises(LoupeError, match="only the class 'frame'.*Let all photos take part"):
        plan_cross_validation(shapes_workspace, "shapes", small_recipe())
    assert plan_cross_validation(shapes_workspace, "shapes", small_recipe(), photos="all").folds
    relabel(away, discs.tolist(), "frame")
    with pytest.raises(LoupeError, match="single class"):
        plan_cross_validation(shapes_workspace, "shapes", small_recipe())
