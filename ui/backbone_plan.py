"""A pretrained network as a plan: its blocks from the picture to the features, then its head."""

from collections.abc import Sequence

from core.models.backbones import Backbone, Block
from core.models.layers import TITLES
from core.models.shapes import LayerRow
from ui.diagrams import COLORS, shape_text
from ui.network_plan import Box, Unit, units_svg

UNIT_LENGTH = "Features of equal length"


def backbone_plan_svg(backbone: Backbone, rows: Sequence[LayerRow]) -> str:
    """The network as SVG; every box with weights says whether they are frozen or learn.

    Args:
        rows: `core.models.shapes.trace` of it.
    """
    blocks = {block.name: block for block in backbone.blocks}
    frozen = {block.name for block in backbone.blocks[: backbone.learning_from]}
    boxes = [_box(backbone, row, blocks.get(row.name), row.name in frozen) for row in rows]
    after = len(rows) - len(blocks) - 1
    words = f"{len(blocks)} blocks and {after} layers from {shape_text(rows[0].output_shape)} to "
    return units_svg([Unit((box,)) for box in boxes], words + shape_text(rows[-1].output_shape))


def _box(backbone: Backbone, row: LayerRow, block: Block | None, frozen: bool) -> Box:
    title, below = _words(backbone, row, block)
    color, learning = ("frozen", "frozen") if frozen else ("learns", "learn")
    return Box(
        row.kind,
        title,
        below,
        shape_text(row.output_shape),
        f"{row.parameters:,} weights {learning}" if row.parameters else "",
        row.name,
        COLORS[color] if row.parameters else "",
    )


def _words(backbone: Backbone, row: LayerRow, block: Block | None) -> tuple[str, str]:
    """A box's title, and what stands below it."""
    if block is not None:
        return block.name, consists_of(block)
    if row.name == "rescaling":
        return "Picture", _picture(backbone, row.output_shape[2])
    below = {
        "features": "of each map",
        "unit_length": "length 1",
        "dropout": f"{backbone.dropout:.0%}",
        "hidden": "relu",
        "output": "softmax",
    }
    title = UNIT_LENGTH if row.name == "unit_length" else TITLES[row.kind]
    return title, below[row.name]


def _picture(backbone: Backbone, channels: int) -> str:
    words = ["its grey three times"] if channels == 1 else []
    if backbone.family.rescale:
        words.append("pixels brought to -1 to 1")
    return " · ".join(words) or "pixels as they are"


def consists_of(block: Block) -> str:
    """`6 layers: 3 convolutions`; the layers are those with weights."""
    layers = f"{block.layers} layer{'s' * (block.layers > 1)}"
    convolutions = f"{block.convolutions} convolution{'s' * (block.convolutions > 1)}"
    if block.convolutions == block.layers:
        return convolutions
    return f"{layers}: {convolutions}" if block.convolutions else layers
