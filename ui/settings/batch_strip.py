"""The photos of a training's first batch, small, each underlined in the colour of its class."""

from html import escape

from ui.galleries import photo_url
from ui.settings.scene import Scene

MOST = 16
SIDE = 160  # pixels; the gallery asks for the same, so that they lie ready


def batch_strip(scene: Scene, most: int = MOST) -> str:
    """As HTML; at most `most` photos of the batch."""
    places = scene.epoch.first[:most]
    photos = scene.photos.iloc[places]
    pictures = "".join(
        f"<img loading='lazy' src='{photo_url(scene.dataset.name, str(photo_id), SIDE)}' "
        f"alt='{escape(str(label))}' title='{escape(str(label))}' "
        f"style='border-color: {scene.colors[str(label)]}'>"
        for photo_id, label in zip(photos["id"], photos["label"], strict=True)
    )
    rest = len(scene.epoch.first) - len(places)
    more = f"<span>and {rest:,} more</span>" if rest else ""
    return f"<style>{CSS}</style><div class='lp-batch'>{pictures}{more}</div>"


CSS = """
.lp-batch {display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: .3rem;
  align-items: center; max-width: 34rem}
.lp-batch img {width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 5px;
  border-bottom: 4px solid}
.lp-batch span {grid-column: 1 / -1; font-size: .85rem; opacity: .75}
@media (max-width: 640px) {.lp-batch {grid-template-columns: repeat(6, minmax(0, 1fr))}}
"""
