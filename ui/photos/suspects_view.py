"""Suspect labels: look for photos in the wrong class, and decide about each."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.evaluation.decisions import in_force, progress_of, since_search, take_back
from core.evaluation.metrics import percent
from core.evaluation.suspects import JOB, Queue, Suspect, read_queue
from core.evaluation.teacher import Plan, Teacher, seconds_needed, teachers_for
from core.jobs import JobStatus, State, new_job, read_status
from core.launcher import launch
from core.workspace import read_json
from ui import cache, forms, job_view, messages, state
from ui.components.label_bench import label_bench
from ui.palette import class_colors

WHICH = {
    "suspects": ("All suspects", ("class", "none")),
    "class": ("Perhaps another class", ("class",)),
    "none": ("Perhaps none of them", ("none",)),
    "more": ("Further down", ("more", "far")),
}
WHY = (
    "The photos are dealt into parts. Each part is judged by a **teacher** that has learnt from "
    "the other parts only, so nobody learnt a wrong label of yours by heart before being asked "
    "about it. Where such a teacher is sure of another class, either the label is wrong or the "
    "photo is hard. Which of the two, only you can tell. The method is called *confident "
    "learning*."
)
ABOUT_PRETRAINED = (
    "MobileNetV2 looks at each photo once; a simple rule on top learns your classes. The quickest, "
    "and for photos of things the surest."
)
ABOUT_RECIPE = "It learns from nothing, once for each part. Good where the photos are drawings."


def suspects(dataset: Dataset) -> None:
    """The search under way, or what it found, or the form that starts one."""
    folder = search_of(dataset)
    if folder is not None and job_view.is_running(folder):
        st.subheader(":material/person_search: Looking for suspect labels", anchor=False)
        job_view.follow(folder, show_progress, key="suspects-progress")
        return
    if folder is not None:
        how_it_ended(folder)
    queue = read_queue(dataset)
    if queue is None:
        st.subheader("No photo has been checked yet", anchor=False)
        st.markdown(
            "Even careful hands put some photos into the wrong folder, and a model learns "
            "those too. A teacher names the photos whose class it doubts, and you decide."
        )
        search_form(dataset)
        return
    found(dataset, since_search(dataset, queue))
    with st.expander("Look again, or with another teacher", icon=":material/person_search:"):
        search_form(dataset)


def search_of(dataset: Dataset) -> Path | None:
    """The search on this data set that is at work, else the last one of this visit."""
    running = job_view.find_job(JOB)
    if running is not None and _is_about(running, dataset):
        return running
    name = state.get("suspects-job")
    folder = cache.workspace().jobs / str(name)
    return folder if name and folder.is_dir() and _is_about(folder, dataset) else None


def _is_about(folder: Path, dataset: Dataset) -> bool:
    return read_json(folder / "job.json")["arguments"].get("dataset") == dataset.name


def show_progress(folder: Path, status: JobStatus) -> None:
    job_view.progress(folder, status)
    if not status.state.is_over:
        st.caption("You can leave this page. What is done is kept when you stop.")


def how_it_ended(folder: Path) -> None:
    status = read_status(folder)
    if status.state is State.STOPPED:
        st.info(
            "Stopped. Parts that were done are kept: start it again and it goes on from there.",
            icon=":material/info:",
        )
    else:
        job_view.ending(status)


def search_form(dataset: Dataset) -> None:
    """Which teacher, how thoroughly, for how long, and the button."""
    teachers = teachers_for(cache.workspace(), dataset.name)
    place = st.selectbox(
        "Teacher",
        range(len(teachers)),
        format_func=lambda number: teacher_words(teachers[number]),
        key=f"suspects-teacher-{dataset.name}",
    )
    teacher = teachers[place]
    pretrained = teacher.kind == "pretrained"
    st.caption(ABOUT_PRETRAINED if pretrained else ABOUT_RECIPE)
    fields = ("folds", "repeats") if pretrained else ("seconds", "folds", "repeats")
    with st.expander("How thoroughly", icon=":material/tune:"):
        plan = forms.model_form(Plan, None, f"suspects-plan-{teacher.kind}", fields)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Look for suspects", type="primary", icon=":material/person_search:", key="suspects-go"
        ):
            start_search(dataset, teacher, plan)
        seconds = seconds_needed(teacher, plan, len(dataset.used))
        if seconds is not None:
            st.caption(f"About {job_view.duration(seconds)} for {len(dataset.used):,} photos")
        messages.why(WHY)


def teacher_words(teacher: Teacher) -> str:
    if teacher.kind == "pretrained":
        return f"{teacher.title} (quick)"
    if not teacher.run:
        return f"{teacher.title}, trained for this"
    tested = (cache.run(teacher.run).evaluation() or {}).get("accuracy")
    return teacher.title + (f" (test accuracy {percent(tested)})" if tested is not None else "")


def start_search(dataset: Dataset, teacher: Teacher, plan: Plan) -> None:
    """Launches the search as a job of its own."""
    arguments: dict[str, Any] = {
        "dataset": dataset.name,
        "teacher": teacher.model_dump(mode="json"),
        "plan": plan.model_dump(mode="json"),
    }
    folder = new_job(cache.workspace(), JOB, arguments, f"Suspect labels of {dataset.title}")
    launch(folder)
    state.put("suspects-job", folder.name)
    st.rerun()


def found(dataset: Dataset, queue: Queue) -> None:
    """What the teacher said in a sentence, the workbench, and what is done."""
    about = queue.about
    st.markdown(
        f"**{photos(len(queue.of_kind('class')))}** may belong to another class and "
        f"**{photos(len(queue.of_kind('none')))}** may show none of them. "
        f":gray[{about['teacher']} agrees with {percent(about['accuracy'])} of "
        f"{about['photos']:,} labels.]"
    )
    if about["dataset_version"] not in dataset.history:
        st.caption(":material/history: The search looked at a version that was undone since.")
    summary(dataset)
    kinds = choose_kinds(queue)
    items = shown(dataset, queue.of_kind(*kinds))
    if not items:
        st.info("Nothing here to decide about.", icon=":material/task_alt:")
        return
    if label_bench(
        key="label-bench",
        dataset=dataset.name,
        session=f"{about['created']} {'-'.join(kinds)}",
        classes=[{"name": n, "color": c} for n, c in class_colors(dataset.class_names).items()],
        items=items,
        typical=queue.typical,
    ):
        st.rerun()


def choose_kinds(queue: Queue) -> tuple[str, ...]:
    """Which part of the queue; the address remembers it."""
    asked = state.address("queue")
    state.set_widget("suspects-queue", asked if asked in WHICH else "suspects")
    chosen = st.segmented_control(
        "Which photos",
        list(WHICH),
        required=True,
        format_func=lambda name: f"{WHICH[name][0]} ({len(queue.of_kind(*WHICH[name][1])):,})",
        key="suspects-queue",
        label_visibility="collapsed",
        on_change=lambda: state.set_address("queue", state.widget("suspects-queue")),
        wrap=True,
    )
    return WHICH[str(chosen)][1]


def shown(dataset: Dataset, suspects: list[Suspect]) -> list[dict[str, Any]]:
    """The suspects for the workbench: those as the search saw them, and those decided."""
    decided = in_force(dataset)
    rows = dataset.manifest.set_index("id")
    items = []
    for suspect in suspects:
        row, decision = rows.loc[suspect.id], decided.get(suspect.id)
        if decision is None and (row["excluded"] or row["label"] != suspect.label):
            continue
        mark = {"action": decision.action, "label": decision.label} if decision else None
        items.append(
            {
                "id": suspect.id,
                "name": row["source_file"],
                "label": suspect.label,
                "proposed": suspect.proposed,
                "kind": suspect.kind,
                "reason": suspect.reason,
                "probabilities": suspect.probabilities,
                "decision": mark,
            }
        )
    return items


def summary(dataset: Dataset) -> None:
    """What was decided so far, the way to train on it, and the way back."""
    done = progress_of(dataset)
    if not any(done[action] for action in ("keep", "move", "exclude")):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/task_alt: Decided so far: **{done['move']} moved**, "
            f"**{done['exclude']} excluded**, **{done['keep']} kept**.",
            width="stretch",
        )
        st.button(
            "Take back the last one",
            icon=":material/undo:",
            key="suspects-undo",
            on_click=undo_last,
            args=(dataset.name,),
        )
        if done["move"] or done["exclude"]:
            state.page_link(
                "training",
                "Train again on the cleaned photos",
                icon=":material/arrow_forward:",
                as_button=True,
            )


def undo_last(name: str) -> None:
    with messages.guard():
        take_back(cache.workspace(), name)
