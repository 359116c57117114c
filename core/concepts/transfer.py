"""What a network brings that has learnt on other classes, measured; runs in the engine.

Handwritten digits, thrown at random onto noisy ground, so that there is something to see that
all of them share: strokes, wherever they are. One network learns 0 to 5. Then 6 to 9 are to be
told apart from few photos: by a new head on its frozen features, and by a network of the same
layers that begins from nothing (Yosinski et al., How transferable are features in deep neural
networks?, 2014).
"""

import itertools
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

KNOWN, NEW = (0, 1, 2, 3, 4, 5), (6, 7, 8, 9)
PHOTOS = (5, 10, 20, 40)  # of each new class
DRAWS = 3  # of photos to learn from; each is learnt from twice, once in each way
SIDE, NOISE = 16, 0.2
FILTERS, KERNEL = (16, 32, 64), 3
COPIES, EPOCHS = 4, 8  # of the first learning
STEPS, BATCH = 150, 20  # of each learning after it
LEARNING_RATE, HEAD_RATE = 0.003, 0.03
CHECKED = 0.2  # of the known digits


def weights_of_body() -> int:
    """How many numbers the layers below the head hold: those that are frozen."""
    channels = (1, *FILTERS)
    return sum((KERNEL**2 * into + 1) * out for into, out in itertools.pairwise(channels))


def weights_of_head(classes: int = len(NEW)) -> int:
    """How many numbers a head for so many classes holds."""
    return (FILTERS[-1] + 1) * classes


def facts() -> dict[str, Any]:
    """The network that has learnt 0 to 5.

    Returns:
        known_accuracy: on digits of 0 to 5 that it has not learnt from; examples: uint8
        (10, 16, 16, 3), one of each digit.
    """
    task = _task()
    return {"known_accuracy": task.known_accuracy, "examples": task.examples}


def measured(photos: int) -> dict[str, Any]:
    """How many of the new digits are named rightly after learning from `photos` of each.

    Returns:
        photos; head, nothing: accuracy on digits that neither has seen, of each draw; tested:
        how many digits that are.
    """
    task = _task()
    head, nothing = [], []
    tested = 0
    for draw in range(DRAWS):
        learnt, checked = _drawn(task.figures, photos, draw)
        tested = len(checked)
        head.append(_learn(task.new_head, task.features, task.figures, learnt, checked, draw))
        nothing.append(
            _learn(task.from_nothing, task.pictures, task.figures, learnt, checked, draw)
        )
    return {"photos": photos, "head": head, "nothing": nothing, "tested": tested}


class _Task(NamedTuple):
    pictures: np.ndarray  # float32 (n, side, side, 1), of the new digits
    features: np.ndarray  # float32 (n, 64), what the frozen network makes of them
    figures: np.ndarray  # int (n,), 0 for the first of `NEW`
    new_head: "_Beginner"
    from_nothing: "_Beginner"
    known_accuracy: float
    examples: np.ndarray


