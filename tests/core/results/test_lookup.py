"""One value of a result."""

from __future__ import annotations

import json
import math

import pytest

from sphinx_mmbook.core.results.readers.csv_text import read_text
from sphinx_mmbook.core.results.readers.json_table import read_json
from sphinx_mmbook.core.results.value_lookup import (
    RowIndex,
    ValueReference,
    parse_reference,
    value_text,
)
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import column, frame

TABLE = frame(
    ["model", "size", "top1", "n", "day", "top1"],
    [
        column(["clip", "blip", "vit", "vit", "7"]),
        column(["b", "b", "b", "l", "s"]),
        column([0.7634, -0.0, math.inf, None, 0.5]),
        column([1234567, 2**70, 3, 4, 5]),
        column(["2024-02-29", "a, b", "<b>", None, ""]),
        column([1, 2, 3, 4, 5]),
    ],
)
NUMBERS = read_json(json.dumps({"accuracy": 0.7634, "runs": 3, "time": {"train": 2.5}}).encode())


def value(text, table=TABLE):
    return value_text(RowIndex(table), parse_reference(f"a.csv#{text}"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("clip,top1|.1%", "76.3%"), ("clip,top1", "0.7634"), ("clip, top1 | .1f", "0.8"),
        ("[1],top1|.2f", "0.76"), ("[-4],top1|.1f", "0.0"), ("blip,n", "1180591620717411303424"),
        ("blip,n|,d", "1,180,591,620,717,411,303,424"), ("[3],top1", "Inf"), ("clip,n|,d", "1,234,567"),
        ("clip,day", "2024-02-29"), ("blip,day", "a, b"), ("[3],day", "<b>"), ("vit,l,n", "4"),
        ("7,n", "5"), ("7.0,n", "5"), ("[5],n", "5"), ("[ -1 ],n", "5"), ("clip,#6", "1"), ('"clip",n', "1234567"), ("[4],#4|.1f", "4.0"),
    ],
)  # fmt: skip
def test_values(text, shown):
    assert value(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("accuracy|.1%", "76.3%"), ("runs", "3"), ("time.train", "2.5"), ("[2]", "3"), ("accuracy,value", "0.7634")],
)  # fmt: skip
def test_numbers_by_name(text, shown):
    assert value(text, NUMBERS) == shown


def test_a_table_of_one_row_needs_no_row():
    assert value("b|d", frame(["a", "b", "c"], [column([1]), column([2.5]), column([3])])) == "2"


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("clipp,n", "result-value", "no row 'clipp'; did you mean 'clip'?"),
        ("zzz,n", "result-value", "it has 'clip', 'blip', 'vit'"),
        ("6,n", "result-value", "no row '6'"),
        ("4,n", "result-value", "a row by its position is written in brackets, '[4]'"),
        ("[6],n", "result-value", "no row [6]; it has the rows 1 to 5"),
        ("[0],n", "result-value", "no row [0]"),
        ("[-6],n", "result-value", "no row [-6]"),
        ("²,n", "result-value", "no row '²'"),
        ("vit,n", "result-value", "in several rows; write the one you mean: [3], [4]"),
        ("clip,topp1", "result-value", "did you mean 'top1'?"),
        ("[4],top1", "result-value", "no value at '[4], top1'"),
        ("7,day", "result-value", "no value at '7, day'"),  # an empty text is none
        ("a|b,n", "result-option", "the format 'b,n'"),
        ("clip", "result-option", "which, as in '#clip,column'"),
        ("clip,model|.1f", "result-option", "'clip' at 'clip, model', which is not a number"),
        ("clip,n|x", "result-option", "the format 'x'"),
        ("a,b,c,d,e,f,g,n", "result-format", "has 6 columns, fewer than"),
    ],
)
def test_values_that_are_not_there(text, rule, says):
    with pytest.raises(ResultFault) as caught:
        value(text)
    assert caught.value.rule == rule and says in caught.value.text


def test_bars_in_names_of_columns_are_no_format():
    fit = frame(["", "Pr(>|t|)", "a|b"], [column(["x"]), column([0.0386]), column([2.0])])
    assert value("x,Pr(>|t|)", fit) == "0.0386"
    assert value("x,Pr(>|t|)|.2f", fit) == "0.04"
    assert value('x,"Pr(>|t|)"|p', fit) == "0.039"
    assert value('x,"a|b"', fit) == "2"
    assert value("x,a|b|.1f", fit) == "2.0"
    with pytest.raises(ResultFault, match=r"the format '\.1x'"):
        value("x,Pr(>|t|)|.1x", fit)


def test_a_column_names_the_value_of_a_table_with_one_row_also_with_two_columns():
    one = read_text(b"r2,n\n0.96,12\n")
    assert value("r2|.2f", one) == "0.96"
    assert value("n", one) == "12"
    named = read_text(b"model,top1\nclip,0.5\n")
    assert value("clip", named) == "0.5"


def test_values_of_a_single_column_are_found_by_position():
    values = frame(["value"], [column([5, 2, 9])])
    assert [value(text, values) for text in ("[2]", "[-1]", "[2],value", "[3]|.1f")] == [
        "2",
        "9",
        "2",
        "9.0",
    ]
    with pytest.raises(
        ResultFault, match=r"has no row '5'; it has the rows 1 to 3; a row by its position"
    ):
        value("5", values)


def test_a_number_that_is_no_name_of_a_row_is_never_taken_for_a_position():
    epochs = frame(["epoch", "loss"], [column([1, 2, 3, 5, 6]), column([0.9, 0.7, 0.5, 0.3, 0.2])])
    with pytest.raises(ResultFault, match=r"has no row '4'; .*in brackets, '\[4\]'"):
        value("4,loss", epochs)
    assert value("5,loss", epochs) == "0.3"
    assert value("[4],loss", epochs) == "0.3"


def test_names_of_rows_that_are_numbers_are_compared_as_numbers():
    sizes = frame(["size", "y"], [column([8.0, 16.0, 0.1]), column([1, 2, 3])])
    assert [value(f"{row},y", sizes) for row in ("16", "16.0", "0.10", "8")] == ["2", "2", "3", "1"]
    versions = frame(["version", "y"], [column(["1.0", "1", "007"]), column([1, 2, 3])])
    assert [value(f"{row},y", versions) for row in ("1.0", "1", "007")] == ["1", "2", "3"]
    with pytest.raises(ResultFault, match="has no row '7'"):
        value("7,y", versions)


def test_references():
    assert parse_reference(" a.csv # x , y | .1f ") == ValueReference("a.csv", ("x", "y"), ".1f")
    assert parse_reference('a.csv#"x, y",z') == ValueReference("a.csv", ("x, y", "z"))
    assert parse_reference("a.csv#a=b,z").keys == ("a=b", "z")


@pytest.mark.parametrize("text", ["", "a.csv", "a.csv#", "#x,y", "a.csv#x,y|", "a.csv#,"])
def test_what_is_no_reference(text):
    with pytest.raises(ResultFault, match="names no value; write the file"):
        parse_reference(text)


def test_a_column_that_only_counts_the_rows_is_told_where_a_row_is_not_found():
    frame = read_text(b",model,acc\n0,clip,0.5\n1,vit,0.7\n")
    with pytest.raises(ResultFault, match=r"write the file with index=False \(pandas\)"):
        RowIndex(frame).find(("clip", "acc"))
    named = read_text(b"epoch,acc\n0,0.5\n1,0.7\n")
    with pytest.raises(ResultFault) as caught:
        RowIndex(named).find(("clip", "acc"))
    assert "index=False" not in caught.value.text
