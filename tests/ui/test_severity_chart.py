import numpy as np

from core.evaluation.severity_curves import curves
from tests.core.evaluation.answers import classes, report_of
from ui.charts.severity import loss_table, severity_panels

NAMES = ("<b>one", "two")


def found():
    def said(trial, true):
        lost = trial.kind == "blur" and trial.value > 2
        return np.where(true == 0, 1, true) if lost else None

    return curves(report_of(classes(2, 20), NAMES, said))


def test_every_step_has_a_panel_with_its_numbers_and_its_mark():
    made = found()
    html = severity_panels(made, {"horizontal_flip"})
    assert html.count("<figure>") == len(made) and html.count("turns classes") == 1
    assert "2.1 pixels: 50 % right (35 % to 65 %), 20 lost, 0 gained" in html
    assert html.index("<b>Blur") < html.index("<b>Shear")
    assert html.count("class='worse'") == 4


def test_the_table_says_what_each_class_loses_and_marks_the_worst():
    html = loss_table(found(), 6, {("blur", 0)})
    row = html[html.index("Blur</th>") :].split("</tr>")[0]
    assert "6 pixels" in row and "−50" in row and "−100" in row and row.count("worst") == 1
    assert row.count("background:color-mix(") == 2  # the third cell lost nothing
    assert "&lt;b&gt;one" in html and "<b>one" not in html
