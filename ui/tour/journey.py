"""How far somebody is on the tour; kept for the visit and in the address, so a reload finds it."""

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from ui import state
from ui.tour.noticing import Facts, facts_now
from ui.tour.steps import PLACES, STEPS, Step

ADDRESS = "tour"
END = "end"


@dataclass(frozen=True)
class Journey:
    """One tour.

    Attributes:
        place: The current step's number, from 0; as many as there are steps once it is over.
        began: In seconds since 1970: only trainings after that are one's own.
        folded: Whether the bar is put away.
        skipped: Names of the steps that were left out.
        seen: Pages that were opened, and "page:view" of their views.
    """

    place: int
    began: float
    folded: bool = False
    skipped: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether all steps are behind."""
        return self.place >= len(STEPS)

    @property
    def step(self) -> Step:
        """The current step; the last one when it is over."""
        return STEPS[min(self.place, len(STEPS) - 1)]

    def facts(self) -> Facts:
        """What is known of it now."""
        return facts_now(frozenset(self.seen), self.began)


def current_journey() -> Journey | None:
    """The tour that is under way; None when there is none."""
    kept = state.get(ADDRESS)
    if kept is None:
        found = _from_address(state.address(ADDRESS) or "")
        if found is not None:
            keep(found)
        return found
    return Journey(**kept) if kept else None


def begin() -> None:
    """Starts the tour, or starts it again."""
    keep(Journey(0, float(int(time.time()))))


def end() -> None:
    """Puts the tour away for good."""
    state.put(ADDRESS, {})
    state.set_address(ADDRESS, None)


def keep(journey: Journey) -> None:
    """Remembers how far it is, here and in the address."""
    known: dict[str, Any] = asdict(journey)
    state.put(ADDRESS, known)
    name = END if journey.is_over else journey.step.name
    state.set_address(ADDRESS, f"{name}-{journey.began:.0f}")


def advance(journey: Journey, skipped: bool = False) -> Journey:
    """One step on."""
    left_out = (*journey.skipped, journey.step.name) if skipped else journey.skipped
    moved = replace(journey, place=journey.place + 1, skipped=left_out)
    keep(moved)
    return moved


def go_back(journey: Journey) -> Journey:
    """One step back."""
    moved = replace(journey, place=max(0, journey.place - 1))
    keep(moved)
    return moved


def note(journey: Journey, page: str) -> Journey:
    """Remembers that `page` is open, with its view and whether a layer is chosen there."""
    view = state.address("view")
    here = [page, *([f"{page}:{view}"] if view else [])]
    if state.address("layer"):
        here.append(f"{page}:layer")
    new = tuple(one for one in here if one not in journey.seen)
    noted = replace(journey, seen=(*journey.seen, *new)) if new else journey
    keep(noted)
    return noted


def _from_address(text: str) -> Journey | None:
    """`train-1764380000` as the tour at that step; None for anything else."""
    name, _, began = text.rpartition("-")
    if not (began.isascii() and began.isdigit() and len(began) < 12):
        return None
    if name == END:
        return Journey(len(STEPS), float(began))
    return Journey(PLACES[name], float(began)) if name in PLACES else None
