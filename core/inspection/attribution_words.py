"""What each way of explaining an answer is called and says; knows nothing of Keras."""

from typing import NamedTuple


class Words(NamedTuple):
    """About one method.

    Attributes:
        title: What people call it.
        says: What its picture means, in a sentence.
        has_layer: Whether it looks at a layer.
        signed: Whether below zero means "speaks against it".
    """

    title: str
    says: str
    has_layer: bool = False
    signed: bool = False


METHOD_WORDS = {
    "grad-cam": Words(
        "Grad-CAM",
        "Where a late layer found what raises the score of the class: coarse, but it differs "
        "from class to class.",
        has_layer=True,
    ),
    "grad-cam++": Words(
        "Grad-CAM++",
        "As Grad-CAM, but small or repeated parts count as much as large ones.",
        has_layer=True,
    ),
    "integrated-gradients": Words(
        "Integrated gradients",
        "How much each pixel adds to the probability of the class on the way from a black "
        "picture to this one; all of them together are the whole difference.",
        signed=True,
    ),
    "smoothgrad": Words(
        "SmoothGrad",
        "Which pixels would change the score most if they became brighter, averaged over noisy "
        "copies of the photo.",
        signed=True,
    ),
    "occlusion": Words(
        "Occlusion",
        "How much of the probability is lost when this part of the photo is covered.",
        signed=True,
    ),
}

# Of the difference: more than this is said to be missing.
INCOMPLETE = 0.01


def together(total: float, difference: float) -> str:
    """What integrated gradients come to, against what they should, in a sentence.

    Args:
        total: The sum over all pixels.
        difference: Between the probabilities for the picture and for a black one.
    """
    said = (
        f"All pixels together: {total:+.3f}. From black to this photo the probability changes by "
        f"{difference:+.3f}"
    ).replace("-", "−")
    missed = abs(total - difference)
    if missed <= max(INCOMPLETE * abs(difference), 0.0005):
        return f"{said}, so nothing is left out."
    return (
        f"{said}: the answer leaps so often on the way that the two do not quite meet. Take what "
        "is pale here as unknown."
    )


CANNOT_SAY = (
    "They show *where* a change would move the answer, not *what* the model recognises there or "
    "why. A wrong answer can come with a picture that looks just as sensible as a right one, and "
    "two good models can look at different places. What a picture leaves pale may still matter "
    "together with other parts. So take them as a question to check: cover the marked place, "
    "crop it, take another photo without it, and see whether the answer changes."
)
