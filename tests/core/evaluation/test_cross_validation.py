"""Real small trainings, part by part: stopped, killed, gone on, failed, damaged."""

import numpy as np
import pandas as pd
import pytest

from core.datasets.manifest import open_dataset
from core.errors import LoupeError, NotFound
from core.evaluation.cross_folder import create_cross, find_unfinished, list_cross, open_cross
from core.evaluation.cross_plan import plan_cross_validation
from core.jobs import State, run_job
from core.models.backbones import Backbone
from core.training import features
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import list_runs
from core.workspace import restore
from tests.conftest import small_recipe
from tests.core.training.test_twins import when


def check_of(workspace, recipe=None, folds=3, **more):
    plan = plan_cross_validation(workspace, "shapes", recipe or small_recipe(), folds, **more)
    return create_cross(workspace, plan)


def trained_at(cross):
    files = (cross.folder / "parts").glob("*.parquet")
    return {file.name: file.stat().st_mtime_ns for file in files}


def test_killed_stopped_and_gone_on_no_part_is_trained_twice(shapes_workspace):
    """The job's whole life in one go, because every training in it takes a second or two."""

    def die():
        raise KeyboardInterrupt

    cross = check_of(shapes_workspace)
    with pytest.raises(KeyboardInterrupt):
        run_job(cross.folder, when("Part 2 of 3: learning", die))
    assert cross.status().state is State.INTERRUPTED
    first = trained_at(cross)
    assert len(first) == 1 and cross.done() == [(0, 0)]
    assert len(cross.report()["parts"]) == 1 and cross.report()["spread"] is None
    assert find_unfinished(shapes_workspace, cross.plan).name == cross.name

    status = run_job(cross.folder, when("Part 3 of 3: learning", cross.stop))
    assert status.state is State.STOPPED and status.result["parts"] == 2
    assert not list((cross.folder / "training").iterdir())

    (cross.folder / "stop").unlink()
    heard = []
    status = run_job(cross.folder, lambda one: heard.append(one.model_copy(deep=True)))
    assert status.state is State.FINISHED and first.items() <= trained_at(cross).items()
    assert status.result == {"parts": 3, "of": 3, "photos": 42, "mean": cross.report()["mean"]}
    learning = [one for one in heard if "learning" in one.message]
    assert (learning[0].total, learning[0].unit) == (6, "epochs") and learning[0].done >= 4
    assert (
        find_unfinished(shapes_workspace, cross.plan) is None and list_runs(shapes_workspace) == []
    )
    check_answers(cross)


def check_answers(cross):
    answers, dealt = cross.predictions(), cross.photos()
    dataset = open_dataset(cross.workspace, "shapes")
    used = dataset.used.set_index("id")
    assert sorted(answers["id"]) == sorted(used.index[used["split"] != "test"])
    assert answers["label"].tolist() == used.loc[answers["id"], "label"].tolist()
    told = dict(zip(dealt["id"], dealt["part_1"] + 1, strict=True))
    assert answers["part"].tolist() == [told[photo] for photo in answers["id"]]
    shares = answers[["p_disc", "p_frame"]].to_numpy()
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert answers["probability"].to_numpy() == pytest.approx(shares.max(axis=1))
    for part in cross.report()["parts"]:
        mine = answers[answers["part"] == part["part"]]
        assert part["photos"] == len(mine) and part["learnt"] == 42 - len(mine)
        assert part["right"] == (mine["label"] == mine["predicted"]).sum()
        assert part["checked"] == 0 and len(part["curve"]) == part["epochs"] == 2


def test_a_frozen_backbone_looks_once_and_rounds_start_anew(shapes_workspace, monkeypatch):
    backbone = Backbone(name="tiny", backbone="mobilenet-v2", width=0.35, weights="random")
    recipe = get_recipe("mobilenet-v2").model_copy(update={"architecture": backbone})
    given = {"image_size": "32x32", "epochs": 1, "batch_size": 16, "learning_rate": 0.01}
    recipe = apply_overrides(recipe, given)
    looked = []
    look = features.frozen_function

    def counting(how):
        compute = look(how)
        return lambda pictures: looked.append(len(pictures)) or compute(pictures)

    monkeypatch.setattr(features, "frozen_function", counting)
    cross = check_of(shapes_workspace, recipe, folds=2, repeats=2, photos="all")
    status = run_job(cross.folder)
    assert status.state is State.FINISHED, (cross.folder / "log.txt").read_text()
    assert sum(looked) == 48
    answers = cross.predictions()
    assert answers.groupby("id")["round"].apply(sorted).tolist() == [[1, 2]] * 48
    rounds = [
        answers[answers["round"] == turn].sort_values("id")["p_disc"].to_numpy() for turn in (1, 2)
    ]
    assert not np.allclose(*rounds)
    assert cross.report()["rounds"] == 2 and cross.report()["of"] == 4


