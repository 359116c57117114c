"""The drawing of a pretrained network: every block by name, and whether it is frozen."""

import xml.etree.ElementTree as ElementTree

import pytest

from core.models.backbones import FAMILIES, Backbone
from core.models.shapes import trace
from ui.backbone_plan import backbone_plan_svg
from ui.network_plan import on_paper


def texts(svg, kind):
    root = ElementTree.fromstring(svg)
    return [node.text for node in root.iter() if node.get("class") == kind]


def drawn(backbone, shape):
    return backbone_plan_svg(backbone, trace(backbone, shape, 3))


@pytest.mark.parametrize("name", FAMILIES)
def test_every_block_has_a_box_with_its_name_and_nothing_is_cut_off(name):
    backbone = Backbone(name=name, backbone=name, hidden=512, unit_length=True)
    svg = drawn(backbone, (320, 320, 1))
    assert texts(svg, "title") == [
        "Picture",
        *(block.name for block in backbone.blocks),
        "Global average",
        "Features of equal length",
        "Dropout",
        "Dense",
        "Answer",
    ]
    assert "…" not in svg
    assert texts(on_paper(svg), "title") == texts(svg, "title")


def test_frozen_and_learning_blocks_are_told_apart_by_words_and_colour():
    backbone = Backbone(name="x", backbone="mobilenet-v2", unfreeze_from="block_16")
    svg = drawn(backbone, (224, 224, 3))
    weights = [text for text in texts(svg, "weights") if text]
    states = [text.split()[-1] for text in weights]
    assert states == ["frozen"] * 17 + ["learn"] * 3
    assert weights[-1] == "3,843 weights learn"
    assert svg.count("fill='#1f6fb2' fill-opacity") == 17
    assert "6 layers: 3 convolutions" in texts(svg, "extra")
    assert "7 × 7 × 1,280" in texts(svg, "shape")
