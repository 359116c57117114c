"""The concepts page: complete without any photos, and every lab answers its controls."""

import base64
import json
import re
import time

import numpy as np
import pytest

from core.concepts.glossary import TERMS
from core.errors import LoupeError
from core.images import encode_png
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
    next(button for button in page.button if button.label == "Convolution").click().run()
    assert [head.proto.anchor for head in page.main.header] == ["convolution"]


def test_without_photos_every_word_is_explained(open_page, workspace):
    page = open_page("concepts", view="glossary")
    assert {head.proto.anchor for head in page.main.subheader} == {term.anchor for term in TERMS}


def until(page, said, runs=60):
    """Runs the page again until it says so: what is learnt beside it takes a moment."""
    for _ in range(runs):
        if said in words(page):
            return page
        time.sleep(0.5)
        page.run()
    raise AssertionError(f"{said!r} never came: {words(page)[-600:]}")


def test_freedom_is_judged_in_words(lab):
    page = lab("overfitting")
    assert "About right" in words(page)
    page.slider(key="concept-freedom").set_value(11).run()
    assert "By heart" in words(page)
    page.slider(key="concept-points").set_value(60).run()
    assert "By heart" not in words(page)


def test_a_dragged_point_changes_the_errors_and_can_be_put_back(lab):
    page = lab("overfitting")
    before = [metric.value for metric in page.metric]
    page.session_state["loupe.concept-moved"] = {5: (0.5, -1.8)}
    page.run()
    assert [metric.value for metric in page.metric] != before
    page.button(key="concept-back").click().run()
    assert [metric.value for metric in page.metric] == before
    page.button(key="concept-redraw").click().run()
    assert [metric.value for metric in page.metric] != before


def test_a_network_learns_by_heart_when_it_is_asked_to(lab, here, monkeypatch):
    monkeypatch.setattr("core.concepts.small_network.EPOCHS", 30)
    page = lab("overfitting")
    assert "38,410 weights" not in words(page)
    page.button(key="concept-learn").click().run()
    until(page, "With 38,410 weights it names 100\N{NO-BREAK SPACE}% of its own")
    assert "Early stopping would have ended it after epoch" in words(page)
    assert page.main.get("vega_lite_chart")


def test_transfer_is_measured_when_it_is_asked_for(lab, here, monkeypatch):
    answers = {
        "facts": {"known_accuracy": 0.95, "examples": np.zeros((10, 16, 16, 3), np.uint8)},
        5: (0.65, 0.4),
        10: (0.7, 0.6),
        20: (0.72, 0.77),
        40: (0.73, 0.83),
    }
    monkeypatch.setattr("core.concepts.transfer.facts", lambda: answers["facts"])
    monkeypatch.setattr(
        "core.concepts.transfer.measured",
        lambda photos: {
            "photos": photos,
            "head": [answers[photos][0]],
            "nothing": [answers[photos][1]],
            "tested": 554,
        },
    )
    page = lab("transfer-learning")
    assert "23,296 weights frozen, 260 learn" in drawings(page)
    assert "all 23,556 weights learn" in drawings(page)
    page.button(key="concept-transfer").click().run()
    until(page, "From 20 photos on, the one from nothing is ahead")
    assert "65\N{NO-BREAK SPACE}%" in words(page) and "of 554 digits" in words(page)


def test_a_change_is_shown_at_its_ends_and_a_recipe_ten_times(lab):
    page = lab("augmentation")
    page.slider(key="concept-strength-rotation").set_value(90).run()
    assert "turned 90° anticlockwise" in drawings(page)
    assert "turned 90° clockwise" in drawings(page)
    page.selectbox(key="concept-change").set_value("horizontal_flip").run()
    assert "Changed: mirrored left for right" in drawings(page)
    assert len(re.findall("<figure", recipe_wall(page))) == 10
    before = recipe_wall(page)
    page.button(key="concept-recipe-again").click().run()
    assert recipe_wall(page) != before


