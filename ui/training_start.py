"""What a new training will do: for how long, on which pictures, with which settings."""

from html import escape

import streamlit as st

from core.launcher import launch
from core.models.backbones import Backbone
from core.training.config import TrainingConfig
from core.training.recipes import Recipe
from core.training.runs import Run, create_run
from ui import cache, forms, messages, recipe_editor, state
from ui.backbone_view import copies_words
from ui.model_choice import recipe_to_train
from ui.training_memory import memory_line

BUDGETS = {"30 s": 30.0, "1 min": 60.0, "3 min": 180.0, "10 min": 600.0}
DEFAULT_BUDGET = "1 min"
BY_EPOCHS = "Epochs"
DEFAULT_EPOCHS = 10
MOST_EPOCHS = 1000
ADVANCED = (
    "optimizer",
    "learning_rate",
    "schedule",
    "weight_decay",
    "label_smoothing",
    "batch_size",
    "seed",
)


def start_form(dataset_name: str) -> None:
    """Everything that can be chosen, with good choices already made, and the button."""
    recipe = recipe_to_train(dataset_name)
    key = f"train-{dataset_name}-{recipe.name}"
    _plan(dataset_name, recipe)
    epochs, budget = _how_long(recipe.training, key)
    start = recipe.training.model_copy(update={"epochs": epochs, "budget_seconds": budget})
    with st.expander("Advanced settings", icon=":material/tune:"):
        chosen = forms.model_form(TrainingConfig, start, key, ADVANCED)
    training = chosen.model_copy(update={"epochs": epochs, "budget_seconds": budget})
    memory_line(dataset_name, recipe.model_copy(update={"training": training}))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Start training", type="primary", icon=":material/play_arrow:", key=f"{key}.start"
        ):
            start_training(dataset_name, recipe.model_copy(update={"training": training}))
        place = st.empty()
    place.caption("Trains on: …")
    place.caption(f"Trains on: {_device()}")


def start_training(dataset_name: str, recipe: Recipe) -> None:
    """Creates a run, launches it and shows it."""
    run = create_run(cache.workspace(), dataset_name, recipe)
    _launch(run)


def train_again(run: Run) -> None:
    """The same training once more, as a new run."""
    _launch(run.duplicate())


def _launch(run: Run) -> None:
    launch(run.folder)
    state.select_run(run.name)
    st.rerun()


def _plan(dataset_name: str, recipe: Recipe) -> None:
    """Which network and which variations, each with the link to change it."""
    height, width = recipe.picture.image_size
    steps = [step.kind.replace("_", " ") for step in recipe.augmentation.steps if step.enabled]
    kept = state.augmentation_is_kept(dataset_name)
    whose = "yours" if kept else "the network's own"
    variations = f"{', '.join(steps)} ({whose})" if steps else f"none ({whose})"
    if isinstance(recipe.architecture, Backbone):
        variations = copies_words(recipe.architecture, variations)
    rows = {
        "Network": f"{recipe.title}, pictures of {height} × {width}",
        "Variations of every photo": variations,
    }
    cells = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows.items())
    st.html(f"<style>{PLAN_CSS}</style><dl class='lp-plan'>{cells}</dl>")
    instead = "This training would use the network's own variations."
    recipe_editor.tell_of_unread(dataset_name, instead)
    with st.container(horizontal=True):
        state.page_link("model", "Change the network", icon=":material/layers:")
        state.page_link(
            "augmentation", "Change the variations", icon=":material/auto_awesome_motion:"
        )


def _how_long(training: TrainingConfig, key: str) -> tuple[int | None, float | None]:
    """Epochs or seconds, the other one None."""
    first = DEFAULT_BUDGET if training.epochs is None else BY_EPOCHS
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        chosen = st.segmented_control(
            "How long may it take?",
            [*BUDGETS, BY_EPOCHS],
            default=first,
            required=True,
            key=f"{key}.length",
            help="It uses the whole time and slows its learning towards the end. You can stop "
            "earlier and keep what was learnt.",
        )
    if chosen in BUDGETS:
        return None, BUDGETS[chosen]
    with right:
        epochs = st.number_input(
            "Epochs: how often it looks at every photo",
            1,
            MOST_EPOCHS,
            training.epochs or DEFAULT_EPOCHS,
            key=f"{key}.epochs",
        )
    return int(epochs), None


def _device() -> str:
    with messages.guard():
        return str(cache.remembered(ask_device))
    return "this computer"


def ask_device() -> str:
    """What will compute, as the engine sees it: "CPU, 2 cores"."""
    return str(cache.engine().call("core.training.device:device_name"))


PLAN_CSS = """
.lp-plan.lp-plan {display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem;
  margin: 0; padding: 0}
.lp-plan dt {opacity: .75}
.lp-plan dd {margin: 0; font-weight: 500}
@media (max-width: 640px) {.lp-plan.lp-plan {grid-template-columns: 1fr; gap: .1rem}
  .lp-plan dd {margin-bottom: .5rem}}
"""
