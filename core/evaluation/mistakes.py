"""The photos a run got wrong, those it was surest of first."""

from pathlib import Path
from typing import Any

from core.evaluation.results import read_predictions
from core.training.runs import Run


def mistakes(
    run: Run | Path | str,
    top: int | None = None,
    split: str = "test",
    label: str | None = None,
    predicted: str | None = None,
) -> list[dict[str, Any]]:
    """Wrong answers, the most confident first.

    Args:
        run: A run or its folder, evaluated on `split`.
        top: At most so many; None for all.
        split: Which photos were asked.
        label: Only photos of this class.
        predicted: Only photos taken for this class.

    Returns:
        id, label, predicted, probability (of the wrong answer) and label_probability
        (of the right one), both 0..1.

    Raises:
        NotFound: If the split has not been evaluated.
    """
    table = read_predictions(run, split)
    wrong = table[table["label"] != table["predicted"]]
    if label is not None:
        wrong = wrong[wrong["label"] == label]
    if predicted is not None:
        wrong = wrong[wrong["predicted"] == predicted]
    wrong = wrong.sort_values(["probability", "id"], ascending=[False, True], kind="stable")
    return [
        {
            "id": row["id"],
            "label": row["label"],
            "predicted": row["predicted"],
            "probability": float(row["probability"]),
            "label_probability": float(row[f"p_{row['label']}"]),
        }
        for row in wrong.head(top if top is not None else len(wrong)).to_dict("records")
    ]
