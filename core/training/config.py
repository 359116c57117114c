"""How a network is trained, as data."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


def _extra(label: str, unit: str = "", step: float = 1) -> dict[str, Any]:
    return {"label": label, "unit": unit, "step": step}


class TrainingConfig(BaseModel):
    """Optimizer, schedule and length of one training.

    With both `epochs` and `budget_seconds`, the first that is reached ends it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    optimizer: Literal["adamw", "adam", "rmsprop", "sgd"] = Field(
        default="adamw",
        description="The rule by which every mistake nudges the weights.",
        json_schema_extra=_extra("Optimizer"),
    )
    learning_rate: float = Field(
        default=0.003,
        gt=0,
        le=10,
        description="How large the nudges are: too small is slow, too large never settles.",
        json_schema_extra=_extra("Learning rate", "", 0.0005),
    )
    schedule: Literal["constant", "one-cycle"] = Field(
        default="one-cycle",
        description=(
            "'one-cycle' warms up, then slows down to nothing as the time runs out; "
            "'constant' keeps the learning rate as it is."
        ),
        json_schema_extra=_extra("Schedule"),
    )
    weight_decay: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="How strongly weights are pulled back to zero, against rote learning (AdamW).",
        json_schema_extra=_extra("Weight decay", "", 0.01),
    )
    label_smoothing: float = Field(
        default=0.0,
        ge=0,
        lt=0.5,
        description="How much doubt is mixed into the right answers, against overconfidence.",
        json_schema_extra=_extra("Label smoothing", "share", 0.01),
    )
    batch_size: int = Field(
        default=32,
        ge=1,
        le=4096,
        description="How many photos are looked at before the weights are nudged once.",
        json_schema_extra=_extra("Batch size", "photos"),
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="How often every training photo is looked at. Empty: until the time is up.",
        json_schema_extra=_extra("Epochs", "rounds"),
    )
    budget_seconds: float | None = Field(
        default=None,
        gt=0,
        le=7 * 24 * 3600,
        description="How long to train. Empty: until all epochs are done.",
        json_schema_extra=_extra("Time", "s", 10),
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="The start of all chance: the same number repeats the same training.",
        json_schema_extra=_extra("Seed"),
    )

    @model_validator(mode="after")
    def _has_an_end(self) -> "TrainingConfig":
        if self.epochs is None and self.budget_seconds is None:
            raise ValueError("a training needs a number of epochs, a time budget, or both")
        return self
