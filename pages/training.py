"""Training: a first stub."""

from ui import messages

messages.page_header("Training", "This page is being built.")
