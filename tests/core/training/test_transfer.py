"""Small but real trainings of a head on a frozen backbone, and of its last blocks."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.cli import main
from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.errors import NotFound
from core.evaluation.prediction import predict_files
from core.evaluation.results import evaluate_run
from core.images import encode_png
from core.inspection import activations
from core.inspection.embeddings import compute_embeddings
from core.jobs import State, request_stop, run_job
from core.models import weights
from core.models.backbones import Backbone
from core.models.loading import load_model, predict_probabilities
from core.models.transfer import backbone_of, block_names, build_backbone
from core.training import features
from core.training.features import Look, features_of, pictures_from
from core.training.recipes import apply_overrides, get_recipe
from core.training.repeating import find_again
from core.training.runs import create_run
from core.training.snapshot_files import read_snapshot, snapshot_path
from core.training.snapshots import model_at
from core.workspace import APP_FOLDER
from tests.conftest import draw_shape, workspace_with

REAL_WEIGHTS = APP_FOLDER.parent / "shared" / "weights"


def tiny_recipe(**overrides):
    """MobileNetV2 at a third of its width, without a past, on pictures of 32 pixels.

    What it makes of them is so faint that hardly a gradient reaches its blocks: the decay does.
    """
    backbone = Backbone(name="tiny", backbone="mobilenet-v2", width=0.35, weights="random")
    recipe = get_recipe("mobilenet-v2").model_copy(update={"architecture": backbone})
    given = {"image_size": "32x32", "epochs": 6, "batch_size": 8}
    given |= {"optimizer": "adamw", "learning_rate": 0.01, "weight_decay": 0.01}
    return apply_overrides(recipe, given | overrides)


@pytest.fixture(scope="module")
def unfrozen_run(shapes_datasets, tmp_path_factory):
    """A run on grey photos, first frozen, then with its last block. Read-only."""
    workspace = workspace_with(shapes_datasets, tmp_path_factory.mktemp("transfer") / "workspace")
    given = {"variants": 1, "color_mode": "grayscale", "unfrozen_epochs": 2}
    recipe = tiny_recipe(unfreeze_from="block_16", **given)
    run = create_run(workspace, "shapes", recipe)
    status = run_job(run.folder)
    assert status.state is State.FINISHED, (run.folder / "log.txt").read_text()
    return run


@pytest.fixture(scope="module")
def frozen_run(unfrozen_run):
    """A run after it on the same photos, for which nobody may look at them again. Read-only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "frozen_function", None)
        recipe = apply_overrides(unfrozen_run.config.recipe, {"unfreeze_from": "none"})
        run = create_run(unfrozen_run.workspace, "shapes", recipe)
        status = run_job(run.folder)
    assert status.state is State.FINISHED, (run.folder / "log.txt").read_text()
    return run


