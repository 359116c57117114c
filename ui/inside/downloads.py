"""What can be taken along from a look: pictures and numbers, made when they are asked for."""

import streamlit as st

from core.workspace import slugify
from ui import cache
from ui.inside.drawing_controls import Look
from ui.inside.inside import Inside

LARGE = 1024


def atlas_button(inside: Inside, layer: str, look: Look) -> None:
    """All maps of a layer as a PNG, drawn as they are on the page."""
    _button(
        "All maps (PNG)",
        inside,
        ("atlas_png", layer, look.scale, look.colors, look.clip),
        f"{_file(inside, layer)}-maps.png",
        "image/png",
    )


def map_button(inside: Inside, layer: str, index: int, look: Look) -> None:
    """One map as a PNG, enlarged."""
    _button(
        "This map (PNG)",
        inside,
        ("map_png", layer, index, look.scale, look.colors, look.clip, LARGE),
        f"{_file(inside, layer)}-map-{index + 1}.png",
        "image/png",
    )


def numbers_button(inside: Inside, layer: str) -> None:
    """Photo and layer as arrays, as `python -m core maps --npz` writes them."""
    _button(
        "Numbers (NPZ)",
        inside,
        ("arrays_npz", layer),
        f"{_file(inside, layer)}.npz",
        "application/octet-stream",
        "The photo as the model gets it (input) and what the layer makes of it (maps), for NumPy.",
    )


def _button(
    label: str,
    inside: Inside,
    asked: tuple[object, ...],
    file_name: str,
    mime: str,
    help_text: str | None = None,
) -> None:
    function, *arguments = asked

    def make() -> bytes:
        return cache.engine().call(
            f"core.inspection.layer_pictures:{function}",
            str(inside.run.folder),
            inside.photo.source,
            *arguments,
            image_size=inside.image_size,
        )

    st.download_button(
        label,
        make,
        file_name,
        mime,
        key=f"inside-download-{function}",
        icon=":material/download:",
        on_click="ignore",
        help=help_text,
    )


def _file(inside: Inside, layer: str) -> str:
    return f"{inside.run.name}-{slugify(layer)}"
