import re

import pytest

from ui import charts
from ui.charts.confusion import STRONG_CELL
from ui.charts.curves import SEEN, UNSEEN, curve_points
from ui.charts.ending import ending_chart
from ui.palette import class_colors

METRICS = [
    {"epoch": 1, "accuracy": 0.5, "val_accuracy": 0.4, "loss": 1.2, "val_loss": 1.3},
    {"epoch": 2, "accuracy": 0.7, "val_accuracy": None, "loss": 0.9},
]


def values(points, photos):
    return [(point["epoch"], point["value"]) for point in points if point["photos"] == photos]


def test_curves_have_a_point_per_epoch_and_leave_out_what_is_missing():
    points = curve_points(METRICS, "accuracy")
    assert values(points, SEEN) == [(1, 0.5), (2, 0.7)]
    assert values(points, UNSEEN) == [(1, 0.4)]


def test_running_values_take_the_place_of_the_epochs_of_training_photos():
    live = {"epoch": [0.5, 1.0, 1.5], "accuracy": [0.3, 0.4, 0.6], "loss": [2.0, 1.5, 1.0]}
    points = curve_points(METRICS, "loss", live)
    assert values(points, SEEN) == [(0.5, 2.0), (1.0, 1.5), (1.5, 1.0)]
    assert values(points, UNSEEN) == [(1, 1.3)]


def test_only_the_data_of_a_live_chart_changes():
    """A changed specification would be drawn anew: the chart would blink."""
    before, after = charts.accuracy_curve([]), charts.accuracy_curve(METRICS)
    assert before.pop("data") != after.pop("data")
    assert before == after


def test_the_losses_a_training_began_with_are_in_the_picture_and_later_leaps_cut_off():
    found = {"stopped_after": None, "kept": 9}

    def highest(losses):
        rows = [{"epoch": at + 1, "loss": loss} for at, loss in enumerate(losses)]
        return ending_chart(rows, found)["encoding"]["y"]["scale"]["domain"][1]

    falling = [2.3, 0.9, *[0.1] * 8]
    assert highest(falling) > 2.3
    assert 2.3 < highest([*falling, 500.0]) < 3


def test_accuracy_is_shown_from_0_to_100_percent():
    assert charts.accuracy_curve(METRICS)["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_confusion_cells_show_their_share_of_the_row_in_two_colours():
    figure = charts.confusion_heatmap([[9, 1], [3, 1]], ["bee", "wasp"])
    right, wrong, targets = figure.data
    assert [list(row) for row in right.z] == [[0.9, None], [None, 0.25]]
    assert [list(row) for row in wrong.z] == [[None, 0.1], [0.75, None]]
    assert len(targets.x) == 4 and targets.marker.opacity == 0
    assert targets.text[2] == "3 of 4 wasp were called bee"
    assert [annotation.text for annotation in figure.layout.annotations] == ["9", "1", "3", "1"]


def test_confusion_counts_are_readable_in_both_themes():
    inks = {}
    for dark in (False, True):
        figure = charts.confusion_heatmap([[9, 1], [3, 1]], ["bee", "wasp"], dark)
        inks[dark] = [annotation.font.color for annotation in figure.layout.annotations]
    assert inks[False][0] == inks[True][0] == "#ffffff", f"a share above {STRONG_CELL}"
    assert inks[False][1] != inks[True][1]


def test_a_row_without_photos_does_no_harm():
    figure = charts.confusion_heatmap([[0, 0], [0, 2]], ["bee", "wasp"])
    assert [list(row) for row in figure.data[0].z] == [[0, None], [None, 1]]


def test_many_classes_are_drawn_without_numbers():
    size = 20
    figure = charts.confusion_heatmap([[1] * size] * size, [f"class {i}" for i in range(size)])
    assert len(figure.layout.annotations) == 0


@pytest.mark.parametrize(
    "selection, cell",
    [
        (None, None),
        ({"selection": {"points": []}}, None),
        ({"selection": {"points": [{"x": 2, "y": 0}]}}, (0, 2)),
    ],
)
def test_a_click_tells_truth_and_prediction(selection, cell):
    assert charts.clicked_cell(selection) == cell


def labels(html):
    return re.findall(r'</span><span>([^<]+)</span></span><span class="lp-track">', html)


def test_bars_are_ranked_and_wear_the_colour_of_their_class():
    names = ["ant", "bee", "wasp"]
    html = charts.probability_bars({"ant": 0.1, "bee": 0.7, "wasp": 0.2}, names)
    assert labels(html) == ["bee", "wasp", "ant"]
    assert f"width:70.00%;background:{class_colors(names)['bee']}" in html
    assert "70.0%" in html


def test_with_the_truth_known_right_is_blue_and_wrong_is_red():
    shares = {"ant": 0.1, "bee": 0.7, "wasp": 0.2}
    right = charts.probability_bars(shares, list(shares), truth="bee")
    wrong = charts.probability_bars(shares, list(shares), truth="wasp")
    assert "width:70.00%;background:var(--lp-right)" in right
    assert "width:70.00%;background:var(--lp-wrong)" in wrong
    assert "width:20.00%;background:var(--lp-right)" in wrong
    assert "what it really is" in wrong and "what it really is" not in right


def test_the_truth_is_shown_even_when_it_is_the_least_likely_of_many():
    shares = {f"class {i:02}": (30 - i) / 500 for i in range(30)}
    html = charts.probability_bars(shares, list(shares), truth="class 29")
    assert "class 29" in html and "class 20" not in html
    assert "17 less likely classes" in html


def test_class_names_cannot_bring_markup_with_them():
    name = "<img src=x onerror=alert(1)>"
    pages = [
        charts.probability_bars({name: 1.0}, [name]),
        charts.class_counts({name: 3}),
        charts.per_class_table([{"name": name, "n": 1, "recall": 1, "precision": None}], [name]),
    ]
    for html in pages:
        assert "<img" not in html and "&lt;img" in html


def test_counts_are_as_long_as_their_share_of_the_largest():
    html = charts.class_counts({"bee": 50, "wasp": 200})
    assert re.findall(r"width:([\d.]+)%", html) == ["25.00", "100.00"]


def test_a_class_that_was_never_predicted_has_no_trust_rather_than_none():
    rows = [{"name": "bee", "n": 4, "recall": 0.0, "precision": None}]
    html = charts.per_class_table(rows, ["bee"])
    assert "no such case" in html and ">0%<" in html


def test_the_interval_is_drawn_where_it_lies():
    html = charts.interval_bar(0.9, 0.8, 0.95, chance=0.5)
    assert "left:80.00%;width:15.00%" in html
    assert 'class="dot" style="left:90.00%"' in html
    assert "guessing 50%" in html
    assert "from 80% to 95%" in html
    assert "guessing" not in charts.interval_bar(0.9, 0.8, 0.95)
