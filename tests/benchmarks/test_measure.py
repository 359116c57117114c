import json

import pytest

from benchmarks import report
from benchmarks.measure import Row, in_turns, machine, share_of, times_as_fast


def test_turns_alternate_who_goes_first_and_drop_the_first_round() -> None:
    done: list[str] = []
    ticks = iter(range(1000))
    ours, theirs = in_turns(
        lambda: done.append("ours"), lambda: done.append("theirs"), 3, lambda: next(ticks)
    )
    assert len(ours) == len(theirs) == 3
    assert done == ["theirs", "ours", "ours", "theirs"] * 2


def test_times_as_fast_is_the_median_of_the_rounds() -> None:
    row = times_as_fast("case", ([1.0, 2.0, 1.0], [20.0, 20.0, 16.0]), target=15)
    assert row.ratio == 16 and row.holds and row.goal == "≥ 15"
    assert not times_as_fast("case", ([1.0], [14.0]), target=15).holds


def test_share_of_holds_below_its_target() -> None:
    row = share_of("case", ([1.0, 3.0], [10.0, 10.0]), target=0.4)
    assert row.ratio == 0.2 and row.holds and row.goal == "≤ 0.4"
    assert not share_of("case", ([5.0], [10.0]), target=0.4).holds


ROWS = [Row("75 px", 0.5, 10, "s", 20, 15, True), Row("128 px", 1, 10, "s", 10, 15, True)]


def test_table_tells_what_holds_and_what_does_not() -> None:
    lines = report.table("A title", ROWS).splitlines()
    assert lines[0] == "A title"
    assert lines[2].split() == ["75", "px", "0.5", "s", "10", "s", "20", "≥", "15", "holds"]
    assert lines[3].endswith("MISSED")


def test_results_name_machine_date_and_command(tmp_path) -> None:
    saved = json.loads(report.save("augment", "A title", ROWS, tmp_path).read_text())
    assert saved["machine"] == machine() and saved["machine"]["cores"] >= 1
    assert saved["command"].startswith("python -m benchmarks ")
    assert len(saved["date"]) == 10
    assert [row["holds"] for row in saved["rows"]] == [True, False]


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_the_command_names_the_benchmarks_it_knows(arguments, capsys) -> None:
    from benchmarks.__main__ import NAMES, main

    with pytest.raises(SystemExit):
        main(arguments)
    told = capsys.readouterr().err
    assert all(name in told for name in NAMES)
