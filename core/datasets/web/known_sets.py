"""Well-known data sets: where they are published, and what is in them."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KERAS_DATA = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
TENSORFLOW_DATA = "https://storage.googleapis.com/download.tensorflow.org"


@dataclass(frozen=True)
class PublishedFile:
    """A file of a known set.

    Attributes:
        name: Its path below Keras' folder for data sets, as Keras' own loader expects it.
        url: Where it is published.
        digest: SHA-256 (64 digits) or MD5 (32 digits) of its bytes, as published.
        size: In bytes, for the progress and as a bound; roughly.
    """

    name: str
    url: str
    digest: str
    size: int

    @property
    def path(self) -> Path:
        return keras_folder() / "datasets" / self.name


@dataclass(frozen=True)
class KnownSet:
    """A data set that people in the field know by name.

    Attributes:
        sentence: What its photos show.
        photos: How many there are, and `picture` how large each is, in words.
        loader: Keras' own, `"cifar10"`; empty where the files are archives of photos.
        classes: The names of the labels 0, 1, …; or, for archives, folder → class.
        author, licence, source_page: For every photo, unless its archive says it better.
    """

    name: str
    title: str
    sentence: str
    photos: int
    picture: str
    files: tuple[PublishedFile, ...]
    author: str
    licence: str
    source_page: str
    loader: str = ""
    classes: tuple[str, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    splits: tuple[str, ...] = ()

    @property
    def megabytes(self) -> float:
        return sum(file.size for file in self.files) / 1e6

    @property
    def facts(self) -> dict[str, str]:
        """What a photo of it is known to be, by the manifest's columns."""
        return {
            "origin": "known-set",
            "author": self.author,
            "licence": self.licence,
            "source_page": self.source_page,
        }


def keras_folder() -> Path:
    """Where Keras keeps what it downloads: `KERAS_HOME`, else `.keras` in the home folder.

    Where that may not be written, Keras takes a temporary folder, and so do we.
    """
    chosen = os.environ.get("KERAS_HOME")
    folder = Path(chosen) if chosen else Path.home() / ".keras"
    if os.access(folder, os.W_OK) or not folder.exists():
        return folder
    temporary = Path("/tmp")  # noqa: S108
    return (temporary if temporary.is_dir() else Path(tempfile.gettempdir())) / ".keras"


