"""The trainings of a comparison: their learning curves, and the way to look into each."""

import streamlit as st

from core.evaluation.metrics import percent
from core.training.twin_plan import SIDES
from core.training.twins import TwinRun, Twins, keep_as_run
from ui import charts, messages, state
from ui.job_view import duration


def curves(twins: Twins) -> None:
    """The accuracy of every training on the validation photos, epoch by epoch, so far."""
    plan = twins.plan
    titles: dict[str, str] = {side: plan.words(side) for side in SIDES}
    metrics = {(seed, side): twins.training(seed, side).metrics() for seed, side in plan.order()}
    known = [row for rows in metrics.values() for row in rows]
    if known and all(row.get("val_accuracy") is None for row in known):
        st.caption("There are no validation photos, so there is nothing to draw curves of.")
        return
    st.html(charts.twin_legend(titles))
    st.vega_lite_chart(
        charts.twin_curves(metrics, titles, plan.recipe.training.epochs is None),
        key=f"twins-curves-{twins.name}",
        alt="Accuracy of every training on the validation photos, epoch by epoch",
    )


def trainings(twins: Twins) -> None:
    """Every training with what came of it; each can be looked at as any other training."""
    plan = twins.plan
    with st.expander("The trainings", icon=":material/model_training:", key="twins-trainings"):
        st.caption(
            "They do not stand in the list of trainings. Look at one, and a copy of it does: "
            "to see its mistakes, to look inside, or to let it judge here."
        )
        for seed, side in plan.order():
            run = twins.training(seed, side)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{_words(run, plan.split)}", width="stretch")
                if run.is_done and st.button(
                    "Look at it",
                    key=f"twins-keep-{run.name}",
                    icon=":material/visibility:",
                    help="Puts a copy among the trainings and opens it.",
                ):
                    _look_at(run)


def _words(run: TwinRun, split: str) -> str:
    if not run.is_done:
        return f"**{run.name}** :gray[not done]"
    result = run.status().result
    return (
        f"**{messages.literal(run.config.title)}**  \n:gray[{percent(result[f'{split}_accuracy'])} "
        f"right, {result['epochs']:,} epochs in {duration(result['seconds'])}]"
    )


def _look_at(run: TwinRun) -> None:
    name = keep_as_run(run).name
    state.go_to("evaluation", {"dataset": run.config.dataset, "run": name})
