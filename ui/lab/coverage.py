"""Coverage: does what is trained with look like what the model will meet?"""

from typing import Any

import numpy as np
import streamlit as st

from core.evaluation.coverage import Coverage, Nearness, Spread, cover
from core.evaluation.look import looks_of, measure_copies
from core.evaluation.metrics import percent
from core.progress import Progress
from ui import cache, charts, messages
from ui.charts.ranges import COPIES, RAW, SEEN, Group, Range
from ui.lab.copies_map import show_copies_map
from ui.lab.coverage_advice import show_advice
from ui.lab.coverage_photos import Training, seen_photos, training_photos
from ui.lab.lab import Lab
from ui.lab.target import Target, choose_target, of_words
from ui.lab.uncovered import show_uncovered

DRAWS = 2
SEED = 0
ONLY_LOOK = "Only their look is compared: labels play no part."
RULES = (
    "Only how the photos look is compared, at the size and in the colours of the model. Their "
    "labels play no part. Still, a recipe that was fitted to the look of the test photos is "
    "tested a little too kindly: where you can, compare with new photos from where the model "
    "will be used."
)


def show_coverage(lab: Lab) -> None:
    """How the photos look and what would help; then where copies fall on their map."""
    _compare(lab)
    with messages.guard():
        show_copies_map(lab)


def _compare(lab: Lab) -> None:
    target = choose_target(lab.dataset_name)
    place = st.empty()
    progress = _progress_in(place)
    training = training_photos(lab, progress)
    seen = seen_photos(lab, target, progress)
    copies = cache.kept(
        "coverage-copies", (training.key, lab.recipe), lambda: _copies(training, lab, progress), 16
    )
    place.empty()
    coverage = cover(looks_of(lab.spec), training.looks, copies, seen.looks)
    _verdict(coverage, target)
    if seen.unreadable:
        st.caption(
            f":material/warning: {seen.unreadable} of them could not be read and are left out."
        )
    st.html(charts.ranges_html([_range(one) for one in coverage.spreads], _names(target)))
    _counts(training, len(copies), target, lab.dataset_name is None)
    if target is not None:
        show_advice(lab, coverage, training, target)
        show_uncovered(coverage, target, seen.places)
    messages.why(RULES, "What is compared?")


def _progress_in(place: Any) -> Progress:
    """Words in `place`; saying them also lets a slider that was moved meanwhile interrupt."""

    def progress(done: int, total: int, message: str) -> None:
        place.progress(min(1.0, done / max(1, total)), text=f"{message} · {done:,} of {total:,}")

    return progress


def _copies(training: Training, lab: Lab, progress: Progress) -> np.ndarray:
    return measure_copies(training.pictures, training.rows, lab.recipe, DRAWS, SEED, progress)


def _verdict(coverage: Coverage, target: Target | None) -> None:
    near = coverage.nearness
    if target is None or near is None:
        st.markdown(
            "**What your recipe makes of the photos.** Choose photos from where the model will "
            "be used above, and you see whether it covers them."
        )
        return
    gaps = coverage.gaps
    if gaps:
        ways = " and ".join(dict.fromkeys(_side(spread) for spread in gaps))
        worst = gaps[0].after
        st.markdown(
            f"**Your {target.one}s are {ways} than what you train with.** "
            f"{worst.outside} of {target.named(worst.count)} "
            f"({percent(worst.outside / worst.count)}) lie outside of it."
        )
    elif coverage.is_unusual:
        st.markdown(
            f"**In no single respect do your {target.one}s look different from what you train "
            "with, but more of them than usual lie outside in one or another.**"
        )
    else:
        st.markdown(f"**What you train with covers how your {target.one}s look.**")
    _figures(coverage, near)


def _figures(coverage: Coverage, near: Nearness) -> None:
    """The shares in all looks at once, each beside what would be usual."""
    after, usual = coverage.in_all(), percent(coverage.usual.share)
    close = near.near(near.after)
    st.html(
        charts.figures_html(
            {
                f"within all ranges ({usual} is usual)": percent(after.share),
                "without augmentation": percent(coverage.in_all("raw").share),
                "have a near copy (95 % is usual)": percent(close.share),
            }
        )
    )
    low, high = after.interval
    st.caption(
        f"Of many more such photos, between {percent(low)} and {percent(high)} would lie within "
        "all ranges. A near copy is one that is as near, in all of them at once, as training "
        "photos are to each other."
    )


def _side(spread: Spread) -> str:
    """In which direction most of the photos outside lie."""
    return spread.look.low if spread.after.below >= spread.after.above else spread.look.high


def _range(spread: Spread) -> Range:
    groups = [Group(RAW, spread.raw), Group(COPIES, spread.copies)]
    look, after = spread.look, spread.after
    if not after.count:
        return Range(look.title, look.unit, groups, after.low, after.high)
    inside = percent(after.share)
    before = percent(spread.before.share)
    verdict = f"{inside} inside" if inside == before else f"{inside} inside (plain: {before})"
    groups.append(Group(SEEN, spread.seen))
    return Range(look.title, look.unit, groups, after.low, after.high, verdict, after.is_gap)


def _names(target: Target | None) -> dict[str, str]:
    names = {RAW: "training photos", COPIES: "as augmented"}
    return names if target is None else names | {SEEN: f"{target.one}s"}


def _counts(training: Training, copies: int, target: Target | None, drawn: bool) -> None:
    """How many pictures the charts stand on."""
    looked_at = len(training.pictures)
    of_all = "" if looked_at == training.total else f" of {training.total:,}, evenly chosen"
    against = f", {of_words(target)}. {ONLY_LOOK}" if target else "."
    what = "drawn insects" if drawn else "training photos"
    st.caption(f"{looked_at:,} {what}{of_all}, {copies:,} augmented copies{against}")
