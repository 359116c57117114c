"""Which version of the photos a run learnt from, in a line under its name."""

import streamlit as st

from core.datasets.versions import joined
from core.errors import LoupeError, NotFound
from core.training.provenance import changes_since
from core.training.runs import Run
from ui import cache, state


def run_version(run: Run) -> None:
    """Says what the run learnt from and what has changed since, with a way to the photos."""
    config = run.config
    try:
        dataset = cache.dataset(config.dataset)
        parts = cache.remembered(_changes, run.name, config.created, dataset.version)
    except NotFound:
        st.caption(":material/history: The photos that it learnt from are no longer here.")
        return
    except LoupeError:
        return
    version = f"Learnt from version {config.dataset_version:,} of {dataset.title}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not parts:
            st.caption(f":material/history: {version}, as the photos are now.", width="content")
            return
        st.caption(f":material/history: {version}; since then: {joined(parts)}.", width="content")
        state.page_link("photos", "See the photos", params={"view": "gallery"})


def _changes(run_name: str, created: str, version: int) -> list[str]:
    return changes_since(cache.run(run_name))
