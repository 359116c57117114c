"""Photos, a data set and a model with answers known beforehand: the strongest colour."""

import cv2
import keras
import numpy as np

from core.datasets.manifest import as_manifest, create_dataset
from core.workspace import new_folder

COLORS = ("blue", "green", "red")
BGR = {"blue": 0, "green": 1, "red": 2}
IMAGE_SIZE = (24, 32)


def draw_photo(path, color, seed=0, size=(60, 90)):
    """A noisy photo, uint8 (height, width, 3), in which one colour is the strongest."""
    pixels = np.random.default_rng(seed).integers(0, 120, (*size, 3), dtype=np.uint8)
    pixels[..., BGR[color]] += 120
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)
    return path


def color_model():
    """Softmax over the mean blue, green and red: correct without any training."""
    model = keras.Sequential(
        [
            keras.Input((*IMAGE_SIZE, 3)),
            keras.layers.Rescaling(1 / 255, name="rescale"),
            keras.layers.Conv2D(3, 1, activation="relu", name="conv2d"),
            keras.layers.MaxPooling2D(name="pool"),
            keras.layers.GlobalAveragePooling2D(name="average"),
            keras.layers.Dense(3, activation="softmax", name="dense"),
        ]
    )
    swap = np.eye(3)[::-1]
    model.get_layer("conv2d").set_weights([swap.reshape(1, 1, 3, 3), np.zeros(3)])
    model.get_layer("dense").set_weights([9 * np.eye(3), np.zeros(3)])
    return model


def color_dataset(workspace):
    """Six photos per colour and split, and two test photos of blue that are labelled red."""
    with new_folder(workspace.datasets / "colors") as folder:
        rows = []
        for split in ("train", "validation", "test"):
            shown = [(color, color) for color in COLORS for _ in range(6)]
            if split == "test":
                shown += [("blue", "red")] * 2
            for number, (color, label) in enumerate(shown):
                file = f"photos/{label}/{split}-{number}.png"
                draw_photo(folder / file, color, seed=len(rows))
                rows.append(
                    {
                        "id": f"{len(rows):012x}",
                        "file": file,
                        "source_file": file,
                        "label": label,
                        "split": split,
                        "width": 90,
                        "height": 60,
                        "content_hash": f"{len(rows):064x}",
                        "format": "PNG",
                        "excluded": False,
                    }
                )
        create_dataset(
            folder,
            as_manifest(rows),
            name="colors",
            title="Colors",
            source="drawn",
            skipped=[],
            repaired=[],
            choices={},
        )
