"""`robustness`: what a run withstands, asked in this very process."""

from argparse import Namespace
from typing import Any

from core.augmentation.strength import LEVELS
from core.commands.jobs import run_to_end
from core.errors import LoupeError
from core.evaluation.findings import Findings, read_robustness
from core.evaluation.label_safety import Turn
from core.evaluation.recipe_proposal import Proposal
from core.evaluation.robustness import JOB
from core.evaluation.severity_curves import LEVEL_WORDS, Curve
from core.jobs import new_job
from core.progress import Progress
from core.training.runs import open_run
from core.workspace import Workspace


def run_robustness(workspace: Workspace, options: Namespace, progress: Progress) -> dict[str, Any]:
    run = open_run(workspace, options.run)
    arguments = {"run": run.name, "split": options.split, "limit": options.photos}
    folder = new_job(workspace, JOB, arguments, f"Robustness of {run.name}")
    run_to_end(folder, progress)
    found = read_robustness(run, options.split)
    if found is None:
        raise LoupeError("The report cannot be read again.", "Ask once more.")
    return _document(found, run.name, options.split)


def _document(found: Findings, run_name: str, split: str) -> dict[str, Any]:
    return {
        "run": run_name,
        "split": split,
        "photos": len(found.report.ids),
        "asked": found.asked,
        "accuracy": found.accuracy,
        "summary": f"{found.summary} {found.precision}",
        "levels": list(LEVEL_WORDS),
        "curves": [_curve(curve) for curve in found.curves],
        "proposal": _proposal(found.proposal()),
        "unsafe": [_turn(turn) for turn in found.turns],
        "unjudged": found.unjudged,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    """The strengths of the strip, of which a step that only happens or not has two."""
    places = range(2) if curve.is_switch else [curve.at_level(level) for level in range(LEVELS)]
    return {
        "kind": curve.kind,
        "label": curve.label,
        "values": [curve.values[place] for place in places],
        "accuracy": [float(curve.accuracy[place]) for place in places],
        "interval": [curve.band[place].tolist() for place in places],
        "chance": [float(curve.chance[place]) for place in places],
        "holds": curve.holds_words,
        "classes": {
            name: [float(curve.by_class(place)[number]) for place in places]
            for number, name in enumerate(curve.class_names)
        },
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "recipe": proposal.recipe.model_dump(mode="json"),
        "steps": [
            {
                "kind": judged.kind,
                "label": judged.label,
                "verdict": judged.verdict,
                "reason": judged.reason,
            }
            for judged in proposal.steps
        ],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    names = turn.names
    return {
        "kind": turn.kind,
        "step": turn.label,
        "class": names[turn.first],
        "taken_for": names[turn.second],
        "taken": turn.taken,
        "photos": turn.photos,
        "confidence": turn.confidence,
        "safe_until": turn.safe,
        "sentence": turn.sentence,
        "advice": turn.advice,
    }
