"""From a word of the trade to its meaning, on every page, without leaving it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.concepts.glossary import TERMS, Term, get_term

GLOSSARY = "/concepts?view=glossary"

# The words that each page uses, the ones it turns on first.
PAGE_WORDS: dict[str, str] = {
    "home": "data-set class training run accuracy validation-split test-split",
    "photos": (
        "data-set class label split training-split validation-split test-split stratified fold "
        "duplicate burst leak suspect-label label-noise pixel t-sne umap embedding"
    ),
    "augmentation": (
        "augmentation recipe label-preserving seed mixup cutmix cutout rescaling confidence "
        "robustness randaugment twin-training confidence-interval overfitting t-sne"
    ),
    "model": (
        "architecture cnn layer convolution kernel channel stride padding activation relu pooling "
        "global-pooling flatten dense-layer batch-normalization dropout residual-connection "
        "depthwise softmax receptive-field parameters weights multiply-adds pretrained image-net "
        "backbone head features frozen fine-tuning transfer-learning"
    ),
    "training": (
        "training epoch batch step loss accuracy validation-split overfitting learning-curve "
        "hyperparameter learning-rate schedule one-cycle cosine-schedule warm-up optimizer sgd "
        "adam rmsprop muon momentum weight-decay label-smoothing label-doubt weight-averaging "
        "balanced-batches class-weight early-stopping patience range-test cross-entropy "
        "mixed-precision xla gpu seed run cross-validation fold frozen fine-tuning"
    ),
    "evaluation": (
        "test-split accuracy error-rate confidence-interval confusion-matrix precision recall f1 "
        "confidence calibration test-time-augmentation loss learning-curve"
    ),
    "prediction": (
        "prediction classifier class probability softmax confidence calibration threshold "
        "unknown test-time-augmentation ensemble"
    ),
    "feature_maps": (
        "feature-map layer channel kernel activation receptive-field grad-cam saliency "
        "integrated-gradients gradient occlusion faithfulness embedding pca"
    ),
    "share": "model run weights seed class",
    "concepts": "pixel weights bias neuron regularisation underfitting logits",
}


def jargon(anchor: str, words: str = "") -> str:
    """A word as a Markdown link to its meaning, which pointing at it shows at once.

    Args:
        anchor: Of the word in the glossary.
        words: What is written; by default its title in small letters.

    Raises:
        NotFound: If the glossary does not have it.
    """
    term = get_term(anchor)
    shown = words or term.title[0].lower() + term.title[1:]
    return f'[{shown}]({address_of(anchor)} "{escape(term.meaning)}")'


def address_of(anchor: str) -> str:
    """Where the glossary explains a word."""
    return f"{GLOSSARY}&word={anchor}"


def words_of_page(page: str) -> tuple[str, ...]:
    """The words that a page uses."""
    return tuple(PAGE_WORDS[page].split())


def words_of_lab(anchor: str) -> tuple[str, ...]:
    """The words that a lab shows moving."""
    return tuple(term.anchor for term in TERMS if term.lab == anchor)


def words_here(anchors: Sequence[str], key: str, label: str = "Words used here") -> None:
    """A button that opens the meanings of some words beside what one is doing.

    Links in it open a window of their own, so that nobody loses their place.

    Args:
        anchors: Of the words, in the order in which they are shown.
        key: Identity of this button on its page.
    """
    if not anchors:
        return
    lines = [_line(get_term(anchor)) for anchor in anchors]
    lines.append(f"[All {len(TERMS)} words]({GLOSSARY})")
    button = st.popover(label, type="tertiary", icon=":material/menu_book:")
    with button, st.container(key=f"words-{key}"):
        st.markdown("\n\n".join(lines))


def shown_in_lab(term: Term) -> bool:
    """Whether there is a lab that shows the word moving."""
    from ui.concepts.labs import LABS

    return any(lab.anchor == term.lab for lab in LABS)


def _line(term: Term) -> str:
    moving = f" [See it move](/concepts?lab={term.lab})" if shown_in_lab(term) else ""
    return f"**{term.title}.** {term.meaning}{moving}"
