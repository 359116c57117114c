"""What is chosen for which photos, and that it says why."""

import cv2
import numpy as np
import pytest

from core.datasets.edits import exclude
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.images import encode_jpeg, encode_png
from core.models.backbones import FAMILIES, Backbone
from core.models.weights import weights_files
from core.training.choosing import choose, kind_of
from core.training.recipes import get_recipe, list_recipes
from core.training.speed import FILE
from core.workspace import open_workspace, write_json


@pytest.fixture(scope="module")
def photo_workspace(tmp_path_factory):
    """A workspace with "photos": noisy scenes of two colours, 160 × 120. Read-only."""
    root = tmp_path_factory.mktemp("photos")
    for label, shade in (("day", 170), ("night", 60)):
        (root / "in" / label).mkdir(parents=True)
        for number in range(8):
            rng = np.random.default_rng((number, shade))
            soft = cv2.resize(rng.integers(0, 256, (4, 5, 3), np.uint8), (160, 120))
            noisy = soft.astype(int) // 2 + shade // 2 + rng.integers(-20, 20, soft.shape)
            data = encode_jpeg(noisy.clip(0, 255).astype(np.uint8))
            (root / "in" / label / f"{number}.jpg").write_bytes(data)
    for label in ("one", "two"):
        (root / "drawn" / label).mkdir(parents=True)
        for number in range(4):
            drawing = np.full((40, 48, 3), 255, np.uint8)
            cv2.circle(drawing, (20, 20), 5 + number, (200, 30, 10 * len(label)), 2)
            (root / "drawn" / label / f"{number}.png").write_bytes(encode_png(drawing))
    workspace = open_workspace(root / "workspace")
    import_dataset(workspace, root / "in", "photos")
    import_dataset(workspace, root / "drawn", "drawings")
    return workspace


@pytest.fixture
def photos(photo_workspace, tmp_path, monkeypatch):
    """Its data set, with the weights of no network here."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (photo_workspace.root / FILE).unlink(missing_ok=True)
    return open_dataset(photo_workspace, "photos")


def bring_weights(folder, *names):
    for recipe in list_recipes():
        backbone = recipe.architecture
        if isinstance(backbone, Backbone) and backbone.backbone in names:
            file = weights_files(backbone, recipe.picture.image_size)[0]
            (folder / "models" / file.name).touch()


def test_the_most_precise_network_that_fits_the_time_is_chosen(photos, tmp_path):
    bring_weights(tmp_path, *FAMILIES)
    names = [choose(photos, seconds).recipe.name for seconds in (0.001, 2, 3600)]
    assert names == ["small-cnn", names[1], "convnext-tiny"]
    assert names[1] not in ("small-cnn", "convnext-tiny")
    first, last = choose(photos, 0.001), choose(photos, 3600)
    assert "Even the quickest network" in first.reasons[0]
    assert "a guess for" in last.reasons[1] and "No more precise one" in last.reasons[1]
    assert last.recipe.architecture.variants == 4
    assert "Your smallest class has 8 photos: 4 varied copies" in last.reasons[2]


def test_a_graphics_card_is_thought_quicker_than_the_processor(photos, tmp_path, monkeypatch):
    bring_weights(tmp_path, *FAMILIES)
    seconds = 2
    slow = choose(photos, seconds).recipe
    for module in ("choosing", "speed"):
        monkeypatch.setattr(f"core.training.{module}.graphics_card_found", lambda: True)
    quick = choose(photos, seconds)
    assert quick.recipe.architecture.family.top_1 > slow.architecture.family.top_1
    assert "a guess for a graphics card" in quick.reasons[1]


def test_a_speed_measured_here_decides(photos, tmp_path):
    bring_weights(tmp_path, "mobilenet-v2")
    root = photos.folder.parents[1]
    write_json(root / FILE, {"mobilenet-v2 1": 1e6})
    assert choose(photos, 60).recipe.name == "small-cnn"
    write_json(root / FILE, {"mobilenet-v2 1": 1e12})
    chosen = choose(photos, 60)
    assert chosen.recipe.name == "mobilenet-v2" and "measured here" in chosen.reasons[1]
    # As large as the recipe was measured at: chosen by itself it is no worse than by hand.
    assert chosen.recipe.picture.image_size == get_recipe("mobilenet-v2").picture.image_size


def test_without_weights_it_begins_with_nothing_and_says_what_would_help(photos):
    chosen = choose(photos, 60)
    assert chosen.recipe.name == "small-cnn" and chosen.recipe.training.budget_seconds == 60
    assert "weights on this computer" in chosen.reasons[0]
    assert "connection to the internet" in chosen.reasons[1]


def test_drawings_get_a_small_network_of_their_own_size(photo_workspace, photos, tmp_path):
    bring_weights(tmp_path, *FAMILIES)
    dataset = open_dataset(photo_workspace, "drawings")
    assert kind_of(dataset).drawn
    chosen = choose(dataset, 30)
    assert chosen.recipe.name == "small-cnn" and "few colours" in chosen.reasons[0]
    assert chosen.recipe.picture.image_size == (48, 48)


def test_photos_of_a_kind_are_told_apart(photos):
    kind = kind_of(photos)
    assert (kind.side, kind.grey, kind.drawn) == (120, False, False)


def test_nothing_can_be_chosen_for_no_photos(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    exclude(dataset, dataset.used["id"].tolist())
    with pytest.raises(LoupeError, match="no photos in use"):
        choose(open_dataset(shapes_workspace, "shapes"), 60)
