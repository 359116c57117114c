"""Widgets drawn from a pydantic model: its fields say range, default, unit and help.

A field's `Field(ge, le, description, json_schema_extra={"label", "unit", "step"})`
is all that is needed; a new parameter needs no new page code. Fields with a single
possible value (such as `kind`), nested models and tuples of models are left as they
are: callers loop over those.
"""

import types
from collections.abc import Callable, Collection
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from core.errors import LoupeError

Model = TypeVar("Model", bound=BaseModel)
FEW_OPTIONS = 5


def model_form(
    model_class: type[Model],
    value: Model | None,
    key: str,
    fields: Collection[str] | None = None,
) -> Model:
    """Draws the fields of `value` and returns a new instance with what was chosen.

    Args:
        value: Where the widgets start; the model's defaults when None. To show other
            starting values later (a preset), use another `key`.
        key: Prefix of the widgets' keys: `key.field`.
        fields: Names of the fields to draw, in this order; all when None.

    Raises:
        LoupeError: If the values do not fit together.
    """
    start = model_class() if value is None else value
    names = list(model_class.model_fields) if fields is None else list(fields)
    chosen = {
        name: field_widget(model_class.model_fields[name], name, getattr(start, name), key)
        for name in names
        if is_drawable(model_class.model_fields[name])
    }
    try:
        return model_class.model_validate({**start.model_dump(), **chosen})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LoupeError(f"{place}: {first['msg']}.".lstrip(": ")) from error


def is_drawable(field: FieldInfo) -> bool:
    """Whether a field gets a widget of its own."""
    kind, _ = plain_type(field.annotation)
    if get_origin(kind) is Literal:
        return len(get_args(kind)) > 1
    return kind in (bool, int, float, str) or _is_number_pair(kind)


def field_widget(field: FieldInfo, name: str, value: Any, key: str) -> Any:
    """One widget for one field; returns the chosen value."""
    kind, optional = plain_type(field.annotation)
    label, help_text, key = label_of(field, name), field.description, f"{key}.{name}"
    if optional:
        return _optional(field, kind, label, value, key)
    if kind is bool:
        return st.toggle(label, value, key=key, help=help_text)
    if get_origin(kind) is Literal:
        return _choice(label, list(get_args(kind)), value, key, help_text)
    if kind is str:
        return st.text_input(label, value, key=key, help=help_text)
    if _is_number_pair(kind):
        return _pair(field, label, value, key)
    return _number(field, kind, label, value, key)


def label_of(field: FieldInfo, name: str) -> str:
    """The words beside the widget: label and unit."""
    extra = _extra(field)
    label = str(extra.get("label") or name.replace("_", " ").capitalize())
    unit = extra.get("unit")
    return f"{label} ({unit})" if unit else label


def plain_type(annotation: Any) -> tuple[Any, bool]:
    """The type without `None`, and whether `None` was allowed."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [kind for kind in get_args(annotation) if kind is not type(None)]
        if len(rest) == 1 and len(rest) < len(get_args(annotation)):
            return rest[0], True
    return annotation, False


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Smallest and largest value that the field allows, None where it is open."""
    low: Any = None
    high: Any = None
    for rule in field.metadata:
        low = rule.ge if isinstance(rule, Ge) else rule.gt if isinstance(rule, Gt) else low
        high = rule.le if isinstance(rule, Le) else rule.lt if isinstance(rule, Lt) else high
    return low, high


def _number(field: FieldInfo, kind: type, label: str, value: Any, key: str) -> Any:
    low, high = bounds(field)
    step = _extra(field).get("step") or _step(kind, low, high)
    convert: Callable[[Any], Any] = kind
    slider = low is not None and high is not None and (high - low) / step <= 1000
    draw: Any = st.slider if slider else st.number_input
    return draw(
        label,
        min_value=None if low is None else convert(low),
        max_value=None if high is None else convert(high),
        value=convert(value),
        step=convert(step),
        format=_format(kind, step),
        key=key,
        help=field.description,
    )


def _optional(field: FieldInfo, kind: Any, label: str, value: Any, key: str) -> Any:
    use = st.toggle(label, value is not None, key=f"{key}.use", help=field.description)
    if not use:
        return None
    low, _ = bounds(field)
    first = value if value is not None else _extra(field).get("start", low or kind())
    return _number(field, kind, label, first, key)


def _pair(field: FieldInfo, label: str, value: Any, key: str) -> tuple[Any, Any]:
    first, second = _extra(field).get("parts", ("height", "width"))
    kind = get_args(field.annotation)[0]
    left, right = st.columns(2)
    with left:
        one = _number(field, kind, f"{label}: {first}", value[0], f"{key}.0")
    with right:
        other = _number(field, kind, f"{label}: {second}", value[1], f"{key}.1")
    return one, other


def _choice(label: str, options: list[Any], value: Any, key: str, help_text: str | None) -> Any:
    if len(options) > FEW_OPTIONS:
        return st.selectbox(
            label, options, options.index(value), key=key, help=help_text, format_func=_words
        )
    return st.segmented_control(
        label,
        options,
        default=value,
        required=True,
        key=key,
        help=help_text,
        format_func=_words,
        wrap=True,
    )


def _words(option: Any) -> str:
    return str(option).replace("_", " ").capitalize()


def _step(kind: type, low: float | None, high: float | None) -> float:
    if kind is int:
        return 1
    return (high - low) / 100 if low is not None and high is not None else 0.1


def _format(kind: type, step: float) -> str:
    if kind is int:
        return "%d"
    return f"%.{len(f'{step:.6f}'.rstrip('0').split('.')[1])}f"


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _is_number_pair(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind) in ((int, int), (float, float))
