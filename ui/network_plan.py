"""A network as a plan: a box per layer from the picture down to the answer, as one SVG.

It flows in columns, so that a hundred layers fit on a page; layers that are repeated can be
drawn once; the shortcut of a residual block runs beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, sqrt

from core.models.architecture import Architecture
from core.models.layers import TITLES, ResidualBlock
from core.models.shapes import BENT, NORMALIZED, SHORTCUT, LayerRow
from ui.diagrams import color_of, shape_text
from ui.workbench.words import settings

BOX, HEIGHT, GAP = 292, 40, 14
LINE = 14
LANE, BETWEEN, MARGIN = 40, 54, 12
FRAME = 9
# Of a sheet standing on its short side, and a little wider: columns are read downwards.
PAGE = 0.9
SHORTEST_COLUMN = 9 * (HEIGHT + GAP)
SMALLEST_SCALE = 0.86
LONGEST_PERIOD = 12
LETTERS = 50


@dataclass(frozen=True)
class Box:
    """One layer: what it is called, its values, what comes out, its weights.

    Attributes:
        color: Instead of the colour of its kind.
    """

    kind: str
    title: str
    settings: str
    shape: str
    weights: str
    name: str = ""
    color: str = ""

    @property
    def lines(self) -> list[str]:
        """The settings, broken where they are too long; the weights stand beside the first."""
        found, room = [""], LETTERS - len(self.weights)
        for word in self.settings.split(" · "):
            longer = f"{found[-1]} · {word}" if found[-1] else word
            if len(longer) <= room or not found[-1]:
                found[-1] = longer
            else:
                found, room = [*found, word], LETTERS
        return found

    @property
    def height(self) -> int:
        return HEIGHT + LINE * (len(self.lines) - 1)


@dataclass(frozen=True)
class Unit:
    """A layer, or a residual block with its layers; `shortcut` says what lies on the way round."""

    boxes: tuple[Box, ...]
    is_block: bool = False
    shortcut: str = ""

    def looks(self) -> tuple[object, ...]:
        """Equal for units that do the same."""
        boxes = [(box.kind, box.settings, box.shape, box.weights) for box in self.boxes]
        return (*boxes, self.is_block, self.shortcut)


@dataclass(frozen=True)
class Group:
    """Units that come `times` times, one round after the other."""

    units: tuple[Unit, ...]
    times: int = 1

    @property
    def height(self) -> int:
        return sum(_unit_height(unit) for unit in self.units) + (2 * FRAME if self.times > 1 else 0)


def plan_svg(architecture: Architecture, rows: Sequence[LayerRow], fold: bool = False) -> str:
    """The network as SVG, in the colour of the text around it.

    Args:
        architecture: The layers.
        rows: `core.models.shapes.trace` of it, or as many as there are.
        fold: Whether layers that are repeated are drawn once.
    """
    words = f"{len(rows)} layers from {shape_text(rows[0].output_shape)} to "
    words += shape_text(rows[-1].output_shape)
    return units_svg(_units(architecture, rows), words, fold)


def units_svg(units: Sequence[Unit], words: str, fold: bool = False) -> str:
    """Units from first to last as SVG; `words` say to the blind what is drawn."""
    groups = _folded(units) if fold else [Group((unit,)) for unit in units]
    columns = _columns(groups)
    width = 2 * MARGIN + len(columns) * (LANE + BOX) + (len(columns) - 1) * BETWEEN
    height = 2 * MARGIN + max(sum(group.height for group in column) for column in columns)
    parts = [_column(column, number) for number, column in enumerate(columns)]
    drawn = "".join(drawn for drawn, _ in parts)
    bottoms = [bottom for _, bottom in parts]
    bridges = "".join(_bridge(number, bottom) for number, bottom in enumerate(bottoms[:-1]))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' "
        f"aria-label='{escape(words, quote=True)}' width='{width}' height='{height}' "
        f"style='max-width: 100%; min-width: {min(width * SMALLEST_SCALE, width):.0f}px; "
        f"height: auto' viewBox='0 0 {width} {height}'>"
        f"<style>{CSS}</style>{bridges}{drawn}</svg>"
    )


def on_paper(svg: str) -> str:
    """The same as a file of its own: dark on white."""
    style = "color: #1d2b29; background: #ffffff; font-family: sans-serif"
    return re.sub(r"style='[^']*'", f"style='{style}'", svg, count=1)


def _units(architecture: Architecture, rows: Sequence[LayerRow]) -> list[Unit]:
    units = [Unit((_box(architecture, rows[0]),))]
    numbers = dict.fromkeys(row.place[0] for row in rows if row.place)
    for number in numbers:
        of_it = [row for row in rows if row.place[:1] == (number,)]
        layer = architecture.layers[number]
        around = [row for row in of_it if row.name.endswith((SHORTCUT, NORMALIZED))]
        boxes = tuple(_box(architecture, row) for row in of_it if row not in around)
        is_block = isinstance(layer, ResidualBlock)
        complete = any(row.kind == "residual_block" for row in of_it)
        units.append(Unit(boxes, is_block and complete, _around(around)))
    return units


def _box(architecture: Architecture, row: LayerRow) -> Box:
    weights = f"{row.parameters:,} weights" if row.parameters else ""
    shape = shape_text(row.output_shape)
    if not row.place:
        return Box(row.kind, "Picture", "pixels brought to 0 to 1", shape, weights, row.name)
    layer = architecture.at(row.place)
    if row.kind == "residual_block":
        return Box(row.kind, "Sum", "what was found + what came in", shape, weights, row.name)
    if row.name.endswith(BENT) and isinstance(layer, ResidualBlock):
        return Box(row.kind, TITLES[row.kind], layer.activation, shape, weights, row.name)
    return Box(row.kind, TITLES[row.kind], settings(layer), shape, weights, row.name)


def _around(rows: Sequence[LayerRow]) -> str:
    if not rows:
        return ""
    weights = sum(row.parameters for row in rows)
    scaled = ", normalised" if len(rows) > 1 else ""
    return f"1 × 1 convolution{scaled} · {weights:,} weights"


def _folded(units: Sequence[Unit]) -> list[Group]:
    """Rounds of equal units put together, the longest stretch at each place first."""
    looks = [unit.looks() for unit in units]
    groups, at = [], 0
    while at < len(units):
        period, times = _repeated(looks, at)
        groups.append(Group(tuple(units[at : at + period]), times))
        at += period * times
    return groups


def _repeated(looks: Sequence[tuple[object, ...]], at: int) -> tuple[int, int]:
    """How many units from `at` on form a round, and how often it comes; (1, 1) for one alone."""
    best, saved = (1, 1), 0
    for period in range(1, min(LONGEST_PERIOD, (len(looks) - at) // 2) + 1):
        times = 1
        first = looks[at : at + period]
        while looks[at + times * period : at + (times + 1) * period] == first:
            times += 1
        if period * (times - 1) > saved:
            best, saved = (period, times), period * (times - 1)
    return best


def _columns(groups: Sequence[Group]) -> list[list[Group]]:
    total = sum(group.height for group in groups)
    number = max(1, round(sqrt(PAGE * total / (LANE + BOX + BETWEEN))))
    most = max(SHORTEST_COLUMN, ceil(total / number))
    while len(columns := _filled(groups, most)) > number:
        most += HEIGHT + GAP
    return columns


def _filled(groups: Sequence[Group], most: int) -> list[list[Group]]:
    """Columns no longer than `most`, one after the other."""
    columns: list[list[Group]] = [[]]
    filled = 0
    for group in groups:
        if filled and filled + group.height > most:
            columns.append([])
            filled = 0
        columns[-1].append(group)
        filled += group.height
    return columns


def _unit_height(unit: Unit) -> int:
    return _below(unit, len(unit.boxes)) + (2 * FRAME if unit.is_block else 0)


def _below(unit: Unit, number: int) -> int:
    """How far below its first box the box `number` of a unit begins."""
    return sum(box.height + GAP for box in unit.boxes[:number])


def _column(groups: Sequence[Group], number: int) -> tuple[str, float]:
    """The column's drawing and where its last box ends."""
    x, y = _left(number), float(MARGIN)
    drawn = []
    for group in groups:
        top = y
        if group.times > 1:
            y += FRAME
        for unit in group.units:
            last = group is groups[-1] and unit is group.units[-1]
            drawn.append(_unit(unit, x, y, last))
            y += _unit_height(unit)
        if group.times > 1:
            y += FRAME
            drawn.insert(0, _rounds(x, top, y - top, group.times))
    return "".join(drawn), y - GAP


