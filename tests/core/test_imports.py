"""Who may import whom, looked up in fresh processes."""

import json
import pkgutil
import subprocess
import sys

import core
import ui
from core.workspace import APP_FOLDER

BACKENDS = ["tensorflow", "keras", "jax", "torch"]
LIGHT = ["sklearn", "scipy"]
# These run in engine, jobs and command line only.
WITH_KERAS = {
    "core.concepts.dropout_draws",
    "core.evaluation.cross_validation",
    "core.evaluation.fold_training",
    "core.inspection.activations",
    "core.inspection.grad_cam",
    "core.inspection.layers",
    "core.inspection.attribution",
    "core.inspection.faithfulness",
    "core.inspection.gradients",
    "core.inspection.occlusion",
    "core.inspection.comparing",
    "core.inspection.walk",
    "core.inspection.looking",
    "core.inspection.maximising",
    "core.inspection.sanity",
    "core.inspection.graph",
    "core.inspection.fields",
    "core.inspection.pixel",
    "core.inspection.pixel_sum",
    "core.inspection.pixel_terms",
    "core.inspection.probe",
    "core.inspection.near",
    "core.inspection.origins",
    "core.inspection.weighted_values",
    "core.inspection.normalised_values",
    "core.inspection.plain_values",
    "core.inspection.viewer",
    "core.inspection.overview",
    "core.inspection.overview_groups",
    "core.inspection.overview_links",
    "core.inspection.live",
    "core.inspection.live_layers",
    "core.inspection.kernels",
    "core.inspection.layer_pictures",
    "core.inspection.strongest_crops",
    "core.models.builder",
    "core.models.loading",
    "core.models.transfer",
    "core.training.averaging",
    "core.training.batches",
    "core.training.callbacks",
    "core.training.doubting",
    "core.training.fold_heads",
    "core.training.frozen",
    "core.training.keeping",
    "core.training.label_shares",
    "core.training.learning",
    "core.training.muon",
    "core.training.objective",
    "core.training.rate_finder",
    "core.training.snapshots",
    "core.training.soundness",
    "core.training.twin_training",
    "core.training.replay",
    "core.training.split_batches",
    "core.training.stopping",
    "core.training.unfrozen",
    "core.training.valley",
    "core.training.worker",
}

WITHOUT_KERAS = ("core.datasets", "core.augmentation")


def modules_of(package):
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return sorted(module.name for module in found if not module.name.endswith("__main__"))


def loaded_after(modules, unwanted):
    """Which of `unwanted` are in `sys.modules` after `modules` are imported afresh."""
    script = (
        "import importlib, json, sys, warnings\n"
        "warnings.simplefilter('ignore')\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(json.dumps([name for name in {unwanted!r} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=APP_FOLDER, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_no_module_of_core_imports_streamlit():
    modules = [name for name in modules_of(core) if name != "core.forkserver"]
    assert loaded_after(modules, ["streamlit"]) == []


def test_all_but_the_named_modules_of_core_stay_without_keras_and_its_friends():
    modules = modules_of(core)
    assert set(modules) >= WITH_KERAS
    # What makes photos and varies them needs no network library at all.
    assert not [name for name in WITH_KERAS if name.startswith(WITHOUT_KERAS)]
    assert len([name for name in modules if name.startswith(WITHOUT_KERAS)]) > 8
    assert loaded_after(sorted(set(modules) - WITH_KERAS), BACKENDS + LIGHT) == []


def test_the_pages_parts_stay_without_keras_and_its_friends():
    assert loaded_after(modules_of(ui), BACKENDS + LIGHT) == []
