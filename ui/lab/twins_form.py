"""What the twins are to be: against what, which network, how long, how often, judged by whom."""

from typing import Any, Literal

import streamlit as st

from core.augmentation.comparing import differences
from core.augmentation.presets import DESCRIBED, PRESETS
from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.saved import list_saved
from core.datasets.dataset import Dataset
from core.evaluation.power import USUAL_ACCURACY, expected_disagreement
from core.evaluation.twin_words import are_few, power_sentence
from core.launcher import launch
from core.training.recipes import Recipe, list_recipes
from core.training.twin_plan import plan_twins, title_of, without_steps
from core.training.twins import create_twins, find_unfinished
from ui import cache, job_view, messages, state
from ui.lab.lab import Lab
from ui.model_choice import recipe_to_train
from ui.settings.choice import chosen_training
from ui.settings.length import BUDGETS, BY_EPOCHS, DEFAULT_BUDGET, DEFAULT_EPOCHS, MOST_EPOCHS

NOTHING = "nothing"
SEEDS = (1, 3, 5)
SPLIT_WORDS = {"test": "Test", "validation": "Validation"}
# On two cores, around a training: building the network, keeping it, asking it.
SECONDS_AROUND = 5.0
WHY = (
    "Every training begins with random numbers. Two trainings of the same network on the same "
    "photos can differ by several points for no other reason. Twins begin with **the same** "
    "numbers and see the photos in the same order; still, one pair is one throw of the dice. "
    "Three pairs show how far the throws lie apart, and the verdict takes that into account. "
    "Between the trainings the order changes (A B, B A, A B), so that whatever slows the "
    "computer down meanwhile favours neither."
)
VALIDATION_NOTE = (
    "The validation photos also decide which epoch of a training is kept. That flatters both "
    "twins alike, so the difference is fair; the accuracies are a little too good."
)


def start_form(lab: Lab) -> None:
    """Everything that can be chosen, with good choices already made, and the button."""
    dataset = cache.dataset(str(lab.dataset_name))
    key = f"twins-{dataset.name}"
    left, right = st.columns(2)
    with left:
        against = _against(lab.recipe, key)
    with right:
        network = _network(dataset, key)
    recipe = _how_long(network, key)
    left, right = st.columns(2)
    with left:
        seeds = _seeds(key)
    with right:
        split = _split(dataset, key)
    if split is None:
        return
    _power(dataset, split)
    same = not differences(lab.recipe, against)
    if same:
        st.info(
            "Both recipes do the same to the photos. Switch a step on in the recipe beside this, "
            "or choose another one to compare with.",
            icon=":material/info:",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Train the twins",
            type="primary",
            icon=":material/balance:",
            key=f"{key}.start",
            disabled=same,
        ):
            _start(lab, recipe, against, seeds, split)
        st.caption(_estimate(dataset, recipe, seeds))
        messages.why(WHY)


def _against(recipe: AugmentationRecipe, key: str) -> AugmentationRecipe:
    saved = list_saved(cache.workspace())
    names = {NOTHING: "No augmentation"}
    names |= {f"preset {name}": DESCRIBED[name].title for name in PRESETS if name != "none"}
    names |= {f"saved {name}": f"{kept.name} (saved)" for name, kept in saved.items()}
    chosen = str(
        st.selectbox(
            f"Compare {title_of(recipe)} with",
            list(names),
            format_func=lambda name: names[name],
            key=f"{key}.against",
        )
    )
    kind, _, name = chosen.partition(" ")
    if kind == "preset":
        return PRESETS[name]
    return saved[name] if kind == "saved" else without_steps(recipe)


def _network(dataset: Dataset, key: str) -> Recipe:
    """The network chosen for these photos, or another one that comes with Loupe; each with the
    settings that were chosen for it on the page Training."""
    chosen = recipe_to_train(dataset.name)
    recipes = [chosen, *(one for one in list_recipes() if one.name != chosen.name)]
    place = st.selectbox(
        "Network",
        range(len(recipes)),
        format_func=lambda number: recipes[number].title,
        key=f"{key}.network.{chosen.name}",
        help="Both twins are this one. The first is what the page Model says. What helps one "
        "network need not help another. What was changed on the page Training counts.",
    )
    training = chosen_training(dataset.name, recipes[place])
    return recipes[place].model_copy(update={"training": training})


