"""The confusion matrix: rows are the truth, columns are what the model said."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

RIGHT = "31, 111, 178"
WRONG = "200, 80, 40"
MOST_LABELLED_CLASSES = 12
STRONG_CELL = 0.55
DARK_INK, LIGHT_INK = "#1d2b29", "#e4ece8"


def confusion_heatmap(
    confusion: Sequence[Sequence[int]], class_names: Sequence[str], dark: bool = False
) -> go.Figure:
    """A heatmap whose cells can be clicked; read the click with `clicked_cell`.

    Cells on the diagonal (right) are blue, the others (wrong) orange; the shade
    is the share of the row, so that a small class is as readable as a large one.

    Args:
        confusion: `confusion[true][predicted]` counts, square.
        class_names: One name per row.
        dark: Whether it stands on a dark background.
    """
    size = len(class_names)
    figure = go.Figure()
    for right, color in ((True, RIGHT), (False, WRONG)):
        figure.add_trace(
            go.Heatmap(
                z=_shares(confusion, right),
                zmin=0,
                zmax=1,
                colorscale=[[0, f"rgba({color}, 0.06)"], [1, f"rgba({color}, 1)"]],
                showscale=False,
                hoverinfo="skip",
                xgap=3,
                ygap=3,
            )
        )
    figure.add_trace(_click_targets(confusion, class_names))
    if size <= MOST_LABELLED_CLASSES:
        figure.update_layout(annotations=_counts(confusion, dark))
    names = [_short(name) for name in class_names]
    ticks = {"tickmode": "array", "tickvals": list(range(size)), "ticktext": names}
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_xaxes(title="the model said", range=[-0.5, size - 0.5], **ticks, **plain)
    figure.update_yaxes(title="it really is", range=[size - 0.5, -0.5], **ticks, **plain)
    figure.update_layout(
        height=min(640, 150 + 72 * size),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        hoverdistance=-1,
        clickmode="event+select",
        dragmode=False,
        showlegend=False,
    )
    return figure


def clicked_cell(selection: Any) -> tuple[int, int] | None:
    """The `(true, predicted)` cell in what `st.plotly_chart(on_select="rerun")` returned."""
    points = (selection or {}).get("selection", {}).get("points", [])
    if not points:
        return None
    return round(points[0]["y"]), round(points[0]["x"])


def _shares(confusion: Sequence[Sequence[int]], right: bool) -> list[list[float | None]]:
    totals = [max(1, sum(row)) for row in confusion]
    return [
        [
            count / totals[true] if (true == predicted) == right else None
            for predicted, count in enumerate(row)
        ]
        for true, row in enumerate(confusion)
    ]


def _click_targets(confusion: Sequence[Sequence[int]], class_names: Sequence[str]) -> go.Scatter:
    """A heatmap reports no clicks; these invisible squares above its cells do."""
    cells = [(true, said) for true in range(len(class_names)) for said in range(len(class_names))]
    invisible = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=[said for _, said in cells],
        y=[true for true, _ in cells],
        mode="markers",
        marker={"symbol": "square", "size": 40, "opacity": 0},
        selected=invisible,
        unselected=invisible,
        text=[
            f"{confusion[true][said]} of {sum(confusion[true])} {class_names[true]} "
            f"were called {class_names[said]}"
            for true, said in cells
        ],
        hovertemplate="%{text}<br>click to see them<extra></extra>",
    )


def _counts(confusion: Sequence[Sequence[int]], dark: bool) -> list[dict[str, Any]]:
    annotations = []
    ink = LIGHT_INK if dark else DARK_INK
    for true, row in enumerate(confusion):
        for predicted, count in enumerate(row):
            strong = count / max(1, sum(row)) > STRONG_CELL
            font = {"size": 17, "color": "#ffffff" if strong else ink}
            annotations.append(
                {"x": predicted, "y": true, "text": str(count), "showarrow": False, "font": font}
            )
    return annotations


def _short(name: str, longest: int = 16) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
