"""Closes the sidebar of a narrow screen after a change of page: there it covers the page."""

import streamlit as st


def close_after_navigation(page_name: str) -> None:
    """Put it into the sidebar; `page_name` is the page shown now."""
    _component(key="sidebar-closer", data={"page": page_name}, height=0)


JS = """
const NARROW = 768;
let shown = null;

export default function ({ data }) {
  const changed = shown !== null && shown !== data.page;
  shown = data.page;
  if (!changed || window.innerWidth > NARROW) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
"""

_component = st.components.v2.component("loupe_sidebar_closer", html="<span></span>", js=JS)
