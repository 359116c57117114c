from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, model_validator

from core.expected import expected


class Bread(BaseModel):
    slices: int = Field(default=1, ge=1, le=20)
    weight: float = Field(default=0.5, gt=0, lt=2.5)
    kind: Literal["rye", "wheat"] = "rye"
    sliced: bool = False
    toppings: tuple[str, ...] = Field(default=("salt",), min_length=1, max_length=2)

    @model_validator(mode="after")
    def not_too_thin(self) -> "Bread":
        if self.slices > 10 * self.weight:
            raise ValueError("the slices are too thin")
        return self


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slices", "many", "a whole number is expected"),
        ("slices", 1.5, "a whole number is expected"),
        ("slices", 0, "a number of at least 1 is expected"),
        ("slices", 21, "a number of at most 20 is expected"),
        ("slices", 19, "the slices are too thin"),
        ("weight", None, "a number is expected"),
        ("weight", 0, "a number above 0 is expected"),
        ("weight", 2.5, "a number below 2.5 is expected"),
        ("kind", "corn", "'rye' or 'wheat' is expected"),
        ("sliced", "perhaps", "true or false is expected"),
        ("toppings", 3, "a list, from [ to ], is expected"),
        ("toppings", [], "at least 1 are expected, not 0"),
        ("toppings", ["a", "b", "c"], "at most 2 are expected, not 3"),
        ("toppings", [3], "a text in quotation marks is expected"),
    ],
)
def test_what_was_expected_is_said_without_a_programmer_s_words(field, value, words):
    with pytest.raises(ValidationError) as refused:
        Bread.model_validate({field: value})
    assert expected(refused.value.errors()[0]) == words


def test_something_else_than_an_object_is_said():
    with pytest.raises(ValidationError) as refused:
        Bread.model_validate(3)
    assert expected(refused.value.errors()[0]) == "an object, from { to }, is expected"
