"""Every word of the trade that the app uses, in one or two plain sentences."""

from typing import NamedTuple


class Term(NamedTuple):
    """One entry. `anchor` is what stands after `/concepts?view=glossary&word=`."""

    anchor: str
    title: str
    meaning: str


TERMS = (
    Term("accuracy", "Accuracy", "The share of photos whose class the model names correctly."),
    Term(
        "augmentation",
        "Augmentation",
        "Turning, shifting, zooming and mirroring training photos a little, differently every "
        "time, so that the model learns what they show and not how they were taken.",
    ),
    Term(
        "batch",
        "Batch",
        "The few photos, often 32, that the model looks at before it changes its weights once.",
    ),
    Term(
        "batch-normalization",
        "Batch normalisation",
        "Brings the numbers between two layers to a common scale, which makes learning faster "
        "and steadier.",
    ),
    Term("class", "Class", "One of the answers the model may give, such as dragonfly."),
    Term(
        "confusion-matrix",
        "Confusion matrix",
        "A table that counts which class was taken for which: what is right lies on the diagonal.",
    ),
    Term(
        "dense-layer",
        "Dense layer",
        "Every output is a weighted sum of all inputs. It usually comes last.",
    ),
    Term("epoch", "Epoch", "One pass through all training photos."),
    Term(
        "feature-map",
        "Feature map",
        "What one kernel found and where: bright where its pattern is in the picture.",
    ),
    Term(
        "flatten",
        "Flatten",
        "Writing all numbers of all feature maps into one long row, for a dense layer.",
    ),
    Term(
        "global-pooling",
        "Global average pooling",
        "The average of each feature map: one number that says how much of its pattern there is.",
    ),
    Term(
        "kernel",
        "Kernel",
        "A small grid of weights that is laid on every place of a picture. Also called a filter.",
    ),
    Term(
        "label-smoothing",
        "Label smoothing",
        "Asking for 95 % certainty instead of 100 %, so that the model does not become "
        "overconfident.",
    ),
    Term("layer", "Layer", "One step of the computation, from the picture to the answer."),
    Term(
        "learning-rate",
        "Learning rate",
        "How large a step the weights take after each batch. Too small: slow. Too large: it "
        "never settles.",
    ),
    Term(
        "loss",
        "Loss",
        "One number for how wrong the model is and how sure of it. Training makes it smaller.",
    ),
    Term(
        "one-cycle",
        "One-cycle schedule",
        "The learning rate rises at first and then falls to nearly zero at the end of the "
        "training.",
    ),
    Term("parameters", "Parameters", "All the numbers that training may change: the weights."),
    Term(
        "probability",
        "Probability",
        "The share of its certainty that the model gives to a class. All shares sum to 100 %.",
    ),
    Term(
        "seed",
        "Seed",
        "A number that fixes what is drawn by lot: the same seed, the same draw.",
    ),
    Term(
        "test-split",
        "Test photos",
        "Photos set aside until the end. The model never saw them: they show what it is worth.",
    ),
    Term(
        "training-split",
        "Training photos",
        "The photos the model learns from, again and again.",
    ),
    Term(
        "validation-split",
        "Validation photos",
        "Photos the model does not learn from, looked at after every epoch to see whether it "
        "still gets better.",
    ),
    Term("weights", "Weights", "The numbers in kernels and dense layers. Learning changes them."),
)


def search_terms(words: str) -> tuple[Term, ...]:
    """The entries that contain `words`, in any case; all of them when it is empty."""
    wanted = words.strip().casefold()
    return tuple(term for term in TERMS if wanted in f"{term.title} {term.meaning}".casefold())
