"""What the demo says at each step, in plain words."""

from typing import Any, NamedTuple


class Step(NamedTuple):
    """One step of the demo; `link` is the page where it can be done by hand."""

    id: str
    title: str
    explanation: str
    link: str

    def waiting(self) -> dict[str, Any]:
        """The step as the status shows it before it begins."""
        return {**self._asdict(), "state": "waiting"}


STEPS = (
    Step(
        "photos",
        "Gather photos",
        "Learning needs examples. Loupe draws pond insects by the hundred: dragonflies, which "
        "spread their wings at rest and have eyes that touch, and damselflies, which fold their "
        "wings and have eyes wide apart. Nobody tells the computer this; it gets photos and names, "
        "nothing more. Some photos are put away for the test at the end.",
        "photos",
    ),
    Step(
        "augmentation",
        "Vary them",
        "A photo that is turned a little, shifted or mirrored still shows the same insect. By "
        "varying every photo anew each time, the computer has to learn the insect, not the photo.",
        "augmentation",
    ),
    Step(
        "model",
        "Choose a network",
        "The model is a stack of layers. The first ones look for edges and spots, the later ones "
        "put them together to wings and eyes, the last one answers: how likely is which class?",
        "model",
    ),
    Step(
        "training",
        "Train",
        "Now the computer guesses, looks up the right name, and nudges its numbers so that the "
        "next guess is a little better, thousands of times. At first it is right half the time, as "
        "with a coin. Watch the curve rise: the photos of the validation set show whether it "
        "understands or merely memorises.",
        "training",
    ),
    Step(
        "evaluation",
        "Test it",
        "The photos put away at the beginning come out now. The model has never seen them, so "
        "this is the number that counts.",
        "evaluation",
    ),
    Step(
        "prediction",
        "Ask about one photo",
        "The model answers with a probability for every class. Have a look at how sure it is.",
        "prediction",
    ),
    Step(
        "feature_maps",
        "Look inside",
        "Each little picture shows where one filter of a layer found what it looks for: bright is "
        "a find. Layer by layer, from edges to insects.",
        "feature_maps",
    ),
)
