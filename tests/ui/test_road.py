import pytest

from ui.home_view import road_html
from ui.road import DONE, LATER, NEXT, distinct_titles, stations

DATASET = {"name": "bears", "images": 481}
RUN = {"name": "bears-1", "state": "finished", "test_accuracy": None, "recipe": "small-cnn"}


def states(*given):
    return [station.state for station in stations(*given)]


def test_the_road_begins_with_photos():
    assert states(None, False, None) == [NEXT, LATER, LATER, LATER, LATER]


def test_each_step_makes_the_following_one_next():
    assert states(DATASET, False, None) == [DONE, NEXT, LATER, LATER, LATER]
    assert states(DATASET, True, None) == [DONE, DONE, NEXT, LATER, LATER]
    assert states(DATASET, True, RUN | {"state": "running"}) == [DONE, DONE, DONE, NEXT, LATER]
    assert states(DATASET, False, RUN) == [DONE, DONE, DONE, DONE, NEXT]
    assert states(DATASET, False, RUN | {"test_accuracy": 0.97}) == [DONE] * 5


@pytest.mark.parametrize("ending", ["failed", "interrupted"])
def test_a_training_without_a_model_is_not_done(ending):
    assert states(DATASET, True, RUN | {"state": ending})[3] == NEXT


def test_the_road_says_in_words_what_is_done_and_next():
    html = road_html(stations(DATASET, False, None))
    assert "Done: 481 photos" in html and "Next: vary your photos" in html


def test_two_data_sets_of_one_title_can_be_told_apart():
    entries = [
        {"name": "bears", "title": "Bears"},
        {"name": "bears-2", "title": "Bears"},
        {"name": "bees", "title": "Bees"},
    ]
    assert distinct_titles(entries) == {
        "bears": "Bears (bears)",
        "bears-2": "Bears (bears-2)",
        "bees": "Bees",
    }
