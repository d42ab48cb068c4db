"""Rows: filtered, sorted, by number; the same from a large file as from a small one."""

from __future__ import annotations

import datetime as dt
import math
import tracemalloc
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.finding import BookError, Location
from sphinx_mmbook.core.results import large_csv
from sphinx_mmbook.core.results.cache import ResultCache, show_table
from sphinx_mmbook.core.results.request import Request
from sphinx_mmbook.core.results.tables.row_selection import parse_selection, select
from sphinx_mmbook.core.results.values.cell_values import sort_key
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import column, frame

AT = Location("a.md", 2)
TABLE = frame(
    ["model", "top1", "n"],
    [column(["b", "A", "c", "a"]), column([0.5, None, 0.75, 0.5]), column([1, 2, 3, 4])],
)


def chosen(table=TABLE, name="n", **options):
    return select(table, parse_selection(options)).iloc[:, list(table.columns).index(name)].tolist()


def ordered(values, **options):
    kept = values if isinstance(values, pd.Series) else column(values)
    options.setdefault("sort", "x")
    return chosen(frame(["x", "n"], [kept, column(list(range(len(kept))))]), **options)


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, [1, 2, 3, 4]),
        ({"where": "top1 >= 0.5"}, [1, 3, 4]),
        ({"sort": "model"}, [2, 4, 1, 3]),
        ({"sort": "-model"}, [3, 1, 4, 2]),
        ({"sort": "top1"}, [1, 4, 3, 2]),
        ({"sort": "-top1"}, [3, 1, 4, 2]),
        ({"sort": "-top1, -n"}, [3, 4, 1, 2]),
        ({"rows": "1-2"}, [1, 2]),
        ({"rows": "3-"}, [3, 4]),
        ({"rows": "4, 1-2"}, [4, 1, 2]),
        ({"rows": "3-99"}, [3, 4]),
        ({"where": "n > 1", "sort": "-n", "rows": "1-2"}, [4, 3]),
    ],
)
def test_selections(options, rows):
    assert chosen(**options) == rows


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rows": "0"}, "':rows: 0'"),
        ({"rows": "3-1"}, "':rows: 3-1'"),
        ({"rows": "-2"}, "':rows: -2'"),
        ({"rows": "a"}, "':rows: a'"),
        ({"rows": ""}, "':rows: '"),
        ({"rows": "9-"}, "no row for ':rows:' among its 4"),
        ({"where": "n > 9"}, "no row for ':where: n > 9' among its 4"),
        ({"where": "m > 9"}, "no column 'm'; it has 'model'"),
        ({"where": "model == clip"}, """text needs quotes: 'model == "clip"'"""),
        ({"sort": "-top"}, "no column 'top'; did you mean 'top1'?"),
    ],
)
def test_selections_that_do_not_fit(options, says):
    with pytest.raises(ResultFault) as caught:
        chosen(**options)
    assert caught.value.rule == "result-option" and says in caught.value.text


def test_order_of_values():
    assert ordered([0.0, -0.0, -1.0, math.inf, -math.inf, None]) == [4, 2, 0, 1, 3, 5]
    assert ordered([0.0, -0.0, -1.0, math.inf, -math.inf, None], sort="-x") == [3, 0, 1, 2, 4, 5]
    assert ordered([2**70, 2**70 + 1, 1]) == [2, 0, 1]
    assert ordered([True, False, None]) == [1, 0, 2]
    assert ordered([Decimal("0.3"), Decimal("0.1")]) == [1, 0]
    assert ordered(pd.Series(pd.Categorical(["low", "high", None], ["low", "high"]))) == [0, 1, 2]
    zones = pd.to_datetime(["2024-01-01 12:00+02:00", "2024-01-01 11:00Z", None], utc=True)
    assert ordered(pd.Series(zones)) == [0, 1, 2]
    times = [pd.Timestamp("2024-01-01 12:00+02:00"), pd.Timestamp("2024-01-01 10:30Z")]
    assert ordered(pd.Series(times, dtype=object)) == [0, 1]
    texts = [
        "2024-01-01T12:00+02:00",
        "2024-01-01 10:30Z",
        "2023-12-31",
        "x",
        None,
        "2024-01-01T09:59Z",
    ]
    assert ordered(texts) == [2, 5, 0, 1, 3, 4]
    assert ordered(["10", "9.5", "out of memory", "-1", "1e2"]) == [3, 1, 0, 4, 2]
    assert ordered(["2024-13-01", "2024-02-30 10:00", "b"]) == [1, 0, 2]
    assert ordered(pd.Series(pd.to_timedelta(["10 days", "9 days"]))) == [1, 0]


