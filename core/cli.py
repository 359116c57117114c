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
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

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


class Parser(ArgumentParser):
    """An `ArgumentParser` that answers mistakes like the rest of Loupe.

    Attributes:
        more: What its help ends with, worked out when somebody asks for help.
    """

    more: Callable[[], str] | None = None

    def format_help(self) -> str:
        return super().format_help() + (f"\n{self.more()}\n" if self.more else "")

    def error(self, message: str) -> NoReturn:
        raise LoupeError(
            f"{message[:1].upper()}{message[1:]}.", f"See what is possible: {self.prog} --help"
        )


def parser() -> Parser:
    root = Parser(prog="python -m core", description="Loupe from the command line.")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_import(commands)
    _add(commands, "datasets", "list the data sets")
    _add_attribution(commands)
    check = _add(commands, "check", "look for copies, leaks and spoilt photos in a data set")
    check.add_argument("dataset", metavar="DATASET")
    recipes = _add(commands, "recipes", "list the recipes")
    recipes.add_argument(
        "--settings", action="store_true", help="list instead what --set can change in a training"
    )
    _add(commands, "runs", "list the trainings")
    _add_train(commands)
    _add_choose(commands)
    _add_networks(commands)
    _add_questions(commands)
    _add_attribute(commands)
    _add_suspects(commands)
    _add_twins(commands)
    _add_robustness(commands)
    _add_cross_validate(commands)
    _add_find_rate(commands)
    return root


def _add(commands: _SubParsersAction, name: str, help_text: str) -> Parser:
    command: Parser = commands.add_parser(name, help=help_text, description=help_text)
    command.add_argument("--json", action="store_true", help="answer with one JSON document")
    return command


def _add_import(commands: _SubParsersAction) -> None:
    command = _add(commands, "import", "make a data set from a folder, an archive or a sample")
    command.add_argument(
        "source", metavar="SOURCE", help="folder, archive, sample:pond-insects or sample:digits"
    )
    command.add_argument("--name", help="name of the new data set (default: the source's)")
    command.add_argument("--split", metavar="70/15/15", help="percent to train/validate/test")
    command.add_argument("--seed", type=_whole_number, default=0, help="decides the split")
    command.add_argument(
        "--labels",
        metavar="TABLE.csv|folder:N|name:RULE",
        default="auto",
        help="what says the classes: a table of files and classes, the N-th level of folders, or "
        "a part of the name: before-number, after-number, first-word, last-word "
        "(default: a folder per class)",
    )


def _add_attribution(commands: _SubParsersAction) -> None:
    command = _add(commands, "attribution", "list who took the photos and what they allow")
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--out", metavar="FILE", default="ATTRIBUTION.csv", help="CSV to write")


def _add_train(commands: _SubParsersAction) -> None:
    command = _add(commands, "train", "train a model on a data set")
    command.more = _settings_help
    command.add_argument(
        "dataset", metavar="DATASET", nargs="?", help="may be left out with --from alone"
    )
    command.add_argument(
        "--recipe",
        metavar="NAME",
        help="see the command recipes; or choose, to have one chosen (see the command choose)",
    )
    command.add_argument(
        "--network",
        metavar="NAME_OR_FILE",
        help="a network of your own: a saved one (see the command networks) or a JSON file; "
        "--recipe says the rest (default: small-cnn)",
    )
    command.add_argument(
        "--augmentation",
        metavar="FILE_OR_PRESET",
        help="variations of your own: a JSON file, or the name of a preset or of a saved recipe",
    )
    command.add_argument(
        "--from",
        dest="source",
        metavar="RUN_OR_CONFIG",
        help="a run, or the config.json of one: alone it is repeated exactly; with a DATASET "
        "that one is trained the same way",
    )
    end = command.add_mutually_exclusive_group()
    end.add_argument("--budget", type=_seconds, metavar="SECONDS", help="train so long")
    end.add_argument("--epochs", type=_at_least_one, help="train so many rounds")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change the recipe, for example picture.image_size=64x64; can be repeated",
    )
    command.add_argument("--seed", type=_whole_number, help="decides all chance")
    command.add_argument("--name", help="name of the run (default: made from data set and recipe)")


