import logging

from streamlit.testing.v1 import AppTest


def plain_page():
    from core.errors import LoupeError
    from ui.messages import guard

    with guard():
        raise LoupeError("The photo is gone.", "Import it again.")


def broken_page():
    from ui.messages import guard

    with guard():
        raise ZeroDivisionError("secret detail")


def test_an_error_of_ours_is_a_sentence_and_a_next_step():
    app = AppTest.from_function(plain_page).run()
    assert "The photo is gone." in app.error[0].value
    assert "Import it again." in app.error[0].value
    assert not app.exception


def test_a_bug_is_logged_with_its_traceback_and_not_shown(caplog):
    with caplog.at_level(logging.ERROR):
        app = AppTest.from_function(broken_page).run()
    assert "Something went wrong" in app.error[0].value
    assert "secret detail" not in app.error[0].value
    assert not app.exception
    assert "ZeroDivisionError" in caplog.text and "secret detail" in caplog.text
