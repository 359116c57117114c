"""What every step of a recipe has: whether, how often, how strongly, and how it is drawn."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from core.augmentation.changes import Change

MOVE, LIGHT, SHARPNESS, MIX = (
    "Move and turn",
    "Light and colour",
    "Sharpness and noise",
    "Hide and mix",
)
GROUPS = (MOVE, LIGHT, SHARPNESS, MIX)


def extra(label: str, unit: str = "", step: float = 0.01, **more: Any) -> dict[str, Any]:
    """What a form has to know of a field, for `json_schema_extra`."""
    return {"label": label, "unit": unit, "step": step, **more}


class Step(BaseModel):
    """Something that may happen to a picture, and within which range.

    Class attributes:
        label: The step's name on the screen.
        group: Which of `GROUPS` it belongs to.
        numbers: How many random numbers it draws from, besides the one for its probability.
        strength: The field that says how strongly, "" when it has no such field.
        weakest: The value of that field with which nothing happens.
        strongest: The value that the strength strip ends with.
        extreme: The random numbers with which it does all that its range allows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: ClassVar[str]
    group: ClassVar[str]
    numbers: ClassVar[int] = 1
    strength: ClassVar[str] = ""
    weakest: ClassVar[float] = 0
    strongest: ClassVar[float] = 1
    extreme: ClassVar[tuple[float, ...]] = (1.0,)

    kind: str
    enabled: bool = Field(
        default=True,
        description="Whether this step takes part.",
        json_schema_extra={"label": "On"},
    )
    probability: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="The share of the pictures that this step changes.",
        json_schema_extra=extra("Probability", "share", 0.05),
    )

    def changes(self, numbers: Sequence[float]) -> tuple[Change, ...]:
        """What happens, drawn from `numbers` random numbers of 0..1."""
        return (Change(self.kind, self.values(numbers), self.kind),)

    def values(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The values of this step's one change; see the pixel function of its kind."""
        return ()


def either_side(largest: float, number: float) -> float:
    return largest * (2 * number - 1)


def between(low: float, high: float, number: float) -> float:
    return low + (high - low) * number


def as_seed(number: float) -> int:
    """A seed for what needs more random numbers than a row has."""
    return int(number * 2**53)
