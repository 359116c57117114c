import pytest

from core.errors import LoupeError
from ui import answers
from ui.photo_sources import Photo


def words(app):
    main = app.main
    parts = [*main.header, *main.subheader, *main.markdown, *main.caption, *main.error]
    return " ".join(str(part.value) for part in parts)


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def upload(app, *files):
    app.button_group(key="predict-where").set_value("Files").run()
    app.file_uploader(key="predict-files").set_value(list(files)).run()
    return app


def picture(folder, label, number=0):
    data = (folder / label / f"{label}-{number:02d}.png").read_bytes()
    return (f"{label}.png", data, "image/png")


def test_a_test_photo_is_answered_at_once_with_its_truth(open_page, at_trained_run, here):
    app = open_page("prediction", run=at_trained_run.name)
    assert not app.exception and not app.error
    assert "It is" in words(app) or "It really is" in words(app)
    assert html(app).count("lp-track") >= 2
    photo_id = app.query_params["photo"]
    next(b for b in app.main.button if b.label == "Another photo").click().run()
    assert app.query_params["photo"] != photo_id


def test_the_photo_of_the_address_is_asked_about(open_page, at_trained_run, here):
    from core.datasets.manifest import open_dataset

    dataset = open_dataset(at_trained_run.workspace, "shapes")
    photo_id = str(dataset.split("test")["id"].iloc[-1])
    app = open_page("prediction", run=at_trained_run.name)
    app.query_params["photo"] = photo_id
    app.run()
    assert f"/photos/{photo_id}?" in html(app)


def test_an_uploaded_photo_is_recognised(open_page, at_trained_run, here, picture_folder):
    for label in ("disc", "frame"):
        app = open_page("prediction", run=at_trained_run.name)
        upload(app, picture(picture_folder, label, 3))
        assert f"{label}," in words(app) or f"{label} or" in words(app)
        assert "what the network sees: 16 × 16" in html(app)
        assert not app.exception and not app.error


def test_several_photos_make_a_table_and_a_bad_one_gets_its_reason(
    open_page, at_trained_run, here, picture_folder
):
    files = [picture(picture_folder, "disc"), picture(picture_folder, "frame")]
    app = open_page("prediction", run=at_trained_run.name)
    upload(app, *files, ("notes.jpg", b"these are words", "image/jpeg"))
    page = html(app)
    assert page.count("<tr>") == 3
    assert "notes.jpg" in page and "The file holds text, not a picture." in page
    assert not app.exception and not app.error


def test_a_single_bad_file_is_told(open_page, at_trained_run, here):
    app = open_page("prediction", run=at_trained_run.name)
    upload(app, ("notes.jpg", b"these are words", "image/jpeg"))
    assert "The file holds text, not a picture." in app.error[0].value
    assert not app.exception


def test_before_there_is_a_photo_it_says_what_it_knows(open_page, at_trained_run, here):
    app = open_page("prediction", run=at_trained_run.name)
    app.button_group(key="predict-where").set_value("Files").run()
    assert "It knows disc, frame, and nothing else." in words(app)


def test_an_engine_that_fails_is_told(open_page, at_trained_run, monkeypatch):
    class Broken:
        def call(self, *arguments, **named):
            raise LoupeError("The engine ended unexpectedly.", "Try once more.")

    monkeypatch.setattr("ui.cache.engine", Broken)
    monkeypatch.setattr("ui.cache.remembered", lambda make, *key: make(*key))
    app = open_page("prediction", run=at_trained_run.name)
    assert "The engine ended unexpectedly." in app.error[0].value
    assert not app.exception


@pytest.mark.parametrize(
    "shares, sentence",
    [
        ({"ant": 0.96, "bee": 0.04}, "This is ant, 96 % sure"),
        ({"ant": 0.3, "bee": 0.7}, "Probably bee, 70 % sure"),
        ({"ant": 0.4, "bee": 0.25, "wasp": 0.35}, "Hard to say: ant or wasp"),
    ],
)
def test_the_words_fit_how_sure_it_is(shares, sentence):
    label = max(shares, key=shares.get)
    answer = {"label": label, "probability": shares[label], "probabilities": shares}
    assert answers.headline(answer) == sentence


def test_the_table_to_download_has_a_column_per_class():
    rows = [
        {"file": "a, b.jpg", "label": "ant", "probability": 0.9,
         "probabilities": {"ant": 0.9, "bee": 0.1}},
        {"file": "c.jpg", "error": "The file is empty (0 bytes)."},
    ]  # fmt: skip
    lines = answers.answers_csv(rows, ["ant", "bee"]).decode("utf-8-sig").splitlines()
    assert lines[0] == "file,label,probability,ant,bee,error"
    assert lines[1] == '"a, b.jpg",ant,0.9,0.9,0.1,'
    assert lines[2] == "c.jpg,,,,,The file is empty (0 bytes)."


def test_file_names_cannot_bring_markup_with_them():
    row = {"file": "<script>.jpg", "error": "<b>no</b>"}
    page = answers.table_html("shapes", [Photo("<script>.jpg", b"")], [row], ["ant"])
    assert "<script>" not in page and "<b>no" not in page


def test_a_drawing_is_asked_about_like_any_photo(open_page, at_trained_run, here, picture_folder):
    app = open_page("prediction", run=at_trained_run.name)
    app.button_group(key="predict-where").set_value("Draw").run()
    assert not app.exception and not app.error
    data = picture(picture_folder, "disc", 5)[1]
    app.session_state["loupe.predict-drawn"] = data
    app.run()
    assert "what the network sees: 16 × 16" in html(app)
    assert not app.exception and not app.error
