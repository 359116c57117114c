"""The choice of settings while it is being made: put, go back, bring back."""

from dataclasses import dataclass
from typing import Any

from core.errors import LoupeError
from core.training.recipes import Recipe
from ui import state
from ui.settings.choice import keep_settings, kept_settings

LENGTH = ("epochs", "budget_seconds")


@dataclass(frozen=True)
class Kept:
    """The settings of one recipe on one data set; for the callbacks of widgets."""

    dataset_name: str
    recipe: Recipe

    @property
    def values(self) -> dict[str, Any]:
        """What was changed; nothing where that cannot be read."""
        try:
            return kept_settings(self.dataset_name, self.recipe.name)
        except LoupeError:
            return {}

    def put(self, **values: Any) -> None:
        """Keeps these values, too."""
        keep_settings(self.dataset_name, self.recipe, {**self.values, **values})

    def go_back(self, *names: str) -> None:
        """Takes the recipe's own for these fields, for all but the length without names."""
        values = self.values
        state.put(self._before, values)
        gone = names or tuple(name for name in values if name not in LENGTH)
        rest = {name: value for name, value in values.items() if name not in gone}
        keep_settings(self.dataset_name, self.recipe, rest)

    @property
    def can_bring_back(self) -> bool:
        """Whether the last thing that happened was going back."""
        before = state.get(self._before)
        return bool(before) and before != self.values

    def bring_back(self) -> None:
        """The settings before going back."""
        keep_settings(self.dataset_name, self.recipe, dict(state.get(self._before, {})))
        state.put(self._before, None)

    @property
    def _before(self) -> str:
        return f"settings-before-{self.dataset_name}-{self.recipe.name}"
