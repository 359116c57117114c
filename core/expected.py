"""What a value should have been, in plain words: pydantic says it in those of programmers."""

from collections.abc import Mapping
from typing import Any

_WHOLE = "a whole number is expected"
_NUMBER = "a number is expected"
_LIST = "a list, from [ to ], is expected"
_OBJECT = "an object, from {{ to }}, is expected"
_WORDS: dict[str, str] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE + ", and none as large as this",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "a finite number is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "string_type": "a text in quotation marks is expected",
    "greater_than": "a number above {gt} is expected",
    "greater_than_equal": "a number of at least {ge} is expected",
    "less_than": "a number below {lt} is expected",
    "less_than_equal": "a number of at most {le} is expected",
    "literal_error": "{expected} is expected",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_short": "at least {min_length} are expected, not {actual_length}",
    "too_long": "at most {max_length} are expected, not {actual_length}",
    "string_too_short": "a text of at least {min_length} characters is expected",
    "string_too_long": "a text of at most {max_length} characters is expected",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "missing": "it is missing",
    "union_tag_not_found": "an object that says its {discriminator} is expected",
}


def expected(problem: Mapping[str, Any]) -> str:
    """What one of a `ValidationError`'s `errors()` says, as "a whole number is expected".

    Sentences of our own validators, and what has no plain words here, stay as they are.
    """
    words = _WORDS.get(problem["type"])
    if words is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    said = problem.get("ctx", {})
    return words.format(
        **{name: f"{it:g}" if isinstance(it, float) else it for name, it in said.items()}
    )
