"""The concepts page: complete without any photos, and every lab answers its controls."""

import pytest

from core.concepts.glossary import TERMS
from core.errors import LoupeError
from ui.concepts import pooling
from ui.concepts.labs import LABS


@pytest.fixture
def lab(open_page, workspace):
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
    next(button for button in page.button if button.label == "Convolution").click().run()
    assert [head.proto.anchor for head in page.main.header] == ["convolution"]


def test_without_photos_every_word_is_explained(open_page, workspace):
    page = open_page("concepts", view="glossary")
    assert {head.proto.anchor for head in page.main.subheader} == {term.anchor for term in TERMS}


def test_evidence_moves_the_probability(lab):
    page = lab("softmax")
    assert "dragonfly: 0.80·(4)" in drawings(page)
    page.slider(key="concept-evidence-0").set_value(0.0)
    page.slider(key="concept-evidence-1").set_value(1.0).run()
    assert "damselfly: 0.00·(−2) + 1.00·(4) + 0.20·(0.5) = <b>4.1</b>" in drawings(page)


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


def test_a_lab_that_fails_leaves_the_way_to_the_others(lab, monkeypatch):
    def fail(*_, **__):
        raise LoupeError("The maps cannot be shown.", "Reload the page.")

    monkeypatch.setattr(pooling, "at_side", fail)
    page = lab("pooling")
    assert ["The maps cannot be shown" in error.value for error in page.error] == [True]
    assert "ReLU" in [button.label for button in page.button]
