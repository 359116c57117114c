from core.datasets.checks.checking import check
from core.datasets.importing import import_dataset
from core.datasets.near_groups import near_groups
from core.datasets.split_plan import SplitPlan, divide
from tests.core.datasets.photos import class_folders, encoded, picture


def test_copies_that_the_checks_found_stay_on_one_side(workspace, tmp_path):
    folder = class_folders(tmp_path / "p", cats=12, dogs=12)
    for number in range(6):
        copy = encoded(picture(number), "JPEG", quality=60)
        (folder / "cats" / f"copy-{number}.jpg").write_bytes(copy)
    dataset = import_dataset(workspace, folder, "pets")
    assert near_groups(dataset) == {}
    check(dataset)
    near = near_groups(dataset)
    assert len(near) == 12 and len(set(near.values())) == 6
    for seed in range(5):
        splits = divide(SplitPlan(seed=seed), dataset, near).splits
        for group in set(near.values()):
            assert len({splits[key] for key, name in near.items() if name == group}) == 1
