"""Prediction: a first stub."""

from ui import messages

messages.page_header("Prediction", "This page is being built.")
