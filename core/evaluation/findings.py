"""What a robustness report says: the curves, and the steps that turn one class into another."""

from dataclasses import dataclass
from functools import cached_property

from core.augmentation.recipe import AugmentationRecipe
from core.evaluation.label_safety import Turn, find_turns, unjudged
from core.evaluation.metrics import percent
from core.evaluation.recipe_proposal import Proposal, ProposalRule, propose
from core.evaluation.robustness import Report, read_report
from core.evaluation.severity_curves import Curve, curves, smallest_loss_seen
from core.training.runs import Run

FEW = 3  # steps that the summary names


@dataclass(frozen=True, eq=False)
class Findings:
    """A report and what follows from it.

    Attributes:
        report: The answers.
        trained: The recipe that the model was trained with.
    """

    report: Report
    trained: AugmentationRecipe

    @cached_property
    def curves(self) -> list[Curve]:
        """A curve per step, the most harmful first."""
        return curves(self.report)

    @cached_property
    def turns(self) -> list[Turn]:
        """What turns one class into another, the surest first."""
        return find_turns(self.report)

    @cached_property
    def unjudged(self) -> list[str]:
        """Classes with too few photos for label safety."""
        return unjudged(self.report)

    def proposal(self, rule: ProposalRule | None = None) -> Proposal:
        return propose(self.curves, self.turns, self.trained, rule)

    @property
    def accuracy(self) -> float:
        """On the unchanged photos, 0..1."""
        return float(self.report.right[0].mean())

    @property
    def asked(self) -> str:
        """Which photos were asked about, in words."""
        about = self.report.about
        n, available = about["photos"], about["available"]
        if n == available:
            return f"all {n:,} {about['split']} photos"
        return f"{n:,} of {available:,} {about['split']} photos, evenly over the classes"

    @property
    def summary(self) -> str:
        """What the model withstands and what not, in a few sentences."""
        moved = [curve for curve in self.curves if not curve.idle]
        held = [curve for curve in moved if curve.holds == len(curve.values) - 1]
        parts = [f"Unchanged, {percent(self.accuracy)} are right."]
        worst = [curve for curve in moved if curve not in held][:FEW]
        if worst:
            said = [f"{curve.label} ({curve.holds_words})" for curve in worst]
            parts.append(f"It suffers most from {_few(said)}.")
        if held:
            parts.append(f"It withstands {_few([curve.label for curve in held[::-1]])} to the end.")
        return " ".join(parts)

    @property
    def precision(self) -> str:
        """What so few photos can and cannot show."""
        n = len(self.report.ids)
        return (
            f"With {n:,} photos, a loss of fewer than "
            f"{100 * smallest_loss_seen(n):.0f} points cannot be told from chance."
        )


def _few(names: list[str]) -> str:
    """The first names; the others are counted."""
    shown = names[:FEW] + ([f"{len(names) - FEW} more"] if len(names) > FEW else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def read_robustness(run: Run, split: str = "validation") -> Findings | None:
    """What the last report on `split` says, None before there is one."""
    report = read_report(run, split)
    return Findings(report, run.config.recipe.augmentation) if report is not None else None
