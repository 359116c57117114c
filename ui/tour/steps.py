"""The steps of the tour: where each happens, what to do there, and how it is known to be done."""

from collections.abc import Callable
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


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: What the address calls it.
        title: What it is, in two or three words.
        page: Where it happens.
        minutes: How long it takes, about.
        task: What to do there, in a sentence or two.
        noticed: What is known to be done, in a few words; "" while it is not.
        view: Of the page, where it happens in one.
    """

    name: str
    title: str
    page: str
    minutes: int
    task: str
    noticed: Callable[[Facts], str]
    view: str | None = None


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


def _photos(facts: Facts) -> str:
    if facts.dataset is None:
        return ""
    classes = len(facts.dataset["classes"])
    return f"{facts.dataset['images']:,} photos in {classes} classes are here"


def _looked(facts: Facts) -> str:
    views = {"photos:gallery", "photos:map", "photos:split", "photos:checks", "photos:labels"}
    return "You have looked at them" if facts.seen & views else ""


def _varied(facts: Facts) -> str:
    return "Your variations are chosen" if facts.recipe_kept else ""


def _chosen(facts: Facts) -> str:
    return "A good first network is chosen" if "model" in facts.seen else ""


def _trained(facts: Facts) -> str:
    return "Your network has learnt" if facts.trained else ""


def _tested(facts: Facts) -> str:
    accuracy = facts.run["test_accuracy"] if facts.trained and facts.run else None
    if accuracy is None or "evaluation" not in facts.seen:
        return ""
    return f"It is right for {accuracy:.0%} of photos it never saw".replace("%", " %")


def _asked(facts: Facts) -> str:
    return "It has answered" if facts.trained and "prediction" in facts.seen else ""


def _inside(facts: Facts) -> str:
    return "You have looked into a layer" if facts.layer else ""


def _shared(facts: Facts) -> str:
    return "Your model can go anywhere" if facts.trained and "share" in facts.seen else ""


STEPS = (
    Step(
        "photos",
        "Bring photos",
        "photos",
        2,
        "A folder of photos for each class: drop one here. Without photos of your own, take the "
        "insects that Loupe draws.",
        _photos,
    ),
    Step(
        "look",
        "Look at them",
        "photos",
        2,
        "Open the gallery. Could you tell the classes apart? What the eye cannot see, a network "
        "hardly learns. A photo in the wrong class can be moved.",
        _looked,
        view="gallery",
    ),
    Step(
        "vary",
        "Vary them",
        "augmentation",
        3,
        "Move a slider and watch the wall. Choose variations that leave every photo what it is, "
        "then press “Use for training”.",
        _varied,
    ),
    Step(
        "model",
        "Choose a network",
        "model",
        2,
        "The good first choice is chosen already. Open one of its layers and see what it does to "
        "the picture.",
        _chosen,
    ),
    Step(
        "train",
        "Train",
        "training",
        4,
        "Choose a minute or two and press “Start training”. Watch both curves: the lower one "
        "tells how good it is on photos it does not learn from.",
        _trained,
    ),
    Step(
        "test",
        "Test it",
        "evaluation",
        2,
        "The photos that were kept away come out now. Which class is taken for which? Look at the "
        "wrong ones: would you have known?",
        _tested,
    ),
    Step(
        "ask",
        "Ask it",
        "prediction",
        2,
        "Show it a photo it has never seen, or draw one. Show it something that is none of its "
        "classes, too.",
        _asked,
    ),
    Step(
        "inside",
        "Look inside",
        "feature_maps",
        2,
        "Choose a layer and click one of its maps. Then another layer, deeper: from edges to "
        "parts of things.",
        _inside,
    ),
    Step(
        "share",
        "Take it with you",
        "share",
        1,
        "Your model is a file. Download it, or send somebody the address of what you see.",
        _shared,
    ),
)
MINUTES = sum(step.minutes for step in STEPS)
PLACES = {step.name: place for place, step in enumerate(STEPS)}
