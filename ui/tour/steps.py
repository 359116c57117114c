"""The steps of the tour: where each happens, what to do there, and how it is known to be done."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.tour import noticing
from ui.tour.noticing import Facts


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


STEPS = (
    Step(
        "photos",
        "Bring photos",
        "photos",
        2,
        "A folder of photos for each class: drop one here. Without photos of your own, take the "
        "insects that Loupe draws.",
        noticing.photos,
    ),
    Step(
        "look",
        "Look at them",
        "photos",
        2,
        "Open the gallery. Could you tell the classes apart? What the eye cannot see, a network "
        "hardly learns. A photo in the wrong class can be moved.",
        noticing.looked,
        view="gallery",
    ),
    Step(
        "vary",
        "Vary them",
        "augmentation",
        3,
        "Move a slider and watch the wall. Choose variations that leave every photo what it is, "
        "then press “Use for training”.",
        noticing.varied,
    ),
    Step(
        "model",
        "Choose a network",
        "model",
        2,
        "The good first choice is chosen already. Open one of its layers and see what it does to "
        "the picture.",
        noticing.chosen,
    ),
    Step(
        "train",
        "Train",
        "training",
        4,
        "Choose a minute or two and press “Start training”. Two curves grow: the one of photos "
        "it does not learn from tells how good it is.",
        noticing.trained,
    ),
    Step(
        "test",
        "Test it",
        "evaluation",
        2,
        "The photos that were kept away come out now. Which class is taken for which? Look at the "
        "wrong ones: would you have known?",
        noticing.tested,
    ),
    Step(
        "ask",
        "Ask it",
        "prediction",
        2,
        "Show it a photo it has never seen, or draw one. Show it something that is none of its "
        "classes, too.",
        noticing.asked,
    ),
    Step(
        "inside",
        "Look inside",
        "feature_maps",
        2,
        "Choose a layer and click one of its maps. Then another layer, deeper: from edges to "
        "parts of things.",
        noticing.inside,
    ),
    Step(
        "share",
        "Take it with you",
        "share",
        1,
        "Your model is a file. Download it, or send somebody the address of what you see.",
        noticing.shared,
    ),
)
MINUTES = sum(step.minutes for step in STEPS)
PLACES = {step.name: place for place, step in enumerate(STEPS)}
