"""What may happen to a picture before the model sees it, as data.

Ranges, defaults, units and help stand here once: the page draws its widgets
from them, `transforms.draw` draws its values from them, and a run keeps them
as JSON. The meaning of each range is that of Keras' `ImageDataGenerator`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FillMode = Literal["nearest", "reflect", "wrap", "constant"]


def _extra(label: str, unit: str, step: float) -> dict[str, Any]:
    return {"label": label, "unit": unit, "step": step}


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

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
        json_schema_extra=_extra("Probability", "share", 0.05),
    )


class Rotation(_Step):
    """Turns the picture about its centre."""

    kind: Literal["rotation"] = "rotation"
    degrees: float = Field(
        default=40.0,
        ge=0,
        le=180,
        description="The largest turn to either side.",
        json_schema_extra=_extra("Largest turn", "°", 1),
    )


class WidthShift(_Step):
    """Moves the picture to the left or to the right."""

    kind: Literal["width_shift"] = "width_shift"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The largest move sideways, as a share of the picture's width.",
        json_schema_extra=_extra("Largest move", "of the width", 0.01),
    )


class HeightShift(_Step):
    """Moves the picture up or down."""

    kind: Literal["height_shift"] = "height_shift"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="The largest move up or down, as a share of the picture's height.",
        json_schema_extra=_extra("Largest move", "of the height", 0.01),
    )


class Shear(_Step):
    """Slants the picture, as if seen from the side."""

    kind: Literal["shear"] = "shear"
    degrees: float = Field(
        default=0.2,
        ge=0,
        le=60,
        description="The largest slant to either side. Below one degree nobody sees it.",
        json_schema_extra=_extra("Largest slant", "°", 0.1),
    )


class Zoom(_Step):
    """Stretches or squeezes height and width, each by a factor of its own."""

    kind: Literal["zoom"] = "zoom"
    fraction: float = Field(
        default=0.2,
        ge=0,
        le=0.9,
        description=(
            "How far nearer or farther: 0.2 shows between 80 % and 120 % of the picture's "
            "height, and of its width."
        ),
        json_schema_extra=_extra("Largest zoom", "of the size", 0.01),
    )


class HorizontalFlip(_Step):
    """Mirrors the picture, left for right."""

    kind: Literal["horizontal_flip"] = "horizontal_flip"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures that are mirrored left for right.",
        json_schema_extra=_extra("Probability", "share", 0.05),
    )


class VerticalFlip(_Step):
    """Mirrors the picture, top for bottom."""

    kind: Literal["vertical_flip"] = "vertical_flip"
    probability: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="The share of the pictures that are mirrored top for bottom.",
        json_schema_extra=_extra("Probability", "share", 0.05),
    )


Step = Annotated[
    Rotation | WidthShift | HeightShift | Shear | Zoom | HorizontalFlip | VerticalFlip,
    Field(discriminator="kind"),
]
STEP_KINDS: dict[str, type[BaseModel]] = {
    "rotation": Rotation,
    "width_shift": WidthShift,
    "height_shift": HeightShift,
    "shear": Shear,
    "zoom": Zoom,
    "horizontal_flip": HorizontalFlip,
    "vertical_flip": VerticalFlip,
}
STEP_LABELS = {
    "rotation": "Rotation",
    "width_shift": "Width shift",
    "height_shift": "Height shift",
    "shear": "Shear",
    "zoom": "Zoom",
    "horizontal_flip": "Horizontal flip",
    "vertical_flip": "Vertical flip",
}


class AugmentationRecipe(BaseModel):
    """An ordered list of steps, each kind at most once, and how edges are filled.

    The geometric steps are fused into one warp in Keras' order (rotation, shift,
    shear, zoom, then flips), whatever the order of the list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "none"
    steps: tuple[Step, ...] = ()
    fill_mode: FillMode = Field(
        default="nearest",
        description="What fills the corners that a turned or moved picture leaves empty.",
        json_schema_extra={"label": "Fill the edges with"},
    )
    fill_value: int = Field(
        default=0,
        ge=0,
        le=255,
        description="The grey that fills the edges when they are filled with a constant.",
        json_schema_extra=_extra("Grey", "of 255", 1),
    )
    rescale: float = Field(
        default=1 / 255,
        gt=0,
        le=1,
        description="What every pixel value is multiplied by, in the model's first layer.",
        json_schema_extra=_extra("Rescale", "", 0.0001),
    )

    @model_validator(mode="after")
    def _each_kind_once(self) -> "AugmentationRecipe":
        kinds = [step.kind for step in self.steps]
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"each step may stand in a recipe once, but it has two of {twice}")
        return self

    def only(self, kind: str) -> "AugmentationRecipe":
        """This recipe with no other step than `kind`."""
        kept = tuple(step for step in self.steps if step.kind == kind)
        return self.model_copy(update={"steps": kept})


NO_AUGMENTATION = AugmentationRecipe(name="none")

# The ranges of the butterfly tutorial; its shear of 0.2 is in degrees, as Keras reads it.
BUTTERFLIES = AugmentationRecipe(
    name="butterflies",
    steps=(
        Rotation(degrees=40),
        WidthShift(fraction=0.2),
        HeightShift(fraction=0.2),
        Shear(degrees=0.2),
        Zoom(fraction=0.2),
        HorizontalFlip(),
    ),
)

# An eighth each way is the pad-and-crop of 4 pixels on 32 of the CIFAR-10 literature
# (He et al., Deep Residual Learning for Image Recognition, 2015, section 4.2).
GENTLE = AugmentationRecipe(
    name="gentle",
    steps=(WidthShift(fraction=0.125), HeightShift(fraction=0.125), HorizontalFlip()),
    fill_mode="reflect",
)

PRESETS = {recipe.name: recipe for recipe in (NO_AUGMENTATION, BUTTERFLIES, GENTLE)}
