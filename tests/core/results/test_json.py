"""JSON in its shapes."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sphinx_mmbook.core.results.readers.json_table import read_json
from sphinx_mmbook.core.results.tables.layout import Layout
from sphinx_mmbook.core.results.tables.table_text import format_table
from sphinx_mmbook.core.results.values.fault import ResultFault


def cells(content):
    text = content if isinstance(content, str) else json.dumps(content)
    table = format_table(read_json(text.encode()), Layout())
    return [table.header, *table.rows]


TABLE = [("id", "x", "ok"), ("007", "0.5", "True"), ("8", "–", "–")]


@pytest.mark.parametrize(
    "content",
    [
        [{"id": "007", "x": 0.5, "ok": True}, {"id": "8", "x": None}],
        {"columns": ["id", "x", "ok"], "data": [["007", 0.5, True], ["8", None, None]]},
        {
            "columns": ["id", "x", "ok"],
            "index": [0, 1],
            "data": [["007", 0.5, True], ["8", None, None]],
        },
        {"id": ["007", "8"], "x": [0.5, None], "ok": [True, None]},
    ],
)
def test_shapes(content):
    assert cells(content) == TABLE


def test_an_index_with_names_is_the_first_column():
    content = {"columns": ["x"], "index": ["a", "b"], "data": [[1], [2]]}
    assert cells(content) == [("", "x"), ("a", "1"), ("b", "2")]


def test_what_pandas_writes():
    frame = pd.DataFrame({"x": [0.5, 1.5]}, index=["a", "b"])
    wanted = [("", "x"), ("a", "0.5"), ("b", "1.5")]
    assert cells(frame.to_json()) == wanted
    assert cells(frame.to_json(orient="split")) == wanted
    assert cells(frame.to_json(orient="table"))[1:] == wanted[1:]
    assert cells(frame.reset_index(drop=True).to_json()) == [("x",), ("0.5",), ("1.5",)]
    rows = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])
    assert cells(frame.set_index(rows).to_json(orient="split"))[1:] == [
        ("a", "1", "0.5"), ("b", "2", "1.5"),
    ]  # fmt: skip


def test_values_inside_of_values():
    content = {"accuracy": 0.75, "time": {"train": 2.5, "test": 1.5}}
    assert [row[0] for row in cells(content)[1:]] == ["accuracy", "time.train", "time.test"]


def test_numbers_by_name():
    assert cells({"accuracy": 0.75, "f1": 0.5}) == [
        ("", "value"),
        ("accuracy", "0.75"),
        ("f1", "0.5"),
    ]


def test_integers_beside_missing_values_stay_exact():
    assert cells([{"n": 9007199254740993}, {"n": None}])[1] == ("9007199254740993",)


def test_infinities_and_half_characters():
    assert cells('[{"x": Infinity, "t": "\\ud800"}, {"x": -1.5, "t": "a"}]')[1:] == [
        ("Inf", "\ufffd"),
        ("-1.5", "a"),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("", "result-unreadable", "not JSON"),
        ("{", "result-unreadable", "not JSON"),
        ("[" * 10_000 + "]" * 10_000, "result-unreadable", "nested too deeply"),
        ('[{"a":' * 100_000, "result-unreadable", "nested too deeply"),
        ("[]", "result-format", "list of records"),
        ("{}", "result-format", "list of records"),
        ("3", "result-format", "list of records"),
        ("[1, 2]", "result-format", "list of records"),
        ('[{"a": [1]}]', "result-format", "inside a cell"),
        ('{"a": [1], "b": [1, 2]}', "result-format", "different lengths"),
        ('{"columns": ["a"], "data": [[1, 2]]}', "result-format", "do not fit"),
        ('{"columns": 1, "data": 2}', "result-format", "not lists"),
        ('{"columns": [[["a"], "b"]], "data": [[1]]}', "result-format", "inside a cell"),
        ("[" + ",".join(f'{{"c{n}": 1}}' for n in range(3_000)) + "]", "result-too-large", "3,000"),
    ],
)
def test_faults(text, rule, says):
    with pytest.raises(ResultFault, match=says) as caught:
        read_json(text.encode())
    assert caught.value.rule == rule


def test_no_json_that_is_no_text():
    with pytest.raises(ResultFault, match="not JSON"):
        read_json(b"\xff\xfe")
