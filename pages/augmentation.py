"""Augmentation: a first stub."""

from ui import messages

messages.page_header("Augmentation", "This page is being built.")
