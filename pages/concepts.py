"""How it works: the ideas behind the app, each one moving."""

from pathlib import Path

import streamlit as st

from ui import messages, previews
from ui.concepts.glossary import show_glossary
from ui.concepts.labs_view import show_labs
from ui.tour.tour_view import show_tour
from ui.view_switch import View, choose_view

STYLES = Path(previews.__file__).parent / "static" / "concepts.css"
VIEWS = (
    View(
        "labs",
        "Labs",
        ":material/science:",
        "One idea at a time: move something and watch the numbers.",
        show_labs,
    ),
    View(
        "glossary",
        "Glossary",
        ":material/menu_book:",
        "Every word of the trade that this app uses.",
        show_glossary,
    ),
    View(
        "tour",
        "Tour",
        ":material/tour:",
        "Twenty minutes on the real pages, to a model of your own.",
        show_tour,
    ),
)

messages.page_header(
    "How it works", "The ideas behind a picture classifier, one at a time.", page="concepts"
)
st.html(STYLES)
with messages.guard():
    choose_view(VIEWS, key="concept-view").draw(None)
