"""The trained run that the pages after the training are about, or what to do without one."""

from core.training.runs import Run
from ui import cache, messages, state


def finished_run(purpose: str) -> Run | None:
    """The current run when it has a model; else tells what to do and returns None.

    Args:
        purpose: What the page does once there is one: "Here you see how good it is".

    Raises:
        NotFound: If the address names a run that does not exist.
    """
    name = state.current_run_name()
    if name is None:
        _nothing_trained(purpose)
        return None
    run = cache.run(name)
    if run.has_model:
        return run
    if run.status().state.is_over:
        messages.empty_state(
            f"{name} has no trained model",
            "It ended before it had learnt anything. Train again, or choose another run.",
            page="training",
            label="Go to training",
        )
    else:
        messages.empty_state(
            f"{name} is still being trained",
            f"{purpose} as soon as it has learnt a little.",
            page="training",
            label="Watch the training",
            icon=":material/hourglass_top:",
        )
    return None


def _nothing_trained(purpose: str) -> None:
    has_photos = state.current_dataset_name() is not None
    messages.empty_state(
        "No network has been trained yet",
        f"{purpose} after the first training, which takes about a minute."
        + ("" if has_photos else " It starts with a folder of photos for each class."),
        page="training" if has_photos else "photos",
        label="Go to training" if has_photos else "Bring your photos",
    )
