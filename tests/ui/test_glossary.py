"""The glossary: complete, consistent, and every word reachable from where it is used."""

import pytest

from core.concepts.glossary import TERMS, get_term, search_terms
from core.errors import NotFound
from ui.concepts.course import PLACES, in_order, minutes_of, parts_of
from ui.concepts.labs import LABS
from ui.jargon import PAGE_WORDS, jargon, words_of_page
from ui.road import PAGES

ANCHORS = {term.anchor for term in TERMS}


def test_a_word_is_explained_in_plain_sentences_and_its_relatives_exist():
    for term in TERMS:
        assert term.meaning.endswith("."), term.anchor
        assert len(term.meaning) < 220 and term.meaning[0].isupper()
        assert set(term.see) <= ANCHORS - {term.anchor}


def test_what_is_searched_stands_first_where_it_is_the_word_itself():
    assert search_terms("kernel")[0].anchor == "kernel"
    assert search_terms("SLIDING A")[0].anchor == "convolution"
    assert search_terms("zebra") == ()


def test_an_unknown_word_is_a_plain_sentence():
    with pytest.raises(NotFound, match="no word 'zebra'"):
        get_term("zebra")


def test_every_page_declares_words_that_exist_and_none_twice():
    assert set(PAGE_WORDS) == {page.name for page in PAGES}
    for page in PAGE_WORDS:
        words = words_of_page(page)
        assert set(words) <= ANCHORS, page
        assert len(set(words)) == len(words) > 4, page


def test_every_word_is_declared_on_a_page_or_shown_in_a_lab():
    declared = {word for page in PAGE_WORDS for word in words_of_page(page)}
    shown = {term.anchor for term in TERMS if term.lab}
    assert declared | shown == ANCHORS


def test_every_lab_that_a_word_leads_to_is_part_of_the_course():
    course = {anchor for anchors in PLACES.values() for anchor in anchors}
    assert {term.lab for term in TERMS if term.lab} <= course
    assert {lab.anchor for lab in LABS} <= course


def test_a_link_shows_its_meaning_at_once():
    link = jargon("epoch")
    assert link.startswith("[epoch](/concepts?view=glossary&word=epoch")
    assert "One pass through all training photos." in link
    assert jargon("epoch", "round").startswith("[round]")


def test_every_lab_stands_in_one_part_and_is_short():
    parts = parts_of(LABS)
    assert sorted(lab.anchor for part in parts for lab in part.labs) == sorted(
        lab.anchor for lab in LABS
    )
    assert [part.title for part in parts][0] == "Seeing"
    assert in_order(LABS)[0].anchor == "pixels"
    assert all(1 <= minutes_of(lab) <= 10 for lab in LABS)
