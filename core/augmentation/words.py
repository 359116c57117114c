"""What happened to a picture, said in words and in signs."""

from collections.abc import Callable

from core.augmentation.changes import Change


def in_words(change: Change) -> str:
    """What happened, as in "turned 12° anticlockwise"."""
    return _WORDS[change.kind](*change.values)


def in_signs(change: Change) -> str:
    """The same, short enough to stand under a small picture; "" for what nobody can see."""
    return _SIGNS.get(change.kind, _WORDS[change.kind])(*change.values)


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _turn(angle: float) -> str:
    return f"turned {abs(angle):.0f}° {'anticlockwise' if angle > 0 else 'clockwise'}"


def _move(positive: str, negative: str) -> Callable[[float], str]:
    return lambda share: f"moved {_percent(abs(share))} {positive if share > 0 else negative}"


def _arrow(positive: str, negative: str) -> Callable[[float], str]:
    return lambda share: (
        f"{positive if share > 0 else negative}{abs(share):.0%}" if abs(share) >= 0.005 else ""
    )


def _times(name: str) -> Callable[[float], str]:
    return lambda factor: f"{name} × {factor:.2f}"


def _crop_words(factor: float, x: float, y: float, mirrored: float) -> str:
    shown = f"{_percent(1 / factor)} of both sides shown"
    return f"{shown}, mirrored" if mirrored else shown


def _crop_signs(factor: float, x: float, y: float, mirrored: float) -> str:
    return f"zoom {factor:.2f}" + (", mirrored" if mirrored else "")


def _tint(*levels: float) -> str:
    names = ("red", "green", "blue")
    return ", ".join(f"{name} {level:+.0f}" for name, level in zip(names, levels, strict=True))


def _mixed(share: float, *rest: float) -> str:
    return f"{_percent(1 - share)} of another picture"


def _pasted(share: float, *rest: float) -> str:
    return "a box of another picture"


_WORDS: dict[str, Callable[..., str]] = {
    "rotation": _turn,
    "width_shift": _move("left", "right"),
    "height_shift": _move("up", "down"),
    "shear": lambda degrees: f"slanted {degrees:.1f}°",
    "slope_x": lambda slope: f"slanted sideways by {_percent(slope)}",
    "slope_y": lambda slope: f"slanted upwards by {_percent(slope)}",
    "zoom": lambda x, y: f"height × {1 / y:.2f}, width × {1 / x:.2f}",
    "horizontal_flip": lambda: "mirrored left for right",
    "vertical_flip": lambda: "mirrored top for bottom",
    "zoom_crop": _crop_words,
    "perspective": lambda *moves: f"corners moved by up to {_percent(max(map(abs, moves)))}",
    "elastic": lambda largest, *rest: f"bent by up to {largest:.1%}".replace("%", " %"),
    "brightness": _times("light"),
    "contrast": _times("contrast"),
    "saturation": _times("colour"),
    "hue": lambda degrees: f"colours turned {degrees:+.0f}°",
    "gamma": lambda power: f"gamma {power:.2f}",
    "grey": lambda: "colour taken away",
    "channel_shift": _tint,
    "posterise": lambda bits: f"{2 ** int(bits)} levels left",
    "solarise": lambda threshold: f"inverted from {threshold:.0f} up",
    "autocontrast": lambda: "contrast stretched to black and white",
    "equalise": lambda: "levels spread evenly",
    "blur": lambda pixels: f"blurred by {pixels:.1f} pixels",
    "sharpness": _times("sharpness"),
    "noise": lambda levels, seed: f"noise of {levels:.0f} levels",
    "jpeg": lambda quality: f"JPEG of quality {quality:.0f}",
    "cutout": lambda side, *rest: f"a square of {_percent(side)} hidden",
    "erasing": lambda area, *rest: f"{_percent(area)} of the picture hidden",
    "mixup": _mixed,
    "cutmix": _pasted,
}
_SIGNS: dict[str, Callable[..., str]] = {
    "rotation": lambda angle: f"{-angle:+.0f}°" if abs(angle) >= 0.5 else "",
    "width_shift": _arrow("←", "→"),
    "height_shift": _arrow("↑", "↓"),
    "shear": lambda degrees: f"slant {degrees:+.0f}°" if abs(degrees) >= 0.5 else "",
    "slope_x": lambda slope: f"slant {slope:+.2f}",
    "slope_y": lambda slope: f"slant {slope:+.2f}",
    "zoom": lambda x, y: f"{1 / x:.2f}×{1 / y:.2f}",
    "horizontal_flip": lambda: "mirrored",
    "vertical_flip": lambda: "upside down",
    "zoom_crop": _crop_signs,
    "perspective": lambda *moves: "tilted",
    "elastic": lambda *rest: "bent",
    "brightness": lambda factor: f"light {factor:.2f}",
    "contrast": lambda factor: f"contrast {factor:.2f}",
    "saturation": lambda factor: f"colour {factor:.2f}",
    "hue": lambda degrees: f"hue {degrees:+.0f}°",
    "grey": lambda: "grey",
    "channel_shift": lambda *levels: "tint " + "/".join(f"{level:+.0f}" for level in levels),
    "posterise": lambda bits: f"{2 ** int(bits)} levels",
    "solarise": lambda threshold: f"solar {threshold:.0f}",
    "autocontrast": lambda: "stretched",
    "equalise": lambda: "evened",
    "blur": lambda pixels: f"blur {pixels:.1f}",
    "sharpness": lambda factor: f"sharp {factor:.1f}",
    "noise": lambda levels, seed: f"noise {levels:.0f}",
    "jpeg": lambda quality: f"JPEG {quality:.0f}",
    "cutout": lambda side, *rest: "cutout",
    "erasing": lambda area, *rest: f"erased {area:.0%}",
    "mixup": lambda share, *rest: f"mixed {1 - share:.0%}",
    "cutmix": lambda *rest: "pasted",
}
