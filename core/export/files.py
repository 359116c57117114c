"""A trained model as files to take away, and model files that come from elsewhere."""

import io
import json
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from core.evaluation.picture_size import takes_other_sizes
from core.evaluation.results import read_evaluation, require_model, run_of
from core.export.picture_code import picture_code
from core.training.runs import Run
from core.workspace import write_bytes

TEMPLATE = Path(__file__).parent / "template"
OTHER_SIZES = """, and of other sizes:
                  python predict.py --image-size 128x128 photo.jpg"""
PACKAGES = ("keras", "tensorflow", "numpy", "pillow", "opencv-python-headless")


def bundle_run(run: Run | Path | str) -> Path:
    """Makes a ZIP with the model and a program that uses it without Loupe.

    The ZIP lies in the workspace's cache, is made again when the model changes, and
    holds one folder: model.keras, config.json, class_names.txt, README.txt, predict.py
    and `pictures`, a copy of the code that read and resized the training photos.

    Raises:
        NotFound: If there is no such run, or no model in it yet.
    """
    run = run_of(run)
    model = require_model(run)
    target = run.workspace.cache / "bundles" / f"{run.name}.zip"
    sources = [path for path in (model, run.folder / "evaluation.json") if path.is_file()]
    newest = max(path.stat().st_mtime_ns for path in sources)
    if not target.is_file() or target.stat().st_mtime_ns <= newest:
        write_bytes(target, _packed(run, model))
    return target


def _packed(run: Run, model: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model, f"{run.name}/model.keras", zipfile.ZIP_STORED)
        for name, text in _texts(run).items():
            archive.writestr(f"{run.name}/{name}", text)
    return stream.getvalue()


def _texts(run: Run) -> dict[str, str]:
    config = _config(run)
    return {
        "config.json": json.dumps(config, ensure_ascii=False, indent=1),
        "class_names.txt": "".join(f"{name}\n" for name in config["class_names"]),
        "README.txt": _readme(run, config),
        "predict.py": (TEMPLATE / "predict.py").read_text(encoding="utf-8"),
        **picture_code(),
    }


def _config(run: Run) -> dict[str, Any]:
    spec = run.config.recipe.picture
    return {
        "name": run.name,
        "class_names": list(run.config.class_names),
        "image_size": list(spec.image_size),
        "color_mode": spec.color_mode,
        "fit": spec.fit,
        "open_size": takes_other_sizes(run.config),
        "run": run.config.model_dump(mode="json"),
    }


def _readme(run: Run, config: dict[str, Any]) -> str:
    height, width = config["image_size"]
    evaluation = read_evaluation(run)
    return (
        (TEMPLATE / "README.txt")
        .read_text(encoding="utf-8")
        .format(
            title=run.config.title,
            classes=_listed(config["class_names"]),
            size=f"{height} x {width}" + (OTHER_SIZES if config["open_size"] else ""),
            packages=" ".join(_pinned(package) for package in PACKAGES),
            accuracy=evaluation["sentence"] if evaluation else "It has not been tested yet.",
        )
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _pinned(package: str) -> str:
    """With the version at work here, where it is installed under this name."""
    try:
        return f"{package}=={version(package)}"
    except PackageNotFoundError:
        return package
