"""From when on something about a photo is called a finding: parameters with their reasons."""

from pydantic import BaseModel, ConfigDict, Field


class CheckSettings(BaseModel):
    """The checks' thresholds.

    Light, sharpness and size are judged twice: by a bound of their own, and against the rest of
    the data set, so that drawings of 24 pixels or photos taken at night are not all flagged.
    """

    model_config = ConfigDict(frozen=True)

    agreement: float = Field(
        default=0.93,
        ge=0.9,
        le=0.99,
        description="How well two photos must agree, once laid over each other, to be called "
        "copies. Planted crops, recompressed and relit photos agreed to 0.93 and more, different "
        "photos hardly ever; where a data set's photos all look alike, Loupe asks for more.",
        json_schema_extra={"label": "Agreement of near duplicates", "step": 0.01},
    )
    outlier: float = Field(
        default=3.5,
        ge=2.0,
        le=8.0,
        description="How far from the middle of the data set a photo must lie to be called dark, "
        "bright, blurred, blank or oddly shaped, in robust standard deviations. 3.5 is the usual "
        "rule (Iglewicz and Hoaglin, 1993).",
        json_schema_extra={"label": "How unusual", "step": 0.5},
    )
    dark: int = Field(
        default=82,
        ge=0,
        le=255,
        description="Dark means that hardly any part is brighter than this (0 black, 255 white). "
        "82 is the value of the library cleanvision, 0.32 of the range.",
        json_schema_extra={"label": "Dark below", "unit": "grey level"},
    )
    bright: int = Field(
        default=215,
        ge=0,
        le=255,
        description="Bright means that hardly any part is darker than this.",
        json_schema_extra={"label": "Bright above", "unit": "grey level"},
    )
    blank: int = Field(
        default=8,
        ge=0,
        le=60,
        description="Blank means that grey levels vary by less than this (standard deviation): "
        "a thirtieth of the range, where compression leaves little of a pattern.",
        json_schema_extra={"label": "Blank below", "unit": "grey levels"},
    )
    blurred: float = Field(
        default=0.5,
        ge=0.0,
        le=1.0,
        description="Blurred means a sharpness below this (0 to 1, at 160 pixels). Photos of "
        "bears have 0.61 and more, the same ones out of focus by a fortieth of their longest side "
        "0.29 at most.",
        json_schema_extra={"label": "Blurred below", "step": 0.01},
    )
    tiny: float = Field(
        default=0.25,
        ge=0.0,
        le=0.9,
        description="Tiny means that the longest side is less than this share of what is usual "
        "in the data set: at a quarter, a sixteenth of the pixels has to be made up for.",
        json_schema_extra={"label": "Tiny below", "unit": "of the usual side", "step": 0.05},
    )
    aspect: float = Field(
        default=3.0,
        ge=1.5,
        le=10.0,
        description="Odd shape means one side more than so many times the other: brought to a "
        "square, the photo is squeezed by that or loses that much.",
        json_schema_extra={"label": "Odd shape from", "unit": "times as long", "step": 0.5},
    )
    imbalance: float = Field(
        default=3.0,
        ge=1.5,
        le=20.0,
        description="Unbalanced means that the largest class has so many times the photos of "
        "the smallest: always answering the largest is then right three times in four.",
        json_schema_extra={"label": "Unbalanced from", "unit": "times", "step": 0.5},
    )
    fewest_to_learn: int = Field(
        default=20,
        ge=2,
        le=500,
        description="With fewer photos of a class to learn from, a small network learns the "
        "photos by heart rather than the class.",
        json_schema_extra={"label": "Fewest photos of a class to learn from"},
    )
    margin: int = Field(
        default=10,
        ge=2,
        le=30,
        description="How exact the test's verdict should be: at most so many percentage points "
        "up or down for a model that is right four times in five (Wilson, 1927).",
        json_schema_extra={"label": "Most doubt in the verdict", "unit": "percentage points"},
    )
