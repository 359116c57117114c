"""Comparisons as folders, and the job that trains them: stopped, killed, gone on."""

import pytest

from core.augmentation.presets import GENTLE, STRONG
from core.augmentation.recipe import NO_AUGMENTATION
from core.datasets.edits import set_splits
from core.datasets.manifest import open_dataset
from core.errors import LoupeError, NotFound
from core.jobs import State, request_stop, run_job
from core.training.runs import list_runs, open_run
from core.training.twin_plan import SIDES, plan_twins, title_of
from core.training.twins import create_twins, find_unfinished, keep_as_run, list_twins, open_twins
from core.workspace import restore
from tests.conftest import small_recipe
from tests.made_up_twins import made_up_twins


def plan_of(workspace, augmentation=GENTLE, recipe=None, **more):
    return plan_twins(workspace, "shapes", recipe or small_recipe(), augmentation, **more)


def when(words, act):
    """Does `act` at the first status whose message holds `words`."""
    done = []

    def listen(status):
        if not done and words in status.message:
            done.append(act())

    return listen


def trained_at(twins):
    return {
        (seed, side): twins.training(seed, side).model_path.stat().st_mtime_ns
        for seed, side in twins.plan.order()
        if twins.training(seed, side).is_done
    }


def test_killed_stopped_and_gone_on_nothing_is_trained_twice(shapes_workspace):
    """The job's whole life in one go, because every training in it takes a second or two."""

    def die():
        raise KeyboardInterrupt

    twins = create_twins(shapes_workspace, plan_of(shapes_workspace, seeds=2))
    with pytest.raises(KeyboardInterrupt):
        run_job(twins.folder, when("Training 2 of 4, without augmentation: building", die))
    assert twins.status().state is State.INTERRUPTED
    first = trained_at(twins)
    assert list(first) == [(0, "with")] and twins.comparison() is None

    stop = when("Training 3 of 4, without augmentation: learning", twins.stop)
    status = run_job(twins.folder, stop)
    assert status.state is State.STOPPED
    assert status.result == {"trainings": 2, "of": 4, "pairs": 1, "verdict": "unclear"}
    assert twins.comparison()["seeds"] == [0]
    assert find_unfinished(shapes_workspace, twins.plan).name == twins.name

    (twins.folder / "stop").unlink()
    heard = []
    status = run_job(twins.folder, lambda one: heard.append(one.model_copy(deep=True)))
    assert status.state is State.FINISHED and status.result["pairs"] == 2
    assert first.items() <= trained_at(twins).items() and len(trained_at(twins)) == 4
    assert find_unfinished(shapes_workspace, twins.plan) is None
    learning = [one for one in heard if "learning" in one.message]
    assert (learning[0].total, learning[0].unit) == (8, "epochs")
    shares = [one.done for one in learning]
    assert shares == sorted(shares) and shares[0] >= 4
    check_what_is_left(twins)


def check_what_is_left(twins):
    found, plan = twins.comparison(), twins.plan
    assert found["photos"] == len(open_dataset(twins.workspace, "shapes").split("test"))
    assert found["epochs"] == {"with": [2, 2], "without": [2, 2]}
    for seed, side in plan.order():
        config = twins.training(seed, side).config
        assert config.recipe.training.seed == seed
        assert bool(config.recipe.augmentation.steps) == (side == "with")
        assert config.recipe.augmentation.fill_mode == GENTLE.fill_mode
    assert list_runs(twins.workspace) == []
    run = keep_as_run(twins.training(1, "with"))
    assert keep_as_run(twins.training(1, "with")).name == run.name
    (summary,) = list_runs(twins.workspace)
    assert (summary["state"], summary["has_model"], summary["epochs"]) == ("finished", True, 2)
    accuracy = found["accuracy"]["with"]["seeds"][1]
    assert open_run(twins.workspace, run.name).evaluation()["accuracy"] == accuracy


def test_pairs_are_trained_in_alternating_order_by_the_same_recipe(shapes_workspace):
    plan = plan_of(shapes_workspace, recipe=small_recipe(seed=5), against=STRONG)
    assert plan.seeds == (5, 6, 7)
    assert [side for _, side in plan.order()] == [*SIDES, *SIDES[::-1], *SIDES]
    assert [seed for seed, _ in plan.order()] == [5, 5, 6, 6, 7, 7]
    one, other = (plan.recipe_of(6, side) for side in SIDES)
    assert (one.augmentation, other.augmentation) == (GENTLE, STRONG)
    assert one.model_copy(update={"augmentation": STRONG}) == other
    assert (plan.words("with"), plan.words("without")) == ("with Gentle", "with Strong")
    own = GENTLE.model_copy(update={"name": "own"})
    assert [title_of(recipe) for recipe in (own, GENTLE)] == ["your recipe", "Gentle"]


def test_what_cannot_be_compared_is_refused_with_the_next_step(shapes_workspace):
    with pytest.raises(LoupeError, match="do the same"):
        plan_of(shapes_workspace, NO_AUGMENTATION)
    with pytest.raises(LoupeError, match="do the same"):
        plan_of(shapes_workspace, against=GENTLE.model_copy(update={"name": "another name"}))
    with pytest.raises(NotFound):
        plan_twins(shapes_workspace, "nowhere", small_recipe(), GENTLE)
    dataset = open_dataset(shapes_workspace, "shapes")
    set_splits(dataset, dict.fromkeys(dataset.split("test")["id"], "train"), "No test")
    with pytest.raises(LoupeError, match="no test photos.*other photos judge"):
        plan_of(shapes_workspace)
    assert plan_of(shapes_workspace, split="validation").split == "validation"


def test_comparisons_are_listed_deleted_and_brought_back(shapes_workspace):
    assert list_twins(shapes_workspace) == []
    first = made_up_twins(shapes_workspace, "shapes", seeds=1)
    second = made_up_twins(shapes_workspace, "shapes", seeds=1)
    assert {twins.name for twins in list_twins(shapes_workspace, "shapes")} == {
        first.name,
        second.name,
    }
    assert list_twins(shapes_workspace, "other") == []
    (second.folder / "plan.json").write_text("{}")
    assert [twins.name for twins in list_twins(shapes_workspace)] == [first.name]
    with pytest.raises(LoupeError, match="damaged"):
        _ = open_twins(shapes_workspace, second.name).plan
    token = first.delete()
    with pytest.raises(NotFound, match="no comparison"):
        open_twins(shapes_workspace, first.name)
    restore(shapes_workspace, token)
    assert open_twins(shapes_workspace, first.name).comparison() == first.comparison()


def test_a_comparison_at_work_is_not_deleted(shapes_workspace):
    from core.locks import locked

    twins = made_up_twins(shapes_workspace, "shapes", seeds=2, done=1, state=State.RUNNING)
    with locked(twins.folder / "lock"), pytest.raises(LoupeError, match="Stop it first"):
        twins.delete()
    with pytest.raises(LoupeError, match="not done"):
        keep_as_run(twins.training(1, "with"))
    request_stop(twins.folder)
    assert twins.delete()
