"""The command line: `python -m core COMMAND … [--json]`.

One document on stdout, everything else on stderr. Exit 0; 2 with a plain sentence for what
a person can put right; 1 for a fault of Loupe's own, which is written to a log.
"""

import importlib
import json
import math
import os
import sys
import time
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.commands.parser import Parser, add_command
from core.commands.photo_arguments import add_attribution, add_import, add_suspects
from core.commands.question_arguments import add_attribute, add_questions, add_robustness
from core.commands.training_arguments import (
    add_choose,
    add_cross_validate,
    add_find_rate,
    add_networks,
    add_train,
    add_twins,
)
from core.console import TerminalProgress, document_only
from core.errors import LoupeError
from core.workspace import open_workspace

# Looked up when asked for: listing data sets need not wait for what evaluating imports.
COMMANDS = {
    "import": "core.commands.datasets:run_import",
    "datasets": "core.commands.datasets:run_datasets",
    "attribution": "core.commands.attribution:run_attribution",
    "check": "core.commands.datasets:run_check",
    "recipes": "core.commands.runs:run_recipes",
    "runs": "core.commands.runs:run_runs",
    "train": "core.commands.training:run_train",
    "choose": "core.commands.choose:run_choose",
    "networks": "core.commands.networks:run_networks",
    "evaluate": "core.commands.runs:run_evaluate",
    "predict": "core.commands.runs:run_predict",
    "maps": "core.commands.inside:run_maps",
    "attribute": "core.commands.inside:run_attribute",
    "suspects": "core.commands.suspects:run_suspects",
    "twins": "core.commands.twins:run_twins",
    "robustness": "core.commands.robustness:run_robustness",
    "cross-validate": "core.commands.cross_validate:run_cross_validate",
    "find-rate": "core.commands.find_rate:run_find_rate",
}


def parser() -> Parser:
    """All commands with their words."""
    root = Parser(prog="python -m core", description="Loupe from the command line.")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_import(commands)
    add_command(commands, "datasets", "list the data sets")
    add_attribution(commands)
    check = add_command(commands, "check", "look for copies, leaks and spoilt photos in a data set")
    check.add_argument("dataset", metavar="DATASET")
    recipes = add_command(commands, "recipes", "list the recipes")
    recipes.add_argument(
        "--settings", action="store_true", help="list instead what --set can change in a training"
    )
    add_command(commands, "runs", "list the trainings")
    add_train(commands)
    add_choose(commands)
    add_networks(commands)
    add_questions(commands)
    add_attribute(commands)
    add_suspects(commands)
    add_twins(commands)
    add_robustness(commands)
    add_cross_validate(commands)
    add_find_rate(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code: 0, 1 or 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        options = parser().parse_args(arguments)
        with document_only() as stdout:
            document = _run(options)
            stdout.write(_as_json(document) if options.json else _as_text(options, document))
            stdout.write("\n")
        return 0
    except LoupeError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped before it was finished.")
    except BrokenPipeError:
        return _fail("Nobody reads the answer any more.")
    except Exception:
        return _fail(_logged(traceback.format_exc()), code=1)


def _run(options: Namespace) -> Any:
    module, function = COMMANDS[options.command].split(":")
    progress = TerminalProgress()
    try:
        command = getattr(importlib.import_module(module), function)
        return command(open_workspace(), options, progress)
    finally:
        progress.close()


def _as_json(document: Any) -> str:
    return json.dumps(_finite(document), ensure_ascii=False, indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    """JSON knows no NaN and no infinity: null stands for them."""
    if isinstance(value, dict):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _as_text(options: Namespace, document: Any) -> str:
    from core.commands.text import TEXTS

    return TEXTS[options.command](document)


def _fail(sentence: str, code: int = 2) -> int:
    print(sentence, file=sys.stderr)
    return code


def _logged(problem: str) -> str:
    try:
        log = open_workspace().root / "command-line.log"
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sys.argv}\n{problem}\n")
    except (OSError, LoupeError):
        return f"Something went wrong, and no log could be written.\n{problem}"
    return f"Something went wrong. What happened is written in {Path(log)}."
