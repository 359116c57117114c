"""What a source's names say of its classes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.importing import import_dataset, import_result
from core.datasets.labelling import (
    RULES,
    FolderLabels,
    NameLabels,
    OneLabel,
    as_labelling,
    label_in_name,
    lay_out,
    parse_labelling,
)
from core.datasets.proposals import propose
from core.datasets.sources import Found, SourceFile, walk
from core.datasets.tables import TableLabels, is_table
from core.errors import LoupeError, UnusableSource
from core.workspace import open_workspace
from tests.core.datasets.photos import class_folders, jpeg


def found(*names):
    return Found(files=[SourceFile(tuple(name.split("/")), Path(name)) for name in names])


def many(pattern, words=("cat", "dog"), count=6):
    return [pattern.format(word=word, number=f"{n:03}") for word in words for n in range(count)]


@pytest.fixture
def place(tmp_path):
    return open_workspace(tmp_path / "home")


@pytest.fixture
def flat(tmp_path):
    """Eight photos in one folder, `0.jpg` to `7.jpg`."""
    folder = tmp_path / "flat"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.jpg").write_bytes(jpeg(number))
    return folder


@pytest.mark.parametrize(
    ("names", "kind", "splits"),
    [
        (many("{word}/{number}.jpg"), "auto", False),
        (many("all/of/them/{word}/{number}.jpg"), "auto", False),
        (many("{word}_{number}.jpg"), "name", False),
        (many("{number}.{word}.jpg"), "name", False),
        (many("train/{word}.{number}.jpg") + ["test/1.jpg", "test/2.jpg"], "name", False),
        (many("{word}/train/{number}.jpg") + many("{word}/test/{number}.jpg"), "folder", True),
        (many("2019/{word}/{number}.jpg") + many("2020/{word}/{number}.jpg"), "folder", False),
        (many("train/{word}/{number}.jpg") + many("val/{word}/{number}.jpg"), "auto", True),
    ],
)
def test_the_first_proposal_finds_cats_and_dogs(names, kind, splits):
    best = propose(found(*names))[0]
    assert set(best.counts) == {"cat", "dog"} and best.labelling.kind == kind
    assert bool(best.splits) is splits
    assert all(len(examples) == 3 for examples in best.examples.values())


def test_what_would_be_left_out_is_told_with_its_reason():
    best = propose(found(*many("{word}_{number}.jpg"), "holiday.jpg", "notes.txt"))[0]
    told = {group["reason"]: group["examples"] for group in best.left_out}
    assert told["Its name is not a word and then a number."] == ["holiday.jpg"]
    assert told["Its name is not that of a picture."] == ["notes.txt"]


def test_one_class_for_all_is_the_last_resort():
    proposals = propose(found("a.jpg", "b.jpg"))
    assert [each.labelling.kind for each in proposals] == ["one"]
    assert propose(found("notes.txt")) == []


def test_proposals_are_json_and_come_back_as_labellings():
    for proposal in propose(found(*many("x/{word}/{word}_{number}.jpg"))):
        said = proposal.as_json()["labelling"]
        assert as_labelling(said) == proposal.labelling


@pytest.mark.parametrize(
    ("name", "rule", "label"),
    [
        ("golden_retriever_0123.jpg", "before-number", "golden_retriever"),
        ("cat (3).JPG", "before-number", "cat"),
        ("n0208_7.jpg", "first-word", "n0208"),
        ("007-dog.png", "after-number", "dog"),
        ("img_1_oak.leaf.webp", "last-word", "leaf"),
        ("1234.jpg", "before-number", None),
        ("cat.jpg", "first-word", None),
    ],
)
def test_labels_in_names(name, rule, label):
    assert label_in_name(name, rule) == label


@given(st.text(max_size=60), st.sampled_from(sorted(RULES)))
def test_any_name_gives_a_label_out_of_it_or_none(name, rule):
    label = label_in_name(name, rule)
    assert label is None or (label and label in name)


PART = st.text(st.characters(blacklist_characters="/\x00"), min_size=1, max_size=6)


@given(st.lists(st.lists(PART, min_size=1, max_size=4).map(tuple), unique=True, max_size=12))
def test_whatever_files_there_are_each_is_placed_or_left_out_once(paths):
    source = Found(files=[SourceFile(parts, Path("x")) for parts in paths])
    for labelling in (
        FolderLabels(level=1),
        NameLabels(rule="before-number"),
        OneLabel(label="all"),
    ):
        try:
            layout = lay_out(source, labelling)
        except UnusableSource:
            continue
        told = [each.file.name for each in layout.candidates]
        told += [each["file"] for each in layout.skipped]
        files = [file.name for file in source.files if not is_table(file.name)]
        assert sorted(told) == sorted(files)
        assert all(each.label for each in layout.candidates)


TABLE_FORMS = {
    "plain": ("file,label\n", "{n}.jpg,{label}\n", "utf-8"),
    "no header, semicolons, no ending": ("", "{n};{label}\n", "cp1252"),
    "tabs, folders, more columns": (
        "id\tpath\tspecies\n",
        "9{n}\timages/{n}.jpg\t{label}\n",
        "utf-8",
    ),
    "utf-16 from Excel": ("Datei\tKlasse\n", "{n}.jpg\t{label}\n", "utf-16"),
    "quoted, byte order mark": (
        '"file","label"\r\n',
        '"C:\\x\\{n}.jpg","{label}"\r\n',
        "utf-8-sig",
    ),
}


@pytest.mark.parametrize("form", TABLE_FORMS)
def test_tables_of_many_forms_are_found_and_read(place, flat, form):
    header, row, encoding = TABLE_FORMS[form]
    labels = ["käfer", "käfer", "bee", "bee", "bee", "käfer", "bee", "bee"]
    rows = "".join(row.format(n=n, label=label) for n, label in enumerate(labels))
    (flat / "labels.csv").write_bytes((header + rows).encode(encoding))
    best = propose(walk(flat))[0]
    assert best.labelling.kind == "table" and best.counts == {"bee": 5, "käfer": 3}
    dataset = import_dataset(place, flat, "insects", labelling=best.labelling)
    assert dataset.class_counts() == {"bee": 5, "käfer": 3} and dataset.skipped == []


def test_a_table_with_faults_names_each_with_its_reason(place, flat):
    (flat / "labels.csv").write_text(
        "file,label,split\n0.jpg,bee,train\n1.jpg,bee,test\n2.jpg,wasp,train\n3.jpg,wasp,test\n"
        "3.jpg,wasp,test\n4.jpg,bee,train\n4.jpg,wasp,train\n5.jpg,,train\ngone.jpg,bee,train\n"
        ",bee,train\n"
    )
    (flat / "notes.txt").write_text("hello")
    dataset = import_dataset(place, flat, "insects", labelling=TableLabels(table="labels.csv"))
    assert dataset.class_counts() == {"bee": 2, "wasp": 2}
    splits = dict(zip(dataset.manifest["source_file"], dataset.manifest["split"], strict=True))
    assert splits == {"0.jpg": "train", "1.jpg": "test", "2.jpg": "train", "3.jpg": "test"}
    told = {entry["file"]: entry["reason"] for entry in dataset.skipped}
    assert told == {
        "labels.csv, line 6: 3.jpg": "Named twice: line 5 says the same already.",
        "4.jpg": "labels.csv gives it several classes: 'bee' in line 7 and 'wasp' in line 8.",
        "5.jpg": "labels.csv gives it no class (line 9).",
        "6.jpg": "labels.csv does not name it.",
        "7.jpg": "labels.csv does not name it.",
        "labels.csv, line 10: gone.jpg": "There is no such file.",
        "labels.csv, line 11": "The row names no file.",
        "notes.txt": "Its name is not that of a picture.",
    }


def test_names_that_occur_in_several_folders_need_the_folder(place, tmp_path):
    folder = class_folders(tmp_path / "photos", a=3, b=3)
    (folder / "labels.csv").write_text(
        "file,label\n0.jpg,bee\na/1.jpg,bee\na/2.jpg,bee\nb/1.jpg,wasp\nb/2.jpg,wasp\n"
    )
    dataset = import_dataset(place, folder, "insects", labelling=TableLabels(table="labels.csv"))
    assert dataset.class_counts() == {"bee": 2, "wasp": 2}
    told = {entry["file"]: entry["reason"] for entry in dataset.skipped}
    assert told["labels.csv, line 2: 0.jpg"] == "Several files are called so."


@given(st.binary(max_size=300))
def test_any_bytes_called_a_table_do_no_harm(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "labels.csv").write_bytes(data)
    files = [SourceFile((f"{n}.jpg",), folder) for n in range(4)]
    source = Found(files=[*files, SourceFile(("labels.csv",), folder / "labels.csv")])
    assert propose(source)[-1].labelling.kind == "one"


@pytest.mark.parametrize(
    ("text", "labelling"),
    [
        ("folder:2", FolderLabels(level=2)),
        ("name:last-word", NameLabels(rule="last-word")),
        ("my labels.tsv", TableLabels(table="my labels.tsv")),
    ],
)
def test_labellings_on_the_command_line(text, labelling):
    assert parse_labelling(text) == labelling


@pytest.mark.parametrize("text", ["folder:0", "folder:x", "name:nose", "nonsense", "one:"])
def test_labellings_that_are_none_are_refused_in_a_sentence(text):
    with pytest.raises(LoupeError):
        parse_labelling(text)


def test_a_table_that_does_not_exist_is_told(place, flat):
    with pytest.raises(UnusableSource, match="no table gone.csv"):
        import_dataset(place, flat, "x", labelling=TableLabels(table="gone.csv"))


def test_a_level_of_folders_with_its_splits(place, tmp_path):
    for label in ("bee", "wasp"):
        class_folders(tmp_path / "photos" / label, train=4, test=2)
    result = import_result(
        import_dataset(place, tmp_path / "photos", "x", labelling=FolderLabels(level=1))
    )
    assert result["classes"] == {"bee": 6, "wasp": 6} and result["splits"]["test"] == 4
