"""Same seed, same photos, same computer: the same curve; and a config.json alone repeats it."""

import json
import shutil

import numpy as np
import pytest

from core.datasets.edits import exclude, relabel
from core.datasets.fingerprint import fingerprint
from core.datasets.importing import import_dataset
from core.datasets.manifest import delete_dataset, open_dataset
from core.errors import LoupeError, NotFound
from core.jobs import State, run_job
from core.models.loading import load_model
from core.training.repeating import config_of, find_again, read_config
from core.training.runs import create_run
from core.workspace import open_workspace
from tests.conftest import small_recipe

CURVE = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")


def curve(run):
    assert run.status().state is State.FINISHED, (run.folder / "log.txt").read_text()
    return np.array([[row[name] for name in CURVE] for row in run.metrics()])


def repeated(config_text, workspace):
    run = find_again(workspace, read_config(config_text)).create()
    run_job(run.folder)
    return run


def mixing_recipe():
    data = small_recipe(epochs=3, seed=5).model_dump()
    mixing = [{"kind": "mixup", "alpha": 1.0}, {"kind": "cutmix"}]
    data["augmentation"]["steps"] = [*data["augmentation"]["steps"], *mixing]
    dropped = [{"kind": "dropout", "rate": 0.2}, {"kind": "output"}]
    data["architecture"]["layers"] = [*data["architecture"]["layers"][:-1], *dropped]
    data["architecture"]["open_size"] = True
    return type(small_recipe()).model_validate(data)


@pytest.fixture
def elsewhere(picture_folder, tmp_path):
    """Another workspace, into which the same photos were imported."""
    workspace = open_workspace(tmp_path / "elsewhere")
    import_dataset(workspace, picture_folder, "shapes")
    return workspace


def test_a_copied_config_repeats_a_varied_and_mixed_training_to_the_number(
    shapes_workspace, elsewhere
):
    first = create_run(shapes_workspace, "shapes", mixing_recipe())
    run_job(first.folder)
    again = repeated((first.folder / "config.json").read_text(), elsewhere)
    np.testing.assert_allclose(curve(again), curve(first), rtol=1e-5, atol=1e-6)
    for ours, theirs in zip(
        load_model(again.model_path).get_weights(),
        load_model(first.model_path).get_weights(),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_repetition_learns_from_the_same_version_and_finds_it_under_another_number(
    shapes_workspace, elsewhere
):
    dataset = open_dataset(shapes_workspace, "shapes")
    second = exclude(dataset, dataset.manifest["id"].tolist()[:3])
    first = create_run(shapes_workspace, "shapes", small_recipe())
    relabel(second, second.manifest["id"].tolist()[5:9], "frame")
    again = find_again(shapes_workspace, first.config)
    assert (again.dataset.version, again.notes) == (2, ())
    assert again.create().config.dataset_version == 2
    there = open_dataset(elsewhere, "shapes")
    ids = there.manifest["id"].tolist()
    exclude(exclude(there, ids[:2]), ids[2:3])
    found = find_again(elsewhere, first.config)
    assert found.dataset.version == 3 and "they were version 2" in found.notes[0]
    assert fingerprint(found.dataset) == first.config.photos


def test_other_photos_are_told_from_those_it_learnt_from(shapes_workspace, elsewhere):
    first = create_run(shapes_workspace, "shapes", small_recipe(), "first")
    there = open_dataset(elsewhere, "shapes")
    shutil.rmtree(there.folder / "manifests")
    changed = there.manifest.assign(split=["test", "train"] * 24)
    (there.folder / "manifests").mkdir()
    changed.to_parquet(there.folder / "manifests" / "000001.parquet")
    with pytest.raises(LoupeError) as refusal:
        find_again(elsewhere, first.config)
    counted = first.config.photos.splits["train"]
    assert f"24 photos to learn from instead of {counted}" in str(refusal.value)
    assert "python -m core train shapes --from first" in str(refusal.value)
    swapped = there.manifest.assign(label=there.manifest["label"].to_numpy()[::-1])
    swapped.to_parquet(there.folder / "manifests" / "000001.parquet")
    with pytest.raises(LoupeError, match="as many photos of every class, but not the same"):
        find_again(elsewhere, first.config)
    delete_dataset(elsewhere, "shapes")
    with pytest.raises(NotFound, match="no data set 'shapes' here"):
        find_again(elsewhere, first.config)


def test_a_config_from_before_photos_were_noted_is_compared_by_version_and_classes(
    shapes_workspace,
):
    config = create_run(shapes_workspace, "shapes", small_recipe()).config
    old = config.model_dump(mode="json")
    del old["photos"]
    found = find_again(shapes_workspace, read_config(json.dumps(old)))
    assert found.dataset.version == 1 and "does not say which photos" in found.notes[0]
    with pytest.raises(LoupeError, match="learnt from version 7 of shapes"):
        find_again(shapes_workspace, read_config(json.dumps(old | {"dataset_version": 7})))
    with pytest.raises(LoupeError, match="the classes disc and frame instead of cat and dog"):
        find_again(shapes_workspace, read_config(json.dumps(old | {"class_names": ["cat", "dog"]})))


def test_a_training_by_time_is_repeated_with_a_word_on_its_length(shapes_workspace):
    recipe = small_recipe(budget_seconds=3, epochs=None)
    config = create_run(shapes_workspace, "shapes", recipe).config
    assert "ran for a time" in find_again(shapes_workspace, config).notes[0]


def changed_config(run, **fields):
    return json.dumps(run.config.model_dump(mode="json") | fields)


def test_hostile_and_future_files_are_refused_in_a_sentence(trained_run):
    recipe = trained_run.config.recipe.model_dump(mode="json")
    for text, said in (
        ("[" * 100_000, "no JSON text"),
        ("{}", "lacks 'run'"),
        (" " * 2_000_001, "at most 2,000,000"),
        (changed_config(trained_run, mood="good"), "'mood', which this Loupe does not know"),
        (changed_config(trained_run, recipe={**recipe, "mood": 1}), "recipe.mood"),
        (changed_config(trained_run, dataset_version="new"), "dataset_version.*Received 'new'"),
        (changed_config(trained_run, class_names=3), "class_names"),
    ):
        with pytest.raises(LoupeError, match=said):
            read_config(text)
    bundled = json.dumps({"name": "x", "run": trained_run.config.model_dump(mode="json")})
    assert read_config(bundled) == trained_run.config


def test_a_run_is_named_or_its_file_or_folder(trained_run, tmp_path):
    workspace, config = trained_run.workspace, trained_run.config
    for name in ("tiny-run", str(trained_run.folder), str(trained_run.folder / "config.json")):
        assert config_of(workspace, name) == config
    (tmp_path / "picture.json").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(LoupeError, match="is no text"):
        config_of(workspace, str(tmp_path / "picture.json"))
    with pytest.raises(NotFound, match="no training and no file 'ghost'"):
        config_of(workspace, "ghost")