def _add_choose(commands: _SubParsersAction) -> None:
    command = _add(commands, "choose", "choose a recipe for a data set, and say why")
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument(
        "--minutes", type=_minutes, default=5.0, help="how long training may take (default: 5)"
    )


def _add_networks(commands: _SubParsersAction) -> None:
    command = _add(commands, "networks", "list, write out and take in networks of your own")
    command.add_argument("--export", metavar="NAME", help="write this saved network to --out")
    command.add_argument("--out", metavar="FILE", help="file to write (default: NAME.json)")
    command.add_argument("--import", dest="file", metavar="FILE", help="save the network in FILE")
    command.add_argument("--name", help="the name to save it under (default: its own)")


def _settings_help() -> str:
    from core.commands.settings_text import settings_text
    from core.training.settings import facts

    return "what --set can change in a training:\n" + settings_text(facts())


def _add_questions(commands: _SubParsersAction) -> None:
    evaluate = _add(commands, "evaluate", "measure a run on photos it has not learnt from")
    evaluate.add_argument("run", metavar="RUN")
    evaluate.add_argument("--split", default="test", help="test (default), validation or train")
    evaluate.add_argument(
        "--mirrored", action="store_true", help="compare with the mean over mirror images, too"
    )
    _add_image_size(evaluate)
    predict = _add(commands, "predict", "ask a run what photos show")
    predict.add_argument("run", metavar="RUN")
    predict.add_argument("files", metavar="FILE", nargs="+")
    predict.add_argument(
        "--mirrored", action="store_true", help="the mean over each photo and its mirror image"
    )
    _add_image_size(predict)
    maps = _add(commands, "maps", "draw what the layers see in a photo")
    maps.add_argument("run", metavar="RUN")
    maps.add_argument("file", metavar="FILE")
    maps.add_argument(
        "--layer",
        metavar="NAME",
        default=None,
        help="which layer, or all (default: the first convolution)",
    )
    maps.add_argument("--out", metavar="PNG", help="picture to write")
    maps.add_argument("--npz", metavar="NPZ", help="numbers to write: input and maps")
    _add_image_size(maps)


def _add_attribute(commands: _SubParsersAction) -> None:
    command = _add(commands, "attribute", "find the pixels of a photo that speak for a class")
    command.add_argument("run", metavar="RUN")
    command.add_argument("file", metavar="FILE")
    command.add_argument(
        "--method",
        required=True,
        metavar="METHOD",
        help="grad-cam, grad-cam++, integrated-gradients, smoothgrad or occlusion",
    )
    command.add_argument(
        "--class",
        dest="class_name",
        metavar="NAME",
        help="which class is asked about (default: the one that the model answers with)",
    )
    command.add_argument(
        "--layer", metavar="NAME", help="for Grad-CAM (default: the last with feature maps)"
    )
    command.add_argument(
        "--judged", action="store_true", help="measure insertion and deletion, too"
    )
    command.add_argument("--out", metavar="PNG", help="picture to write")
    command.add_argument("--npz", metavar="NPZ", help="numbers to write: input and attribution")
    _add_image_size(command)


def _add_image_size(command: ArgumentParser) -> None:
    command.add_argument(
        "--image-size",
        type=_size,
        metavar="HEIGHTxWIDTH",
        help="look at the photos at this size, such as 128x128; needs a network trained with "
        "--set open_size=yes (default: the size it learnt from)",
    )


def _add_suspects(commands: _SubParsersAction) -> None:
    command = _add(commands, "suspects", "find photos that may be in the wrong class")
    command.add_argument("dataset", metavar="DATASET")
    teacher = command.add_mutually_exclusive_group()
    teacher.add_argument("--run", metavar="RUN", help="judge by the recipe of a run")
    teacher.add_argument("--recipe", metavar="RECIPE", help="judge by a recipe")
    teacher.add_argument(
        "--pretrained", action="store_true", help="judge by MobileNetV2, whose weights lie here"
    )
    command.add_argument("--folds", type=_number_of_folds, help="parts, 2 to 10 (default: 5)")
    command.add_argument("--repeats", type=_number_of_repeats, help="rounds (default: 1)")
    command.add_argument(
        "--seconds", type=_seconds, metavar="SECONDS", help="time for each part (default: 20)"
    )
    command.add_argument("--seed", type=_whole_number, default=0, help="decides the parts")


