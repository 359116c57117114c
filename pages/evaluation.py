"""Evaluation: a first stub."""

from ui import messages

messages.page_header("Evaluation", "This page is being built.")
