"""Trainings that cannot go well: each ends with its name and a sentence, and the next one runs.

Real trainings, from nothing and of a head on a frozen backbone; the kernel itself says that
the disk is full and that there is no memory.
"""

import ctypes
import os
import resource
import shutil
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset, save_version
from core.datasets.prepared import prepare
from core.endings import Ending
from core.errors import Diverged, LoupeError, NothingToLearn
from core.jobs import State, read_status, run_job
from core.launcher import launch, warm_up
from core.models import weights
from core.models.backbones import Backbone
from core.models.loading import load_model
from core.reporter import Reporter
from core.training.runs import create_run, list_runs
from core.training.soundness import require_bounds, require_numbers
from core.training.worker import fit
from core.workspace import read_json, write_json
from tests.conftest import small_recipe
from tests.core.test_launcher import process_of, wait_for
from tests.core.training.test_transfer import tiny_recipe

FROM_NOTHING = small_recipe()
FROZEN = tiny_recipe(epochs=2)
BOTH = pytest.mark.parametrize("recipe", [FROM_NOTHING, FROZEN], ids=["from nothing", "frozen"])
LINUX = pytest.mark.skipif(not os.path.exists("/proc"), reason="asks Linux for its processes")


def dealt(workspace, **columns):
    """The data set "shapes" with other splits or labels, a function of the manifest each."""
    dataset = open_dataset(workspace, "shapes")
    changed = {name: change(dataset.manifest) for name, change in columns.items()}
    return save_version(dataset, dataset.manifest.assign(**changed))


def ended(run, ending, *words):
    """The run's status, once it has been seen that it ended as it should and can be read."""
    status = run.status()
    assert status.ending == ending, (status, (run.folder / "log.txt").read_text()[-2000:])
    for word in words:
        assert word in f"{status.message} {status.next_step}"
    assert status.message.endswith(".") or status.state is State.FINISHED
    (listed,) = (entry for entry in list_runs(run.workspace) if entry["name"] == run.name)
    assert (listed["ending"], listed["has_model"]) == (ending, run.has_model)
    assert all(row["epoch"] for row in run.metrics())
    return status


def next_one_runs(workspace):
    """Whoever waited behind a failed training gets the place."""
    status = run_job(create_run(workspace, "shapes", small_recipe(epochs=1)).folder)
    assert status.ending == Ending.FINISHED, status


@BOTH
def test_a_photo_of_each_class_and_none_to_watch_by_train_and_say_what_they_cannot_tell(
    shapes_workspace, recipe
):
    def lone(photos):
        return photos.groupby("label").cumcount() > 0

    dealt(shapes_workspace, excluded=lone, split=lambda photos: "train")
    run = create_run(shapes_workspace, "shapes", recipe)
    run_job(run.folder)
    told = ended(run, Ending.FINISHED).result["unknown"]
    assert ["validation" in told[0], "no test photos" in told[1]] == [True, True]
    assert "Of disc and frame it has seen a single photo" in told[2]


def test_photos_that_are_all_the_same_train_and_are_said_to_teach_nothing(workspace, tmp_path):
    picture = Image.fromarray(np.full((24, 24, 3), 99, np.uint8))
    for number in range(12):  # the same pixels in other bytes: no copies to an import
        place = tmp_path / "same" / "ab"[number % 2] / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        picture.save(place, compress_level=0, pnginfo=None, dpi=(72 + number, 72))
    import_dataset(workspace, tmp_path / "same", "shapes")
    run = create_run(workspace, "shapes", FROM_NOTHING)
    run_job(run.folder)
    told = " ".join(ended(run, Ending.FINISHED).result["unknown"])
    assert "All training photos are the same picture" in told


def test_one_class_or_one_photo_is_refused_before_and_named_if_it_comes_to_it(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING)
    one = dealt(shapes_workspace, label=lambda photos: "disc")
    with pytest.raises(NothingToLearn, match="single class"):
        create_run(shapes_workspace, "shapes", FROM_NOTHING)
    config = read_json(run.folder / "config.json") | {"dataset_version": one.version}
    write_json(run.folder / "config.json", config)
    assert run_job(run.folder).state is State.FAILED
    ended(run, Ending.NOTHING_TO_LEARN, "single class", "second class")
    dealt(shapes_workspace, excluded=lambda photos: photos.index > 0)
    with pytest.raises(NothingToLearn):
        create_run(shapes_workspace, "shapes", FROM_NOTHING)


