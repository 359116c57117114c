"""Ten people look at ten models at once: everybody is answered rightly, memory stays bounded."""

import os
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from core.engine import Engine
from core.images import load_picture
from core.models.loading import MOST_KEPT
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run
from core.workspace import open_workspace
from tests.core.known_colors import color_dataset, draw_photo

pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses POSIX processes")
PEOPLE, LAYER = 10, "maps"


def network(factor):
    """Its maps are the sum of nine pixels of all colours, times `factor`."""
    layers = [keras.Input((24, 32, 3)), keras.layers.Conv2D(2, 3, name=LAYER)]
    layers += [keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential(layers)
    model.get_layer(LAYER).kernel.assign(np.full((3, 3, 3, 2), factor))
    return model


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One more than are kept open."""
    workspace = open_workspace(tmp_path_factory.mktemp("many"))
    color_dataset(workspace)
    recipe = apply_overrides(
        get_recipe("small-cnn"), {"picture.image_size": "24x32", "picture.fit": "stretch"}
    )
    made = []
    for number in range(MOST_KEPT + 1):
        run = create_run(workspace, "colors", recipe, f"person {number}")
        network((number + 1) / 1000).save(run.model_path)
        made.append(run)
    return made


def look(engine, run, factor, photo):
    """What a person does: warms, looks at all layers, at an atlas, and points at values."""
    folder = str(run.folder)
    engine.call("core.inspection.activations:warm", folder)
    layers = engine.call("core.inspection.looking:layers_of", folder, photo)
    sheet = engine.call("core.inspection.activations:atlas", folder, photo, LAYER)
    pixels = load_picture(run.folder.parent.parent / photo, run.config.recipe.picture)
    sums = np.lib.stride_tricks.sliding_window_view(pixels.astype(float).sum(-1), (3, 3))
    sums = factor * sums.sum(axis=(2, 3))
    assert sheet["low"] == pytest.approx(sums.min(), rel=1e-4)
    assert sheet["high"] == pytest.approx(sums.max(), rel=1e-4)
    assert layers[0]["mean"] == pytest.approx(sums.mean(), rel=1e-4)
    for place in [(0, 0, 0), (21, 29, 1), (7, 11, 1)]:
        near = engine.call_beside(
            "core.inspection.near:values_near", folder, photo, LAYER, place, 1, 3
        )
        assert near[0]["given"] == pytest.approx(sums[place[:2]], rel=1e-4)
        assert near[0]["value"] == pytest.approx(sums[place[:2]], rel=1e-4)
    return run.name


def test_ten_people_look_at_ten_models_at_once(runs, tmp_path):
    photos = [
        str(draw_photo(tmp_path / f"{number}.png", color, number))
        for number, color in enumerate(["red", "green", "blue"] * 4)
    ]
    engine = Engine()
    try:
        with ThreadPoolExecutor(PEOPLE) as people:
            asked = [
                people.submit(look, engine, run, (number + 1) / 1000, photos[number])
                for number, run in enumerate(runs)
            ]
            assert [one.result(120) for one in asked] == [run.name for run in runs]
        assert engine.call("core.inspection.activations:how_many_open") == MOST_KEPT
        is_open = [
            engine.call_beside("core.inspection.activations:is_open", str(run.folder))
            for run in runs
        ]
        assert sum(is_open) == MOST_KEPT
        # The one that was let go answers again, in the place of the one used longest ago.
        gone = is_open.index(False)
        look(engine, runs[gone], (gone + 1) / 1000, photos[gone])
        assert engine.call("core.inspection.activations:how_many_open") == MOST_KEPT
    finally:
        engine.close()
