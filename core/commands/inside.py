"""`maps` and `attribute`: what a run sees in a photo, as a picture and as numbers."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from core.commands.runs import asked_run, load_keras
from core.errors import LoupeError, UnusablePicture
from core.inspection.npz import npz
from core.progress import Progress
from core.workspace import Workspace, write_bytes

ALL_LAYERS = "all"


def run_maps(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = asked_run(workspace, options)
    _require_a_target(options)
    if options.npz and options.layer == ALL_LAYERS:
        raise LoupeError("--npz takes the maps of one layer.", "Name it with --layer.")
    progress(0, 0, "Computing feature maps")
    load_keras()
    from core.inspection import activations, layer_pictures

    folder, photo, size = str(run.folder), options.file, options.image_size
    try:
        if options.layer == ALL_LAYERS:
            sheet = activations.atlas_of_all_layers(folder, photo, image_size=size)
        else:
            sheet = activations.atlas(folder, photo, options.layer, image_size=size)
        if options.npz:
            arrays = layer_pictures.arrays(folder, photo, sheet["layer"], size)
            _write(Path(options.npz), npz(arrays), "--npz")
    except UnusablePicture as error:
        raise LoupeError(f"{photo}: {error.message}", error.next_step) from error
    if options.out:
        _write(Path(options.out), sheet["png"], "--out")
    wanted = ("layer", "shape", "layers", "columns", "rows", "cell", "gap", "low", "high")
    return {key: sheet[key] for key in wanted if key in sheet} | _targets(options)


def run_attribute(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = asked_run(workspace, options)
    _require_a_target(options)
    progress(0, 0, "Asking which pixels matter")
    load_keras()
    from core.inspection import attribution
    from core.inspection.heat import drawn

    try:
        found = attribution.of_run(
            str(run.folder),
            options.file,
            options.method,
            options.class_name,
            options.layer,
            options.judged,
            options.image_size,
        )
    except UnusablePicture as error:
        raise LoupeError(f"{options.file}: {error.message}", error.next_step) from error
    picture, heat = found.pop("input"), found.pop("heat")
    explained = found.pop("attribution")
    if options.npz:
        _write(Path(options.npz), npz({"input": picture, "attribution": explained}), "--npz")
    if options.out:
        png = drawn(picture[0].astype(np.uint8), heat, found["signed"])
        _write(Path(options.out), png, "--out")
    return found | {"shape": list(explained.shape)} | _targets(options)


def _require_a_target(options: Namespace) -> None:
    if not options.out and not options.npz:
        raise LoupeError(
            "Where to is not said.", "Name a picture with --out, or a file of numbers with --npz."
        )


def _targets(options: Namespace) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ("out", "npz") if getattr(options, name)}


def _write(path: Path, content: bytes, option: str) -> None:
    try:
        write_bytes(path, content)
    except OSError as error:
        raise LoupeError(
            f"The file {path} cannot be written: {error.strerror}.",
            f"Choose another one with {option}.",
        ) from error
