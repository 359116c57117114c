"""What is said of settings that do nothing."""

from dataclasses import replace

import pytest

from core.datasets.manifest import open_dataset
from core.training import remarks as module
from core.training.recipes import apply_overrides, get_recipe
from core.training.remarks import remarks
from tests.conftest import small_recipe


@pytest.fixture(scope="module")
def shapes(shapes_datasets):
    from core.workspace import open_workspace

    return open_dataset(open_workspace(shapes_datasets.parent), "shapes")


def unchecked(dataset):
    """`dataset` without photos for validation."""
    splits = dataset.manifest["split"].replace("validation", "train")
    return replace(dataset, manifest=dataset.manifest.assign(split=splits))


def test_of_a_recipe_as_it_comes_there_is_nothing_to_say(shapes):
    assert remarks(small_recipe(), shapes) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"validation_share": 0.1}, "set aside for it already"),
        ({"balance": "weights"}, "equally many"),
        ({"early_stopping": 5, "epochs": 9, "schedule": "one-cycle"}, "second half of 9 epochs"),
        ({"early_stopping": 2, "epochs": 9, "schedule": "cosine"}, "counts in its second half"),
        ({"early_stopping": 9, "epochs": 9, "schedule": "constant"}, "cannot happen: 9 epochs"),
        ({"weight_averaging": 0.99, "epochs": 2}, "looks back on about 100 steps"),
        ({"doubt_labels": 5, "epochs": 1}, "No label will be doubted"),
        ({"momentum": 0.5}, "belongs to the optimizer 'sgd'"),
        ({"drops": 3}, "belong to the schedule 'step'"),
        ({"decay": 0.1}, "belongs to the schedule 'inverse-time'"),
    ],
)
def test_a_setting_without_effect_is_told(shapes, given, words):
    (said,) = remarks(small_recipe(**given), shapes)
    assert words in said


@pytest.mark.parametrize("given", [{"early_stopping": 2, "schedule": "step"}, {"keep": "best"}])
def test_what_needs_validation_photos_says_so_only_where_there_are_none(shapes, given):
    recipe = small_recipe(epochs=40, **given)
    assert remarks(recipe, shapes) == []
    (said,) = remarks(recipe, unchecked(shapes))
    assert said.startswith("Without validation photos")
    assert remarks(apply_overrides(recipe, {"validation_share": 0.1}), unchecked(shapes)) == []


def test_a_block_in_which_nothing_can_learn_is_told(shapes):
    for block, told in (("top", True), ("conv5_block3", False)):
        recipe = apply_overrides(get_recipe("resnet50-v2"), {"unfreeze_from": block})
        said = [words for words in remarks(recipe, shapes) if "'top' only normalises" in words]
        assert len(said) == told


def test_doubt_of_a_rare_class_is_warned_of(shapes):
    frames = shapes.manifest.index[shapes.manifest["label"] == "frame"]
    rare = replace(shapes, manifest=shapes.manifest.drop(frames[3:]))
    (said,) = remarks(small_recipe(doubt_labels=3), rare)
    assert "frame is rare" in said
    assert remarks(small_recipe(doubt_labels=3, balance="batches"), rare) == []
    assert remarks(small_recipe(doubt_labels=3), shapes) == []


def test_rare_classes_make_balance_worth_while(shapes):
    frames = shapes.manifest.index[shapes.manifest["label"] == "frame"][5:]
    skewed = replace(shapes, manifest=shapes.manifest.drop(frames))
    assert remarks(small_recipe(balance="batches"), skewed) == []
    (said,) = remarks(small_recipe(balance="batches", batch_size=1), skewed)
    assert "no room for all 2 classes" in said


@pytest.mark.parametrize(
    ("found", "halves", "count"), [(False, False, 2), (False, True, 1), (True, False, 0)]
)
def test_what_a_graphics_card_is_for(shapes, monkeypatch, found, halves, count):
    monkeypatch.setattr(module, "graphics_card_found", lambda: found)
    monkeypatch.setattr(module, "has_fast_halves", lambda: halves)
    assert len(remarks(small_recipe(precision="mixed", xla="on"), shapes)) == count


def test_pictures_that_are_blended_for_nobody_are_told(shapes):
    data = get_recipe("mobilenet-v2").model_dump()
    data["augmentation"]["steps"] = [{"kind": "mixup"}, {"kind": "horizontal_flip"}]
    recipe = type(small_recipe()).model_validate(data)
    assert [said.split(":")[0] for said in remarks(recipe, shapes)] == [
        "MixUp has no effect",
        "The augmentation has no effect",
    ]
    unfrozen = apply_overrides(recipe, {"variants": 2, "unfreeze_from": "block_16"})
    (said,) = remarks(unfrozen, shapes)
    assert said.startswith("MixUp works only once blocks are unfrozen")
