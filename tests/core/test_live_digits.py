"""One click makes a network for drawing: figures, and a small network that has learnt them."""

import numpy as np

from core.datasets.importing import import_dataset
from core.images import encode_png
from core.jobs import State, create_job, run_job
from core.live_digits import FIGURES
from core.training.runs import open_run


def test_it_learns_from_figures_that_are_here_already(workspace, tmp_path):
    generator = np.random.default_rng(0)
    for figure in FIGURES:
        (tmp_path / "figures" / figure).mkdir(parents=True)
        for number in range(4):
            pixels = generator.integers(0, 256, (8, 8, 3)).astype(np.uint8)
            (tmp_path / "figures" / figure / f"{number}.png").write_bytes(encode_png(pixels))
    import_dataset(workspace, tmp_path / "figures", "my figures")
    folder = workspace.jobs / "making"
    create_job(folder, "core.live_digits:make", {"seconds": 1}, "Make a network for digits")
    status = run_job(folder)
    assert status.state is State.FINISHED, (folder / "log.txt").read_text()
    run = open_run(workspace, status.result["run"])
    assert run.has_model and run.config.class_names == FIGURES
    assert [one.name for one in workspace.datasets.iterdir()] == [status.result["dataset"]]