class _Beginner:
    """A compiled model that can be sent back to its beginning, which is quicker than a new one."""

    def __init__(self, model: Any, rate: float):
        import keras

        model.compile(
            keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        model.optimizer.build(model.trainable_variables)
        self.model = model
        self._values = [np.array(value) for value in model.optimizer.variables]

    def begin(self, seed: int) -> None:
        """New weights by lot, and an optimizer that remembers nothing."""
        rng = np.random.default_rng(seed)
        fresh = [_glorot(rng, weight.shape) for weight in self.model.get_weights()]
        self.model.set_weights(fresh)
        for variable, value in zip(self.model.optimizer.variables, self._values, strict=True):
            variable.assign(value)


@lru_cache(maxsize=1)
def _task() -> _Task:
    import keras  # only here: the server must stay light
    from sklearn.datasets import load_digits

    digits = load_digits()
    rng = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    known, new = np.isin(digits.target, KNOWN), np.isin(digits.target, NEW)
    base, known_accuracy = _base(digits.images[known], digits.target[known], rng)
    pictures = thrown(digits.images[new], rng)
    seeing = keras.Model(base.input, base.layers[-2].output)
    head = keras.Sequential([keras.Input((FILTERS[-1],)), keras.layers.Dense(len(NEW), "softmax")])
    examples = np.stack([digits.images[digits.target == figure][0] for figure in range(10)])
    return _Task(
        pictures,
        seeing.predict(pictures, verbose=0),
        np.searchsorted(NEW, digits.target[new]),
        _Beginner(head, HEAD_RATE),
        _Beginner(_network(len(NEW)), LEARNING_RATE),
        known_accuracy,
        np.repeat((thrown(examples, rng) * 255).astype(np.uint8), 3, axis=3),
    )


def _base(images: np.ndarray, figures: np.ndarray, rng: np.random.Generator) -> tuple[Any, float]:
    """The network that learns the known digits, and how good it is on a fifth of them."""
    order = rng.permutation(len(figures))
    checked, learnt = np.split(order, [int(len(order) * CHECKED)])
    model = _network(len(KNOWN))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = LEARNING_RATE
    pictures = np.concatenate([thrown(images[learnt], rng) for _ in range(COPIES)])
    model.fit(pictures, np.tile(figures[learnt], COPIES), batch_size=64, epochs=EPOCHS, verbose=0)
    scores = model.evaluate(thrown(images[checked], rng), figures[checked], verbose=0)
    return model, float(scores[1])


def _network(classes: int) -> Any:
    import keras
    from keras import layers

    picture = keras.Input((SIDE, SIDE, 1))
    maps = picture
    for place, filters in enumerate(FILTERS):
        maps = layers.Conv2D(filters, KERNEL, padding="same", activation="relu")(maps)
        last = place + 1 == len(FILTERS)
        maps = (layers.GlobalMaxPooling2D() if last else layers.MaxPooling2D())(maps)
    return keras.Model(picture, layers.Dense(classes, activation="softmax")(maps))


def thrown(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Digits (n, 8, 8) of 0..16, each at a random place of noisy ground: float32 of 0..1
    (n, 16, 16, 1)."""
    ground = rng.normal(0, NOISE, (len(images), SIDE, SIDE))
    for picture, image in zip(ground, images, strict=True):
        row, column = rng.integers(0, SIDE - len(image) + 1, 2)
        picture[row : row + len(image), column : column + len(image)] += image / 16
    return np.clip(ground, 0, 1)[..., None].astype(np.float32)


def _drawn(figures: np.ndarray, photos: int, draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from and rows to test on; the latter are the same for any number of photos."""
    rng = np.random.default_rng(draw)
    orders = [rng.permutation(np.flatnonzero(figures == number)) for number in range(len(NEW))]
    most = max(PHOTOS)
    learnt = np.concatenate([order[:photos] for order in orders])
    return learnt, np.concatenate([order[most:] for order in orders])


def _learn(
    beginner: _Beginner,
    inputs: np.ndarray,
    figures: np.ndarray,
    learnt: np.ndarray,
    checked: np.ndarray,
    seed: int,
) -> float:
    beginner.begin(seed)
    rng = np.random.default_rng(seed)
    for _ in range(STEPS):
        rows = rng.choice(learnt, BATCH, replace=False)
        beginner.model.train_on_batch(inputs[rows], figures[rows])
    answers = np.asarray(beginner.model(inputs[checked], training=False))
    return float((answers.argmax(axis=1) == figures[checked]).mean())


def _glorot(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Weights as Keras begins with them (Glorot and Bengio 2010); offsets begin at zero."""
    if len(shape) < 2:
        return np.zeros(shape, np.float32)
    around = int(np.prod(shape[:-2]))
    reach = np.sqrt(6 / (around * (shape[-2] + shape[-1])))
    return rng.uniform(-reach, reach, shape).astype(np.float32)
