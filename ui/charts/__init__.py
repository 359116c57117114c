"""Pictures of numbers: curves, bars, intervals, and the confusion matrix.

Charts of a live run are Vega-Lite dictionaries (they update without blinking),
the confusion matrix is a Plotly figure (its cells can be clicked), and bars are
plain HTML: light, sharp at any width, readable by a screen reader.
"""

from ui.charts.bars import class_counts, per_class_table, probability_bars
from ui.charts.confusion import clicked_cell, confusion_heatmap
from ui.charts.curves import accuracy_curve, curve_legend, loss_curve
from ui.charts.difference import difference_chart
from ui.charts.figures import figures_html
from ui.charts.histogram import histogram_chart
from ui.charts.interval import interval_bar
from ui.charts.part_dots import part_dots, spoken_dots
from ui.charts.ranges import ranges_html
from ui.charts.schedule import schedule_chart, schedule_words
from ui.charts.twin_curves import twin_curves, twin_legend

__all__ = [
    "accuracy_curve",
    "class_counts",
    "clicked_cell",
    "confusion_heatmap",
    "curve_legend",
    "difference_chart",
    "figures_html",
    "histogram_chart",
    "interval_bar",
    "loss_curve",
    "part_dots",
    "per_class_table",
    "probability_bars",
    "ranges_html",
    "schedule_chart",
    "schedule_words",
    "spoken_dots",
    "twin_curves",
    "twin_legend",
]
