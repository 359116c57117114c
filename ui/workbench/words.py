"""A layer's values in a few words, and what is said of layers in the words of their cards."""

import re
from collections.abc import Mapping

from core.errors import LoupeError
from core.models.architecture import Architecture
from core.models.layers import TITLES, Activation, Layer, ResidualBlock


def settings(layer: Layer) -> str:
    """The layer's values in a few words: "32 filters · 3 × 3 · stride 2 · valid · relu"."""
    values = layer.model_dump(exclude={"kind", "layers", "momentum", "epsilon"})
    if isinstance(layer, ResidualBlock):
        bent = values["activation"]
        return f"{len(layer.layers)} layers with a shortcut" + (
            f" · {bent}" if bent != "linear" else ""
        )
    window = values.get("kernel_size") or values.get("pool_size")
    words = [
        f"{values['filters']} filters" if "filters" in values else "",
        f"{values['units']} units" if "units" in values else "",
        f"{window} × {window}" if window else "",
        f"stride {values['strides']}" if values.get("strides", 1) != 1 else "",
        values.get("padding", ""),
        f"{values['depth_multiplier']} per map" if values.get("depth_multiplier", 1) != 1 else "",
        f"{values['groups']} groups" if "groups" in values else "",
        f"{values['rate']:.0%}" if "rate" in values else "",
        _bend(layer, values.get("activation")),
        "no offset" if values.get("use_bias") is False else "",
    ]
    return " · ".join(word for word in words if word)


def in_titles(error: LoupeError, architecture: Architecture) -> LoupeError:
    """What `core` says of layers by their exact names, by the titles that their cards have."""
    titles = architecture.titles()
    own = {name: titles[place] for place, name in architecture.names().items()}
    return LoupeError(_titled(error.message, own), _titled(error.next_step, TITLES))


def _titled(text: str, titles: Mapping[str, str]) -> str:
    def title(quoted: re.Match[str]) -> str:
        return f"“{titles[quoted[1]]}”" if quoted[1] in titles else quoted[0]

    return re.sub(r"'(\w+)'", title, text)


def _bend(layer: Layer, activation: str | None) -> str:
    plain = activation in (None, "linear") and not isinstance(layer, Activation)
    return "" if plain or activation is None else str(activation).replace("_", " ")
