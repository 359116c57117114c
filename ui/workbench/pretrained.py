"""A pretrained network on the model page: its blocks and its head as drawing, table and code."""

from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from core.images import PictureSpec
from core.models.backbones import Backbone
from core.models.keras_code import keras_code
from core.models.shapes import LayerRow, trace
from ui import messages, network_view
from ui.backbone_plan import backbone_plan_svg
from ui.view_switch import View, choose_view
from ui.workbench.handout import program_view, show_drawing, show_program


@dataclass(frozen=True)
class Pretrained:
    """What its views draw from.

    Attributes:
        backbone: As set on the page.
        picture: What it sees of a photo.
        num_classes: How many classes it tells apart.
        key: Identity of its widgets on the page.
    """

    backbone: Backbone
    picture: PictureSpec
    num_classes: int
    key: str

    @cached_property
    def rows(self) -> list[LayerRow]:
        return trace(self.backbone, self.picture.shape, self.num_classes)


def _plan(network: Pretrained) -> None:
    if network.backbone.unfreeze_from:
        st.caption("In the blocks that learn, batch normalisation stays as it is.")
    show_drawing(backbone_plan_svg(network.backbone, network.rows), network.key)


def _table(network: Pretrained) -> None:
    st.html(network_view.layer_table(network.rows))


def _code(network: Pretrained) -> None:
    code = keras_code(network.backbone, network.picture.shape, network.num_classes)
    show_program(code, network.key)


VIEWS = (
    View(
        "plan",
        "Drawing",
        ":material/account_tree:",
        "Every block from the picture to the answer: which stay frozen, and which learn.",
        _plan,
    ),
    View(
        "table",
        "Table",
        ":material/table_rows:",
        "Every block and layer, what it is for, and the sum that leads to its size.",
        _table,
    ),
    program_view(_code),
)


@st.fragment
def show_pretrained(network: Pretrained) -> None:
    """The figures of the whole network, and the view of it that was chosen."""
    with messages.guard():
        st.html(network_view.totals_html(network.rows))
        choose_view(VIEWS, f"{network.key}-view").draw(network)
