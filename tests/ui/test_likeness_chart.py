from ui.charts.likeness import likeness_chart, likeness_legend
from ui.palette import QUIET


def test_a_line_per_measure_and_a_rule_at_the_chosen_layer():
    lines = {"here": [0.5, None, 1.0], "for scale": [0.2, 0.3, -0.4]}
    chart = likeness_chart(["a", "b", "c"], lines, "b", "for scale")
    rule, curve = chart["layer"]
    assert rule["data"]["values"] == [{"place": 2}]
    drawn = [(one["layer"], one["likeness"]) for one in curve["data"]["values"]]
    assert drawn == [("a", 0.5), ("c", 1.0), ("a", 0.2), ("b", 0.3), ("c", -0.4)]
    encoding = curve["encoding"]
    assert encoding["y"]["scale"]["domain"] == [-0.4, 1]
    assert encoding["color"]["scale"]["range"][1] == QUIET
    assert encoding["strokeDash"]["scale"]["range"] == [[1, 0], [5, 4]]
    assert len(likeness_chart(["a"], {"here": [1.0]}, "elsewhere")["layer"]) == 1


def test_the_legend_names_the_lines_as_they_are_drawn():
    legend = likeness_legend(["a < b", "for scale"], "for scale")
    assert "a &lt; b" in legend and legend.count("3px dashed") == 1 and QUIET in legend
