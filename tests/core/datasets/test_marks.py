import base64

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.edits import exclude
from core.datasets.manifest import open_dataset
from core.datasets.marks import (
    change_marks,
    known,
    marked_of,
    pack,
    read_marks,
    set_marks,
)


def test_marks_outlive_versions_and_other_openings_of_the_data_set(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    ids = dataset.manifest["id"].tolist()
    assert marked_of(dataset) == []
    change_marks(dataset, add=[ids[3], ids[1]])
    exclude(dataset, ids[:2])
    again = open_dataset(shapes_workspace, "shapes")
    assert marked_of(again) == [ids[1], ids[3]]
    change_marks(again, add=[ids[5]], remove=[ids[1]])
    assert read_marks(dataset) == {ids[3], ids[5]}
    assert set_marks(dataset, [ids[0]]) == read_marks(again) == {ids[0]}


def test_a_mark_of_a_photo_of_another_version_stays_but_is_not_counted(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    change_marks(dataset, add=["not-here"])
    assert marked_of(dataset) == [] and read_marks(dataset) == {"not-here"}


def test_only_photos_of_the_data_set_are_taken_from_a_browser(shapes_workspace):
    dataset = open_dataset(shapes_workspace, "shapes")
    first = dataset.manifest["id"].iloc[0]
    assert known(dataset, [first, "../x", 3, None]) == [first]
    assert known(dataset, "abc") == [] and known(dataset, None) == []


@given(st.lists(st.booleans(), max_size=70))
def test_flags_travel_as_bits_that_the_browser_can_read(flags):
    packed = base64.b64decode(pack(np.array(flags, bool)))
    assert [bool(packed[i >> 3] >> (7 - (i & 7)) & 1) for i in range(len(flags))] == flags
