import pytest

from core.datasets.jobs import import_job
from core.errors import LoupeError
from core.jobs import create_job, read_status, run_job
from core.progress import silent
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders
from tests.core.datasets.test_archives import GOOD, zip_of


@pytest.fixture
def place(tmp_path):
    workspace = open_workspace(tmp_path / "home")
    workspace.uploads.mkdir()
    return workspace


def test_an_upload_is_imported_and_then_removed(place):
    upload = zip_of(place.uploads / "pets.zip", GOOD)
    result = import_job(place.jobs / "1", silent, str(upload), "pets", "50/25/25", 1)
    assert result["dataset"] == "pets" and result["images"] == 6
    assert not upload.exists()


def test_other_sources_stay(place, tmp_path):
    archive = zip_of(tmp_path / "pets.zip", GOOD)
    import_job(place.jobs / "1", silent, str(archive), "pets")
    assert archive.exists()


def test_the_job_system_runs_it(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    folder = place.jobs / "import-pets"
    arguments = {"source": str(source), "name": "pets", "split": "70/15/15", "seed": 2}
    create_job(folder, "core.datasets.jobs:import_job", arguments, "Import pets")
    run_job(folder)
    status = read_status(folder)
    assert status.state == "finished" and status.result["images"] == 6


def test_a_bad_split_is_refused_before_any_work(place, tmp_path):
    source = class_folders(tmp_path / "pets", cats=3, dogs=3)
    with pytest.raises(LoupeError, match="add up to 100"):
        import_job(place.jobs / "1", silent, str(source), "pets", "1/2/3")
    assert list(place.datasets.iterdir()) == []
