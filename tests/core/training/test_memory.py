import pytest

from core import memory
from core.datasets.manifest import open_dataset
from core.disk import NoSpace
from core.endings import Ending
from core.errors import OutOfMemory, TooLarge
from core.foreign_errors import explained
from core.models.backbone_values import bytes_kept, values_of
from core.models.backbones import FAMILIES, Backbone
from core.training import batches, disk_room, features, split_batches
from core.training import memory as estimate
from core.training.memory import Fit, Photos, memory_needed, saying_what_fits
from core.training.recipes import apply_overrides, get_recipe, list_recipes
from core.training.runs import create_run
from tests.conftest import small_recipe

PHOTOS = Photos(280, 60, 400)


@pytest.fixture
def shapes(shapes_workspace):
    return open_dataset(shapes_workspace, "shapes")


def need(name, photos=PHOTOS, **changes):
    return memory_needed(apply_overrides(get_recipe(name), changes), 3, photos)


def test_the_mirrored_constants_are_those_that_train():
    assert batches.QUEUE_SIZE + batches.WORKERS == estimate.QUEUED_BATCHES
    assert split_batches.VALIDATION_BATCH_SIZE == estimate.VALIDATION_BATCH_SIZE
    assert features.AT_ONCE == estimate.LOOKED_AT_ONCE


@pytest.mark.parametrize(
    ("name", "changes", "megabytes"),
    [  # as python -m benchmarks training_memory measured them
        ("small-cnn", {"image_size": "32x32"}, 351),
        ("small-cnn", {"image_size": "64x64", "batch_size": 256}, 458),
        ("small-cnn", {"image_size": "128x128", "batch_size": 128}, 601),
        ("small-cnn", {"image_size": "224x224", "batch_size": 64}, 772),
        ("small-cnn", {"image_size": "224x224", "batch_size": 64, "precision": "full"}, 991),
        ("resnet", {"image_size": "96x96", "batch_size": 128}, 680),
    ],
)
def test_the_estimate_is_as_near_as_it_says_to_what_was_measured(name, changes, megabytes):
    real = megabytes * 2**20
    assert abs(need(name, **changes) - real) < estimate.ERROR * need(name, **changes) / 2


def test_more_of_anything_needs_more():
    assert need("small-cnn", batch_size=512, photos=Photos(5000, 60, 6000)) > need("small-cnn")
    assert need("small-cnn", image_size="224x224") > need("small-cnn")
    assert need("dragonflies", optimizer="adam") > need("dragonflies", optimizer="sgd")
    frozen = need("mobilenet-v2", image_size="160x160")
    last = need("mobilenet-v2", image_size="160x160", unfreeze_from="block_14")
    whole = need("mobilenet-v2", image_size="160x160", unfreeze_from="stem")
    assert frozen < last < whole
    # A batch cannot hold more photos than there are to learn from.
    few = Photos(20, 4, 30)
    assert need("small-cnn", few, batch_size=64) == need("small-cnn", few, batch_size=1024)


def test_validation_photos_cost_a_frozen_network_nothing():
    """Measured with 120 of them: 2,848 MiB, where 6.0 GB were said to be needed."""
    photos = Photos(560, 120, 800)
    frozen = need("mobilenet-v2", photos)
    assert abs(frozen - 2848 * 2**20) < estimate.ERROR * frozen / 2
    unfrozen = need("mobilenet-v2", photos, unfreeze_from="top")
    assert unfrozen > need("mobilenet-v2", Photos(560, 30, 800), unfreeze_from="top")
    assert frozen == need("mobilenet-v2", Photos(560, 30, 800))


def test_every_recipe_and_every_backbone_has_an_estimate():
    assert all(memory_needed(recipe, 3, PHOTOS) > estimate.BASE for recipe in list_recipes())
    for name, family in FAMILIES.items():
        for width in family.widths:
            backbone = Backbone(name="b", backbone=name, width=width)
            assert len(values_of(backbone).blocks) == len(backbone.blocks)
            size = (family.sides[0],) * 2
            assert bytes_kept(backbone, size, 0) > bytes_kept(backbone, size, 3) > 0


def test_what_cannot_fit_is_refused_with_what_would(shapes_workspace, shapes, monkeypatch):
    recipe = apply_overrides(get_recipe("small-cnn"), {"image_size": "512x512", "batch_size": 32})
    monkeypatch.setenv(memory.SETTING, "0.6")
    with pytest.raises(TooLarge) as refusal:
        create_run(shapes_workspace, "shapes", recipe)
    assert "600 MB are free" in refusal.value.message
    assert memory.SETTING in refusal.value.next_step
    words = refusal.value.next_step.split()
    smaller = recipe
    if "batch" in words:
        batch = words[words.index("size") + 2]
        smaller = apply_overrides(recipe, {"batch_size": batch})
        assert memory_needed(smaller, 2, estimate.photos_of(shapes)) <= 600_000_000
        larger = apply_overrides(recipe, {"batch_size": int(batch) + 1})
        assert memory_needed(larger, 2, estimate.photos_of(shapes)) > 600_000_000
    side = words[words.index("×") - 1]
    smaller = apply_overrides(recipe, {"image_size": f"{side}x{side}"})
    assert memory_needed(smaller, 2, estimate.photos_of(shapes)) <= 600_000_000
    create_run(shapes_workspace, "shapes", smaller)
    monkeypatch.setenv(memory.SETTING, "1000")
    create_run(shapes_workspace, "shapes", recipe)


