"""From what a model does not withstand to a recipe that would train it on that.

The rule, whose numbers stand in `ProposalRule` and `CEILINGS`:

1. The recipe begins as the one that the model was trained with: what it withstands now it may
   owe to those steps. A step of it that turns one class into another is narrowed or left out.
2. A step is *weak* where at some strength at least `points` of accuracy are lost, and more
   photos are lost than chance explains (the sign test on the same photos).
3. It may go as far as a picture still shows its class: no further than its ceiling, than label
   safety allows, and than the strength at which the model keeps `retained` of what it is better
   than guessing by. Beyond that nobody knows whether the class is still there to be seen.
4. Weak steps within that reach come in, or are widened, up to the last strength tried in it.
   Of steps that do nearly the same only the more harmful comes in, and no more than `most` new
   ones do.

Whether training with it helps is another question: twins answer it.
"""

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import STEP_KINDS, STEP_LABELS, Step
from core.augmentation.steps.base import extra
from core.augmentation.strength import at_strength
from core.evaluation.label_safety import Turn
from core.evaluation.metrics import percent
from core.evaluation.severity_curves import CHANCE, Curve, value_words

NAME = "from the robustness report"
# The strongest that photos are usually trained with: what the presets, the papers of these steps
# (RandAugment, cutout, random erasing) and the four tutorials use at most. Beyond these a class
# may well be recognised, but photos hardly come that way.
CEILINGS: dict[str, float] = {
    "rotation": 45,
    "width_shift": 0.25,
    "height_shift": 0.25,
    "shear": 25,
    "zoom": 0.35,
    "zoom_crop": 0.6,
    "perspective": 0.15,
    "elastic": 0.07,
    "brightness": 0.4,
    "contrast": 0.4,
    "saturation": 0.6,
    "hue": 20,
    "gamma": 2.05,
    "channel_shift": 42,
    "blur": 2.1,
    "sharpen": 2.8,
    "noise": 35.5,
    "jpeg": 25,
    "cutout": 0.4,
    "erasing": 0.33,
}
# Nearly the same: the more harmful of each pair is enough.
ALIKE = (
    ("zoom", "zoom_crop"),
    ("cutout", "erasing"),
    ("brightness", "gamma"),
    ("saturation", "grey"),
)
CHANCES = {"grey": 0.2, "cutout": 0.5, "erasing": 0.5, "noise": 0.5, "blur": 0.5, "jpeg": 0.5}
# No camera does these, so that a weakness there is no reason to train against it.
ARTIFICIAL = ("posterise", "solarise")
NOT_JUDGED = {
    "randaugment": "Its operations are judged one by one above.",
    "mixup": "It mixes labels too, so that no single class is right: a curve cannot judge it.",
    "cutmix": "It mixes labels too, so that no single class is right: a curve cannot judge it.",
}
_UNSAFE = "Unsafe."
Verdict = Literal["new", "wider", "kept", "narrower", "out"]