def _how_long(recipe: Recipe, key: str) -> Recipe:
    chosen = st.segmented_control(
        "How long is each trained?",
        [*BUDGETS, BY_EPOCHS],
        default=DEFAULT_BUDGET,
        required=True,
        key=f"{key}.length",
        help="Augmentation takes time and pays late: short trainings often show nothing of it, "
        "or harm. By time, the twin that varies its photos gets through fewer epochs.",
        wrap=True,
    )
    epochs, budget = None, BUDGETS.get(str(chosen))
    if budget is None:
        asked = st.number_input(
            "Epochs: how often each looks at every photo",
            1,
            MOST_EPOCHS,
            DEFAULT_EPOCHS,
            key=f"{key}.epochs",
        )
        epochs = int(asked)
    end: dict[str, Any] = {"epochs": epochs, "budget_seconds": budget}
    return recipe.model_copy(update={"training": recipe.training.model_copy(update=end)})


def _seeds(key: str) -> int:
    return int(
        st.segmented_control(
            "How many pairs?",
            SEEDS,
            default=3,
            required=True,
            key=f"{key}.seeds",
            help="Each pair begins with random numbers of its own. One is quick and can deceive.",
        )
    )


def _split(dataset: Dataset, key: str) -> Literal["test", "validation"] | None:
    """Which photos judge; None where there are none, which is said with the next step."""
    counts = dataset.split_counts()
    possible = [split for split in SPLIT_WORDS if counts[split]]
    if "test" not in possible:
        _no_test_photos(bool(possible))
    if not possible:
        return None
    chosen = st.segmented_control(
        "Which photos judge?",
        possible,
        default=possible[0],
        required=True,
        format_func=lambda split: f"{SPLIT_WORDS[split]} ({counts[split]:,})",
        key=f"{key}.split.{'-'.join(possible)}",
        help=VALIDATION_NOTE,
        wrap=True,
    )
    return "test" if chosen == "test" else "validation"


def _no_test_photos(others: bool) -> None:
    rest = " Until then the validation photos can judge." if others else ""
    st.warning(
        "This data set has no test photos, kept apart for questions like this one. Put some aside "
        f"in the view Split of the photos.{rest}",
        icon=":material/call_split:",
    )
    state.page_link(
        "photos", "Go to the split", icon=":material/arrow_forward:", params={"view": "split"}
    )


def _power(dataset: Dataset, split: str) -> None:
    """What these photos will be able to show, before any time is spent."""
    count = dataset.split_counts()[split]
    sentence = power_sentence(count, split, expected_disagreement(_accuracy(dataset.name)))
    if are_few(count):
        st.warning(f"{sentence} More photos would show smaller ones.", icon=":material/scale:")
    else:
        st.caption(f":material/scale: {sentence}")


def _accuracy(dataset_name: str) -> float:
    """How often a network is right on these photos, as far as earlier trainings tell."""
    tested = [run["test_accuracy"] for run in cache.runs(dataset_name)]
    return next((share for share in tested if share is not None), USUAL_ACCURACY)


def _estimate(dataset: Dataset, recipe: Recipe, seeds: int) -> str:
    count, training = 2 * seeds, recipe.training
    what = f"{count} trainings on {len(dataset.split('train')):,} photos"
    each = training.budget_seconds
    if each is None:
        per_epoch = _seconds_per_epoch(dataset.name, recipe.name)
        if per_epoch is None:
            return f"{what}; how long that takes shows after the first epochs"
        each = per_epoch * (training.epochs or 1)
    return f"{what}, about {job_view.duration(count * (each + SECONDS_AROUND))}"


def _seconds_per_epoch(dataset_name: str, recipe_name: str) -> float | None:
    """What an epoch took in the newest finished training of this network on these photos."""
    for run in cache.runs(dataset_name):
        if run["recipe"] == recipe_name and run["state"] == "finished" and run["epochs"]:
            return float(run["seconds"]) / float(run["epochs"])
    return None


def _start(
    lab: Lab,
    recipe: Recipe,
    against: AugmentationRecipe,
    seeds: int,
    split: Literal["test", "validation"],
) -> None:
    """Begins the comparison, or goes on with the same one where it was cut short."""
    workspace = cache.workspace()
    plan = plan_twins(workspace, str(lab.dataset_name), recipe, lab.recipe, against, seeds, split)
    twins = find_unfinished(workspace, plan) or create_twins(workspace, plan)
    launch(twins.folder)
    state.set_address("twins", twins.name)
    state.rerun_part()
