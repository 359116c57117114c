from ui.charts.histogram import HEADROOM, histogram_chart


def bars(chart, what):
    found = [row for layer in chart["layer"] for row in layer["data"]["values"]]
    return [row for row in found if row["what"] == what and "words" not in row]


def test_zeros_are_a_bar_of_their_own_that_presses_nothing_flat():
    chart = histogram_chart([900, 60, 40], 0.0, 3.0, zeros=0.88)
    assert [row["count"] for row in bars(chart, "values")] == [20, 60, 40]
    (zero,) = bars(chart, "exactly zero")
    assert (zero["from"], zero["count"]) == (0.0, 880)
    domain = chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain == [0, 60 * HEADROOM]


def test_values_below_zero_have_their_zero_in_its_place():
    chart = histogram_chart([5, 10, 5], -3.0, 3.0, zeros=0.25)
    assert [row["count"] for row in bars(chart, "values")] == [5, 5, 5]
    assert bars(chart, "exactly zero")[0]["from"] == -1.0


def test_one_value_only_is_one_bar():
    chart = histogram_chart([7, 0, 0], 2.0, 2.0)
    assert [row["count"] for row in bars(chart, "values")] == [7, 0, 0]
    assert not bars(chart, "exactly zero")
    nothing = histogram_chart([7, 0], 0.0, 0.0, zeros=1.0)
    assert bars(nothing, "exactly zero")[0]["count"] == 7