def test_what_may_fit_is_not_refused_but_doubted(shapes, monkeypatch):
    recipe = small_recipe()
    need = estimate.fit_of(shapes, recipe).need
    for share, refused, doubtful in ((0.5, True, True), (0.8, False, True), (1.5, False, False)):
        fit = Fit(need, round(share * need))
        assert (fit.is_refused, fit.is_doubtful) == (refused, doubtful)
        assert bool(estimate.doubt(shapes, recipe, fit)) is doubtful
    assert not Fit(need, None).is_refused and not Fit(need, None).is_doubtful
    monkeypatch.setenv(memory.SETTING, "0.1")
    with pytest.raises(TooLarge, match="Close other programs") as refusal:
        estimate.require_memory(shapes, recipe)
    assert refusal.value.ending == Ending.TOO_LARGE


def test_what_a_training_at_work_holds_is_free_for_the_one_that_waits_for_it(
    shapes_workspace, shapes, monkeypatch
):
    from core.jobs import State
    from core.locks import locked
    from core.status import write_status

    monkeypatch.setattr(estimate, "memory_available", lambda: 1000)
    monkeypatch.setenv(memory.SETTING, "100")
    run = create_run(shapes_workspace, "shapes", small_recipe(), "at work")
    monkeypatch.delenv(memory.SETTING)
    changes = {"state": State.RUNNING, "launched": 1.0, "started": 1.0, "memory_used": 500}
    write_status(run.folder, run.status().model_copy(update=changes))
    with locked(run.folder / "lock"):
        assert estimate.memory_for_training(shapes) == 1500
        monkeypatch.setenv("LOUPE_PARALLEL_RUNS", "2")
        assert estimate.memory_for_training(shapes) == 1000
    monkeypatch.delenv("LOUPE_PARALLEL_RUNS")
    assert estimate.memory_for_training(shapes) == 1000


def test_limits_of_control_groups_count(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path)
    second = tmp_path / "app" / "worker"
    second.mkdir(parents=True)
    stat = "anon 700\nactive_file 100\ninactive_file 50\n"
    for folder, limit in ((second, "max"), (tmp_path / "app", "1000")):
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.current").write_text("850\n")
        (folder / "memory.stat").write_text(stat)
    assert memory._left_up_from(tmp_path, "/app/worker") == [300]
    assert memory._left_up_from(tmp_path, "/not/here") == []
    first = tmp_path / "memory" / "app"
    first.mkdir(parents=True)
    (first / "memory.limit_in_bytes").write_text("2000\n")
    (first / "memory.usage_in_bytes").write_text("900\n")
    (first / "memory.stat").write_text("cache 1\ntotal_active_file 40\ntotal_inactive_file 60\n")
    assert memory._left_up_from(tmp_path / "memory", "/app") == [1200]


def test_a_disk_without_room_is_refused_with_what_would_fit(shapes_workspace, shapes, monkeypatch):
    recipe = apply_overrides(get_recipe("small-cnn"), {"image_size": "512x512"})
    need = disk_room.disk_needed(shapes, recipe)
    usage = disk_room.shutil.disk_usage(shapes.folder)
    monkeypatch.setattr(
        disk_room.shutil, "disk_usage", lambda folder: usage._replace(free=need // 2)
    )
    with pytest.raises(NoSpace, match="48 pictures of 512 × 512") as refusal:
        create_run(shapes_workspace, "shapes", recipe)
    side = int(refusal.value.next_step.split()[2])
    smaller = apply_overrides(recipe, {"image_size": f"{side}x{side}"})
    assert disk_room.disk_needed(shapes, smaller) <= need // 2
    create_run(shapes_workspace, "shapes", smaller)


def test_copies_of_a_frozen_network_take_room_on_the_disk(shapes):
    recipe = apply_overrides(get_recipe("mobilenet-v2"), {"variants": 2})
    looks = 48 + 2 * len(shapes.split("train"))
    assert disk_room.features_bytes(shapes, recipe) == looks * 1280 * 2


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's, which a server must not import to ask."""


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (MemoryError(), Ending.OUT_OF_MEMORY),
        (ResourceExhaustedError("OOM when allocating tensor"), Ending.OUT_OF_MEMORY),
        (RuntimeError("could not create a memory object"), Ending.OUT_OF_MEMORY),
        (OSError(12, "Cannot allocate memory"), Ending.OUT_OF_MEMORY),
        (OSError(28, "No space left on device"), Ending.DISK_FULL),
        (OSError("Can't write data (file write failed: errno = 28, …)"), Ending.DISK_FULL),
    ],
)
def test_what_other_libraries_raise_is_understood(shapes, error, ending):
    said = explained(error)
    assert said.ending == ending and said.next_step
    if ending == Ending.OUT_OF_MEMORY:
        refusal = pytest.raises(OutOfMemory, match="with 8 photos at once")
        with refusal as told, saying_what_fits(shapes, small_recipe()):
            raise error
        assert "a batch size of 4" in told.value.next_step


def test_other_errors_stay_what_they_are(shapes):
    assert explained(ValueError("a shape does not fit")) is None
    with pytest.raises(ValueError), saying_what_fits(shapes, small_recipe()):
        raise ValueError("a shape does not fit")


def test_amounts_are_read_at_a_glance():
    amounts = (0, 344e6, 949e6, 1.24e9, 19.6e9)
    assert [memory.size_text(amount) for amount in amounts] == [
        "10 MB", "340 MB", "950 MB", "1.2 GB", "20 GB",
    ]  # fmt: skip
