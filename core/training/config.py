"""How a network is trained, as data."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# What the settings are about, in the order in which they are asked.
LEARNS = "How it learns"
SHOWN = "What it is shown"
ROTE = "Against rote learning"
ENDS = "When it ends, what is kept"
MACHINE = "Chance and machine"
LENGTH = "How long"
GROUPS = (LEARNS, SHOWN, ROTE, ENDS, MACHINE)


def _extra(group: str, label: str, unit: str = "", step: float = 1, **more: Any) -> dict[str, Any]:
    """What forms need beside the range.

    Args:
        group: One of the names above.
        more: `values`, the ones worth trying, for a range too wide to slide along; `titles`,
            what people call the choices, and `says`, what each of them does; `matters_when`,
            the values of other fields with which this one does something; `start`, the first
            value once it is not None, and `amount`, what it is then called.
    """
    return {"group": group, "label": label, "unit": unit, "step": step, **more}


def _by_decades(first: int, last: int, *digits: int) -> list[float]:
    """`digits` times every power of ten from `first` to `last`: 0.001, 0.002, 0.005, 0.01, …"""
    return [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits]


class TrainingConfig(BaseModel):
    """Optimizer, schedule and length of one training.

    With both `epochs` and `budget_seconds`, the first that is reached ends it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    optimizer: Literal["adamw", "muon", "adam", "rmsprop", "sgd"] = Field(
        default="adamw",
        description="The rule by which every mistake nudges the weights.",
        json_schema_extra=_extra(
            LEARNS,
            "Optimizer",
            titles={
                "adamw": "AdamW",
                "muon": "Muon",
                "adam": "Adam",
                "rmsprop": "RMSprop",
                "sgd": "SGD",
            },
            says={
                "adamw": "gives every weight a nudge of its own size; a good first choice",
                "muon": "nudges all filters of a layer evenly; learns more from every epoch",
                "adam": "its older name; here both do the same",
                "rmsprop": "the ancestor of both; what many older networks were trained with",
                "sgd": "the same size for all; wants a larger rate, and rewards patience",
            },
        ),
    )
    learning_rate: float = Field(
        default=0.003,
        gt=0,
        le=10,
        description="How large the nudges are: too small is slow, too large never settles.",
        json_schema_extra=_extra(
            LEARNS, "Learning rate", "", 0.0005, values=_by_decades(-6, 0, 1, 2, 3, 5, 7)
        ),
    )
    schedule: Literal["one-cycle", "cosine", "step", "constant", "inverse-time"] = Field(
        default="one-cycle",
        description=(
            "How the learning rate changes while the training runs out, by time or by epochs."
        ),
        json_schema_extra=_extra(
            LEARNS,
            "Schedule",
            says={
                "one-cycle": "warms up, then slows down to nothing",
                "cosine": "only slows down",
                "step": "goes down in stairs",
                "constant": "stays as it is",
                "inverse-time": "falls a little at every step",
            },
        ),
    )
    drops: int = Field(
        default=2,
        ge=1,
        le=10,
        description="How many stairs the schedule 'step' goes down, evenly spread.",
        json_schema_extra=_extra(LEARNS, "Stairs", matters_when={"schedule": ["step"]}),
    )
    drop_to: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        description="What is left of the learning rate after each stair of the schedule 'step'.",
        json_schema_extra=_extra(
            LEARNS,
            "Left after a stair",
            values=[0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9],
            matters_when={"schedule": ["step"]},
        ),
    )
    decay: float = Field(
        default=1e-6,
        ge=0,
        le=1,
        description="How fast 'inverse-time' falls: the rate is divided by 1 + decay × steps.",
        json_schema_extra=_extra(
            LEARNS,
            "Decay per step",
            values=[0.0, *_by_decades(-7, -1, 1, 3)],
            matters_when={"schedule": ["inverse-time"]},
        ),
    )
    momentum: float = Field(
        default=0.9,
        ge=0,
        lt=1,
        description="How much of the last nudge is kept in the next one (SGD).",
        json_schema_extra=_extra(
            LEARNS,
            "Momentum",
            values=[0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99],
            matters_when={"optimizer": ["sgd"]},
        ),
    )
    weight_decay: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description=(
            "How strongly weights are pulled back to zero, against rote learning: at each step "
            "they lose this times the learning rate of themselves. Offsets and scales do not."
        ),
        json_schema_extra=_extra(
            ROTE, "Weight decay", values=[0.0, *_by_decades(-5, -1, 1, 2, 5), 1.0]
        ),
    )
    label_smoothing: float = Field(
        default=0.0,
        ge=0,
        lt=0.5,
        description="How much doubt is mixed into the right answers, against overconfidence.",
        json_schema_extra=_extra(ROTE, "Label smoothing", "", 0.01),
    )
    doubt_labels: float | None = Field(
        default=None,
        gt=1,
        le=1000,
        description=(
            "In the second half of the training, passes over photos for which the network holds "
            "another class to be so many times as likely as their own: their labels may be wrong. "
            "Where classes are hard to tell apart, or one is rare, also over photos that are only "
            "difficult."
        ),
        json_schema_extra=_extra(
            ROTE,
            "Doubt the labels",
            "times as likely",
            start=3.0,
            amount="How much more likely",
            values=[1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0],
        ),
    )
    batch_size: int = Field(
        default=32,
        ge=1,
        le=4096,
        description="How many photos are looked at before the weights are nudged once.",
        json_schema_extra=_extra(SHOWN, "Batch size", "photos"),
    )
    balance: Literal["off", "batches", "weights"] = Field(
        default="off",
        description=(
            "Gives rare classes their say. The accuracy that is shown stays that of the photos as "
            "they are."
        ),
        json_schema_extra=_extra(
            SHOWN,
            "Balance the classes",
            titles={"off": "Off", "batches": "Equal batches", "weights": "Weighted mistakes"},
            says={
                "off": "every photo counts the same",
                "batches": "every class is shown equally often",
                "weights": "mistakes on rare classes count more",
            },
        ),
    )
    validation_share: float | None = Field(
        default=None,
        gt=0,
        lt=0.5,
        description=(
            "If no photos are set aside for validation, this share of the training photos of each "
            "class is, for this training alone."
        ),
        json_schema_extra=_extra(
            SHOWN, "Held back for validation", "", 0.01, start=0.1, amount="Share of each class"
        ),
    )
    early_stopping: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description=(
            "Ends the training when so many epochs in a row have not lowered the loss on the "
            "validation photos (where there are none, on the training photos); with 'one-cycle' "
            "and 'cosine', only those of its second half count."
        ),
        json_schema_extra=_extra(
            ENDS,
            "Stop when it gets no better",
            "epochs",
            start=10,
            amount="Epochs in a row",
            values=[1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100],
        ),
    )
    keep: Literal["auto", "best", "last"] = Field(
        default="auto",
        description="Which epoch becomes the model.",
        json_schema_extra=_extra(
            ENDS,
            "Epoch to keep",
            titles={"auto": "Decide for me", "best": "The best", "last": "The last"},
            says={
                "auto": "the last one, unless an earlier one was clearly better",
                "best": "the one with the lowest loss on the validation photos",
                "last": "the last one, whatever the others were",
            },
        ),
    )
    weight_averaging: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description=(
            "Keeps a running average of the weights, which wobbles less than they do: the share "
            "of the average that stays at each step, such as 0.99. 0: no average."
        ),
        json_schema_extra=_extra(
            ROTE,
            "Weight averaging",
            values=[0.0, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999],
        ),
    )
    precision: Literal["full", "auto", "mixed"] = Field(
        default="full",
        description="With how many digits it computes.",
        json_schema_extra=_extra(
            MACHINE,
            "Precision",
            says={
                "full": "32 bits for every number; right everywhere",
                "auto": "16 bits where that does no harm and this computer is faster for it, "
                "else 32",
                "mixed": "16 bits where that does no harm: faster on a graphics card and on newer "
                "processors, slower elsewhere",
            },
            titles={"full": "Full", "auto": "Decide for me", "mixed": "Mixed"},
        ),
    )
    xla: Literal["auto", "on", "off"] = Field(
        default="auto",
        description=(
            "Compiles the whole network into one program: faster on a graphics card after a slow "
            "start."
        ),
        json_schema_extra=_extra(
            MACHINE,
            "Compile with XLA",
            titles={"auto": "Decide for me", "on": "On", "off": "Off"},
            says={
                "auto": "where it helps: on a graphics card",
                "on": "wherever it trains",
                "off": "nowhere",
            },
        ),
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="How often every training photo is looked at, unless the time is up before.",
        json_schema_extra=_extra(LENGTH, "Epochs", "rounds"),
    )
    budget_seconds: float | None = Field(
        default=None,
        gt=0,
        le=7 * 24 * 3600,
        description="How long to train, unless all epochs are done before.",
        json_schema_extra=_extra(LENGTH, "Time", "s", 10),
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="The start of all chance: the same number repeats the same training.",
        json_schema_extra=_extra(MACHINE, "Seed"),
    )

    @model_validator(mode="after")
    def _has_an_end(self) -> "TrainingConfig":
        if self.epochs is None and self.budget_seconds is None:
            raise ValueError("a training needs a number of epochs, a time budget, or both")
        return self
