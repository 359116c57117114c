"""Look inside: a first stub."""

from ui import messages

messages.page_header("Look inside", "This page is being built.")