@pytest.fixture(scope="module")
def pretrained_workspace(shapes_datasets, tmp_path_factory):
    """Where the published weights are found. Two tests train on the same photos: one looks."""
    if not REAL_WEIGHTS.is_dir():
        pytest.skip(f"the weights of MobileNetV2 are not in {REAL_WEIGHTS}")
    place = tmp_path_factory.mktemp("pretrained")
    (place / "keras").mkdir()
    os.symlink(Path(REAL_WEIGHTS), place / "keras" / "models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(place / "keras"))
        yield workspace_with(shapes_datasets, place / "workspace")


def test_the_kept_model_is_backbone_and_head_and_answers_as_the_features_did(frozen_run):
    run = frozen_run
    model = load_model(run.model_path)
    assert model.input_shape == (None, 32, 32, 1) and model.output_shape == (None, 2)
    assert run.status().result["parameters"] == model.count_params()
    dataset, recipe = open_dataset(run.workspace, "shapes"), run.config.recipe
    prepared = prepare(dataset, recipe.picture)
    photos = dataset.split("validation")
    look = Look(recipe.architecture, recipe.picture, None)
    seen = features_of(dataset, photos, pictures_from(prepared), look, lambda *_: None)
    rows = seen.take(np.arange(len(photos)), np.zeros(len(photos), int))
    dense = model.get_layer("output")
    expected = np.asarray(dense(rows))
    rows = prepared.indices(photos["id"].tolist())
    answers = predict_probabilities(model, prepared.array[rows])
    assert answers == pytest.approx(expected, abs=2e-3)
    last = run.metrics()[run.status().result["kept_epoch"] - 1]
    right = answers.argmax(axis=1) == (photos["label"] == "frame").to_numpy()
    assert last["val_accuracy"] == pytest.approx(np.mean(right), abs=0.13)


def test_a_second_training_on_the_same_photos_learns_the_same_head(frozen_run, unfrozen_run):
    first = [row["loss"] for row in unfrozen_run.metrics()[:6]]
    assert [row["loss"] for row in frozen_run.metrics()] == pytest.approx(first, rel=1e-3)


def test_snapshots_hold_the_head_alone_until_blocks_learn(frozen_run, unfrozen_run):
    assert set(read_snapshot(frozen_run.folder, 1)) == {-2, -1}
    assert snapshot_path(frozen_run.folder, 4).stat().st_size < 20_000
    assert not model_at(frozen_run, 0).get_layer("output").kernel.numpy().any()
    begun = model_at(unfrozen_run, 1)
    backbone = unfrozen_run.config.recipe.architecture
    fresh = build_backbone(backbone, (32, 32), None)
    for one, other in zip(backbone_of(begun).get_weights(), fresh.get_weights(), strict=True):
        assert np.allclose(one, other, atol=2e-3)
    head = begun.get_layer("output").bias.numpy()
    assert head == pytest.approx(model_at(frozen_run, 1).get_layer("output").bias.numpy(), abs=1e-4)
    last = model_at(unfrozen_run, 8)
    assert not np.array_equal(last.get_layer("output").bias.numpy(), head)
    block = next(one for one in backbone_of(last).layers if one.name == "block_16_project")
    before = backbone_of(begun).get_layer("block_16_project").kernel.numpy()
    assert not np.array_equal(block.kernel.numpy(), before)


def test_unfreezing_changes_the_last_blocks_and_nothing_below(unfrozen_run):
    run = unfrozen_run
    backbone = run.config.recipe.architecture
    trained, fresh = (
        backbone_of(load_model(run.model_path)),
        build_backbone(backbone, (32, 32), None),
    )
    changed = set()
    for one, other, block in zip(
        trained.layers, fresh.layers, block_names(fresh, backbone), strict=True
    ):
        same = all(map(np.array_equal, one.get_weights(), other.get_weights()))
        if not same:
            changed.add(block)
            assert type(one).__name__ != "BatchNormalization"
    kept = run.status().result["kept_epoch"]
    assert changed == ({"block_16", "top"} if kept > 6 else set())


def test_the_epochs_of_both_parts_are_one_curve(unfrozen_run):
    rows = unfrozen_run.metrics()
    assert [row["epoch"] for row in rows] == list(range(1, 9))
    assert [row["seconds"] for row in rows] == sorted(row["seconds"] for row in rows)
    assert rows[-1]["learning_rate"] <= 1e-5 < rows[1]["learning_rate"]
    extra = unfrozen_run.status().extra
    assert extra["epochs"] == 8
    assert extra["live"]["epoch"] == sorted(extra["live"]["epoch"])
    diary = np.load(unfrozen_run.folder / "history" / "probabilities.npz")
    assert diary["epochs"].tolist() == list(range(1, 9))


def test_prediction_feature_maps_and_embeddings_work_on_the_nested_model(unfrozen_run, tmp_path):
    run = unfrozen_run
    photo = tmp_path / "disc.png"
    photo.write_bytes(encode_png(draw_shape("disc", 99)))
    (answer,) = predict_files(run, [str(photo)])
    assert answer["label"] in ("disc", "frame") and 0.4 < answer["probability"] <= 1
    layers = activations.layers_with_maps(str(run.folder))
    names = [layer["name"].split("/")[-1] for layer in layers]
    assert {"Conv1", "block_16_expand", "out_relu"} <= set(names)
    sheet = activations.atlas(str(run.folder), str(photo))
    assert sheet["layer"].endswith("/Conv1") and sheet["shape"] == [16, 16, 16]
    assert compute_embeddings(run).vectors.shape == (48, 1280)
    assert evaluate_run(run, "validation")["n"] == len(
        open_dataset(run.workspace, "shapes").split("validation")
    )


def test_a_stop_while_the_head_learns_keeps_the_whole_model(unfrozen_run):
    workspace, recipe = unfrozen_run.workspace, unfrozen_run.config.recipe
    run = create_run(workspace, "shapes", apply_overrides(recipe, {"epochs": 5000}))

    def stop(status):
        if status.extra.get("epoch", 0) >= 2:
            request_stop(run.folder)

    status = run_job(run.folder, stop)
    assert status.state is State.STOPPED
    assert load_model(run.model_path).input_shape == (None, 32, 32, 1)
    assert 2 <= status.result["epochs"] < 5000


def test_what_is_missing_is_said_before_the_start(shapes_workspace, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_HOME", str(shapes_workspace.root / "keras"))
    monkeypatch.setenv("LOUPE_HOME", str(shapes_workspace.root))
    monkeypatch.setattr(weights, "BASE_URL", "http://127.0.0.1:9/none")
    with pytest.raises(NotFound, match="could not be fetched"):
        create_run(shapes_workspace, "shapes", get_recipe("convnext-tiny"))
    assert main(["train", "shapes", "--recipe", "mobilenet-v2"]) == 2
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224" in capsys.readouterr().err
    assert not list(shapes_workspace.runs.iterdir())


def test_with_what_it_has_learnt_it_tells_drawn_shapes_apart(pretrained_workspace):
    given = {"image_size": "64x64", "width": "0.35", "epochs": 20, "batch_size": 8}
    recipe = apply_overrides(get_recipe("mobilenet-v2"), given)
    run = create_run(pretrained_workspace, "shapes", recipe)
    status = run_job(run.folder)
    assert status.state is State.FINISHED, status.message
    assert status.result["weights"].endswith("0.35_224_no_top.h5")
    assert status.result["train_accuracy"] >= 0.9


def test_head_and_unfrozen_blocks_are_repeated_elsewhere_to_the_number(
    unfrozen_run, shapes_datasets, tmp_path, monkeypatch
):
    """Nothing of the first training lies there: the features are computed anew."""
    made, make = [], features.frozen_function
    monkeypatch.setattr(features, "frozen_function", lambda look: made.append(look) or make(look))
    workspace = workspace_with(shapes_datasets, tmp_path / "elsewhere")
    again = find_again(workspace, unfrozen_run.config).create()
    assert run_job(again.folder).state is State.FINISHED, (again.folder / "log.txt").read_text()
    assert len(made) == 1  # for the photos to learn from and for those to watch by
    assert len(again.metrics()) == len(unfrozen_run.metrics()) == 8
    for now, then in zip(again.metrics(), unfrozen_run.metrics(), strict=True):
        for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
            assert now[name] == pytest.approx(then[name], rel=1e-4, abs=1e-6), (name, now, then)


def test_every_setting_works_on_kept_features_and_on_unfrozen_blocks(pretrained_workspace):
    given = {"image_size": "64x64", "width": "0.35", "epochs": 10, "batch_size": 8}
    given |= {"balance": "batches", "weight_averaging": 0.5, "precision": "mixed"}
    given |= {"weight_decay": 0.01, "keep": "last", "unfreeze_from": "top", "unfrozen_epochs": 1}
    recipe = apply_overrides(get_recipe("mobilenet-v2"), given)
    run = create_run(pretrained_workspace, "shapes", recipe)
    status = run_job(run.folder)
    assert status.state is State.FINISHED, (run.folder / "log.txt").read_text()
    assert status.result["kept_epoch"] == status.result["epochs"] == 11
    assert status.result["train_accuracy"] >= 0.8
    model = load_model(run.model_path)
    parts = [*model.layers, *backbone_of(model).layers]
    assert {layer.compute_dtype for layer in parts} == {"float32"}
    # The diary was written by the averaged weights in halves, the model answers in full.
    diary = np.load(run.folder / "history" / "probabilities.npz")
    prepared = prepare(open_dataset(run.workspace, "shapes"), recipe.picture)
    answers = predict_probabilities(model, prepared.array[prepared.indices(diary["ids"].tolist())])
    assert answers.std() > 0.05
    assert diary["probabilities"][-1] == pytest.approx(answers, abs=0.03)
