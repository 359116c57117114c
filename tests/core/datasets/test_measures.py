import cv2
import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from core.datasets import measures
from core.datasets.importing import import_dataset
from core.datasets.manifest import open_dataset
from core.datasets.measures import COLUMNS, measure, read_measures, read_tiny_pictures
from core.datasets.perception import SIDE, perceive, perceptual_hash, sharpness
from core.errors import Stopped
from core.images import encode_png
from tests.conftest import draw_shape

PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)))


def draw_scene(seed, size=(120, 160)):
    """uint8 (height, width, 3): soft ground with sharp shapes."""
    generator = np.random.default_rng(seed)
    ground = generator.integers(0, 256, (5, 6, 3), np.uint8)
    scene = cv2.resize(ground, size[::-1], interpolation=cv2.INTER_CUBIC)
    for _ in range(12):
        at = tuple(int(place) for place in generator.integers(0, 150, 2))
        paint = tuple(int(shade) for shade in generator.integers(0, 256, 3))
        cv2.circle(scene, at, int(generator.integers(4, 25)), paint, -1)
    return scene


@pytest.fixture
def dataset(shapes_workspace):
    return open_dataset(shapes_workspace, "shapes")


@pytest.mark.parametrize("seed", range(20))
def test_hashes_are_those_of_imagehash(seed):
    scene = draw_scene(seed)
    assert f"{perceptual_hash(scene):016x}" == str(imagehash.phash(Image.fromarray(scene)))


@settings(deadline=None, max_examples=60)
@given(PICTURES)
def test_any_picture_can_be_measured(picture):
    seen = perceive(picture)
    assert np.isfinite(seen.numbers).all() and (seen.numbers >= 0).all()
    assert np.linalg.norm(seen.descriptor) == pytest.approx(1, abs=1e-4)
    assert 0 <= seen.hash < 2**64 and seen.tiny.shape == (32, 32)


def test_light_and_colour_come_out_as_painted():
    red = np.full((20, 30, 3), (200, 0, 0), np.uint8)
    numbers = dict(zip(COLUMNS, perceive(red).numbers, strict=True))
    assert numbers["red"] == 200 and numbers["green"] == numbers["contrast"] == 0
    assert numbers["brightness"] == pytest.approx(0.299 * 200, abs=1)
    assert numbers["colourfulness"] > 60
    assert perceive(np.full((20, 30, 3), 90, np.uint8)).numbers[3] == 0


@pytest.mark.parametrize("seed", range(5))
def test_blurring_lowers_sharpness_and_contrast_leaves_it(seed):
    grey = cv2.cvtColor(draw_scene(seed), cv2.COLOR_RGB2GRAY)
    steps = [sharpness(grey)] + [sharpness(cv2.GaussianBlur(grey, (0, 0), s)) for s in (1, 2, 4)]
    assert steps == sorted(steps, reverse=True)
    paler = (grey // 2 + 60).astype(np.uint8)
    assert sharpness(paler) == pytest.approx(steps[0], abs=0.05)


def test_a_photo_is_nearer_to_its_own_crop_than_to_others():
    scenes = [draw_scene(seed) for seed in range(12)]
    whole = np.stack([perceive(scene).descriptor for scene in scenes])
    cropped = np.stack([perceive(scene[8:-8, 10:-10]).descriptor for scene in scenes])
    assert ((cropped @ whole.T).argmax(axis=1) == np.arange(12)).all()


def test_a_data_set_is_measured_once_and_read_back(dataset):
    assert read_measures(dataset) is None
    made = measure(dataset)
    assert list(made.table.index) == dataset.manifest["id"].tolist()
    assert made.hashes.dtype == np.uint64 and made.descriptors.dtype == np.float32
    told = []
    again = measure(dataset, lambda *step: told.append(step))
    assert told == []
    assert again.table.equals(made.table) and (again.hashes == made.hashes).all()
    assert read_measures(dataset).descriptors == pytest.approx(made.descriptors)


def test_only_what_is_missing_is_measured(dataset, monkeypatch):
    measure(dataset)
    path = next((dataset.folder / "measures").iterdir())
    path.write_bytes(path.read_bytes()[:1000])
    monkeypatch.setattr(measures, "PER_FILE", 10)
    measure(dataset)
    assert len(list((dataset.folder / "measures").iterdir())) > 2
    assert len(read_measures(dataset).table) == len(dataset.manifest)


def test_what_was_measured_before_a_stop_is_kept(dataset):
    def stop_at(done, total, message):
        if done >= 16:
            raise Stopped("The work was stopped.")

    with pytest.raises(Stopped):
        measure(dataset, stop_at)
    kept = len(read_measures(dataset).table)
    assert 0 < kept < len(dataset.manifest)
    told = []
    measure(dataset, lambda *step: told.append(step))
    assert told[0][1] == len(dataset.manifest) - kept


def test_files_that_changed_or_went_are_named(dataset):
    measure(dataset)
    gone, changed = dataset.manifest["id"].tolist()[:2]
    dataset.photo_path(gone).unlink()
    dataset.photo_path(changed).write_bytes(encode_png(draw_shape("disc", 99)))
    found = measure(dataset)
    assert set(found.unreadable) == {gone, changed}
    assert "changed" in found.unreadable[changed] and "cannot be opened" in found.unreadable[gone]
    assert not {gone, changed} & set(found.table.index)


def test_tiny_pictures_are_found_by_photo(workspace, tmp_path):
    for label in ("a", "b"):
        (tmp_path / "in" / label).mkdir(parents=True)
        for number in range(3):
            scene = draw_scene(number, (SIDE, SIDE)) if number else np.full((9, 9, 3), 77, np.uint8)
            (tmp_path / "in" / label / f"{number}.png").write_bytes(encode_png(scene))
    dataset = import_dataset(workspace, tmp_path / "in", "scenes")
    measure(dataset)
    plain = dataset.manifest.loc[dataset.manifest["width"] == 9, "id"].tolist()
    assert (read_tiny_pictures(dataset, plain) == 77).all() and len(plain) == 2
    with pytest.raises(KeyError):
        read_tiny_pictures(dataset, ["nobody"])
