"""All layers' feature maps at once against a sub-model per layer with `predict`."""

import numpy as np

from benchmarks.measure import Row, in_turns, times_as_fast
from core.training.recipes import get_recipe

TITLE = "All layers' feature maps of one photo, against a sub-model per layer with predict"
TARGET = 10
RECIPES = ("butterflies", "small-cnn", "resnet")


def measure(quick: bool = False) -> list[Row]:
    names = RECIPES[:1] if quick else RECIPES
    return [_compare(get_recipe(name), 1 if quick else 12) for name in names]


def _compare(recipe, rounds: int) -> Row:
    import keras

    from core.inspection.viewer import Viewer
    from core.models.builder import build

    model = build(recipe.architecture, recipe.picture.shape, 3)
    photo = np.random.default_rng(0).integers(0, 256, recipe.picture.shape, np.uint8)
    viewer = Viewer(model)
    names = [entry.name for entry in viewer.visible]
    # Kept from one photo to the next, as a careful page would; building them takes longer still.
    parts = [keras.Model(model.inputs, model.get_layer(name).output) for name in names]
    batch = photo[None].astype(np.float32)

    def theirs() -> dict[str, np.ndarray]:
        shown = zip(names, parts, strict=True)
        return {name: part.predict(batch, verbose=0)[0] for name, part in shown}

    ours, expected = viewer.maps(photo), theirs()
    for name in names:
        np.testing.assert_allclose(ours[name], expected[name], rtol=1e-4, atol=1e-4)
    seconds = in_turns(lambda: viewer.maps(photo), theirs, rounds)
    return times_as_fast(f"{recipe.name}, {len(names)} layers", seconds, TARGET)