CIFAR_10 = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
FASHION = (
    "T-shirt or top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
# The "fine" labels in the order of CIFAR-100's own list, which is alphabetical.
CIFAR_100 = tuple(
    """apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
    butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch
    crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo
    keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse
    mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy
    porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper
    snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television
    tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm""".replace(
        "_", "-"
    ).split()
)
IMAGENETTE = {
    "n01440764": "tench",
    "n02102040": "English springer",
    "n02979186": "cassette player",
    "n03000684": "chain saw",
    "n03028079": "church",
    "n03394916": "French horn",
    "n03417042": "garbage truck",
    "n03425413": "gas pump",
    "n03445777": "golf ball",
    "n03888257": "parachute",
}


def _fashion_file(name: str, digest: str, size: int) -> PublishedFile:
    return PublishedFile(f"fashion-mnist/{name}", f"{KERAS_DATA}/{name}", digest, size)


def _named(*names: str) -> dict[str, str]:
    return {name: name for name in names}


# Checksums: Keras' own loaders (CIFAR, MNIST); zalandoresearch/fashion-mnist's README;
# tensorflow/datasets' url_checksums (flowers, horses or humans, Imagenette).
_SETS: tuple[KnownSet, ...] = (
    KnownSet(
        name="cifar-10",
        title="CIFAR-10",
        sentence="Tiny photos of ten things: aeroplanes, cars, birds, cats, deer, dogs, frogs, "
        "horses, ships and trucks.",
        photos=60_000,
        picture="32 × 32 pixels, colour",
        files=(
            PublishedFile(
                "cifar-10-batches-py-target_archive",
                "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                170_498_071,
            ),
        ),
        author="Alex Krizhevsky (Learning Multiple Layers of Features from Tiny Images, 2009)",
        licence="",
        source_page="https://www.cs.toronto.edu/~kriz/cifar.html",
        loader="cifar10",
        classes=CIFAR_10,
    ),
    KnownSet(
        name="cifar-100",
        title="CIFAR-100",
        sentence="Tiny photos of a hundred things, from apple to worm.",
        photos=60_000,
        picture="32 × 32 pixels, colour",
        files=(
            PublishedFile(
                "cifar-100-python-target_archive",
                "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
                "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                169_001_437,
            ),
        ),
        author="Alex Krizhevsky (Learning Multiple Layers of Features from Tiny Images, 2009)",
        licence="",
        source_page="https://www.cs.toronto.edu/~kriz/cifar.html",
        loader="cifar100",
        classes=CIFAR_100,
    ),
    KnownSet(
        name="mnist",
        title="MNIST",
        sentence="Digits from 0 to 9, written by hand.",
        photos=70_000,
        picture="28 × 28 pixels, grey",
        files=(
            PublishedFile(
                "mnist.npz",
                f"{KERAS_DATA}/mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                11_490_434,
            ),
        ),
        author="Yann LeCun and Corinna Cortes",
        licence="CC BY-SA 3.0",
        source_page="http://yann.lecun.com/exdb/mnist/",
        loader="mnist",
        classes=tuple("0123456789"),
    ),
    KnownSet(
        name="fashion-mnist",
        title="Fashion-MNIST",
        sentence="Pictures of clothes from a shop's catalogue, in ten kinds.",
        photos=70_000,
        picture="28 × 28 pixels, grey",
        files=(
            _fashion_file("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29_515),
            _fashion_file(
                "train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880
            ),
            _fashion_file("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5_148),
            _fashion_file(
                "t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4_422_102
            ),
        ),
        author="Zalando Research",
        licence="MIT",
        source_page="https://github.com/zalandoresearch/fashion-mnist",
        loader="fashion_mnist",
        classes=FASHION,
    ),
    KnownSet(
        name="flowers",
        title="Flowers",
        sentence="Photos of daisies, dandelions, roses, sunflowers and tulips.",
        photos=3_670,
        picture="about 320 × 240 pixels, colour",
        files=(
            PublishedFile(
                "flower_photos.tgz",
                f"{TENSORFLOW_DATA}/example_images/flower_photos.tgz",
                "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
                228_813_984,
            ),
        ),
        author="The TensorFlow team, from photographers on Flickr",
        licence="CC BY 2.0",
        source_page="https://www.tensorflow.org/datasets/catalog/tf_flowers",
        folders=_named("daisy", "dandelion", "roses", "sunflowers", "tulips"),
    ),
    KnownSet(
        name="imagenette",
        title="Imagenette",
        sentence="Ten classes of ImageNet that are easy to tell apart, from tench to parachute.",
        photos=13_394,
        picture="shortest side 160 pixels, colour",
        files=(
            PublishedFile(
                "imagenette2-160.tgz",
                "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
                "88daccb09b6fce93f45e6c09ddeb269cce705549e6bff322092a2a5a11489863",
                98_948_031,
            ),
        ),
        author="fast.ai, from ImageNet",
        licence="",
        source_page="https://github.com/fastai/imagenette",
        folders=IMAGENETTE,
    ),
    KnownSet(
        name="horses-or-humans",
        title="Horses or humans",
        sentence="Drawn horses and people in many poses, made by computer.",
        photos=1_283,
        picture="300 × 300 pixels, colour",
        files=(
            PublishedFile(
                "horse-or-human.zip",
                f"{TENSORFLOW_DATA}/data/horse-or-human.zip",
                "e2e6f70d3d549c5dd10a57165e55af253ee66ad750403f95c0fb76bb943633a9",
                149_574_867,
            ),
            PublishedFile(
                "validation-horse-or-human.zip",
                f"{TENSORFLOW_DATA}/data/validation-horse-or-human.zip",
                "ae5fff2f4f5554791f05358108e2e05d9801b191f1896ea101402f0e7f6c32c0",
                11_480_187,
            ),
        ),
        author="Laurence Moroney",
        licence="CC BY 2.0",
        source_page="https://laurencemoroney.com/datasets.html",
        folders={"horses": "horse", "humans": "human"},
        splits=("train", "val"),
    ),
)
KNOWN_SETS: dict[str, KnownSet] = {known.name: known for known in _SETS}
