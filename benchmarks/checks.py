"""The checks of 100,000 photos against a bare loop that decodes and hashes each of them."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import imagehash
import numpy as np
from PIL import Image

from benchmarks.measure import Row
from benchmarks.photos import CLASSES, PHOTO_SIZE
from core.datasets.dataset import Dataset
from core.datasets.manifest import as_manifest, create_dataset
from core.jobs import new_job, read_status, request_stop
from core.workspace import Workspace, open_workspace

TITLE = "Checks, against a bare loop of decode and imagehash.phash"
COUNT = 100_000
BARE = 2_000
SPEED, MEGABYTES, SECONDS_TO_STOP = 0.5, 1500.0, 10.0


def measure(quick: bool = False) -> list[Row]:
    count = 60 if quick else int(os.environ.get("LOUPE_BENCH_COUNT", COUNT))
    with tempfile.TemporaryDirectory() as temporary:
        workspace = open_workspace(Path(temporary) / "workspace")
        dataset = drawn_dataset(workspace, count)
        paths = [dataset.folder / file for file in dataset.manifest["file"]]
        sample = paths[:: max(1, count // BARE)]
        bare = [_seconds(sample) / len(sample)]
        stopped = _job(workspace, stop_after=1.0 if quick else 15.0)
        done = _job(workspace)
        bare.append(_seconds(sample) / len(sample))
    theirs = 1 / float(np.mean(bare))
    ours = count / (stopped["seconds"] + done["seconds"])
    case = f"{count:,} photos"
    return [
        Row(f"{case}, photos a second", ours, theirs, "", ours / theirs, SPEED, True),
        Row(f"{case}, peak memory", done["megabytes"], MEGABYTES, "MB", done["megabytes"],
            MEGABYTES, False),
        Row(f"{case}, seconds to stop", stopped["to_stop"], SECONDS_TO_STOP, "s",
            stopped["to_stop"], SECONDS_TO_STOP, False),
    ]  # fmt: skip


def drawn_dataset(workspace: Workspace, count: int) -> Dataset:
    """A data set of `count` drawn JPEG photos of 400 × 300 pixels, all different."""
    folder = workspace.datasets / "drawn"
    rows: list[dict[str, Any]] = []
    for number in range(count):
        label = CLASSES[number % len(CLASSES)]
        file = Path("photos", label, f"{number:06d}.jpg")
        (folder / file.parent).mkdir(parents=True, exist_ok=True)
        data = cv2.imencode(".jpg", draw_quickly(number), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        (folder / file).write_bytes(data.tobytes())
        rows.append(
            {
                "id": f"{number:012x}",
                "file": file.as_posix(),
                "source_file": file.name,
                "label": label,
                "split": ("train", "train", "validation", "test")[number % 4],
                "width": PHOTO_SIZE[1],
                "height": PHOTO_SIZE[0],
                "content_hash": hashlib.sha256(data.tobytes()).hexdigest(),
                "format": "JPEG",
            }
        )
    told: dict[str, Any] = {"name": "drawn", "title": "Drawn", "source": "", "choices": {}}
    return create_dataset(folder, as_manifest(rows), skipped=[], repaired=[], **told)


def draw_quickly(seed: int) -> np.ndarray:
    """uint8 (300, 400, 3): soft ground and sharp shapes; ten a hundredth of a second."""
    rng = np.random.default_rng(seed)
    ground = rng.integers(0, 256, (6, 8, 3), np.uint8)
    photo = cv2.resize(ground, PHOTO_SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    for x, y, size, *paint in rng.integers(0, 256, (14, 6)).tolist():
        cv2.circle(photo, (round(x * 1.6), round(y * 1.2)), 5 + size // 6, paint, -1)
    return photo


def _seconds(paths: Iterable[Path]) -> float:
    start = time.perf_counter()
    for path in paths:
        with Image.open(path) as image:
            imagehash.phash(image)
    return time.perf_counter() - start


def _job(workspace: Workspace, stop_after: float | None = None) -> dict[str, float]:
    """Runs the checks in a process of their own: how long, how large, how fast they stop."""
    arguments = {"dataset": "drawn"}
    folder = new_job(workspace, "core.datasets.jobs:check_job", arguments, "Check drawn")
    start, asked, largest = time.perf_counter(), 0.0, 0.0
    process = subprocess.Popen([sys.executable, "-m", "core.launcher", str(folder)])  # noqa: S603
    while process.poll() is None:
        largest = max(largest, _megabytes(process.pid))
        elapsed = time.perf_counter() - start
        if stop_after is not None and not asked and elapsed > stop_after:
            request_stop(folder)
            asked = time.perf_counter()
        time.sleep(0.05)
    seconds = read_status(folder).seconds_elapsed
    if stop_after is None and read_status(folder).state != "finished":
        raise RuntimeError(f"The checks ended {read_status(folder).state}.")
    to_stop = time.perf_counter() - asked if asked else 1e-3
    return {"seconds": seconds, "megabytes": largest, "to_stop": to_stop}


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
