"""What the tour sees of the visit, and what follows from it: a few words once a step is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui import cache, state

WRITTEN = "%Y-%m-%dT%H:%M:%S%z"  # how a run says when it was created


@dataclass(frozen=True)
class Facts:
    """What the tour can see of the visit.

    Attributes:
        dataset: Summary of the data set on show; None where there is none.
        recipe_kept: Whether variations were chosen for it.
        run: Summary of its newest training since the tour began; None where there is none.
        seen: Pages that were opened during the tour, and "page:view" of their views.
        layer: Whether a layer of the network was opened.
    """

    dataset: dict[str, Any] | None
    recipe_kept: bool
    run: dict[str, Any] | None
    seen: frozenset[str]
    layer: bool

    @property
    def trained(self) -> bool:
        """Whether the tour's own training has left a model."""
        return self.run is not None and self.run["state"] in ("finished", "stopped")


def facts_now(seen: frozenset[str], began: float) -> Facts:
    """What is known now.

    Args:
        seen: The pages and views that were opened.
        began: When the tour did, in seconds since 1970.
    """
    name = state.current_dataset_name()
    dataset = next((one for one in cache.datasets() if one["name"] == name), None)
    runs = [run for run in cache.runs(name) if _since(run, began)] if name else []
    kept = state.augmentation_is_kept(name)
    return Facts(dataset, kept, runs[0] if runs else None, seen, "feature_maps:layer" in seen)


def _since(run: dict[str, Any], began: float) -> bool:
    return datetime.strptime(run["created"], WRITTEN).timestamp() >= began


def photos(facts: Facts) -> str:
    """Whether there are photos."""
    if facts.dataset is None:
        return ""
    classes = len(facts.dataset["classes"])
    return f"{facts.dataset['images']:,} photos in {classes} classes are here"


def looked(facts: Facts) -> str:
    """Whether one of the views of the photos was opened."""
    views = {"photos:gallery", "photos:map", "photos:split", "photos:checks", "photos:labels"}
    return "You have looked at them" if facts.seen & views else ""


def varied(facts: Facts) -> str:
    """Whether variations were chosen for the data set."""
    return "Your variations are chosen" if facts.recipe_kept else ""


def chosen(facts: Facts) -> str:
    """Whether the networks were looked at."""
    return "A good first network is chosen" if "model" in facts.seen else ""


def trained(facts: Facts) -> str:
    """Whether a training of the tour has left a model."""
    return "Your network has learnt" if facts.trained else ""


def tested(facts: Facts) -> str:
    """Whether its test was looked at."""
    accuracy = facts.run["test_accuracy"] if facts.trained and facts.run else None
    if accuracy is None or "evaluation" not in facts.seen:
        return ""
    return f"It is right for {accuracy:.0%} of photos it never saw".replace("%", " %")


def asked(facts: Facts) -> str:
    """Whether it was asked about a photo."""
    return "It has answered" if facts.trained and "prediction" in facts.seen else ""


def inside(facts: Facts) -> str:
    """Whether a layer was opened."""
    return "You have looked into a layer" if facts.layer else ""


def shared(facts: Facts) -> str:
    """Whether the page Share was opened."""
    return "Your model can go anywhere" if facts.trained and "share" in facts.seen else ""
