"""Architectures that were given a name: a JSON file each in the workspace."""

from core.models.architecture import Architecture
from core.models.architecture_json import read_architecture, write_architecture
from core.shelf import LONGEST_NAME, Shelf

__all__ = [
    "FILE",
    "LONGEST_NAME",
    "delete_saved",
    "duplicate_saved",
    "get_saved",
    "list_saved",
    "list_unreadable",
    "rename_saved",
    "save_architecture",
]

FILE = "architecture.json"
_SHELF: Shelf[Architecture] = Shelf(
    "architectures", FILE, "network", "two blocks", read_architecture, write_architecture
)
list_saved = _SHELF.list_saved
list_unreadable = _SHELF.list_unreadable
get_saved = _SHELF.get_saved
save_architecture = _SHELF.save
rename_saved = _SHELF.rename_saved
duplicate_saved = _SHELF.duplicate_saved
delete_saved = _SHELF.delete_saved
