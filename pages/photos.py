"""Photos: a first stub."""

from ui import messages

messages.page_header("Photos", "This page is being built.")
