"""The arithmetic of a network: what size, how many weights, how much work, without Keras."""

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from core.errors import LoupeError
from core.models.architecture import Architecture, Place
from core.models.effects import Effect, effect, need_maps
from core.models.impossible import ImpossibleLayer
from core.models.layers import (
    BatchNormalization,
    Conv2D,
    Layer,
    ResidualBlock,
    SeparableConv2D,
    kind_of,
    window_of,
)
from core.models.open_size import refuse_open
from core.models.receptive_field import ReceptiveField, through, widest
from core.models.windows import Shape

if TYPE_CHECKING:
    from core.models.backbones import Backbone

# Four bytes each, and three copies while training: 4.8 GB. Beyond, a laptop gives up.
MAX_PARAMETERS = 400_000_000
BYTES_PER_VALUE = 4
SHORTCUT, NORMALIZED, BENT = "_shortcut", "_shortcut_norm", "_activation"


class LayerRow(NamedTuple):
    """One layer of a traced network.

    Attributes:
        output_shape: Without the batch: `(height, width, maps)` or `(numbers,)`.
        parameters: Weights, the ones that are not trained included, as Keras counts.
        multiply_adds: Multiplications for one picture, forwards.
        arithmetic: The sum that leads to the output's size, to be shown beside it.
        memory: Bytes of what comes out, for one picture in float32. Training keeps it of
            every layer and every picture of a batch.
        receptive_field: The part of the picture that one value sees.
        place: Where the layer stands in the architecture; empty for the rescaling.
        inputs: Names of the layers it takes its values from.
    """

    name: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int
    arithmetic: str
    memory: int = 0
    receptive_field: ReceptiveField = ReceptiveField()
    place: Place = ()
    inputs: tuple[str, ...] = ()


@dataclass
class Survey:
    """What can be said of a network, even if it cannot work.

    Attributes:
        rows: The layers up to the first that cannot work.
        problem: Why the next one cannot, or the whole network; None if all is well. Where a
            layer forbids the open size that was chosen, all rows are there.
    """

    rows: list[LayerRow] = field(default_factory=list)
    problem: LoupeError | None = None

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        return sum(row.multiply_adds for row in self.rows)

    @property
    def memory(self) -> int:
        return sum(row.memory for row in self.rows)


def trace(
    architecture: "Architecture | Backbone", input_shape: tuple[int, int, int], num_classes: int
) -> list[LayerRow]:
    """Follows a picture of `input_shape` (height, width, channels) through every layer.

    The first row is the rescaling that every model begins with. A residual block has a row
    for every layer in it, for its shortcut where that changes the shape, and for the sum.

    Raises:
        LoupeError: If a layer cannot work on what reaches it; names the layer and
            the nearest value that works.
    """
    if not isinstance(architecture, Architecture):
        from core.models.backbones import trace_backbone

        return trace_backbone(architecture, input_shape, num_classes)
    found = survey(architecture, input_shape, num_classes)
    if found.problem:
        raise found.problem
    return found.rows


def survey(
    architecture: Architecture, input_shape: tuple[int, int, int], num_classes: int
) -> Survey:
    """As `trace`, but says what can be said of a network that cannot work."""
    walk = _Walk(architecture, input_shape, num_classes)
    try:
        for number in range(len(architecture.layers)):
            walk.step((number,))
        _check_end(architecture)
        _check_weights(walk.rows)
    except LoupeError as error:
        return Survey(walk.rows, error)
    return Survey(walk.rows, refuse_open(architecture) if architecture.open_size else None)


