"""Model: a first stub."""

from ui import messages

messages.page_header("Model", "This page is being built.")
