"""When a confusion counts as a class turned into another: the rule's numbers, as data."""

from pydantic import BaseModel, ConfigDict, Field

from core.augmentation.steps.base import extra


class SafetyRule(BaseModel):
    """When a confusion counts as a class turned into another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(
        default=0.6,
        ge=0.2,
        le=1,
        description="Of the photos of a class, at least so many are taken for one other class.",
        json_schema_extra=extra("Taken for the other class", "share", 0.05),
    )
    back: float = Field(
        default=0.5,
        ge=0.1,
        le=1,
        description="And the opposite takes so many photos of that class for the first one.",
        json_schema_extra=extra("Taken back by the opposite", "share", 0.05),
    )
    stay: float = Field(
        default=0.25,
        ge=0,
        le=0.9,
        description="Of the other class, at most so many photos stay what they are.",
        json_schema_extra=extra("Stay in the other class", "share", 0.05),
    )
    others: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description=(
            "Photos of third classes go there at most this many times as often: a class that "
            "collects everything is what a lost model answers."
        ),
        json_schema_extra=extra("From third classes", "of that share", 0.05),
    )
    confidence: float = Field(
        default=0.75,
        ge=0,
        le=1,
        description="How sure the model is of the other class, against its right answers.",
        json_schema_extra=extra("Confidence", "of the usual", 0.05),
    )
    photos: int = Field(
        default=5,
        ge=2,
        le=100,
        description="The fewest photos that are taken for the other class.",
        json_schema_extra=extra("Fewest photos", "", 1),
    )
    chance: float = Field(
        default=0.05,
        gt=0,
        le=0.5,
        description="How likely chance may find any such exchange in the whole report.",
        json_schema_extra=extra("Chance of a false alarm", "", 0.005),
    )
    begun: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        description="A strength is safe while fewer than this share are taken for the other.",
        json_schema_extra=extra("Still safe below", "share", 0.05),
    )
    known: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="And while the model still names at least this share of both classes rightly.",
        json_schema_extra=extra("Still known", "share", 0.05),
    )
