"""x"""

import streamlit as st

from ui.inside.inside import Inside


def show_live(inside: Inside) -> None:
    st.write("soon")
