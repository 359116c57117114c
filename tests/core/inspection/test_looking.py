"""A photo looked at through a run: numbers of every layer, single values, what drives a map."""

import os

import numpy as np
import pytest

from core.errors import LoupeError, NotFound, Stopped
from core.evaluation.results import dataset_of
from core.inspection import activations, driven, looking, maximising, sanity, strongest
from core.inspection.layer_facts import layer_facts
from core.inspection.strongest_crops import SIDE, strongest_crops
from core.models.loading import load_model
from tests.core.known_colors import BGR, draw_photo


@pytest.fixture(scope="module")
def folder(known_run):
    return str(known_run.folder)


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    return str(draw_photo(tmp_path_factory.mktemp("photo") / "red.png", "red"))


def test_every_layer_is_told_in_numbers(folder, photo):
    told = {layer["name"]: layer for layer in looking.layers_of(folder, photo)}
    assert list(told) == ["rescale", "conv2d", "pool", "average", "dense"]
    assert [layer["sources"] for layer in told.values()][:2] == [[""], ["rescale"]]
    maps = activations.activations(folder, photo)["conv2d"]
    assert told["conv2d"]["mean"] == pytest.approx(maps.mean(), abs=1e-6)
    assert told["conv2d"]["spread"] == pytest.approx(maps.std(), abs=1e-6)
    assert sum(told["conv2d"]["counts"]) == maps.size and told["conv2d"]["parameters"] == 12
    assert (told["dense"]["has_maps"], told["dense"]["shape"]) == (False, [3])


def test_dead_units_are_those_that_are_zero_everywhere():
    values = np.random.default_rng(0).normal(size=(5, 4, 8)).astype(np.float32)
    values[..., 2] = values[..., 5] = 0
    values[0, 0, 1] = np.inf
    told = layer_facts(values)
    assert told["dead"] == 0.25 and told["zeros"] == pytest.approx(41 / 160)
    assert not {2, 5} & set(told["busiest"][:6])
    flat = layer_facts(np.zeros(3))
    assert (flat["dead"], flat["low"], flat["high"]) == (1.0, 0.0, 0.0)


def test_a_single_value_comes_with_its_sum_and_its_place_in_the_photo(folder, photo):
    told = looking.value_at(folder, photo, "pool", (3, 5, 2))
    pool = activations.activations(folder, photo)["pool"]
    assert told["given"] == told["sum"]["value"] == pytest.approx(float(pool[3, 5, 2]))
    assert told["field"] == told["box"] == [6, 8, 10, 12]
    assert looking.patch_of(folder, photo, "pool", (3, 5)).shape == (2, 2, 3)
    dense = looking.value_at(folder, photo, "dense", (1,))
    assert dense["field"] == [0, 24, 0, 32] and dense["box"] is None
    assert dense["sum"]["activation"] == "softmax"


def test_places_that_do_not_exist_are_said(folder, photo):
    with pytest.raises(NotFound, match="no layer called 'magic'"):
        looking.value_at(folder, photo, "magic", (0,))
    with pytest.raises(LoupeError, match="no value at"):
        looking.value_at(folder, photo, "pool", (0, 0, 3))
    with pytest.raises(LoupeError, match="no place"):
        looking.patch_of(folder, photo, "pool", (12, 0))


def test_a_photo_is_looked_at_once(folder, photo):
    first = looking.values(folder, photo)[1]
    assert looking.values(folder, photo)[1] is first
    os.utime(photo)
    assert looking.values(folder, photo)[1] is not first


