"""The main script: names the ten pages, draws the sidebar, runs the page asked for."""

from pathlib import Path

import streamlit as st

from ui import messages, road, state
from ui.tour.bar import show_bar

STATIC = Path(__file__).parent / "static"
ICON = str(STATIC / "loupe.svg")

page = st.navigation(
    [
        st.Page(
            state.page_path(entry.name),
            title=entry.title,
            url_path="" if entry.name == "home" else entry.name,
            default=entry.name == "home",
        )
        for entry in road.PAGES
    ],
    position="hidden",
)
title = "Loupe" if page.url_path == "" else f"{page.title} · Loupe"
st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
st.logo(str(STATIC / "wordmark.svg"), size="large", icon_image=ICON)
st.html(STATIC / "loupe.css")
with messages.guard():
    page_name = page.url_path or "home"
    state.sync_address(page_name)
    road.sidebar(page_name)
with messages.guard():
    show_bar(page_name)
with messages.guard():
    page.run()
