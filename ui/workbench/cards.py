"""The layers as cards: what each does, what comes out, what it takes; and what people do there."""

from typing import Any

from core.errors import LoupeError
from core.models import edits
from core.models.architecture import Place
from core.models.layers import Output, ResidualBlock, kind_of
from core.models.receptive_field import ReceptiveField
from core.models.shapes import NORMALIZED, SHORTCUT, LayerRow
from ui import diagrams, numbers_in_words, state
from ui.components.layer_stack import layer_stack
from ui.workbench.bench import Bench
from ui.workbench.draft import choose
from ui.workbench.words import settings

# A block that breaks on its way round has rows of these, and none of its own.
ON_THE_WAY = (SHORTCUT, NORMALIZED)


def show_cards(bench: Bench) -> None:
    """The stack; the chosen card is open beside it."""
    key = f"{bench.key}-stack"

    def act() -> None:
        _act(bench, state.event(key, "act"))

    layer_stack(
        [card(bench, place) for place in _in_order(bench)],
        key=key,
        chosen=_text(bench.chosen),
        on_act=act,
    )


def card(bench: Bench, place: Place) -> dict[str, Any]:
    """What `ui.components.layer_stack` shows of one layer."""
    layer = bench.layers.at(place)
    rows = bench.rows_at(place)
    problem = bench.refusal if bench.problem and bench.problem.place == place else None
    own = [row for row in rows if row.place == place and not row.name.endswith(ON_THE_WAY)]
    fails = bench.survey.problem is not None
    waits = not own and not problem
    return {
        "place": _text(place),
        "title": bench.titles[place],
        "name": bench.names[place],
        "color": diagrams.color_of(kind_of(layer)),
        "settings": settings(layer),
        "shape": diagrams.shape_text(own[-1].output_shape) if own else "",
        "sum": "" if isinstance(layer, ResidualBlock) or not own else own[-1].arithmetic,
        "figures": figures(rows, bench.picture.image_size) if own else [],
        "problem": problem.message if problem else "",
        "step": problem.next_step if problem else "",
        "fix": bench.repair_words if problem else "",
        "waiting": _waiting(bench) if waits and fails else "",
        "fixed": isinstance(layer, Output),
        "block": isinstance(layer, ResidualBlock),
    }


def figures(rows: list[LayerRow], image_size: tuple[int, int]) -> list[str]:
    """Weights, work, memory and receptive field in short words."""
    short = numbers_in_words.short
    weights = sum(row.parameters for row in rows)
    work = sum(row.multiply_adds for row in rows)
    memory = sum(row.memory for row in rows)
    return [
        f"{weights:,} weights" if weights else "no weights",
        *([f"{short(work)} multiplications"] if work else []),
        numbers_in_words.size(memory),
        sees(rows[-1].receptive_field, image_size),
    ]


def sees(field: ReceptiveField, image_size: tuple[int, int]) -> str:
    """The receptive field in words: "sees 9 × 9, every 4"."""
    if field.size is None or field.size >= max(image_size) * 2:
        return "sees the whole picture"
    every = f", every {field.jump}" if field.jump and field.jump > 1 else ""
    return f"sees {field.size} × {field.size}{every}"


def _waiting(bench: Bench) -> str:
    if bench.problem:
        return f"waits for “{bench.titles[bench.problem.place]}”"
    return "waits"


def _in_order(bench: Bench) -> list[Place]:
    """A block before the layers within it."""
    places = [place for place, _ in bench.layers.places()]
    return sorted(places, key=lambda place: (place[0], place[1] if len(place) > 1 else -1))


def _text(place: Place) -> str:
    return ".".join(map(str, place))


def _place(text: Any) -> Place:
    return tuple(int(part) for part in str(text).split("."))


def _act(bench: Bench, act: Any) -> None:
    """What was done on a card; anything that no card can send is passed over."""
    try:
        place, do = _place(act["place"]), act["do"]
        if place not in bench.names:
            return
        _do(bench, do, place, act)
    except (TypeError, KeyError, ValueError):
        return
    except LoupeError as error:
        bench.say(error)


def _do(bench: Bench, do: str, place: Place, act: Any) -> None:
    if do == "choose":
        choose(bench.layers, place)
    elif do == "copy":
        after = (*place[:-1], place[-1] + 1)
        bench.put(edits.duplicate(bench.layers, place), after)
    elif do == "remove":
        bench.put(edits.remove(bench.layers, place), place)
    elif do == "move":
        bench.put(*edits.move(bench.layers, place, _place(act["goal"])))
    elif do == "fix":
        bench.repair()
    elif do in ("undo", "redo"):
        bench.travel(do)
