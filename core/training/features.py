"""What a frozen backbone makes of each photo, computed once and kept with the photos.

Beside the data set lies a folder for each way of looking: the backbone with its weights, the
size and kind of picture, and for varied copies also the augmentation and the seed. A row in
it belongs to the content of a photo: photos that come later are added, none is looked at
twice, and a stop loses at most the photos at hand.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.augmentation.drawing import draw
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import MIXING_KINDS
from core.augmentation.transforms import apply
from core.datasets.manifest import Dataset
from core.datasets.places import Places
from core.datasets.pooled import in_order
from core.datasets.prepared import Prepared
from core.images import PictureSpec
from core.locks import locked
from core.models.backbones import Backbone
from core.models.weights import weights_digest
from core.progress import Progress
from core.training.speed import note_speed
from core.workspace import write_json

FORMAT_VERSION = 1
FOLDER = "features"
PHASE = "Looking at the photos"
AT_ONCE = 32
# Half the size of float32; what is lost is far below what one photo differs from another.
KIND = np.dtype(np.float16)
LARGEST = float(np.finfo(KIND).max)


class Store:
    """Rows by key, in two files that only grow: a crash costs the rows at hand.

    Args:
        folder: `rows.f16` holds the rows, `keys.txt` a key a line, `about.json` what they are.
        width: How many numbers a row has.
    """

    def __init__(self, folder: Path, width: int):
        self.folder, self.width = folder, width
        self._rows, self._keys = folder / "rows.f16", folder / "keys.txt"

    def keys(self) -> Places:
        """The place of each key's row."""
        return Places(self._whole_keys())

    def _whole_keys(self) -> Iterator[str]:
        """The keys that have a row, without what a crash left of a line."""
        if not self._keys.exists():
            return
        with self._keys.open(encoding="ascii") as lines:
            whole = (line.removesuffix("\n") for line in lines if line.endswith("\n"))
            yield from islice(whole, self._whole_rows())

    def array(self) -> np.ndarray:
        """float16 (N, width), memory-mapped, read-only."""
        count = self._whole_rows()
        if not count:
            return np.zeros((0, self.width), KIND)
        return np.memmap(self._rows, KIND, "r", shape=(count, self.width))

    @contextmanager
    def writing(self, progress: Progress) -> Iterator[Callable[[list[str], np.ndarray], None]]:
        """Gives the function that adds keys and rows; others who add wait for their turn."""
        self.folder.mkdir(parents=True, exist_ok=True)

        def wait() -> None:
            progress(0, 0, "Waiting for another work that looks at the same photos")

        with locked(self.folder / "lock", wait):
            self._cut()
            with self._rows.open("ab") as rows, self._keys.open("a", encoding="ascii") as keys:

                def add(names: list[str], found: np.ndarray) -> None:
                    rows.write(np.clip(found, -LARGEST, LARGEST).astype(KIND).tobytes())
                    rows.flush()
                    keys.write("".join(f"{name}\n" for name in names))
                    keys.flush()

                yield add

    def _cut(self) -> None:
        """Takes away what a crash left: rows without keys, keys without rows."""
        lengths = [len(key) + 1 for key in self._whole_keys()]
        if self._rows.exists():
            os.truncate(self._rows, len(lengths) * self.width * KIND.itemsize)
        if self._keys.exists():
            os.truncate(self._keys, sum(lengths))

    def _whole_rows(self) -> int:
        try:
            return self._rows.stat().st_size // (self.width * KIND.itemsize)
        except FileNotFoundError:
            return 0


@dataclass(frozen=True, eq=False)
class Features:
    """Features of photos, and of varied copies of them.

    Attributes:
        plain: float16 (M, D): a row for each photo that was ever looked at.
        rows: int64 (N,): the rows of `plain` that belong to the photos asked for.
        varied: float16 (L, D), the copies' rows; empty without copies.
        copies: int64 (N, k): the rows of `varied` that belong to each photo.
    """

    plain: np.ndarray
    rows: np.ndarray
    varied: np.ndarray
    copies: np.ndarray

    def take(self, places: np.ndarray, versions: np.ndarray) -> np.ndarray:
        """float32 (n, D): photo `places[i]` itself for version 0, else its copy of that number."""
        found = np.asarray(self.plain[self.rows[places]], np.float32)
        copied = np.flatnonzero(versions)
        if len(copied):
            found[copied] = self.varied[self.copies[places[copied], versions[copied] - 1]]
        return found


