"""The words of the commands that train."""

from argparse import ArgumentParser, _SubParsersAction

from core.commands.argument_types import (
    at_least_one,
    minutes,
    number_of_parts,
    number_of_repeats,
    number_of_seeds,
    seconds,
    whole_number,
)
from core.commands.parser import add_command


def add_train(commands: _SubParsersAction) -> None:
    """`train`."""
    command = add_command(commands, "train", "train a model on a data set")
    command.more = _settings_help
    command.add_argument(
        "dataset", metavar="DATASET", nargs="?", help="may be left out with --from alone"
    )
    command.add_argument(
        "--recipe",
        metavar="NAME",
        help="see the command recipes; or choose, to have one chosen (see the command choose)",
    )
    _add_own_parts(command)
    command.add_argument(
        "--from",
        dest="source",
        metavar="RUN_OR_CONFIG",
        help="a run, or the config.json of one: alone it is repeated exactly; with a DATASET "
        "that one is trained the same way",
    )
    end = command.add_mutually_exclusive_group()
    end.add_argument("--budget", type=seconds, metavar="SECONDS", help="train so long")
    end.add_argument("--epochs", type=at_least_one, help="train so many rounds")
    _add_changes(command, "picture.image_size=64x64")
    command.add_argument("--seed", type=whole_number, help="decides all chance")
    command.add_argument("--name", help="name of the run (default: made from data set and recipe)")


def _settings_help() -> str:
    from core.commands.settings_text import settings_text
    from core.training.settings import facts

    return "what --set can change in a training:\n" + settings_text(facts())


def add_choose(commands: _SubParsersAction) -> None:
    """`choose`."""
    command = add_command(commands, "choose", "choose a recipe for a data set, and say why")
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument(
        "--minutes", type=minutes, default=5.0, help="how long training may take (default: 5)"
    )


def add_networks(commands: _SubParsersAction) -> None:
    """`networks`."""
    command = add_command(commands, "networks", "list, write out and take in networks of your own")
    command.add_argument("--export", metavar="NAME", help="write this saved network to --out")
    command.add_argument("--out", metavar="FILE", help="file to write (default: NAME.json)")
    command.add_argument("--import", dest="file", metavar="FILE", help="save the network in FILE")
    command.add_argument("--name", help="the name to save it under (default: its own)")


def add_find_rate(commands: _SubParsersAction) -> None:
    """`find-rate`."""
    command = add_command(
        commands, "find-rate", "search a learning rate: half a minute, nothing is kept"
    )
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--recipe", required=True, help="see the command recipes")
    _add_changes(command, "batch_size=64")


def add_cross_validate(commands: _SubParsersAction) -> None:
    """`cross-validate`."""
    command = add_command(
        commands,
        "cross-validate",
        "check a recipe several times, each time by other photos that were not learnt from",
    )
    command.add_argument("dataset", metavar="DATASET")
    command.add_argument("--recipe", metavar="NAME", help="see the command recipes")
    _add_own_parts(command)
    command.add_argument(
        "--folds", type=number_of_parts, default=5, help="parts, 2 to 20 (default: 5)"
    )
    command.add_argument(
        "--repeats", type=number_of_repeats, default=1, help="rounds, 1 to 5 (default: 1)"
    )
    command.add_argument(
        "--photos",
        choices=("learning", "all"),
        help="training and validation photos (default), or all; where the split made folds, all",
    )
    end = command.add_mutually_exclusive_group()
    end.add_argument("--budget", type=seconds, metavar="SECONDS", help="train each part so long")
    end.add_argument("--epochs", type=at_least_one, help="train each part so many rounds")
    _add_changes(command, "picture.image_size=64x64")
    command.add_argument("--seed", type=whole_number, help="decides all chance, the dealing too")


def add_twins(commands: _SubParsersAction) -> None:
    """`twins`."""
    command = add_command(commands, "twins", "find out whether an augmentation helps")
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
    end.add_argument("--epochs", type=at_least_one, help="train each twin so many rounds")
    end.add_argument("--minutes", type=minutes, help="train each twin so long (default: 1)")
    command.add_argument(
        "--seeds", type=number_of_seeds, default=3, help="pairs of trainings (default: 3)"
    )
    command.add_argument(
        "--judges", choices=["test", "validation"], default="test", help="photos (default: test)"
    )


def _add_own_parts(command: ArgumentParser) -> None:
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


def _add_changes(command: ArgumentParser, example: str) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=f"change the recipe, for example {example}; can be repeated",
    )