def test_the_strongest_photos_of_a_map_are_of_its_colour(known_run, folder):
    known_run.model_path.touch()
    assert strongest.read_strongest(known_run, "conv2d") is None
    photos = dataset_of(known_run).split("train").set_index("id")
    assert strongest.find_strongest(known_run) == len(photos)
    found = strongest.read_strongest(known_run, "average")
    for color in BGR:
        index = ["blue", "green", "red"].index(color)
        assert set(photos.loc[found.ids[index][:6], "label"]) == {color}
    assert (np.diff(found.values, axis=1) <= 0).all()
    pool = strongest.read_strongest(known_run, "pool")
    place = known_run.workspace.datasets / "colors" / photos.loc[pool.ids[0, 0], "file"]
    maps = activations.activations(folder, str(place))["pool"]
    assert pool.values[0, 0] == pytest.approx(maps[..., 0].max())
    assert maps[(*pool.places[0, 0], 0)] == pytest.approx(maps[..., 0].max())
    assert strongest.read_strongest(known_run, "magic") is None
    crops = strongest_crops(folder, "pool", 0)
    assert [one["id"] for one in crops["photos"]] == pool.ids[0].tolist()
    assert crops["photos"][0]["value"] == pytest.approx(maps[..., 0].max())
    assert crops["sheet"].shape == (9 * SIDE, SIDE, 3)
    # Two pixels decide, shown within a sixth of the photo: 5 pixels.
    top, bottom, left, right = crops["photos"][0]["field"]
    assert (bottom - top, right - left) == pytest.approx((2 / 5, 2 / 5), abs=0.01)
    assert strongest_crops(folder, "pool", 9) is None
    whole = strongest_crops(folder, "dense", 0)["photos"][0]["field"]
    assert whole == pytest.approx([1 / 8, 7 / 8, 0, 1], abs=0.01)


def test_what_drives_a_map_drives_it_and_is_kept(known_run):
    assert driven.read_driven(known_run, "conv2d", 0) is None
    found = driven.drive(known_run, "conv2d", 0)
    picture = found.picture.astype(float)
    assert picture.shape == (24, 32, 3) and found.reached[-1] > 1.5 * found.reached[0]
    assert found.climbed
    # The first map is the strongest of the channels in the model's own order.
    assert picture.mean(axis=(0, 1)).argmax() == 2
    kept = driven.read_driven(known_run, "conv2d", 0)
    assert np.array_equal(kept.picture, found.picture)
    assert np.array_equal(kept.reached, found.reached)
    with pytest.raises(NotFound, match="maps are 0 to 2"):
        driven.drive(known_run, "conv2d", 3)
    with pytest.raises(NotFound, match="magic"):
        driven.drive(known_run, "magic", 0)
    os.utime(driven.driven_path(known_run, "conv2d", 0), (1, 1))
    assert driven.read_driven(known_run, "conv2d", 0) is None


def test_making_a_picture_can_be_stopped(known_run):
    def stop(done, total, message):
        if done == 2:
            raise Stopped("Enough.")

    with pytest.raises(Stopped):
        maximising.maximise(load_model(known_run.model_path), "conv2d", 0, progress=stop)


def test_mixed_up_weights_are_the_same_weights_elsewhere(known_run):
    model = load_model(known_run.model_path)
    before = [weight.copy() for weight in model.get_weights()]
    mixed = sanity.randomised(model)
    pairs = list(zip(before, mixed.get_weights(), strict=True))
    assert all(np.array_equal(np.sort(a, axis=None), np.sort(b, axis=None)) for a, b in pairs)
    assert any(not np.array_equal(a, b) for a, b in pairs)
    assert all(map(np.array_equal, before, model.get_weights()))


def test_an_explanation_is_held_against_one_of_mixed_up_weights(folder, photo):
    told = sanity.sanity_check(folder, photo, "occlusion", 2)
    assert told["heat"].shape == told["randomised"].shape == (24, 32)
    assert -1 <= told["correlation"] <= 1 and told["alike"] == (told["correlation"] > 0.5)
    assert "mixed-up weights" in told["sentence"]


def test_rank_correlation_is_spearmans():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 5, 40).astype(float)
    assert sanity.rank_correlation(values, values**3) == pytest.approx(1)
    assert sanity.rank_correlation(values, -values) == pytest.approx(-1)
    assert sanity.rank_correlation(values, np.ones(40)) == 0
    # Ties by hand: ranks 1.5, 1.5, 3 against 1, 2, 3.
    assert sanity.rank_correlation(np.array([1, 1, 2.0]), np.array([1, 2, 3.0])) == pytest.approx(
        0.8660254
    )
