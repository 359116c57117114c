"""The concepts page: complete without any photos, and every lab answers its controls."""

import base64
import re

import pytest

from core.concepts.glossary import TERMS
from core.errors import LoupeError
from core.images import read_picture
from ui.concepts import pooling
from ui.concepts.labs import LABS


@pytest.fixture
def lab(open_page, workspace, here):
    return lambda anchor: open_page("concepts", lab=anchor)


def drawings(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def words(app):
    return " ".join(str(part.value) for part in (*app.main.markdown, *app.main.caption))


@pytest.mark.parametrize("anchor", [one.anchor for one in LABS])
def test_every_lab_works_without_photos(lab, anchor):
    page = lab(anchor)
    assert [title.value for title in page.main.title] == ["How it works"]
    assert [head.proto.anchor for head in page.main.header] == [anchor]
    assert "Try it." in words(page)
    assert not page.exception and not page.error


def test_the_next_lab_is_one_click_away(lab):
    page = lab("pixels")
    assert "64 × 64 pixels × 3 colours = 12,288 numbers" in drawings(page)
    next(button for button in page.button if button.label == "Convolution").click().run()
    assert [head.proto.anchor for head in page.main.header] == ["convolution"]


def test_without_photos_every_word_is_explained(open_page, workspace):
    page = open_page("concepts", view="glossary")
    assert {head.proto.anchor for head in page.main.subheader} == {term.anchor for term in TERMS}


def test_a_stride_that_does_not_fit_is_explained(lab):
    page = lab("stride-and-padding")
    page.slider(key="concept-s").set_value(3)
    page.slider(key="concept-w").set_value(11).run()
    assert "1 + (11 + 2·0 − 3) / 3 = 3.667" in drawings(page)
    assert "the last 2 pixels are never looked at" in words(page)


def test_a_kernel_that_does_not_fit_is_a_plain_sentence(lab):
    page = lab("stride-and-padding")
    page.slider(key="concept-w").set_value(4)
    page.slider(key="concept-f").set_value(7).run()
    assert [error.value.split(".")[0] for error in page.error] == [
        "**A kernel of 7 does not fit on 4 pixels"
    ]
    assert "Try it." in words(page)


def test_another_kernel_gives_another_map(lab):
    page = lab("convolution")
    before = drawings(page)
    page.selectbox(key="concept-preset").set_value("identity").run()
    assert drawings(page) != before
    assert "the picture stays as it is" in words(page)


def test_freedom_is_judged_in_words(lab):
    page = lab("overfitting")
    assert "About right" in words(page)
    page.slider(key="concept-freedom").set_value(11).run()
    assert "By heart" in words(page)


def test_the_glossary_can_be_searched(open_page, workspace):
    page = open_page("concepts", view="glossary")
    page.text_input(key="concept-search").set_value("epoch").run()
    assert "Epoch" in [head.value for head in page.main.subheader]
    assert len(page.main.subheader) < len(TERMS)
    page.text_input(key="concept-search").set_value("zebra").run()
    assert "No entry contains “zebra”" in words(page)


def test_it_shows_a_photo_of_the_data_set(open_page, shapes):
    pictures = re.findall(
        "data:image/png;base64,([^']+)", drawings(open_page("concepts", lab="pixels"))
    )
    photo = read_picture(base64.b64decode(pictures[0])).array
    assert photo.shape == (64, 64, 3)
    assert photo[0, 0].max() < 70 and photo.max() > 140  # a bright shape on a dark ground


def test_a_lab_that_fails_leaves_the_way_to_the_others(lab, monkeypatch):
    def fail(*_, **__):
        raise LoupeError("The maps cannot be shown.", "Reload the page.")

    monkeypatch.setattr(pooling, "pool", fail)
    page = lab("pooling")
    assert ["The maps cannot be shown" in error.value for error in page.error] == [True]
    assert "ReLU" in [button.label for button in page.button]
