import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import cli
from core.datasets.collections import create_collection
from core.datasets.importing import import_dataset
from core.datasets.web.attribution import COLUMNS, _harmless, attribution_csv
from core.errors import NotFound
from tests.core.datasets.web.photo_server import draw_photo

PAGE = "https://www.flickr.com/photos/x/1"


@pytest.fixture
def dataset(workspace):
    """Two photos of other people, one of one's own."""
    collection = create_collection(workspace, "pond")
    collection.add(
        draw_photo(1),
        "frog",
        "flickr-1.jpg",
        origin="flickr",
        author='=HYPERLINK("http://evil.example")',
        licence="CC BY 2.0",
        source_page=PAGE,
    )
    collection.add(draw_photo(2), "toad", "b.jpg", author="Ærøskøbing, Jan", licence="odd terms")
    collection.add(draw_photo(3), "toad", "mine.jpg")
    return import_dataset(workspace, "collection:pond", "pond")


def read(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_table_says_whose_each_photo_is(dataset):
    rows = {row["class"]: row for row in read(attribution_csv(dataset))}
    assert set(rows) == {"frog", "toad"} and tuple(rows["frog"]) == COLUMNS
    assert rows["frog"]["licence"] == "CC BY 2.0"
    assert rows["frog"]["licence_url"] == "https://creativecommons.org/licenses/by/2.0/"
    assert rows["frog"]["source_page"] == PAGE
    assert (dataset.folder / rows["frog"]["file"]).is_file()
    assert (rows["toad"]["author"], rows["toad"]["licence_url"]) == ("Ærøskøbing, Jan", "")


def test_no_cell_is_a_formula(dataset):
    rows = read(attribution_csv(dataset))
    assert rows[0]["author"] == '\'=HYPERLINK("http://evil.example")'


@given(st.text(st.sampled_from("=+-@\t\r\n'a1 é")))
def test_no_text_at_all_is_a_formula(text):
    assert not _harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert _harmless(text).removeprefix("'") == text.removeprefix("'")


def test_photos_of_ones_own_need_no_table(shapes_workspace):
    from core.datasets.manifest import open_dataset

    with pytest.raises(NotFound, match="says whose it is"):
        attribution_csv(open_dataset(shapes_workspace, "shapes"))


def test_the_command_writes_it(dataset, tmp_path, capsys):
    out = tmp_path / "ATTRIBUTION.csv"
    assert cli.main(["attribution", "pond", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "dataset": "pond",
        "photos": 2,
        "out": str(out),
    }
    assert read(out.read_bytes()) == read(attribution_csv(dataset))
    assert cli.main(["attribution", "pond", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"pond: 2 photos in {out}\n"


def test_a_place_that_cannot_be_written_is_told(dataset, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["attribution", "pond", "--out", str(tmp_path / "file" / "a.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
