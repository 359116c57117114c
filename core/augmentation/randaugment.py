"""RandAugment's fourteen operations and how strong each is at a magnitude.

Cubuk et al., "RandAugment", 2020, with the ranges of its forerunner's table 6 (Cubuk et
al., "AutoAugment", 2019): a magnitude of 10 turns by 30°, shears by 0.3, moves by 150 of 331
pixels, keeps 4 bits, inverts all, and multiplies by 0.1 or 1.9.
"""

OPERATIONS = (
    "identity",
    "autocontrast",
    "equalise",
    "rotation",
    "solarise",
    "saturation",
    "posterise",
    "contrast",
    "brightness",
    "sharpness",
    "slope_x",
    "slope_y",
    "width_shift",
    "height_shift",
)
MOST = 10.0
LARGEST_MOVE = 150 / 331


def at_magnitude(
    operation: str, magnitude: float, positive: bool
) -> tuple[str, tuple[float, ...]] | None:
    """The kind and values of one operation, None for the one that does nothing.

    Args:
        operation: One of `OPERATIONS`.
        magnitude: 0..10.
        positive: To which side, for those that have two.
    """
    share = magnitude / MOST
    signed = share if positive else -share
    if operation == "identity":
        return None
    if operation in ("autocontrast", "equalise"):
        return operation, ()
    values = {
        "rotation": 30 * signed,
        "solarise": round(256 * (1 - share)),
        "posterise": 8 - round(4 * share),
        "slope_x": 0.3 * signed,
        "slope_y": 0.3 * signed,
        "width_shift": LARGEST_MOVE * signed,
        "height_shift": LARGEST_MOVE * signed,
    }
    return operation, (values.get(operation, 1 + 0.9 * signed),)