def recipe_wall(page):
    return next(
        str(part.proto.body)
        for part in page.main.get("html")
        if "lab-draws" in str(part.proto.body)
    )


def test_turned_sixes_are_counted(lab, here):
    page = lab("augmentation")
    page.slider(key="concept-six").set_value(180).run()
    assert "a 6, turned by 180°" in drawings(page)
    page.button(key="concept-count").click().run()
    until(page, "What 181 sixes are taken for")
    assert page.main.get("vega_lite_chart")


def test_the_glossary_can_be_searched(open_page, workspace):
    page = open_page("concepts", view="glossary")
    page.text_input(key="concept-search").set_value("epoch").run()
    assert "Epoch" in [head.value for head in page.main.subheader]
    assert len(page.main.subheader) < len(TERMS)
    page.text_input(key="concept-search").set_value("zebra").run()
    assert "No entry contains “zebra”" in words(page)


def test_a_word_in_the_address_is_shown_above_the_others(open_page, workspace):
    page = open_page("concepts", view="glossary", word="epoch")
    assert [head.value for head in page.main.header] == ["Epoch"]
    page.button(key="concept-see-batch").click().run()
    assert [head.value for head in page.main.header] == ["Batch"]
    assert "batch" in page.query_params["word"]
    page.button(key="concept-word-close").click().run()
    assert not page.main.header
    page = open_page("concepts", view="glossary", word="zebra")
    assert "no word" in page.error[0].value


def test_a_word_leads_to_the_lab_that_shows_it(open_page, workspace):
    page = open_page("concepts", view="glossary", word="overfitting")
    page.button(key="concept-asked-lab").click().run()
    assert [head.proto.anchor for head in page.main.header] == ["overfitting"]


def test_the_words_of_a_page_stand_beside_it(open_page, workspace):
    said = words(open_page("training"))
    assert "**Epoch.** One pass through all training photos." in said
    assert "[See it move](/concepts?lab=overfitting)" in said


def test_the_readers_own_photo_goes_along_through_all_labs(lab):
    white = encode_png(np.full((80, 120, 3), 255, np.uint8))
    page = lab("pixels")
    page.session_state["loupe.concept-own"] = white
    page.session_state["loupe.concept-subject"] = "My own photo"
    page.run()
    assert shown_picture(page).min() == 255
    next(button for button in page.button if button.label == "Convolution").click().run()
    next(button for button in page.button if button.label.endswith("numbers")).click().run()
    assert shown_picture(page).min() == 255
    page.session_state["loupe.concept-subject"] = "Drawn dragonfly"
    page.run()
    assert shown_picture(page).min() < 128


def shown_picture(page):
    """What the first lab's moving part gets, uint8 (64, 64, 3)."""
    sent = [json.loads(one.proto.json) for one in page.main.get("bidi_component")]
    (sides,) = [data["sides"] for data in sent if "sides" in data]
    return np.frombuffer(base64.b64decode(sides["64"]["picture"]["pixels"]), np.uint8).reshape(
        64, 64, 3
    )


def test_labs_that_were_opened_are_ticked(lab):
    page = lab("pixels")
    next(button for button in page.button if button.label == "Convolution").click().run()
    assert page.session_state["loupe.concept-tried"] == {"pixels", "convolution"}


def test_it_shows_a_photo_of_the_data_set(open_page, shapes):
    photo = shown_picture(open_page("concepts", lab="pixels"))
    assert photo[0, 0].max() < 70 and photo.max() > 140  # a bright shape on a dark ground


def test_a_lab_that_fails_leaves_the_way_to_the_others(lab, monkeypatch):
    def fail(*_, **__):
        raise LoupeError("The maps cannot be shown.", "Reload the page.")

    monkeypatch.setattr(pooling, "at_side", fail)
    page = lab("pooling")
    assert ["The maps cannot be shown" in error.value for error in page.error] == [True]
    assert "ReLU" in [button.label for button in page.button]
