"""The settings of a training as text: their range, default and sentence."""

import textwrap
from collections.abc import Sequence
from typing import Any

WIDTH = 100
BOUNDS = (
    ("at_least", "from {}"),
    ("above", "above {}"),
    ("at_most", "to {}"),
    ("below", "below {}"),
)


def settings_text(facts: Sequence[dict[str, Any]]) -> str:
    """A paragraph for each, by groups.

    Args:
        facts: As `core.training.settings.facts` returns them.
    """
    lines: list[str] = []
    for group in dict.fromkeys(fact["group"] for fact in facts):
        lines += ["", group]
        for fact in facts:
            if fact["group"] == group:
                lines += _paragraph(fact)
    return "\n".join(lines[1:])


def _paragraph(fact: dict[str, Any]) -> list[str]:
    default = "none" if fact["default"] is None else fact["default"]
    conditions = fact.get("matters_when", {}).items()
    only = "".join(f"; with {field} {' or '.join(values)}" for field, values in conditions)
    head = f"  {fact['field']}  {_range(fact)} (default: {default}{only})"
    words = [fact["help"]]
    words += [f"{value}: {said}." for value, said in fact.get("choices_mean", {}).items()]
    return [
        head,
        *textwrap.wrap(" ".join(words), WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6),
    ]


def _range(fact: dict[str, Any]) -> str:
    if "choices" in fact:
        return ", ".join(fact["choices"])
    said = [words.format(f"{fact[name]:g}") for name, words in BOUNDS if name in fact]
    unit = f" {fact['unit']}" if "unit" in fact else ""
    return " ".join(said) + unit + (", or none" if fact["may_be_empty"] else "")
