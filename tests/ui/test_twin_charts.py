"""Pictures of differences and of twins' learning."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ui.charts import difference_chart, twin_curves, twin_legend
from ui.charts.difference import SCALES, Row

share = st.floats(-1, 1)


@given(st.lists(st.tuples(share, share, share).map(sorted), min_size=1, max_size=5))
def test_everything_lies_on_the_scale_and_zero_in_its_middle(rows):
    made = [Row("a class", value, low, high) for low, value, high in rows]
    html = difference_chart(made, "without", "with")
    places = [float(place) for place in re.findall(r"left:(-?[\d.]+)%", html)]
    assert len(places) == 2 * len(rows) and all(0 <= place <= 100 for place in places)
    (scale,) = set(re.findall(r"\+(\d+) points</span></div>", html))
    assert int(scale) in SCALES
    assert int(scale) >= min(100, 99.9 * max(abs(end) for row in rows for end in row))
    kinds = re.findall(r"class='track (\w+)'", html)
    assert kinds == ["up" if low > 0 else "down" if high < 0 else "open" for low, _, high in rows]


def test_names_from_outside_are_escaped():
    html = difference_chart([Row("<b>", 0, -0.1, 0.1, note="<i>")], "<u>", "<s>")
    assert not re.search(r"<b>|<i>|<u>|<s>", html.replace("<i class", ""))
    assert "<b>" not in twin_legend({"with": "<b>", "without": "x"})


def test_a_line_for_each_training_along_epochs_or_seconds():
    rows = [{"epoch": n, "seconds": 4.0 * n, "val_accuracy": n / 10} for n in (1, 2)]
    metrics = {(0, "with"): rows, (0, "without"): [{"epoch": 1, "seconds": 3.0}], (1, "with"): []}
    titles = {"with": "with Gentle", "without": "without"}
    for by_seconds, first in ((True, 4.0), (False, 1)):
        chart = twin_curves(metrics, titles, by_seconds)
        drawn = [point for point in chart["data"]["values"] if point["value"] is not None]
        assert [point["x"] for point in drawn] == [first, 2 * first]
        assert {point["side"] for point in drawn} == {"with Gentle"}