def _left(number: int) -> float:
    return MARGIN + LANE + number * (LANE + BOX + BETWEEN)


def _unit(unit: Unit, x: float, y: float, last: bool) -> str:
    if not unit.is_block:
        return "".join(
            _draw(box, x, y + _below(unit, at), last and box is unit.boxes[-1])
            for at, box in enumerate(unit.boxes)
        )
    tall = _unit_height(unit) - GAP
    frame = (
        f"<rect class='frame' x='{x - LANE + 8}' y='{y:.0f}' rx='9' "
        f"width='{LANE + BOX - 2}' height='{tall:.0f}'/>"
    )
    top = y + FRAME
    boxes = "".join(
        _draw(box, x, top + _below(unit, at), last and box is unit.boxes[-1])
        for at, box in enumerate(unit.boxes)
    )
    total = next(at for at, box in enumerate(unit.boxes) if box.kind == "residual_block")
    return frame + boxes + _shortcut(unit, x, top, top + _below(unit, total) + HEIGHT / 2)


def _shortcut(unit: Unit, x: float, top: float, goal: float) -> str:
    """From above the block's first layer, down the lane, into its sum."""
    lane = x - LANE / 2 + 2
    start = f"M{x + 40} {top - 7:.0f}H{lane + 8}q-8 0 -8 8"
    path = f"{start}V{goal - 8:.0f}q0 8 8 8H{x - 1}m-5 -4l5 4l-5 4"
    middle = (top + goal) / 2
    words = f"<text class='around' transform='translate({lane - 5} {middle:.0f}) rotate(-90)'>"
    words += f"{escape(unit.shortcut)}</text>" if unit.shortcut else "</text>"
    return f"<path class='round' d='{path}'/>" + (words if unit.shortcut else "")


