"""The words of the commands about photos."""

from argparse import _SubParsersAction

from core.commands.argument_types import number_of_folds, number_of_repeats, seconds, whole_number
from core.commands.parser import add_command


def add_import(commands: _SubParsersAction) -> None:
    """`import`."""
    command = add_command(
        commands, "import", "make a data set from a folder, an archive or a sample"
    )
    command.add_argument(
        "source", metavar="SOURCE", help="folder, archive, sample:pond-insects or sample:digits"
    )
    command.add_argument("--name", help="name of the new data set (default: the source's)")
    command.add_argument("--split", metavar="70/15/15", help="percent to train/validate/test")
    command.add_argument("--seed", type=whole_number, default=0, help="decides the split")
    command.add_argument(
        "--labels",
        metavar="TABLE.csv|folder:N|name:RULE",
        default="auto",
        help="what says the classes: a table of files and classes, the N-th level of folders, or "
        "a part of the name: before-number, after-number, first-word, last-word "
        "(default: a folder per class)",
    )


def add_attribution(commands: _SubParsersAction) -> None:
    """`attribution`."""
    command = add_command(commands, "attribution", "list who took the photos and what they allow")
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--out", metavar="FILE", default="ATTRIBUTION.csv", help="CSV to write")


def add_suspects(commands: _SubParsersAction) -> None:
    """`suspects`."""
    command = add_command(commands, "suspects", "find photos that may be in the wrong class")
    command.add_argument("dataset", metavar="DATASET")
    teacher = command.add_mutually_exclusive_group()
    teacher.add_argument("--run", metavar="RUN", help="judge by the recipe of a run")
    teacher.add_argument("--recipe", metavar="RECIPE", help="judge by a recipe")
    teacher.add_argument(
        "--pretrained", action="store_true", help="judge by MobileNetV2, whose weights lie here"
    )
    command.add_argument("--folds", type=number_of_folds, help="parts, 2 to 10 (default: 5)")
    command.add_argument("--repeats", type=number_of_repeats, help="rounds (default: 1)")
    command.add_argument(
        "--seconds", type=seconds, metavar="SECONDS", help="time for each part (default: 20)"
    )
    command.add_argument("--seed", type=whole_number, default=0, help="decides the parts")