class ProposalRule(BaseModel):
    """When a step comes in, and how far it may go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: float = Field(
        default=0.03,
        ge=0,
        le=0.5,
        description="A loss of accuracy below this is not worth a step.",
        json_schema_extra=extra("Smallest loss", "share", 0.01),
    )
    retained: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description=(
            "Of what the model is better than guessing by, unchanged, this share must be left."
        ),
        json_schema_extra=extra("Still recognised", "share", 0.05),
    )
    most: int = Field(
        default=5,
        ge=1,
        le=12,
        description="At most so many new steps, the most harmful first.",
        json_schema_extra=extra("New steps", "at most", 1),
    )


class Judged(NamedTuple):
    """What becomes of one step, and why.

    Attributes:
        kind: Of the step.
        verdict: "new" or "wider", "kept" as the model was trained, "narrower" or "out".
        step: As it stands in the proposed recipe, None where it is out.
        reason: One sentence with its numbers.
    """

    kind: str
    verdict: Verdict
    step: Step | None
    reason: str

    @property
    def label(self) -> str:
        return STEP_LABELS[self.kind]


class Proposal(NamedTuple):
    """A recipe, and a sentence for every step that is in it or left out of it."""

    recipe: AugmentationRecipe
    steps: list[Judged]

    @property
    def inside(self) -> list[Judged]:
        return [judged for judged in self.steps if judged.step is not None]

    @property
    def left_out(self) -> list[Judged]:
        return [judged for judged in self.steps if judged.step is None]

    @property
    def changes(self) -> bool:
        """Whether it differs from what the model was trained with."""
        return any(judged.verdict != "kept" for judged in self.inside) or any(
            judged.reason.startswith(_UNSAFE) for judged in self.left_out
        )


class _Reach(NamedTuple):
    """How far a step may go, and what stops it there."""

    place: int
    why: str


def propose(
    found: list[Curve],
    turns: list[Turn],
    trained: AugmentationRecipe,
    rule: ProposalRule | None = None,
) -> Proposal:
    """A recipe for what the curves show; see the module for the rule.

    Args:
        found: A curve per step, the most harmful first.
        turns: What label safety found.
        trained: The recipe that the model was trained with.
    """
    rule = rule or ProposalRule()
    before: dict[str, Step] = {step.kind: step for step in trained.steps if step.enabled}
    by_kind = {curve.kind: curve for curve in found}
    judged = {kind: _old(step, by_kind.get(kind), turns, rule) for kind, step in before.items()}
    new = [_new(curve, turns, rule) for curve in found if curve.kind not in before]
    new.sort(key=lambda one: -_loss(by_kind[one.kind], one, rule, turns))
    for one in new:
        judged[one.kind] = _if_room(one, judged, rule)
    for kind, reason in NOT_JUDGED.items():
        if kind not in before:
            judged[kind] = Judged(kind, "out", None, reason)
    kinds = [*before, *(kind for kind in STEP_KINDS if kind not in before)]
    ordered = [judged[kind] for kind in kinds if kind in judged]
    steps = tuple(one.step for one in ordered if one.step is not None)
    return Proposal(trained.model_copy(update={"name": NAME, "steps": steps}), ordered)


def _old(step: Any, curve: Curve | None, turns: list[Turn], rule: ProposalRule) -> Judged:
    """A step that the model was trained with: kept, widened, narrowed or out."""
    kind = step.kind
    kept = "The model was trained with it; what it withstands it may owe to it."
    if curve is None:
        return Judged(kind, "kept", step, kept)
    reach = _reach(curve, turns, rule)
    unsafe = _unsafe(kind, turns)
    if curve.is_switch:
        if unsafe:
            return Judged(kind, "out", None, f"{_UNSAFE} {unsafe.sentence}")
        return Judged(kind, "kept", step, kept)
    own = float(getattr(step, step.strength))
    if unsafe and _stronger(kind, own, unsafe.safe):
        if unsafe.safe is None or unsafe.safe == curve.values[0]:
            return Judged(kind, "out", None, f"{_UNSAFE} {unsafe.sentence}")
        narrowed = at_strength(step, unsafe.safe)
        said = f"Narrowed to {value_words(kind, unsafe.safe)}: {unsafe.sentence}"
        return Judged(kind, "narrower", narrowed, said)
    value = curve.values[reach.place]
    if _weak(curve, reach.place, rule) and _stronger(kind, value, own):
        widened = at_strength(step, _typed(step, value))
        said = f"From {value_words(kind, own)} to {value_words(kind, value)}: "
        said += f"{curve.sentence(reach.place, where=False)}. {reach.why}"
        return Judged(kind, "wider", widened, said)
    return Judged(kind, "kept", step, kept)


def _new(curve: Curve, turns: list[Turn], rule: ProposalRule) -> Judged:
    """A step that the model was trained without: in where it is weak within reach, else out."""
    kind = curve.kind
    unsafe = _unsafe(kind, turns)
    if curve.idle:
        return Judged(kind, "out", None, "It changes nothing in these photos.")
    if unsafe and unsafe.safe is None:
        return Judged(kind, "out", None, f"{_UNSAFE} {unsafe.sentence}")
    if kind in ARTIFICIAL:
        worst = int(curve.accuracy.argmin())
        said = (
            f"No photo comes like this, so that a weakness is no reason: {curve.sentence(worst)}."
        )
        return Judged(kind, "out", None, said)
    reach = _reach(curve, turns, rule)
    if reach.place == 0:
        return Judged(kind, "out", None, f"{curve.sentence(1)}. {reach.why}")
    if not _weak(curve, reach.place, rule):
        what = curve.sentence(reach.place)
        return Judged(kind, "out", None, f"The model withstands it: {what}.")
    model = STEP_KINDS[kind]
    chance = {"probability": CHANCES[kind]} if kind in CHANCES else {}
    step = model.model_validate({"kind": kind, **chance})
    if curve.is_switch:
        return Judged(kind, "new", step, f"{curve.sentence(1)}.")
    value = curve.values[reach.place]
    plain = {"mirror": False} if kind == "zoom_crop" else {}
    step = at_strength(step.model_copy(update=plain), _typed(step, value))
    said = f"Up to {value_words(kind, value)}: {curve.sentence(reach.place, where=False)}."
    return Judged(kind, "new", step, f"{said} {reach.why}".strip())


def _if_room(one: Judged, judged: dict[str, Judged], rule: ProposalRule) -> Judged:
    if one.step is None:
        return one
    taken = {kind for kind, other in judged.items() if other.step is not None}
    for pair in ALIKE:
        other = next((kind for kind in pair if kind != one.kind), "")
        if one.kind in pair and other in taken:
            reason = f"{STEP_LABELS[other]} does nearly the same. {one.reason}"
            return Judged(one.kind, "out", None, reason)
    if sum(other.verdict == "new" for other in judged.values()) >= rule.most:
        reason = f"Not among the {rule.most} most harmful. {one.reason}"
        return Judged(one.kind, "out", None, reason)
    return one


def _reach(curve: Curve, turns: list[Turn], rule: ProposalRule) -> _Reach:
    """The last place at which a picture may still show its class."""
    enough = curve.guess + rule.retained * (curve.accuracy[0] - curve.guess)
    ceiling = CEILINGS.get(curve.kind)
    unsafe = _unsafe(curve.kind, turns)
    last = 0
    for place in range(1, len(curve.values)):
        value = curve.values[place]
        if unsafe and (unsafe.safe is None or _stronger(curve.kind, value, unsafe.safe)):
            return _Reach(last, f"Not further: {_danger(curve, unsafe, place)}.")
        if curve.accuracy[place] < enough:
            return _Reach(
                last,
                f"Not further: at {curve.value_words(place)} only "
                f"{percent(curve.accuracy[place])} are right, and the class may be gone.",
            )
        if ceiling is not None and _stronger(curve.kind, value, ceiling):
            return _Reach(last, "Not further: photos hardly come stronger than that.")
        last = place
    return _Reach(last, "")


def _danger(curve: Curve, unsafe: Turn, place: int) -> str:
    """Why label safety allows no more: classes are exchanged, or the model knows them no more."""
    if _stronger(curve.kind, curve.values[place], unsafe.before):
        return f"it turns {unsafe.heading} into each other"
    return (
        f"at {curve.value_words(place)} the model no longer knows {unsafe.heading}, which are "
        "turned into each other further on"
    )


def _weak(curve: Curve, place: int, rule: ProposalRule) -> bool:
    lost = curve.accuracy[0] - curve.accuracy[1 : place + 1]
    return bool(((lost >= rule.points) & (curve.chance[1 : place + 1] < CHANCE)).any())


def _loss(curve: Curve, one: Judged, rule: ProposalRule, turns: list[Turn]) -> float:
    place = _reach(curve, turns, rule).place
    return float(curve.accuracy[0] - curve.accuracy[place]) if one.step is not None else -1.0


def _unsafe(kind: str, turns: list[Turn]) -> Turn | None:
    """What bounds a step most: the turn with the smallest safe strength."""
    mine = [turn for turn in turns if turn.kind == kind]
    if not mine:
        return None
    model = STEP_KINDS[kind]
    return min(
        mine,
        key=lambda turn: -1.0 if turn.safe is None else abs(turn.safe - model.weakest),
    )


def _stronger(kind: str, value: float, other: float | None) -> bool:
    """Whether `value` does more than `other`."""
    weakest = STEP_KINDS[kind].weakest
    return other is None or abs(value - weakest) > abs(other - weakest) + 1e-9


def _typed(step: Any, value: float) -> float:
    whole = type(step).model_fields[step.strength].annotation is int
    return int(value) if whole else value