def _draw(box: Box, x: float, y: float, last: bool) -> str:
    color = box.color or color_of(box.kind)
    arrow = "" if last else _arrow(x + BOX / 2, y + box.height)
    values = "".join(
        f"<text class='extra' x='{x + 14}' y='{y + 32 + LINE * at:.0f}'>{escape(line)}</text>"
        for at, line in enumerate(box.lines)
    )
    hint = escape(f"{box.name}: {box.title}, {box.settings}, {box.shape}, {box.weights}")
    return (
        f"<g><title>{hint}</title>"
        f"<rect x='{x}' y='{y:.0f}' width='{BOX}' height='{box.height}' rx='6' fill='{color}' "
        f"fill-opacity='.13' stroke='{color}' stroke-opacity='.55'/>"
        f"<path d='M{x + 6} {y:.0f}h-1a5 5 0 0 0 -5 5v{box.height - 10}a5 5 0 0 0 5 5h1z' "
        f"fill='{color}'/>"
        f"<text class='title' x='{x + 14}' y='{y + 17:.0f}'>{escape(box.title)}</text>"
        f"<text class='shape' x='{x + BOX - 9}' y='{y + 17:.0f}'>{box.shape}</text>"
        f"{values}"
        f"<text class='weights' x='{x + BOX - 9}' y='{y + 32:.0f}'>{box.weights}</text></g>{arrow}"
    )


def _arrow(x: float, y: float) -> str:
    return f"<path class='arrow' d='M{x} {y:.0f}v{GAP - 2}m-4 -4l4 4l4 -4'/>"


def _rounds(x: float, y: float, tall: float, times: int) -> str:
    """The frame around units that come several times."""
    return (
        f"<rect class='rounds' x='{x - LANE + 3}' y='{y - 3:.0f}' rx='12' "
        f"width='{LANE + BOX + 8}' height='{tall - GAP + 6:.0f}'/>"
        f"<text class='times' x='{x + BOX + 16}' y='{y + tall / 2:.0f}'>× {times}</text>"
    )


def _bridge(number: int, bottom: float) -> str:
    """From the end of a column to the head of the next."""
    start, goal = _left(number) + BOX / 2, _left(number + 1) + BOX / 2
    lane = _left(number) + BOX + BETWEEN - 12
    path = f"M{start} {bottom:.0f}v6H{lane}V{MARGIN - 7}H{goal}v5m-4 -4l4 4l4 -4"
    return f"<path class='arrow' d='{path}'/>"


CSS = """
text {font-family: inherit; fill: currentColor; font-size: 11px}
.title {font-size: 13px; font-weight: 600}
.shape, .weights {text-anchor: end; font-variant-numeric: tabular-nums}
.shape {font-size: 12.5px; font-weight: 600}
.extra, .weights {opacity: .75}
.times {font-size: 15px; font-weight: 600}
.around {text-anchor: middle; font-size: 10.5px; opacity: .85}
.arrow, .round {stroke: currentColor; stroke-width: 1.4; fill: none; opacity: .6}
.round {stroke: #1f6fb2; opacity: 1; stroke-width: 1.8}
.frame {fill: #1f6fb2; fill-opacity: .06; stroke: #1f6fb2; stroke-opacity: .25}
.rounds {fill: none; stroke: currentColor; stroke-opacity: .4; stroke-dasharray: 5 4}
"""