def test_columns_of_the_same_name():
    table = frame(["x", "x", "n"], [column([1, 2]), column([2, 1]), column([1, 2])])
    assert chosen(table, sort="-x") == [2, 1]
    assert chosen(table, sort="-#2") == [1, 2]
    assert chosen(table, where="`#2` == 1") == [2]


@given(st.lists(st.floats(allow_nan=True) | st.none()), st.booleans())
def test_sorting_is_complete_and_stable(values, largest):
    rows = ordered(pd.Series(values, dtype="float64"), sort="-x" if largest else "x")
    assert sorted(rows) == list(range(len(values)))
    numbers = [values[row] for row in rows]
    there = [value for value in numbers if value is not None and not math.isnan(value)]
    assert there == sorted(there, reverse=largest)
    assert numbers[: len(there)] == there
    for one, other in pairwise(rows):
        if values[one] == values[other]:
            assert one < other


def test_empty_texts_come_last_and_are_missing():
    table = pd.DataFrame({"x": ["", "b", "a", None], "n": [1, 2, 3, 4]})
    assert ordered(table["x"], sort="x") == [2, 1, 0, 3]
    assert ordered(table["x"], sort="-x") == [1, 2, 0, 3]


def shown(path, options, limit):
    try:
        return show_table(
            Request(path, path.name, AT, max_bytes=limit), options, ResultCache()
        ).rows
    except BookError as error:
        return error.finding.rule


RECORDS = st.lists(
    st.tuples(
        st.integers(-3, 3) | st.floats(-2, 2).map(lambda x: round(x, 2)),
        st.sampled_from(["clip", "blip", "a, b", 'a "b"', "two\nlines", "é", ""]),
    ),
    min_size=1,
    max_size=30,
)
CHOICES = [
    {"rows": "1-3"}, {"rows": "2-4", "sort": "-x"}, {"where": "x > 0"}, {"rows": "1-5", "sort": "y, -x"},
    {"where": 'y == "clip" or x < -1', "sort": "x"}, {"where": "y is not missing"}, {"where": 'y != "clip"'}, {"where": 'y in ("é", "blip")', "rows": "1-2"},
]  # fmt: skip


@pytest.mark.long
@given(RECORDS, st.sampled_from(CHOICES), st.sampled_from(",;\t"))
def test_large_files_give_the_same_rows_as_small_ones(tmp_path, records, options, separator):
    path = tmp_path / "a.csv"
    table = pd.DataFrame([*records, (0.5, "end")], columns=["x", "y"])
    table.to_csv(path, index=False, sep=separator)
    assert shown(path, options, 10) == shown(path, options, 10**6)


def test_a_missing_value_is_shown_alike_from_a_large_file_and_a_small_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('x,y\n-2,""\n0.5,end\n')
    options = {"where": 'y == "clip" or x < -1', "sort": "x"}
    assert shown(path, options, 10) == shown(path, options, 10**6) == (("-2", ""),)


@pytest.mark.long
def test_what_a_column_holds_is_judged_by_all_rows_also_those_left_out(tmp_path):
    path = tmp_path / "a.csv"
    numbers = "".join(f"{n},{n}\n" for n in range(60_000))
    path.write_text(f"x,y\n{numbers}0.5,none\n-1,\n")
    for options in ({"where": "x == 7"}, {"where": "y is missing"}, {"where": 'y == "007"'}):
        assert shown(path, options, 10) == shown(path, options, 10**7)


