"""Widgets drawn from a pydantic model: its fields say range, default, unit and help.

A field's `Field(ge, le, description, json_schema_extra={"label", "unit", "step"})`
is all that is needed; a new parameter needs no new page code. `values` in it are the
ones worth trying where a range is too wide to slide along, `titles` what people call
the choices, and `amount` the label of a number beside its switch. Fields with a single
possible value (such as `kind`), nested models and tuples of models are left as they are:
callers loop over those.
"""

import types
from collections.abc import Callable, Collection
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from core.errors import LoupeError
from core.expected import expected
from ui import state

Changed = Callable[[], None] | None
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
        raise LoupeError(f"{place}: {expected(first)}.".lstrip(": ")) from error


def is_drawable(field: FieldInfo) -> bool:
    """Whether a field gets a widget of its own."""
    kind, _ = plain_type(field.annotation)
    if get_origin(kind) is Literal:
        return len(get_args(kind)) > 1
    return kind in (bool, int, float, str) or _is_number_pair(kind)


def field_widget(
    field: FieldInfo,
    name: str,
    value: Any,
    key: str,
    on_change: Changed = None,
    tooltip: bool = True,
) -> Any:
    """One widget for one field; returns the chosen value.

    Args:
        on_change: With it the widget always shows `value`, which its owner keeps: called
            after a change, it asks `chosen` what to keep.
        tooltip: Whether the field's sentence stands behind a question mark.
    """
    kind, optional = plain_type(field.annotation)
    label, key = label_of(field, name), f"{key}.{name}"
    help_text = field.description if tooltip else None
    if optional:
        return _optional(field, kind, label, value, key, on_change, help_text)
    if kind is bool:
        return st.toggle(label, key=key, help=help_text, **_from(value, key, on_change))
    if get_origin(kind) is Literal:
        return _choice(field, label, list(get_args(kind)), value, key, on_change, help_text)
    if kind is str:
        return st.text_input(label, key=key, help=help_text, **_from(value, key, on_change))
    if _is_number_pair(kind):
        return _pair(field, label, value, key)
    return _number(field, kind, label, value, key, on_change, help_text)


def chosen(field: FieldInfo, name: str, key: str) -> Any:
    """What the widget of a field shows now; for the callback of `field_widget`."""
    key = f"{key}.{name}"
    _, optional = plain_type(field.annotation)
    if optional and not state.widget(f"{key}.use"):
        return None
    return state.widget(key, _extra(field).get("start"))


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


def _number(
    field: FieldInfo,
    kind: type,
    label: str,
    value: Any,
    key: str,
    on_change: Changed = None,
    help_text: str | None = None,
) -> Any:
    if "values" in _extra(field):
        return _one_of(field, kind, label, value, key, on_change, help_text)
    low, high = bounds(field)
    step = _extra(field).get("step") or _step(kind, low, high)
    convert: Callable[[Any], Any] = kind
    if low is not None and high is not None and (high - low) / step <= 1000:
        draw: Any = st.slider
        low, high = _within(field, low, high, step)
    else:
        draw = st.number_input
    return draw(
        label,
        min_value=None if low is None else convert(low),
        max_value=None if high is None else convert(high),
        step=convert(step),
        format=_format(kind, step),
        key=key,
        help=help_text,
        **_from(convert(value), key, on_change),
    )


def _one_of(
    field: FieldInfo,
    kind: type,
    label: str,
    value: Any,
    key: str,
    on_change: Changed,
    help_text: str | None,
) -> Any:
    """A slider along the values worth trying, and along those that came from elsewhere."""
    known = {kind(one) for one in _extra(field)["values"]}
    others = {*state.get(f"also.{key}", ()), kind(value)} - known
    state.put(f"also.{key}", tuple(others))
    return st.select_slider(
        label,
        sorted(known | others),
        key=key,
        help=help_text,
        format_func=lambda number: f"{number:g}",
        **_from(kind(value), key, on_change),
    )


def _within(field: FieldInfo, low: float, high: float, step: float) -> tuple[float, float]:
    """The ends of a slider: a step inside of a bound that is not itself allowed."""
    inside_low = any(isinstance(rule, Gt) for rule in field.metadata)
    inside_high = any(isinstance(rule, Lt) for rule in field.metadata)
    return low + step * inside_low, high - step * inside_high


def _from(value: Any, key: str, on_change: Changed, name: str = "value") -> dict[str, Any]:
    """How a widget gets its value: at first only, or whenever its owner has another one.

    What it shows already is not set again: that would take back what is typed meanwhile. It
    is then the first value: a drawing that was cut short may never have reached the browser.
    """
    if on_change is None:
        return {name: value}
    if state.widget(key) == value:
        return {name: value, "on_change": on_change}
    state.set_widget(key, value)
    return {"on_change": on_change}


def _optional(
    field: FieldInfo,
    kind: Any,
    label: str,
    value: Any,
    key: str,
    on_change: Changed,
    help_text: str | None,
) -> Any:
    start, amount = _from(value is not None, f"{key}.use", on_change), _extra(field).get("amount")
    whether = str(_extra(field)["label"]) if amount else label
    use = st.toggle(whether, key=f"{key}.use", help=help_text, **start)
    if not use:
        return None
    low, _ = bounds(field)
    first = value if value is not None else _extra(field).get("start", low or kind())
    return _number(field, kind, str(amount or label), first, key, on_change)


def _pair(field: FieldInfo, label: str, value: Any, key: str) -> tuple[Any, Any]:
    first, second = _extra(field).get("parts", ("height", "width"))
    kind = get_args(field.annotation)[0]
    left, right = st.columns(2)
    with left:
        one = _number(
            field, kind, f"{label}: {first}", value[0], f"{key}.0", None, field.description
        )
    with right:
        other = _number(
            field, kind, f"{label}: {second}", value[1], f"{key}.1", None, field.description
        )
    return one, other


def _choice(
    field: FieldInfo,
    label: str,
    options: list[Any],
    value: Any,
    key: str,
    on_change: Changed,
    help_text: str | None,
) -> Any:
    titles = _extra(field).get("titles", {})

    def words(option: Any) -> str:
        return str(titles.get(option) or _words(option))

    if len(options) > FEW_OPTIONS:
        start: dict[str, Any] = {"index": options.index(value)}
        if on_change is not None:
            begun = _from(value, key, on_change)
            start = {"on_change": on_change} | (start if "value" in begun else {})
        return st.selectbox(label, options, key=key, help=help_text, format_func=words, **start)
    return st.segmented_control(
        label,
        options,
        required=True,
        key=key,
        help=help_text,
        format_func=words,
        wrap=True,
        **_from(value, key, on_change, "default"),
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
