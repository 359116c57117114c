"""Photos with what they are and what the model took them for, as HTML cards."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.charts.style import BASE_CSS
from ui.galleries import photo_url
from ui.palette import class_colors


def answer_cards(
    dataset_name: str, answers: Sequence[Mapping[str, Any]], class_names: Sequence[str]
) -> str:
    """A card per answer: thumbnail, truth, what the model said and how sure it was.

    Args:
        answers: Mappings with `id`, `label`, `predicted` and `probability` (0 to 1).
    """
    colors = class_colors(class_names)
    cards = "".join(_card(dataset_name, answer, colors) for answer in answers)
    return f"<style>{BASE_CSS}{CSS}</style><div class='lp-cards'>{cards}</div>"


def _card(dataset_name: str, answer: Mapping[str, Any], colors: Mapping[str, str]) -> str:
    truth, said = str(answer["label"]), str(answer["predicted"])
    right = truth == said
    spoken = escape(f"{truth}, called {said}", quote=True)
    verdict = "right" if right else "wrong"
    return (
        f"<figure><img loading='lazy' alt='{spoken}'"
        f" src='{photo_url(dataset_name, str(answer['id']), 320)}'>"
        f"<figcaption>{_line('is', truth, colors)}"
        f"<div class='said {verdict}'>{_line('called', said, colors)}"
        f"<b>{answer['probability']:.0%}</b></div></figcaption></figure>"
    )


def _line(verb: str, label: str, colors: Mapping[str, str]) -> str:
    color = colors.get(label, "var(--lp-quiet)")
    return (
        f"<span><em>{verb}</em><i class='lp-chip' style='background:{color}'></i>"
        f"{escape(label)}</span>"
    )


CSS = """
.lp-cards {display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
  gap: 1rem}
.lp-cards figure {margin: 0; border-radius: .6rem; overflow: hidden;
  border: 1px solid var(--lp-track)}
.lp-cards img {width: 100%; aspect-ratio: 1; object-fit: cover; display: block;
  background: var(--lp-track)}
.lp-cards figcaption {padding: .5rem .65rem .6rem; font-size: .9rem; overflow-wrap: anywhere}
.lp-cards em {font-style: normal; opacity: .7; display: inline-block; min-width: 3.2em}
.lp-cards .said {display: flex; justify-content: space-between; gap: .4rem; margin-top: .15rem}
.lp-cards b {font-variant-numeric: tabular-nums}
.lp-cards .wrong b {color: var(--lp-wrong)}
.lp-cards .right b {color: var(--lp-right)}
@media (max-width: 480px) {.lp-cards {grid-template-columns: 1fr 1fr; gap: .6rem}}
"""