def test_a_learning_rate_out_of_bounds_ends_it_in_the_first_part(shapes_workspace):
    wild = small_recipe(optimizer="sgd", learning_rate=10, schedule="constant", epochs=50)
    data = wild.model_dump()
    for layer in (0, 2):
        data["architecture"]["layers"][layer]["activation"] = "linear"
    data["augmentation"]["rescale"] = 1.0
    cross = check_of(shapes_workspace, type(wild).model_validate(data))
    status = run_job(cross.folder)
    assert status.state is State.FAILED and "Part 1 of 3 failed: The loss grew" in status.message
    assert cross.report() is None and cross.done() == []


def test_stopped_before_the_first_part_nothing_is_known_and_it_can_go_on(shapes_workspace):
    cross = check_of(shapes_workspace)
    cross.stop()
    status = run_job(cross.folder)
    assert status.state is State.STOPPED and cross.report() is None
    assert find_unfinished(shapes_workspace, cross.plan).name == cross.name


def test_a_part_that_fails_and_damaged_files_are_told_and_made_again(shapes_workspace):
    from core.evaluation import cross_validation

    def bad_in_second(run, config, dataset, prepared, reporter):
        if "part-2" in run.folder.name:
            raise LoupeError("The loss grew beyond all bounds.", "Use a lower rate.")
        return fit(run, config, dataset, prepared, reporter)

    fit = cross_validation.fit
    cross = check_of(shapes_workspace, small_recipe(epochs=1), folds=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_validation, "fit", bad_in_second)
        status = run_job(cross.folder)
    assert status.state is State.FAILED and status.next_step == "Use a lower rate."
    assert status.message.startswith("Part 2 of 2 failed: The loss grew beyond all bounds")
    assert cross.done() == [(0, 0)] and len(cross.predictions()) == cross.report()["photos"]
    assert run_job(cross.folder).state is State.FINISHED
    before = cross.predictions()
    kept, spoilt = sorted((cross.folder / "parts").glob("*.parquet"))
    stamp = kept.stat().st_mtime_ns
    spoilt.write_bytes(b"PAR1 spoilt")
    (cross.folder / "predictions.parquet").write_bytes(b"")
    (cross.folder / "report.json").write_text("{")
    for read in (cross.predictions, cross.report):
        with pytest.raises(LoupeError, match="damaged.*made again"):
            read()
    assert run_job(cross.folder).state is State.FINISHED
    assert kept.stat().st_mtime_ns == stamp
    after = cross.predictions()
    assert sorted(after["id"]) == sorted(before["id"])
    pd.testing.assert_frame_equal(before[before["part"] == 1], after[after["part"] == 1])
    (cross.folder / "photos.parquet").write_bytes(b"")
    status = run_job(cross.folder)
    assert status.state is State.FAILED and "photos.parquet" in status.message


def test_they_are_listed_deleted_and_brought_back(shapes_workspace):
    assert list_cross(shapes_workspace) == []
    first, second = check_of(shapes_workspace), check_of(shapes_workspace)
    assert first.name != second.name
    assert {one.name for one in list_cross(shapes_workspace, "shapes")} == {
        first.name,
        second.name,
    }
    assert list_cross(shapes_workspace, "other") == []
    (second.folder / "plan.json").write_text("{}")
    assert [one.name for one in list_cross(shapes_workspace)] == [first.name]
    with pytest.raises(LoupeError, match="damaged"):
        _ = open_cross(shapes_workspace, second.name).plan
    token = first.delete()
    with pytest.raises(NotFound, match="no cross-validation"):
        open_cross(shapes_workspace, first.name)
    restore(shapes_workspace, token)
    assert open_cross(shapes_workspace, first.name).plan == first.plan