def test_a_large_file_in_the_encoding_of_excel(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x;y\n" + "1,5;ä\n" * 50 + "2,5;b\n", "utf-16")
    for limit in (10, 10**6):
        assert shown(path, {"where": "x > 2"}, limit) == (("2.5", "b"),)


@pytest.mark.long
def test_what_a_large_file_takes_of_the_memory_does_not_grow_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(large_csv, "CHUNK_CELLS", 10_000)
    monkeypatch.setattr(large_csv, "SAMPLE_CHARACTERS", 10_000)
    path = tmp_path / "a.csv"
    rows = (f"{n},{n / 7},model-{n % 9},{'text ' * 20}{n}\n" for n in range(60_000))
    path.write_text("id,x,model,text\n" + "".join(rows))
    tracemalloc.start()
    found = shown(path, {"sort": "-id", "rows": "1-2", "columns": "id"}, 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == (("59999",), ("59998",))
    assert peak < path.stat().st_size / 2


@pytest.mark.parametrize("options", [{"sort": "x"}, {"sort": "-x, y"}, {"sort": "y, -x"}])
def test_the_first_of_many_rows(tmp_path, options):
    path = tmp_path / "a.csv"
    numbers = [(number * 7919) % 4001 for number in range(4001)]
    table = pd.DataFrame({"x": numbers, "y": [number % 3 for number in range(4001)]})
    table.loc[::7, "x"] = None
    table.to_csv(path, index=False)
    options = options | {"rows": "1-7"}
    assert shown(path, options, 10) == shown(path, options, 10**6)


@pytest.mark.parametrize("sort", ["x", "-x", "x, -y", "-x, y"])
def test_the_first_of_many_texts(tmp_path, sort):
    path = tmp_path / "a.csv"
    texts = ["m", "M", "12", "2024-02-29", "inf", "NA", "", "éa", " b", "-x", "Nan", "zz"]
    rows = "".join(
        f"{texts[number * 7 % 12]}{number % 11 or ''},{number % 5}\n" for number in range(5000)
    )
    path.write_text("x,y\n" + rows)
    options = {"sort": sort, "rows": "1-9"}
    assert shown(path, options, 10) == shown(path, options, 10**6)


def test_what_a_large_file_cannot_show(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1,2\n" * 3000)
    assert shown(path, {}, 1000) == "result-too-large"
    assert shown(path, {"where": "x == 1"}, 1000) == "result-too-large"
    assert shown(path, {"rows": "1-2000"}, 1000) == "result-too-large"
    assert len(shown(path, {"rows": "1-1000"}, 1000)) == 1000
    assert shown(path, {"where": "z == 1"}, 1000) == "result-option"
    path.write_text("x,y\n" + "1,2\n" * 300 + "1,2,3\n")
    assert shown(path, {"where": "x == 2"}, 1000) == "result-unreadable"
    path.write_bytes(b"x,y\n" + b"1,2\n" * 60_000 + b"\xff\n")
    assert shown(path, {"where": "x == 2"}, 1000) == "result-unreadable"


def test_refusals_say_what_to_do(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1,2\n" * 200_000)
    for options, limit, says in [
        ({}, 10**7, "200,000 rows"),
        ({"where": "x == 1"}, 10**7, "200,000 rows"),
        ({}, 1000, "choose rows of a CSV file with ':where:' or ':rows: 1-20'"),
        ({"where": "x == 1"}, 1000, "more than 1,000 rows that are chosen; choose fewer"),
    ]:
        with pytest.raises(BookError, match=says):
            show_table(Request(path, path.name, AT, max_bytes=limit), options, ResultCache())


def test_truth_values_numbers_times_and_text_are_sorted_in_this_order():
    hour = dt.timedelta(hours=1)
    values = ["b", hour, 5_000, "A", dt.datetime(1970, 1, 1), "7", True]
    order = [True, "7", 5_000, dt.datetime(1970, 1, 1), hour, "A", "b"]
    assert sorted(values, key=sort_key) == order