@dataclass(frozen=True)
class Look:
    """How photos are looked at.

    Attributes:
        weights: The weights file (see `core.models.weights.obtain_weights`), None for random.
        augmentation: How copies are varied; MixUp and CutMix, which need a second photo, are
            left out.
    """

    backbone: Backbone
    picture: PictureSpec
    weights: Path | None
    augmentation: AugmentationRecipe = NO_AUGMENTATION
    seed: int = 0

    @cached_property
    def network(self) -> Any:
        """The backbone with its weights, built when first asked for. Training it changes it."""
        from core.models.transfer import build_backbone

        return build_backbone(self.backbone, self.picture.image_size, self.weights)

    @cached_property
    def body(self) -> Any:
        """`network` from raw pixels on: what features are computed with and heads are joined to."""
        from core.models.transfer import picture_to_features

        return picture_to_features(self.network, self.backbone, self.picture.channels)

    @cached_property
    def compute(self) -> Callable[[np.ndarray], np.ndarray]:
        """`frozen_function` of this look, made when first asked for: that takes seconds."""
        return frozen_function(self)

    def close_eyes(self) -> None:
        """Forgets `compute`, which holds the weights once more, until it is asked for again."""
        self.__dict__.pop("compute", None)

    def store(self, dataset: Dataset, varied: bool = False) -> Store:
        """Where the rows lie, for photos as they are or for varied copies."""
        about = f"{FORMAT_VERSION} {self.picture.digest()} {self.backbone.backbone} "
        about += f"{self.backbone.width:g} {weights_digest(self.weights)}"
        name = f"{self.backbone.backbone}-{_digest(about)}"
        if varied:
            name += f"-copies-{_digest(f'{self._steps().model_dump_json()} {self.seed}')}"
        return Store(dataset.folder / FOLDER / name, self.backbone.features)

    def vary(self, picture: np.ndarray, content_hash: str, copy: int) -> np.ndarray:
        """Copy number `copy` (from 1) of the photo with this content: always the same."""
        seed = (self.seed, copy, int(content_hash[:12], 16))
        return apply(picture, draw(self._steps(), seed))

    def _steps(self) -> AugmentationRecipe:
        recipe = self.augmentation
        kept = tuple(s for s in recipe.steps if s.enabled and s.kind not in MIXING_KINDS)
        return recipe.model_copy(update={"name": "copies", "steps": kept, "rescale": 1.0})


def features_of(
    dataset: Dataset,
    photos: pd.DataFrame,
    load: Callable[[Sequence[str]], np.ndarray],
    look: Look,
    progress: Progress,
    copies: int = 0,
) -> Features:
    """The features of `photos`; only what nobody has looked at before is computed.

    Args:
        photos: Rows of the manifest.
        load: Pictures uint8 (n, height, width, channels) of photo ids, as `look.picture` says.
        copies: How many varied copies of each photo.

    Raises:
        LoupeError: If the pictures are too small, or the weights cannot be read.
        Stopped: From `progress`; what was looked at is kept.
    """
    look.backbone.require_size(look.picture.image_size)
    hashes, numbers = photos["content_hash"], range(1, copies + 1)
    plain, varied = (look.store(dataset, kind) for kind in (False, True))
    todo = [(plain, _missing(plain, hashes, range(1)))]
    todo += [(varied, _missing(varied, hashes, numbers))] if copies else []
    if any(len(pairs) for _, pairs in todo):
        _look(todo, photos, load, look, dataset, progress)
    return Features(
        plain.array(),
        _rows(plain, hashes, range(1))[:, 0],
        varied.array(),
        _rows(varied, hashes, numbers),
    )


def _key(content_hash: str, copy: int) -> str:
    return f"{content_hash} {copy}" if copy else content_hash


def _rows(store: Store, hashes: pd.Series, copies: range) -> np.ndarray:
    """int64 (N, len(copies)): the rows of the photos' copies (0 is the photo itself); -1 for
    what nobody has looked at yet."""
    known = store.keys()
    found = [known.find(_key(content, copy) for content in hashes) for copy in copies]
    return np.stack(found, axis=1) if found else np.zeros((len(hashes), 0), np.int64)


