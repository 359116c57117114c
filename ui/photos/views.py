"""The views of the Photos page, and which of them the address asks for."""

from core.datasets.dataset import Dataset
from ui import messages
from ui.photos.checks_view import checks
from ui.photos.collecting import collecting
from ui.photos.gallery import gallery
from ui.photos.map_view import map_view
from ui.photos.overview import overview
from ui.photos.splits_view import splits_view
from ui.photos.suspects_view import suspects
from ui.photos.undo_bar import undo_bar
from ui.view_switch import View, choose_view

ADD = "add"


VIEWS = (
    View("overview", "Overview", ":material/dashboard:", "What is in it.", overview),
    View(
        "gallery",
        "Gallery",
        ":material/photo_library:",
        "Every photo: look at it, move it, take it out.",
        gallery,
    ),
    View(
        "checks",
        "Checks",
        ":material/troubleshoot:",
        "What is amiss with the photos, what that does, and what to do about it.",
        checks,
    ),
    View(
        "labels",
        "Labels",
        ":material/person_search:",
        "Photos whose class is in doubt, worst first, for you to decide.",
        suspects,
    ),
    View(
        "split",
        "Split",
        ":material/call_split:",
        "Which photos teach, which check, and which are kept for the test.",
        splits_view,
    ),
    View(
        "map",
        "Map",
        ":material/scatter_plot:",
        "Alike lies close together: see what stands apart, or in the wrong crowd.",
        map_view,
    ),
    View(
        ADD,
        "Add photos",
        ":material/add_photo_alternate:",
        "More photos for this data set, or another data set.",
        collecting,
    ),
)


def show_view(dataset: Dataset) -> None:
    """The buttons for all views, and the chosen one."""
    view = choose_view(VIEWS, key="photos-view")
    if view.name != ADD:
        with messages.guard():
            undo_bar(dataset)
    with messages.guard():
        view.draw(dataset)
