"""Home: a first stub."""

from ui import messages

messages.page_header("Home", "This page is being built.")
