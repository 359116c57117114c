"""Says what photos show, with a model trained in Loupe: python predict.py PHOTO [PHOTO ...]

Where the model takes other sizes too: python predict.py --image-size 128x128 PHOTO [PHOTO ...]

Needs keras with tensorflow, numpy, pillow and opencv-python-headless; Loupe itself is not
needed. The folder `pictures` holds Loupe's own reading and resizing, so that the model sees
here exactly the pixels it saw there.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
CONFIG = json.loads((HERE / "config.json").read_text(encoding="utf-8"))


def picture_spec():
    """How the model wants its pictures."""
    channels = 1 if CONFIG["color_mode"] == "grayscale" else 3
    return SimpleNamespace(
        image_size=tuple(CONFIG["image_size"]),
        color_mode=CONFIG["color_mode"],
        fit=CONFIG["fit"],
        channels=channels,
        shape=(*CONFIG["image_size"], channels),
    )


def load_picture(path):
    """The photo as the model takes it: uint8 (height, width, channels), 0..255."""
    from pictures import images

    return images.load_picture(Path(path), picture_spec())


def predict(paths: list[str]) -> list[dict]:
    """For each path a dict with file, label, probability and probabilities, or file, error."""
    import keras
    import numpy as np
    from pictures.errors import LoupeError

    model = keras.saving.load_model(HERE / "model.keras", compile=False, safe_mode=True)
    answers: list[dict] = []
    for path in paths:
        try:
            pixels = load_picture(path)
        except LoupeError as error:
            answers.append({"file": str(path), "error": str(error)})
            continue
        row = np.asarray(model(pixels[None].astype("float32"), training=False))[0]
        if len(row) == 1:
            row = np.array([1 - row[0], row[0]])
        names = CONFIG["class_names"]
        best = int(row.argmax())
        answers.append(
            {
                "file": str(path),
                "label": names[best],
                "probability": float(row[best]),
                "probabilities": {
                    name: float(value) for name, value in zip(names, row, strict=True)
                },
            }
        )
    return answers


def take_size(text: str) -> None:
    """Looks at photos of another size from now on: "128x128", height first."""
    sides = text.lower().split("x")
    if len(sides) != 2 or not all(side.isdecimal() and int(side) for side in sides):
        sys.exit(f"Write height and width as 128x128, not {text!r}")
    size = [int(side) for side in sides]
    if size != CONFIG["image_size"] and not CONFIG["open_size"]:
        sys.exit("This model takes pictures of {} x {} only.".format(*CONFIG["image_size"]))
    CONFIG["image_size"] = size


def main():
    paths = sys.argv[1:]
    if paths[:1] == ["--image-size"] and len(paths) > 1:
        take_size(paths[1])
        paths = paths[2:]
    if not paths:
        sys.exit("Name one photo or more: python predict.py photo.jpg")
    print(json.dumps(predict(paths), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
