"""A training belongs to nobody's window: it goes on, and whoever comes back finds it."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.datasets.importing import import_dataset
from core.datasets.samples import SAMPLES
from core.launcher import launch
from core.progress import silent
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import create_run, open_run
from core.workspace import open_workspace
from tests.conftest import workspace_with
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page

SECONDS = 1000
PER_CLASS = 60
# Enough steps to tell some digits apart: an epoch has seven.
EPOCHS = 6


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A folder of data sets with a third of the digits in it. Read-only."""
    folder = tmp_path_factory.mktemp("digits")
    SAMPLES["digits"].write(folder / "written", silent)
    for written in (folder / "written").iterdir():
        for file in sorted(written.iterdir())[PER_CLASS:]:
            file.unlink()
    workspace = open_workspace(folder / "workspace")
    import_dataset(workspace, folder / "written", "digits", progress=silent)
    return workspace.datasets


@pytest.fixture
def workspace(digits, tmp_path):
    return workspace_with(digits, tmp_path / "workspace")


def process_of(folder):
    """The process that holds the lock on `folder`, from the kernel's own list."""
    inode = (folder / "lock").stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if "FLOCK" in fields and fields[5].endswith(f":{inode}"):
            return int(fields[4])
    raise AssertionError(f"nobody holds the lock of {folder}")


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def test_a_training_outlives_tab_and_server_and_its_death_is_noticed(browser, workspace):
    with app_server(workspace.root) as server:
        first = browser.new_page()
        open_page(first, f"{server.url}/training?dataset=digits")
        first.get_by_text("10 min", exact=True).click()
        first.get_by_role("button", name="Start training").click()
        expect(first.get_by_text("Epoch 2").first).to_be_visible(timeout=60_000)
        first.close()

        second = browser.new_page()
        open_page(second, f"{server.url}/training?dataset=digits")
        expect(second.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(
            timeout=20_000
        )
        second.close()
        server.kill()
    [folder] = workspace.runs.iterdir()
    run = open_run(workspace, folder.name)
    epochs = len(run.metrics())
    wait_for(lambda: len(run.metrics()) > epochs)
    with app_server(workspace.root) as server:
        page = browser.new_page()
        open_page(page, f"{server.url}/training?dataset=digits&run={run.name}")
        expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(
            timeout=20_000
        )
        os.kill(process_of(folder), signal.SIGKILL)
        expect(page.get_by_text("interrupted").first).to_be_visible(timeout=8_000)
        page.close()
    assert json.loads((folder / "status.json").read_text())["state"] == "running"


def test_stopping_loses_nothing(page, workspace):
    given = {"budget_seconds": SECONDS, "image_size": "32x32"}
    recipe = apply_overrides(get_recipe("small-cnn"), given)
    run = create_run(workspace, "digits", recipe)
    launch(run.folder)
    wait_for(lambda: len(run.metrics()) >= EPOCHS)
    with app_server(workspace.root) as server:
        open_page(page, f"{server.url}/training?dataset=digits&run={run.name}")
        page.get_by_role("button", name="Stop and keep").click()
        expect(page.get_by_text("stopped").first).to_be_visible(timeout=30_000)
    assert run.has_model
    assert run.evaluation()["accuracy"] > 0.3
