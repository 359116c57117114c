"""The photos that changed side between twins, each with both answers."""

from typing import Any

import pandas as pd
import streamlit as st

from core.evaluation.metrics import percent
from core.training.twin_plan import SIDES, TwinPlan
from core.training.twins import Twins
from ui import cache, state
from ui.components.changed_photos import changed_photos
from ui.galleries import page_of, photo_url
from ui.palette import class_colors
from ui.photos.photo_dialog import enlarged

CARDS_PER_PAGE = 9


def changed(twins: Twins, pairs: int) -> None:
    """Right with the one and wrong with the other, and the other way round.

    Args:
        pairs: How many were compared.
    """
    plan = twins.plan
    table = _photos(twins)
    words = {
        "gained": f"Right {plan.words('with')}, wrong {plan.words('without')}",
        "lost": f"Right {plan.words('without')}, wrong {plan.words('with')}",
    }
    counts = {name: int(table[name].sum()) for name in words}
    if not any(counts.values()):
        st.markdown("Not one: whatever most trainings of one side got right, the other side did.")
        return
    which = str(
        st.segmented_control(
            "Which",
            list(words),
            default="gained" if counts["gained"] else "lost",
            required=True,
            format_func=lambda name: f"{words[name]} ({counts[name]:,})",
            key=f"twins-which-{twins.name}",
            label_visibility="collapsed",
            wrap=True,
        )
    )
    chosen = _ordered(table[table[which]])
    if chosen.empty:
        st.markdown("Not one.")
        return
    places = page_of(len(chosen), CARDS_PER_PAGE, key=f"twins-changed-{twins.name}-{which}")
    shown = chosen.iloc[places.start : places.stop].to_dict("records")
    cards = [_card(plan, pairs, row) for row in shown]
    opened = changed_photos(cards, key=f"twins-cards-{twins.name}", title=words[which])
    if opened:
        state.set_address("photo", opened)
    _open(plan.dataset, chosen["id"].tolist())


def _open(dataset_name: str, ids: list[str]) -> None:
    photo = state.address("photo")
    if photo in ids and photo in cache.dataset(dataset_name).places:
        enlarged(dataset_name, str(photo), lambda name: ids)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """The surest changes first: right in all trainings of one side, wrong in all of the other."""
    apart = (table["right_with"] - table["right_without"]).abs()
    sure = table["probability_with"] + table["probability_without"]
    ordered = table.assign(apart=apart, sure=sure).sort_values(["apart", "sure"], ascending=False)
    return ordered.drop(columns=["apart", "sure"])


def _card(plan: TwinPlan, pairs: int, row: dict[Any, Any]) -> dict[str, Any]:
    colors, label = class_colors(plan.class_names), str(row["label"])
    return {
        "id": row["id"],
        "source": photo_url(plan.dataset, str(row["id"]), 320),
        "label": label,
        "color": colors[label],
        "answers": [
            {
                "who": f"{plan.words(side)}{_how_often(pairs, row[f'right_{side}'])}",
                "said": row[f"answer_{side}"],
                "color": colors[row[f"answer_{side}"]],
                "sure": percent(row[f"probability_{side}"]),
                "right": row[f"answer_{side}"] == label,
            }
            for side in SIDES
        ],
    }


def _how_often(count: int, share: float) -> str:
    return f": right in {round(share * count)} of {count}" if count > 1 else ""


def _photos(twins: Twins) -> pd.DataFrame:
    path = twins.folder / "photos.parquet"
    return cache.remembered(_read, str(path), path.stat().st_mtime_ns)


def _read(path: str, stamp: int) -> pd.DataFrame:
    return pd.read_parquet(path)
