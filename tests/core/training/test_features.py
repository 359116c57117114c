"""Features: kept by content, added to, repaired after a crash."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augmentation.recipe import AugmentationRecipe
from core.datasets.edits import relabel
from core.datasets.manifest import open_dataset
from core.datasets.prepared import prepare
from core.errors import Stopped
from core.images import PictureSpec
from core.models.backbones import Backbone
from core.progress import silent
from core.training import features as kept
from core.training.features import Features, Look, Store, features_of, pictures_from
from core.training.speed import cost

BACKBONE = Backbone(name="tiny", backbone="mobilenet-v2", width=0.35, weights="random")
PICTURE = PictureSpec(image_size=(16, 16), color_mode="rgb")
TURNED = AugmentationRecipe.model_validate(
    {"name": "turned", "steps": [{"kind": "rotation", "degrees": 90}, {"kind": "mixup"}]}
)


@pytest.fixture
def looked(monkeypatch):
    """How many pictures were looked at; a stand-in that averages them looks."""
    counts = []

    def average(pictures):
        counts.append(len(pictures))
        rows = pictures.reshape(len(pictures), -1)[:, : BACKBONE.features]
        padded = np.zeros((len(pictures), BACKBONE.features), np.float32)
        padded[:, : rows.shape[1]] = rows
        return padded

    monkeypatch.setattr(kept, "frozen_function", lambda look: average)
    monkeypatch.setattr(Backbone, "require_size", lambda *_: None)
    return counts


def ask(dataset, look, photos=None, copies=0, progress=silent):
    load = pictures_from(prepare(dataset, PICTURE))
    chosen = dataset.used if photos is None else photos
    return features_of(dataset, chosen, load, look, progress, copies)


def test_every_photo_is_looked_at_once_whatever_its_label(shapes_workspace, looked):
    dataset, look = open_dataset(shapes_workspace, "shapes"), Look(BACKBONE, PICTURE, None)
    part = ask(dataset, look, dataset.used.iloc[5:15])
    assert sum(looked) == 10
    everything = ask(dataset, look)
    assert sum(looked) == 48
    assert (everything.take(np.arange(5, 15), np.zeros(10, int)) == _plain(part)).all()
    relabel(dataset, dataset.used["id"].tolist()[:3], "frame")
    again = ask(open_dataset(shapes_workspace, "shapes"), look)
    assert sum(looked) == 48 and (_plain(again) == _plain(everything)).all()


def test_copies_follow_recipe_seed_and_content(shapes_workspace, looked):
    dataset = open_dataset(shapes_workspace, "shapes")
    look = Look(BACKBONE, PICTURE, None, TURNED, seed=1)
    first = ask(dataset, look, copies=2)
    assert sum(looked) == 3 * 48
    one, two = (_version(first, number) for number in (1, 2))
    assert not (one == two).all() and not (one == _plain(first)).all()
    more = ask(dataset, look, copies=3)
    assert sum(looked) == 4 * 48
    assert (_version(more, 1) == one).all() and (_version(more, 2) == two).all()
    backwards = ask(dataset, look, dataset.used.iloc[::-1], copies=1)
    assert sum(looked) == 4 * 48 and (_version(backwards, 1) == one[::-1]).all()
    other = ask(dataset, Look(BACKBONE, PICTURE, None, TURNED, seed=2), copies=1)
    assert sum(looked) == 5 * 48 and not (_version(other, 1) == one).all()


def test_a_stop_keeps_what_was_seen(shapes_workspace, looked):
    dataset, look = open_dataset(shapes_workspace, "shapes"), Look(BACKBONE, PICTURE, None)

    def stop(done, total, message):
        if done:
            raise Stopped("The work was stopped.")

    with pytest.raises(Stopped):
        ask(dataset, look, progress=stop)
    assert len(look.store(dataset).keys()) == 32
    looked.clear()
    ask(dataset, look)
    assert sum(looked) == 16


def test_other_weights_and_other_pictures_are_other_features(shapes_workspace, tmp_path):
    dataset, weights = open_dataset(shapes_workspace, "shapes"), tmp_path / "w.h5"
    weights.write_bytes(b"weights")
    wide = BACKBONE.model_copy(update={"width": 0.5})
    crop = PICTURE.model_copy(update={"fit": "crop"})
    looks = [
        Look(BACKBONE, PICTURE, None),
        Look(BACKBONE, PICTURE, weights),
        Look(wide, PICTURE, None),
        Look(BACKBONE, crop, None),
    ]
    folders = {look.store(dataset).folder for look in looks}
    headed = BACKBONE.model_copy(update={"hidden": 9, "variants": 4, "name": "else"})
    assert len(folders) == 4
    assert Look(headed, PICTURE, None).store(dataset).folder in folders


rows_to_add = st.lists(st.integers(0, 40), min_size=1, max_size=8, unique=True)


@settings(deadline=None, max_examples=30)
@given(first=rows_to_add, second=rows_to_add, torn_rows=st.integers(0, 40), torn=st.integers(0, 9))
def test_a_crash_anywhere_costs_only_the_rows_at_hand(
    tmp_path_factory, first, second, torn_rows, torn
):
    store = Store(tmp_path_factory.mktemp("store") / "features", 3)
    _add(store, first)
    path, keys = store.folder / "rows.f16", store.folder / "keys.txt"
    path.write_bytes(path.read_bytes()[: max(0, path.stat().st_size - torn_rows)])
    keys.write_text(keys.read_text()[: max(0, keys.stat().st_size - torn)])
    survivors = _rows_by_key(store)
    new = [number for number in second if f"k{number}" not in survivors]
    if new:
        _add(store, new)
    found, array = _rows_by_key(store), store.array()
    assert set(found) == set(survivors) | {f"k{number}" for number in new}
    assert all((array[row] == int(key[1:])).all() for key, row in found.items())


def test_what_looking_costs_is_measured_once_it_was_done(shapes_workspace, looked):
    dataset, root = open_dataset(shapes_workspace, "shapes"), shapes_workspace.root
    guess = cost(root, BACKBONE, PICTURE, 1000)
    assert not guess.measured and guess.megabytes == pytest.approx(1000 * 1280 * 2 / 1e6)
    ask(dataset, Look(BACKBONE, PICTURE, None, TURNED), copies=1)
    known = cost(root, BACKBONE, PICTURE, 1000)
    assert known.measured and known.seconds > 0
    assert cost(root, BACKBONE, PICTURE, 2000).seconds == pytest.approx(2 * known.seconds)


def _rows_by_key(store: Store) -> dict[str, int]:
    keys = [f"k{number}" for number in range(41)]
    return {key: row for key, row in zip(keys, store.keys().find(keys), strict=True) if row >= 0}


def _plain(found: Features) -> np.ndarray:
    return _version(found, 0)


def _version(found: Features, number: int) -> np.ndarray:
    count = len(found.rows)
    return found.take(np.arange(count), np.full(count, number))


def _add(store: Store, numbers: list[int]) -> None:
    with store.writing(silent) as add:
        rows = np.array([[number] * 3 for number in numbers], np.float32)
        add([f"k{number}" for number in numbers], rows)
