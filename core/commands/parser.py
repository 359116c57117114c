"""The parser of the command line, whose mistakes read like the rest of Loupe."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from typing import NoReturn

from core.errors import LoupeError


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


def add_command(commands: _SubParsersAction, name: str, help_text: str) -> Parser:
    """A command that can also answer with JSON."""
    command: Parser = commands.add_parser(name, help=help_text, description=help_text)
    command.add_argument("--json", action="store_true", help="answer with one JSON document")
    return command