class _Walk:
    """A picture on its way through the layers."""

    def __init__(
        self, architecture: Architecture, input_shape: tuple[int, int, int], num_classes: int
    ):
        self._architecture, self._num_classes = architecture, num_classes
        self._names = architecture.names()
        self.shape: Shape = tuple(input_shape)
        self.field, self.last = ReceptiveField(), "rescaling"
        memory = BYTES_PER_VALUE * prod(input_shape)
        work = prod(input_shape)
        self.rows = [LayerRow("rescaling", "rescaling", self.shape, 0, work, "", memory)]

    def step(self, place: Place) -> None:
        layer = self._architecture.at(place)
        try:
            if isinstance(layer, ResidualBlock):
                self._block(place, layer)
            else:
                found = effect(self._names[place], layer, self.shape, self._num_classes)
                self._add(self._names[place], layer, found, place)
        except ImpossibleLayer as problem:
            problem.place = problem.place or place
            raise

    def _add(self, name: str, layer: Layer, found: Effect, place: Place) -> None:
        memory = BYTES_PER_VALUE * prod(found.output_shape)
        if isinstance(layer, SeparableConv2D):
            # What lies between the filters and the mixtures is kept as well.
            memory += BYTES_PER_VALUE * prod(found.output_shape[:2]) * self.shape[2]
        self.field = through(self.field, layer)
        row = LayerRow(name, kind_of(layer), *found, memory, self.field, place, (self.last,))
        self.rows.append(row)
        self.shape, self.last = found.output_shape, name

    def _block(self, place: Place, block: ResidualBlock) -> None:
        name = self._names[place]
        need_maps(name, self.shape)
        before = self.shape, self.field, self.last
        for inner in range(len(block.layers)):
            self.step((*place, inner))
        branch = self.shape, self.field, self.last
        self.shape, self.field, self.last = before
        self._shortcut(name, block, branch[0], place)
        seen = widest(branch[1], self.field)
        self.shape, inputs = branch[0], (branch[2], self.last)
        memory = BYTES_PER_VALUE * prod(self.shape)
        sums = f"sum of two times {' × '.join(map(str, self.shape))}"
        row = LayerRow(name, "residual_block", self.shape, 0, 0, sums, memory, seen, place, inputs)
        self.rows.append(row)
        self.field, self.last = seen, name
        if block.activation != "linear":
            bent = LayerRow(
                name + BENT, "activation", self.shape, 0, 0, "", memory, seen, place, (name,)
            )
            self.rows.append(bent)
            self.last = bent.name

    def _shortcut(self, name: str, block: ResidualBlock, goal: Shape, place: Place) -> None:
        layers = shortcut_layers(block, self.shape, goal)
        for ending, layer in layers:
            found = effect(name + ending, layer, self.shape, self._num_classes)
            self._add(name + ending, layer, found, place)
        if self.shape != goal:
            raise _no_way_around(name, block, self.rows, place, goal)


def shortcut_layers(block: ResidualBlock, shape: Shape, goal: Shape) -> list[tuple[str, Layer]]:
    """The layers of the shortcut with the endings of their names; none where nothing changes.

    Args:
        block: The block it goes around.
        shape: (height, width, maps) that reaches the block.
        goal: What the block's layers make of it.
    """
    stride = block_stride(block)
    if shape == goal and stride == 1:
        return []
    # Not checked: a few strides of the block together may be more than one layer may have.
    change: Layer = Conv2D.model_construct(
        filters=goal[2],
        kernel_size=1,
        strides=stride,
        padding="same",
        activation="linear",
        use_bias=not block.normalize_shortcut,
    )
    normal = [(NORMALIZED, BatchNormalization())] if block.normalize_shortcut else []
    return [(SHORTCUT, change), *normal]


def block_stride(block: ResidualBlock) -> int:
    """How many pixels of its input lie between two neighbours of its output."""
    return prod(window_of(layer)[1] for layer in block.layers)


def _no_way_around(
    name: str, block: ResidualBlock, rows: list[LayerRow], place: Place, goal: Shape
) -> ImpossibleLayer:
    """The first layer without a rim is to blame: the shortcut has none either."""
    guilty = next(
        (
            at
            for at, layer in enumerate(block.layers)
            if getattr(layer, "padding", "same") == "valid" and window_of(layer) != (1, 1)
        ),
        None,
    )
    if guilty is None:
        return ImpossibleLayer(f"The shortcut of {name!r} cannot reach {goal}.")
    inner = block.layers[guilty]
    names = {row.place: row.name for row in rows}
    problem = ImpossibleLayer(
        f"Layer {names[(*place, guilty)]!r} changes the size within {name!r} to "
        f"{goal[0]} × {goal[1]}, which its shortcut cannot follow.",
        "Use padding 'same' within the block.",
        instead=inner.model_copy(update={"padding": "same"}),
    )
    problem.place = (*place, guilty)
    return problem


def _check_end(architecture: Architecture) -> None:
    kinds = [layer.kind for layer in architecture.layers]
    if kinds.count("output") != 1 or kinds[-1] != "output":
        raise LoupeError(
            f"The architecture {architecture.name!r} must end with its one output layer.",
            "Put a single layer of kind 'output' at the end.",
        )


def _check_weights(rows: list[LayerRow]) -> None:
    heaviest = max(rows, key=lambda row: row.parameters)
    if sum(row.parameters for row in rows) > MAX_PARAMETERS:
        problem = ImpossibleLayer(
            f"The network would have {sum(row.parameters for row in rows):,} weights, "
            f"{heaviest.parameters:,} of them in layer {heaviest.name!r}.",
            "Use smaller pictures, or more pooling before that layer.",
        )
        problem.place = heaviest.place
        raise problem