def test_a_class_without_training_photos_is_told(shapes_workspace):
    dealt(
        shapes_workspace,
        split=lambda photos: photos["label"].map({"disc": "train", "frame": "validation"}),
    )
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING)
    run_job(run.folder)
    told = " ".join(ended(run, Ending.FINISHED).result["unknown"])
    assert "not seen a single training photo of frame" in told


def test_a_learning_rate_of_a_billion_is_refused_where_it_stands(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING)
    config = read_json(run.folder / "config.json")
    config["recipe"]["training"]["learning_rate"] = 1e9
    write_json(run.folder / "config.json", config)
    run_job(run.folder)
    ended(run, Ending.REFUSED, "learning_rate", "at most 10", "1000000000.0")
    next_one_runs(shapes_workspace)


@BOTH
def test_a_learning_rate_of_a_billion_that_got_past_all_checks_leaves_no_wreck(
    shapes_workspace, recipe
):
    """A head that starts with nothing learns all the same: only the sign of its sums counts."""
    changes = {"learning_rate": 1e9, "optimizer": "sgd", "schedule": "constant"}
    training = recipe.training.model_copy(update=changes)
    run = create_run(shapes_workspace, "shapes", recipe)
    config = run.config.model_copy(
        update={"recipe": recipe.model_copy(update={"training": training})}
    )
    dataset = open_dataset(shapes_workspace, "shapes")
    prepared = prepare(dataset, recipe.picture)
    reporter = Reporter(run.folder, read_status(run.folder))
    if recipe is FROZEN:
        fit(run, config, dataset, prepared, reporter)
        require_numbers(run, config, dataset, prepared)
        return
    with pytest.raises(Diverged) as refusal:
        result = fit(run, config, dataset, prepared, reporter)
        require_numbers(run, config, dataset, prepared)
        require_bounds(run, config, dataset, result)
    assert refusal.value.next_step == "Use a learning rate below 1e+09."
    assert not run.has_model


@pytest.mark.parametrize("burst", [np.nan, np.inf])
def test_a_model_that_the_very_last_step_burst_is_not_kept(trained_run, shapes_workspace, burst):
    """Every loss was a number: it was computed before that step changed the weights."""
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING)
    model = load_model(trained_run.model_path)
    wrecked = keras.models.clone_model(model)
    wrecked.set_weights([np.full_like(values, burst) for values in model.get_weights()])
    wrecked.save(run.model_path)
    dataset = open_dataset(shapes_workspace, "shapes")
    prepared = prepare(dataset, FROM_NOTHING.picture)
    with pytest.raises(Diverged, match="answers nothing at all"):
        require_numbers(run, run.config, dataset, prepared)
    assert not run.has_model


