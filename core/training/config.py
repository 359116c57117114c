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
    schedule: Literal["one-cycle", "cosine", "step", "constant", "inverse-time"] = Field(
        default="one-cycle",
        description=(
            "How the learning rate changes while the training runs out, by time or by epochs: "
            "'one-cycle' warms up, then slows down to nothing; 'cosine' only slows down; 'step' "
            "goes down in stairs; 'constant' stays; 'inverse-time' falls a little every step."
        ),
        json_schema_extra=_extra("Schedule"),
    )
    drops: int = Field(
        default=2,
        ge=1,
        le=10,
        description="How many stairs the schedule 'step' goes down, evenly spread.",
        json_schema_extra=_extra("Stairs"),
    )
    drop_to: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        description="What is left of the learning rate after each stair of the schedule 'step'.",
        json_schema_extra=_extra("Left after a stair", "share", 0.05),
    )
    decay: float = Field(
        default=1e-6,
        ge=0,
        le=1,
        description="How fast 'inverse-time' falls: the rate is divided by 1 + decay × steps.",
        json_schema_extra=_extra("Decay per step", "", 0.000001),
    )
    momentum: float = Field(
        default=0.9,
        ge=0,
        lt=1,
        description="How much of the last nudge is kept in the next one (SGD).",
        json_schema_extra=_extra("Momentum", "share", 0.05),
    )
    weight_decay: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description=(
            "How strongly weights are pulled back to zero, against rote learning: at each step "
            "they lose this times the learning rate of themselves. Offsets and scales do not."
        ),
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
    balance: Literal["off", "batches", "weights"] = Field(
        default="off",
        description=(
            "Gives rare classes their say: 'batches' show every class equally often, 'weights' "
            "count mistakes on rare classes more. The accuracy that is shown stays that of the "
            "photos as they are."
        ),
        json_schema_extra=_extra("Balance the classes"),
    )
    validation_share: float | None = Field(
        default=None,
        gt=0,
        lt=0.5,
        description=(
            "If no photos are set aside for validation: this share of the training photos of each "
            "class is, for this training alone. Empty: none."
        ),
        json_schema_extra=_extra("Held back for validation", "share", 0.01) | {"start": 0.1},
    )
    early_stopping: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description=(
            "Ends the training when so many epochs in a row have not lowered the loss on the "
            "validation photos (where there are none, on the training photos). 'one-cycle' and "
            "'cosine' first have half of their way. Empty: it goes on to the end."
        ),
        json_schema_extra=_extra("Stop when it gets no better", "epochs") | {"start": 10},
    )
    keep: Literal["auto", "best", "last"] = Field(
        default="auto",
        description=(
            "Which epoch becomes the model: the 'best', with the lowest loss on the validation "
            "photos, the 'last', or 'auto': the last, unless an earlier one was clearly better."
        ),
        json_schema_extra=_extra("Epoch to keep"),
    )
    weight_averaging: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description=(
            "Keeps a running average of the weights, which wobbles less than they do: the share "
            "of the average that stays at each step, such as 0.99. 0: no average."
        ),
        json_schema_extra=_extra("Weight averaging", "share", 0.001),
    )
    precision: Literal["full", "mixed"] = Field(
        default="full",
        description=(
            "'mixed' computes with half as many digits where that does no harm: faster on a "
            "graphics card, slower without one."
        ),
        json_schema_extra=_extra("Precision"),
    )
    xla: Literal["auto", "on", "off"] = Field(
        default="auto",
        description=(
            "Compiles the whole network into one program (XLA): faster on a graphics card after "
            "a slow start. 'auto': only there."
        ),
        json_schema_extra=_extra("Compile with XLA"),
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
