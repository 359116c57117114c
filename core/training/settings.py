"""The settings of a training as people meet them: which matter, what was changed, in words."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from core.errors import LoupeError
from core.expected import expected
from core.training.config import GROUPS, LENGTH, TrainingConfig

FIELDS: dict[str, FieldInfo] = TrainingConfig.model_fields


class Change(NamedTuple):
    """A setting that is not the recipe's: its field, its label and both values in words."""

    name: str
    label: str
    own: str
    chosen: str


def about(name: str) -> dict[str, Any]:
    """What forms need to know of a field beside its range: see `config`."""
    extra = FIELDS[name].json_schema_extra
    return extra if isinstance(extra, dict) else {}


def fields_of(group: str) -> list[str]:
    """The fields of a group, in the order of the model."""
    return [name for name in FIELDS if about(name)["group"] == group]


def matters(training: TrainingConfig, name: str) -> bool:
    """Whether the field does anything beside the values that the others have."""
    conditions: Mapping[str, list[Any]] = about(name).get("matters_when", {})
    return all(getattr(training, other) in values for other, values in conditions.items())


def changes(own: TrainingConfig, chosen: TrainingConfig) -> list[Change]:
    """Every setting that matters and differs from the recipe's `own`; not how long it takes."""
    return [
        Change(
            name,
            about(name)["label"],
            in_words(name, getattr(own, name)),
            in_words(name, getattr(chosen, name)),
        )
        for name in FIELDS
        if about(name)["group"] != LENGTH
        and matters(chosen, name)
        and getattr(own, name) != getattr(chosen, name)
    ]


def in_words(name: str, value: Any) -> str:
    """A value as people read it: "off", "AdamW", "0.003", "64 photos"."""
    if value is None:
        return "off"
    titles = about(name).get("titles", {})
    if isinstance(value, str):
        return str(titles.get(value, value.replace("_", " ").capitalize()))
    unit = about(name).get("unit", "")
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return number if unit in ("", "share") else f"{number} {unit}"


def sentence(name: str, value: Any) -> str:
    """What the field is about, and what the chosen value does."""
    said = about(name).get("says", {}).get(value)
    head = str(FIELDS[name].description)
    return f"{head} **{in_words(name, value)}**: {said}." if said else head


def changed(own: TrainingConfig, values: Mapping[str, Any]) -> TrainingConfig:
    """`own` with other values for some fields.

    Raises:
        LoupeError: If a field does not exist, or the values do not fit, alone or together.
    """
    try:
        return TrainingConfig.model_validate({**own.model_dump(), **values})
    except ValidationError as error:
        problem = error.errors()[0]
        what = expected(problem)
        where = ".".join(str(part) for part in problem["loc"])
        label = f"{about(where)['label']}: " if where in FIELDS else f"{where}: " if where else ""
        raise LoupeError(
            f"These settings do not fit: {label}{what[:1].lower()}{what[1:]}.",
            "Change that one, or go back to the recipe's own settings.",
        ) from error


def facts() -> list[dict[str, Any]]:
    """Every setting with kind, range or choices, default and help, by groups, as plain data."""
    names = [name for group in (*GROUPS, LENGTH) for name in fields_of(group)]
    return [{"field": name, **_fact(name, FIELDS[name])} for name in names]


def _fact(name: str, field: FieldInfo) -> dict[str, Any]:
    choices = [list(get_args(kind)) for kind in _kinds(field) if get_origin(kind) is Literal]
    numbers = [kind.__name__ for kind in _kinds(field) if kind in (int, float)]
    fact: dict[str, Any] = {"group": about(name)["group"], "label": about(name)["label"]}
    fact["kind"] = "choice" if choices else numbers[0]
    if choices:
        fact["choices"] = choices[0]
        fact["choices_mean"] = about(name).get("says", {})
    for rule in field.metadata:
        for kind, said in ((Ge, "at_least"), (Gt, "above"), (Le, "at_most"), (Lt, "below")):
            if isinstance(rule, kind):
                fact[said] = getattr(rule, kind.__name__.lower())
    fact |= {"may_be_empty": type(None) in _kinds(field), "default": field.default}
    if about(name).get("unit"):
        fact["unit"] = about(name)["unit"]
    if about(name).get("matters_when"):
        fact["matters_when"] = about(name)["matters_when"]
    return fact | {"help": field.description}


def _kinds(field: FieldInfo) -> tuple[Any, ...]:
    kind = field.annotation
    if get_origin(kind) is Literal or not get_args(kind):
        return (kind,)
    return get_args(kind)
