"""Many short keys and where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from core.datasets.places import Places

KEYS = st.lists(st.text("abc01", max_size=4), max_size=30)


@given(KEYS, KEYS)
def test_it_finds_what_a_dict_finds(keys, wanted):
    known = {key: place for place, key in enumerate(keys)}

    found = Places(keys).find(wanted)

    assert found.tolist() == [known.get(key, -1) for key in wanted]