@pytest.mark.parametrize("kind", ["cut short", "nonsense", "of another network"])
def test_a_weights_file_that_is_no_good_is_named(shapes_workspace, tmp_path, monkeypatch, kind):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    backbone = Backbone(name="tiny", backbone="mobilenet-v2", width=0.35)
    file = weights.models_folder() / weights.weights_files(backbone, (32, 32))[0].name
    file.parent.mkdir(parents=True)
    if kind == "nonsense":
        file.write_bytes(bytes(range(256)) * 400)
    else:
        save_weights(file, 0.35 if kind == "cut short" else 0.5)
    if kind == "cut short":
        os.truncate(file, file.stat().st_size // 2)
    run = create_run(
        shapes_workspace, "shapes", FROZEN.model_copy(update={"architecture": backbone})
    )
    run_job(run.folder)
    ended(run, Ending.WEIGHTS_DAMAGED, file.name, "Delete", "fetched anew")


def save_weights(path, width):
    """As Keras' own published files are."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    from core.models.transfer import build_backbone

    backbone = Backbone(name="tiny", backbone="mobilenet-v2", width=width)
    model = build_backbone(backbone, (32, 32), None)
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def test_photos_that_have_gone_are_missed_before_while_and_after(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING, "before")
    photo = dataset.folder / dataset.manifest["file"][3]
    photo.rename(photo.with_name("elsewhere"))
    run_job(run.folder)
    ended(run, Ending.DATA_MISSING, "can no longer be read", "Import the photos again.")

    photo.with_name("elsewhere").rename(photo)
    prepared = shapes_workspace.datasets / "shapes"
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING, "while")

    def take_away(status):
        if status.phase == "Training" and prepared.exists():
            shutil.rmtree(prepared)

    run_job(run.folder, take_away)
    assert not prepared.exists()
    ended(run, Ending.DATA_MISSING)
    run = create_run_config(run, "after")
    run_job(run.folder)
    ended(run, Ending.DATA_MISSING, "no data set called 'shapes'")


def create_run_config(run, name):
    """A second folder like that of `run`, whose data set has gone since."""
    other = type(run)(run.folder.with_name(name))
    other.folder.mkdir()
    for file in ("config.json", "job.json"):
        shutil.copy(run.folder / file, other.folder)
    write_json(other.folder / "status.json", {"state": "queued"})
    return other


def test_prepared_pictures_cut_short_are_made_again(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    prepare(dataset, FROM_NOTHING.picture)
    (array,) = (dataset.folder / "prepared").glob("*.npy")
    os.truncate(array, array.stat().st_size // 2)
    next_one_runs(shapes_workspace)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes, where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "mount") or libc.mount(
        b"none", str(place).encode(), b"tmpfs", 0, b"size=2m"
    ):
        pytest.skip("only who may mount a disk can have a full one")
    yield place
    libc.umount2(str(place).encode(), 2)


def test_a_full_disk_is_an_ending_even_for_the_file_that_says_so(shapes_workspace, small_disk):
    shutil.copytree(shapes_workspace.root, small_disk, dirs_exist_ok=True)
    workspace = type(shapes_workspace)(small_disk)
    run = create_run(workspace, "shapes", FROM_NOTHING)

    def fill(status):
        if status.phase == "Training" and not (small_disk / "full").exists():
            with pytest.raises(OSError), open(small_disk / "full", "wb", 0) as file:
                while file.write(b"x" * 512):
                    pass

    run_job(run.folder, fill)
    ended(run, Ending.DISK_FULL, "full", "Free some space")
    (small_disk / "full").unlink()
    next_one_runs(workspace)


@LINUX
def test_a_training_that_gets_no_more_memory_says_so_and_the_next_in_line_goes_on(
    shapes_workspace,
):
    warm_up()
    recipe = small_recipe(**{"picture.image_size": "256x256", "batch_size": 64, "epochs": 50})
    hungry = create_run(shapes_workspace, "shapes", recipe, "hungry")
    following = create_run(shapes_workspace, "shapes", FROM_NOTHING, "next in line")
    launch(hungry.folder)
    wait_for(lambda: hungry.status().phase == "Building the network", "the network")
    process = process_of(hungry)
    launch(following.folder)
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[0])
    now = pages * resource.getpagesize()
    resource.prlimit(process, resource.RLIMIT_AS, (now + 80_000_000,) * 2)
    wait_for(lambda: hungry.status().state.is_over, "the end")
    status = ended(hungry, Ending.OUT_OF_MEMORY, "memory")
    assert status.state in (State.FAILED, State.INTERRUPTED)
    wait_for(lambda: following.status().state.is_over, "the next in line")
    ended(following, Ending.FINISHED)


def test_a_process_that_the_system_ended_for_want_of_memory_is_told_from_others(shapes_workspace):
    """As such a process leaves its folder: nothing after the last sign of life."""
    run = create_run(shapes_workspace, "shapes", FROM_NOTHING)
    from core.memory import memory_kills
    from core.status import write_status

    lost = run.status().model_copy(
        update={"state": State.RUNNING, "launched": time.time(), "started": time.time()}
    )
    write_status(run.folder, lost.model_copy(update={"memory_kills": memory_kills()}))
    (run.folder / "log.txt").touch()
    ended(run, Ending.INTERRUPTED, "perhaps", "Start it again")
    kills = {"memory_kills": memory_kills() - 1, "memory_used": 3_200_000_000}
    write_status(run.folder, lost.model_copy(update=kills))
    ended(run, Ending.OUT_OF_MEMORY, "which held 3.2 GB, was ended", "smaller batch size")
    write_status(run.folder, lost)
    (run.folder / "log.txt").write_text("terminate called after an instance of 'std::bad_alloc'")
    ended(run, Ending.OUT_OF_MEMORY, "ran out of memory")


def test_an_error_for_people_keeps_its_ending_on_its_way_between_processes():
    import pickle

    for kind in (Diverged, NothingToLearn, LoupeError):
        assert pickle.loads(pickle.dumps(kind("A.", "B."))).ending == kind.ending