def _missing(store: Store, hashes: pd.Series, copies: range) -> np.ndarray:
    """int64 (n, 2): what nobody has looked at yet, each content once: the photo's place in
    `hashes`, and which copy of it (0: itself)."""
    unseen = _rows(store, hashes, copies) < 0
    unseen[hashes.duplicated().to_numpy()] = False
    places, numbers = np.nonzero(unseen)
    return np.stack([places, numbers + copies.start], axis=1)


def _look(
    todo: list[tuple[Store, np.ndarray]],
    photos: pd.DataFrame,
    load: Callable[[Sequence[str]], np.ndarray],
    look: Look,
    dataset: Dataset,
    progress: Progress,
) -> None:
    """Computes and keeps the rows of `todo`, a few at a time, those of one store together."""
    total = sum(len(pairs) for _, pairs in todo)
    progress(0, total, PHASE)
    compute = look.compute
    done, begun = 0, time.perf_counter()
    for store, pairs in todo:
        with store.writing(progress) as add:
            known = store.keys()  # somebody else may have added some while we waited
            with closing(_pictures(pairs, photos, known, load, look)) as chunks:
                for keys, pictures in chunks:
                    if keys:
                        add(keys, compute(pictures))
                    done += len(keys)
                    progress(done, total, PHASE)
            write_json(store.folder / "about.json", _about(look))
    if done:
        note_speed(dataset.folder.parents[1], look, done, time.perf_counter() - begun)


def _pictures(
    pairs: np.ndarray,
    photos: pd.DataFrame,
    known: Places,
    load: Callable[[Sequence[str]], np.ndarray],
    look: Look,
) -> Any:
    hashes, ids = photos["content_hash"], photos["id"]

    def make(start: int) -> tuple[list[str], np.ndarray]:
        places, copies = pairs[start : start + AT_ONCE].T
        contents = hashes.iloc[places].tolist()
        keys = [_key(*pair) for pair in zip(contents, copies.tolist(), strict=True)]
        unseen = np.flatnonzero(known.find(keys) < 0)
        if not len(unseen):
            return [], np.empty(0)
        pictures = load(ids.iloc[places[unseen]].tolist())
        for row, place in enumerate(unseen):
            if copies[place]:
                pictures[row] = look.vary(pictures[row], contents[place], int(copies[place]))
        return [keys[place] for place in unseen], pictures

    # One thread more than this one: a batch is made while the last one is looked at.
    return in_order(make, range(0, len(pairs), AT_ONCE), 2)


def frozen_function(look: Look) -> Callable[[np.ndarray], np.ndarray]:
    """The backbone as a function of uint8 (n, height, width, channels): float32 (n, D).

    With TensorFlow its weights become constants of the graph, so that batch normalisation is
    folded into the convolutions: measured at 1.5 times the speed of `predict`.
    """
    import keras

    model = look.body
    if keras.backend.backend() != "tensorflow":
        return lambda pictures: np.asarray(model.predict_on_batch(pictures), np.float32)
    return _constant_graph(model, look.picture.shape)


def _constant_graph(model: Any, shape: tuple[int, int, int]) -> Callable[[np.ndarray], np.ndarray]:
    import keras
    import tensorflow as tf

    weights = [(variable, variable.numpy()) for variable in model.variables]

    def compute(pictures: Any) -> Any:
        constants = [(variable, tf.constant(value)) for variable, value in weights]
        with keras.StatelessScope(state_mapping=constants):
            return model(tf.cast(pictures, tf.float32), training=False)

    signature = tf.TensorSpec((None, *shape), tf.uint8)
    traced = tf.function(compute, input_signature=[signature], autograph=False)
    constant = traced.get_concrete_function()
    return lambda pictures: np.asarray(constant(tf.constant(pictures)), np.float32)


def pictures_from(prepared: Prepared) -> Callable[[Sequence[str]], np.ndarray]:
    """A `load` for `features_of` that takes the pictures from a prepared array."""
    array = np.asarray(prepared.array)
    return lambda ids: np.stack([array[row] for row in prepared.indices(ids)])


def _about(look: Look) -> dict[str, Any]:
    return {
        "backbone": look.backbone.backbone,
        "width": look.backbone.width,
        "weights": look.weights.name if look.weights else "random",
        "picture": look.picture.model_dump(mode="json"),
        "augmentation": look.augmentation.model_dump(mode="json"),
        "seed": look.seed,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
