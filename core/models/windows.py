"""The sizes that come out of a sliding window: 1 + (W + 2P − F)/S."""

from core.models.impossible import ImpossibleLayer
from core.models.layers import Layer, window_of

Shape = tuple[int, ...]


def slide(name: str, layer: Layer, shape: Shape) -> tuple[tuple[int, int], str]:
    """Height and width that come out of a layer with a window, and the sum that says so.

    Args:
        name: The layer's, for the sentence.
        layer: One with a kernel or a pooling window.
        shape: (height, width, maps) that reaches it.

    Raises:
        ImpossibleLayer: If the window is larger than the maps.
    """
    window, stride = window_of(layer)
    padding = getattr(layer, "padding", "valid")
    if padding == "valid" and window > min(shape[:2]):
        raise _too_large(name, layer, window, shape)
    one_side = _valid if padding == "valid" else _same
    height, height_sum = one_side(shape[0], window, stride)
    width, width_sum = one_side(shape[1], window, stride)
    sums = height_sum if shape[0] == shape[1] else f"{height_sum}; {width_sum}"
    return (height, width), sums


def _too_large(name: str, layer: Layer, window: int, shape: Shape) -> ImpossibleLayer:
    smallest = min(shape[:2])
    field = "kernel_size" if hasattr(layer, "kernel_size") else "pool_size"
    what = "kernel" if field == "kernel_size" else "window"
    return ImpossibleLayer(
        f"Layer {name!r} cannot work: its {what} of {window} × {window} is larger than the "
        f"{shape[0]} × {shape[1]} maps that reach it.",
        f"Use a {what} of at most {smallest}, padding 'same', or larger pictures.",
        instead=layer.model_copy(update={field: smallest}),
    )


def _valid(size: int, window: int, stride: int) -> tuple[int, str]:
    return _sum(size, "2·0", 0, window, stride)


def _same(size: int, window: int, stride: int) -> tuple[int, str]:
    # As many zeros as the last window needs; an odd one goes to the right and the bottom.
    zeros = max((-(-size // stride) - 1) * stride + window - size, 0)
    return _sum(size, str(zeros), zeros, window, stride)


def _sum(size: int, rim: str, zeros: int, window: int, stride: int) -> tuple[int, str]:
    room = size + zeros - window
    result = 1 + room // stride
    rounded = "" if room % stride == 0 else ", rounded down"
    return result, f"1 + ({size} + {rim} − {window})/{stride} = {result}{rounded}"
