"""Share: a first stub."""

from ui import messages

messages.page_header("Share", "This page is being built.")
