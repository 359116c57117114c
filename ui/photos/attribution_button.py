"""Who took the photos of a data set, as a file to pass on with it."""

import streamlit as st

from core.datasets.dataset import Dataset
from core.datasets.edits import photos
from core.datasets.web.attribution import FILE_NAME, attributed, attribution_csv


def attribution_button(dataset: Dataset) -> None:
    """A line and a download, for data sets with photos of other people."""
    count = attributed(dataset)
    if not count:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/balance: **{photos(count)}** come with their author, licence or source. "
            "Name them when you pass the data set on.",
            width="stretch",
        )
        st.download_button(
            FILE_NAME,
            data=lambda: attribution_csv(dataset),
            file_name=FILE_NAME,
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="attribution",
        )
