"""How sure a model is while marked pixels appear or vanish, as a Vega-Lite dictionary."""

from collections.abc import Sequence
from typing import Any

from ui.palette import BAD, GOOD

HEIGHT = 260
SHOWN, TAKEN = "shown first", "taken first"


def faithfulness_chart(
    shares: Sequence[float], deletion: Sequence[float], insertion: Sequence[float]
) -> dict[str, Any]:
    """Two lines over the share of pixels, most important first.

    Args:
        shares: 0..1.
        deletion: The class's probability while they are taken away.
        insertion: The same while they are shown.
    """
    values = [
        {"share": share, "sure": round(sure, 4), "what": what}
        for what, line in ((SHOWN, insertion), (TAKEN, deletion))
        for share, sure in zip(shares, line, strict=True)
    ]
    share = {"field": "share", "type": "quantitative"}
    return {
        "height": HEIGHT,
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": share | {"axis": {"title": "of the pixels", "format": "%", "grid": False}},
            "y": {
                "field": "sure",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {
                    "title": "how sure of the class",
                    "format": "%",
                    "values": [0, 0.25, 0.5, 0.75, 1],
                },
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": [SHOWN, TAKEN], "range": [GOOD, BAD]},
                "legend": {"title": None, "orient": "top"},
            },
        },
    }
