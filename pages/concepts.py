"""Concepts: a first stub."""

from ui import messages

messages.page_header("Concepts", "This page is being built.")
