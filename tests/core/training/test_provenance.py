from core.datasets.edits import exclude, relabel
from core.datasets.manifest import open_dataset
from core.training.provenance import changes_since
from core.training.runs import create_run
from tests.conftest import small_recipe


def test_what_changed_since_a_run_learnt_is_told_in_words(shapes_workspace):
    run = create_run(shapes_workspace, "shapes", small_recipe())
    assert run.config.dataset_version == 1 and changes_since(run) == []
    dataset = open_dataset(shapes_workspace, "shapes")
    ids = dataset.manifest["id"].tolist()
    exclude(relabel(dataset, ids[:5], "frame"), ids[30:32])
    assert changes_since(run) == ["5 photos moved to another class", "2 photos excluded"]
