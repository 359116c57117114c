"""Two checks on the same photos in the same parts, side by side."""

import streamlit as st

from core.evaluation.cross_comparison import comparable, compare, compared_words
from core.evaluation.cross_folder import CrossValidation
from core.evaluation.cross_words import headline
from ui import cache, charts, messages, state
from ui.charts.difference import Row
from ui.components.changed_photos import changed_photos
from ui.cross.photos import card, open_photo, predictions
from ui.galleries import page_of
from ui.palette import class_colors

PER_PAGE = 6
HOW = (
    "Check another recipe, or this one with other settings, on the same photos in as many parts "
    "with the same seed: then both can be compared photo by photo, which shows far smaller "
    "differences than two figures side by side."
)


def comparison(cross: CrossValidation) -> None:
    """Which other to compare with, and the paired test; how to get one where there is none."""
    others = cache.kept("comparable", _key(cross), lambda: comparable(cross))
    others = [other for other in others if (other.folder / "report.json").is_file()]
    if not others:
        st.markdown(f":gray[{HOW}]")
        return
    names = {"": "None"} | {other.name: _words(other) for other in others}
    asked = state.address("beside")
    state.set_widget("cross-beside", asked if asked in names else "")
    chosen = st.selectbox(
        "Compare with",
        list(names),
        format_func=lambda name: names[name],
        key="cross-beside",
        on_change=lambda: state.set_address("beside", state.widget("cross-beside") or None),
    )
    other = next((one for one in others if one.name == chosen), None)
    if other is not None:
        _side_by_side(cross, other)


def _key(cross: CrossValidation) -> tuple[object, ...]:
    folder = cross.workspace.cross_validations
    statuses = sorted(folder.glob("*/status.json"))
    return (cross.name, str(folder), *(str(file) for file in statuses), cache.stamps(*statuses))


def _words(cross: CrossValidation) -> str:
    plan, report = cross.plan, cross.report()
    mean = f"{report['mean']:.1%}".replace("%", " %") if report else "–"
    return f"{plan.recipe.title}, {mean} ({cross.name})"


def _side_by_side(mine: CrossValidation, other: CrossValidation) -> None:
    found = compare(predictions(mine), predictions(other), mine.plan.folds)
    titles = _titles(mine, other)
    st.markdown(f"**{messages.literal(compared_words(found, *titles))}**")
    row = Row("All photos", found["value"], found["low"], found["high"], f"{found['photos']:,}")
    st.html(
        charts.difference_chart([row], worse=f"{titles[1]} better", better=f"{titles[0]} better")
    )
    lowest = min((cross.report() or {"low": 0.0})["low"] for cross in (mine, other))
    for column, cross, title in zip(st.columns(2), (mine, other), titles, strict=True):
        report = cross.report() or {}
        with column:
            st.markdown(f"**{messages.literal(title)}**")
            st.markdown(messages.literal(headline(report)))
            st.vega_lite_chart(
                charts.part_dots(
                    report["parts"],
                    len(cross.plan.order()),
                    cross.plan.folds,
                    report["mean"],
                    report["spread"],
                    lowest,
                ),
                key=f"cross-beside-dots-{cross.name}",
                alt=charts.spoken_dots(report["parts"], report["mean"]),
            )
    st.caption(
        "The interval is a little too narrow: within each check the networks learnt from mostly "
        "the same photos."
    )
    _changed(mine, other, found["gained"] + found["lost"], titles)


def _titles(mine: CrossValidation, other: CrossValidation) -> tuple[str, str]:
    first, second = mine.plan.recipe.title, other.plan.recipe.title
    return (first, second) if first != second else (mine.name, other.name)


def _changed(
    mine: CrossValidation, other: CrossValidation, ids: list[str], titles: tuple[str, str]
) -> None:
    if not ids:
        return
    with st.expander("The photos on which they differ", icon=":material/compare:"):
        places = page_of(len(ids), PER_PAGE, key=f"cross-differ-{mine.name}-{other.name}")
        shown = ids[places.start : places.stop]
        tables = [predictions(one).drop_duplicates("id").set_index("id") for one in (mine, other)]
        colors = class_colors(mine.plan.class_names)
        photos = []
        for photo in shown:
            both = [
                card(mine.plan.dataset, {"id": photo, **table.loc[photo].to_dict()}, colors)
                for table in tables
            ]
            answers = [
                one["answers"][0] | {"who": title} for one, title in zip(both, titles, strict=True)
            ]
            photos.append(both[0] | {"answers": answers})
        key = f"cross-differ-cards-{mine.name}-{other.name}"
        opened = changed_photos(photos, key=key, title="Photos on which they differ")
        if opened:
            state.set_address("photo", opened)
            open_photo(mine.plan.dataset, opened, ids)