def _add_twins(commands: _SubParsersAction) -> None:
    command = _add(commands, "twins", "find out whether an augmentation helps")
    command.add_argument("dataset", metavar="DATASET")
    known = "a JSON file, or the name of a preset or of a saved recipe"
    command.add_argument("--augmentation", required=True, metavar="FILE_OR_PRESET", help=known)
    command.add_argument(
        "--against", metavar="FILE_OR_PRESET", help="what it is compared with (default: none)"
    )
    command.add_argument(
        "--recipe", default="small-cnn", metavar="NAME", help="the network (default: small-cnn)"
    )
    end = command.add_mutually_exclusive_group()
    end.add_argument("--epochs", type=_at_least_one, help="train each twin so many rounds")
    end.add_argument("--minutes", type=_minutes, help="train each twin so long (default: 1)")
    command.add_argument(
        "--seeds", type=_number_of_seeds, default=3, help="pairs of trainings (default: 3)"
    )
    command.add_argument(
        "--judges", choices=["test", "validation"], default="test", help="photos (default: test)"
    )


def _number_of_seeds(text: str) -> int:
    return _between(text, 1, 20)


def _minutes(text: str) -> float:
    return _number_above_zero(text, "minutes")


def _add_robustness(commands: _SubParsersAction) -> None:
    command = _add(commands, "robustness", "ask a run what it withstands, and propose a recipe")
    command.add_argument("run", metavar="RUN")
    command.add_argument(
        "--split",
        choices=("validation", "test"),
        default="validation",
        help="validation (default; choosing a recipe by the test photos would spoil the test)",
    )
    command.add_argument(
        "--photos",
        type=_number_or_all,
        default=200,
        metavar="NUMBER",
        help="at most so many, evenly over the classes, or all (default: 200)",
    )


def _add_cross_validate(commands: _SubParsersAction) -> None:
    command = _add(
        commands,
        "cross-validate",
        "check a recipe several times, each time by other photos that were not learnt from",
    )
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--recipe", required=True, help="see the command recipes")
    command.add_argument(
        "--folds", type=_number_of_parts, default=5, help="parts, 2 to 20 (default: 5)"
    )
    command.add_argument(
        "--repeats", type=_number_of_repeats, default=1, help="rounds, 1 to 5 (default: 1)"
    )
    command.add_argument(
        "--photos",
        choices=("learning", "all"),
        help="training and validation photos (default), or all; where the split made folds, all",
    )
    end = command.add_mutually_exclusive_group()
    end.add_argument("--budget", type=_seconds, metavar="SECONDS", help="train each part so long")
    end.add_argument("--epochs", type=_at_least_one, help="train each part so many rounds")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change the recipe, for example picture.image_size=64x64; can be repeated",
    )
    command.add_argument("--seed", type=_whole_number, help="decides all chance, the dealing too")


def _number_of_parts(text: str) -> int:
    return _between(text, 2, 20)


def _size(text: str) -> tuple[int, int]:
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.isdecimal() and int(side) for side in sides):
        raise ArgumentTypeError(f"expected height and width such as 128x128, received {text!r}")
    return int(sides[0]), int(sides[1])


def _add_find_rate(commands: _SubParsersAction) -> None:
    command = _add(commands, "find-rate", "search a learning rate: half a minute, nothing is kept")
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--recipe", required=True, help="see the command recipes")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change the recipe, for example batch_size=64; can be repeated",
    )


def _number_or_all(text: str) -> int | None:
    return None if text == "all" else _at_least_one(text)


def _number_of_folds(text: str) -> int:
    return _between(text, 2, 10)


def _number_of_repeats(text: str) -> int:
    return _between(text, 1, 5)


def _between(text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ArgumentTypeError(f"expected a whole number from {low} to {high}, received {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    return _number_above_zero(text, "seconds")


def _number_above_zero(text: str, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise ArgumentTypeError(f"expected a number of {unit} above 0, received {text!r}")
    return number


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number above 0, received {text!r}")
    return int(text)


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"expected a whole number from 0, received {text!r}")
    return int(text)


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
