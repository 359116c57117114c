from hypothesis import given
from hypothesis import strategies as st

from core.datasets.naming import FreeNames, folder_name, safe_file_name


@given(st.text())
def test_file_names_are_safe_everywhere(name):
    safe = safe_file_name(name)
    stem = safe.split(".")[0]
    assert 0 < len(safe.encode()) < 255 and safe.count(".") <= 1
    assert not set(safe) & set('/\\:*?"<>|\0\n\r\t %#')
    assert not safe.startswith((".", "-")) and stem.lower() not in {"con", "nul", "aux", "com1"}


@given(st.lists(st.sampled_from(["a.jpg", "A.JPG", "a-2.jpg", "a-3.jpg", "b", "B-2", "ß", "SS"])))
def test_no_two_names_are_one_on_a_disk_that_ignores_case(names):
    free = FreeNames()
    given_out = [free.take(name) for name in names]
    assert len({name.casefold() for name in given_out}) == len(names)


def test_names_stay_recognisable():
    assert safe_file_name("Bär im Wald (2).JPG") == "Bär-im-Wald-2.jpg"
    assert safe_file_name("../../evil.png") == "evil.png"
    assert safe_file_name("...") == "photo"
    assert safe_file_name("NUL.jpg") == "NUL-file.jpg"
    assert folder_name("..") == "class" and folder_name("Con") == "con-class"
