"""What may happen to a picture before the model sees it, as data.

Ranges, defaults, units and help stand once, in the models of `steps`: the page draws its
widgets from them, `drawing.draw` draws its values from them, and a run keeps them as JSON.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.augmentation.steps import MIXING_KINDS, AnyStep
from core.augmentation.steps.base import extra

FillMode = Literal["nearest", "reflect", "wrap", "constant"]
VERSION = 1  # of the recipe's format


class AugmentationRecipe(BaseModel):
    """An ordered list of steps, each kind at most once, and how edges are filled.

    The steps happen in their order. Neighbours that move and turn are fused into one warp,
    in Keras' order (rotation, shift, shear, zoom, then flips), whatever theirs is; MixUp
    and CutMix come last of all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=VERSION, ge=1, le=VERSION, description="The recipe's format.")
    name: str = Field(default="none", max_length=80)
    steps: tuple[AnyStep, ...] = ()
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
        json_schema_extra=extra("Grey", "of 255", 1),
    )
    rescale: float = Field(
        default=1 / 255,
        gt=0,
        le=1,
        description="What every pixel value is multiplied by, in the model's first layer.",
        json_schema_extra=extra("Rescale", "", 0.0001),
    )

    @model_validator(mode="after")
    def _each_kind_once(self) -> "AugmentationRecipe":
        kinds = [step.kind for step in self.steps]
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"each step may stand in a recipe once, but it has two of {twice}")
        return self

    @property
    def mixes(self) -> bool:
        """Whether it mixes the pictures of a batch, and their labels with them."""
        return any(step.enabled and step.kind in MIXING_KINDS for step in self.steps)

    def only(self, kind: str) -> "AugmentationRecipe":
        """This recipe with no other step than `kind`."""
        kept = tuple(step for step in self.steps if step.kind == kind)
        return self.model_copy(update={"steps": kept})


NO_AUGMENTATION = AugmentationRecipe(name="none")
