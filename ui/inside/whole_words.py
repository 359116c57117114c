"""What the columns of the whole network are called."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.models.keras_layers import CLASSES
from core.models.layers import TITLES, Output, ResidualBlock, kind_of

OWN_TITLES = {
    CLASSES[kind]: TITLES[kind_of(kind.model_construct())]
    for kind in CLASSES
    if kind not in (Output, ResidualBlock)
}
FURTHER_TITLES = {
    "Add": "Sum",
    "Multiply": "Product",
    "Concatenate": "Maps stacked",
    "ReLU": "Activation",
    "ZeroPadding2D": "Rim of zeros",
    "Rescaling": "Rescaling",
}
ANSWER = "Answer"


def kind_title(kind: str) -> str:
    """What people call a layer of Keras' class `kind`: `"Max pooling"`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.removesuffix("2D"))
    return OWN_TITLES.get(kind) or FURTHER_TITLES.get(kind) or words.capitalize()


def column_title(column: Mapping[str, Any]) -> str:
    """The head of a column: what its layer does, or which block it stands for.

    Args:
        column: As `core.inspection.overview.overview` tells it.
    """
    if column["open"] or len(column["kinds"]) == 1:
        return kind_title(column["kind"])
    if column["title"]:
        return str(column["title"]).capitalize()
    return kind_title(column["kinds"][0])


def shape_words(column: Mapping[str, Any]) -> str:
    """What stands under the number of a column's units: `"32 × 32"`, or `"numbers"`."""
    shape: Sequence[int] = column["shape"]
    if column["has_maps"]:
        return f"{shape[0]} × {shape[1]}"
    return "numbers" if column["units"] > 1 else "number"


def layers_words(column: Mapping[str, Any]) -> str:
    """What a folded group holds: `"Convolution, batch normalisation and activation"`."""
    titles = [kind_title(kind) for kind in column["kinds"]]
    known = list(dict.fromkeys(titles))
    words = ", ".join(known[:-1]) + (" and " if len(known) > 1 else "") + known[-1]
    return f"{words[:1]}{words[1:].lower()}"
