import pandas as pd

from core.evaluation.split_warnings import interval_sentence, is_small_test, split_warnings


def photos(**counts):
    labels = [label for label, count in counts.items() for _ in range(count)]
    return pd.DataFrame({"id": [str(n) for n in range(len(labels))], "label": labels})


def test_the_interval_is_the_one_of_wilson():
    assert interval_sentence(24) == (
        "With 24 test photos, an accuracy of 92 % could be anything from 74 to 98 %."
    )
    assert is_small_test(24) and not is_small_test(200)
    assert "nobody can tell" in interval_sentence(0)


def test_nothing_is_said_of_a_good_split():
    table = photos(a=500, b=500)
    cycle = ["train", "train", "validation", "test"]
    assert split_warnings(table, {key: cycle[int(key) % 4] for key in table["id"]}) == []


def test_each_thing_amiss_is_told():
    table = photos(a=10, b=10, c=2)
    splits = dict.fromkeys(table["id"], "train") | dict.fromkeys("0123", "test")
    near = {"0": "g", "5": "g", "1": "h", "2": "h"}
    told = " ".join(split_warnings(table, splits, near))
    assert "With 4 test photos" in told
    assert "b and c have no test photo" in told
    assert "a has fewer than 5 test photos" in told
    assert "1 group of photos that belong together is on both sides" in told
    assert "when to stop" in told
