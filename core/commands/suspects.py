"""`suspects`: photos that may be in the wrong class, found in this very process."""

from argparse import Namespace
from typing import Any

from pydantic import ValidationError

from core.commands.jobs import run_to_end
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.evaluation.decisions import undecided
from core.evaluation.suspects import JOB, read_queue
from core.evaluation.teacher import (
    PRETRAINED,
    Plan,
    Teacher,
    from_recipe,
    from_run,
    require_pretrained,
    teachers_for,
)
from core.expected import expected
from core.jobs import new_job
from core.progress import Progress
from core.workspace import Workspace


def run_suspects(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    dataset = open_dataset(workspace, options.dataset)
    teacher = _teacher(workspace, options)
    plan = _plan(options)
    arguments = {
        "dataset": dataset.name,
        "teacher": teacher.model_dump(mode="json"),
        "plan": plan.model_dump(mode="json"),
    }
    folder = new_job(workspace, JOB, arguments, f"Suspect labels of {dataset.title}")
    status = run_to_end(folder, progress)
    return _answer(workspace, status.result | {"seconds": round(status.seconds_elapsed, 2)})


def _plan(options: Namespace) -> Plan:
    asked = {name: getattr(options, name) for name in ("folds", "repeats", "seconds", "seed")}
    try:
        return Plan.model_validate({name: said for name, said in asked.items() if said is not None})
    except ValidationError as error:
        problem = error.errors()[0]
        raise LoupeError(f"--{problem['loc'][0]} does not fit: {expected(problem)}.") from error


def _teacher(workspace: Workspace, options: Namespace) -> Teacher:
    if options.pretrained:
        require_pretrained()
        return PRETRAINED
    if options.run:
        return from_run(workspace, options.run)
    if options.recipe:
        return from_recipe(options.recipe)
    return teachers_for(workspace, options.dataset)[0]


def _answer(workspace: Workspace, result: dict[str, Any]) -> dict[str, Any]:
    dataset = open_dataset(workspace, result["dataset"])
    queue = read_queue(dataset)
    waiting = undecided(dataset, queue.of_kind("class", "none")) if queue else []
    files = dict(zip(dataset.manifest["id"], dataset.manifest["source_file"], strict=True))
    return result | {
        "queue": [
            {
                "id": suspect.id,
                "file": files[suspect.id],
                "label": suspect.label,
                "proposed": suspect.proposed if suspect.kind == "class" else None,
                "score": suspect.score,
                "reason": suspect.reason,
            }
            for suspect in waiting
        ]
    }
