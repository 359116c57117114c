"""What the lab is about at the moment, as its views get it."""

from dataclasses import dataclass

from core.augmentation.recipe import AugmentationRecipe
from core.images import PictureSpec
from core.training.runs import Run
from ui import recipe_editor
from ui.lab.photos import LabPhoto


@dataclass(frozen=True)
class Lab:
    """The lab's photos, its recipe, and who judges them.

    Attributes:
        dataset_name: None when the photos are drawn by Loupe.
        photos: A handful of training photos, or of drawn ones, as the model gets them.
        recipe: The recipe beside the pictures, without the steps that are switched off.
        spec: Size, colours and fit of the pictures.
        seed: With which it is drawn.
        run: The trained model that judges, None when nobody does.
    """

    dataset_name: str | None
    photos: list[LabPhoto]
    recipe: AugmentationRecipe
    spec: PictureSpec
    seed: int
    run: Run | None = None

    @property
    def scope(self) -> str:
        """Under which name the recipe editor keeps what is being edited."""
        return recipe_editor.scope_of(self.dataset_name)
