"""What an author can ask of a table: formats, groups, marks, sides."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.results.tables.layout import parse_layout
from sphinx_mmbook.core.results.tables.table_text import TableCell, format_table, padded
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import column, frame

TABLE = frame(
    ["model", "split", "top1", "time", "n", "p"],
    [
        column(["clip", "blip", "vit"]),
        column(["test", "val", "test"]),
        column([0.7634, 0.8012, None]),
        column([1.25, 100.0, 12.5]),
        column([1234567, 10, 7]),
        column([0.00001, 0.04, 0.5]),
    ],
)
FIT = frame(
    ["", "Estimate", "Std. Error", "z value", "Pr(>|z|)"],
    [column(["a", "b"]), column([2.5, -0.25]), column([0.1, 0.2]), column([25.0, -1.25]),
     column([1e-9, 0.03])],
)  # fmt: skip


def table(source=TABLE, **options):
    return format_table(source, parse_layout({k.replace("_", "-"): v for k, v in options.items()}))


def cells(source=TABLE, column=0, **options):
    return [row[column] for row in table(source, **options).rows]


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({"columns": "top1", "percent": "top1"}, ["76.3%", "80.1%", "–"]),
        ({"columns": "top1", "percent": "top1", "digits": "2"}, ["76.34%", "80.12%", "–"]),
        ({"columns": "top1", "percent": "top1", "digits": "top1=0"}, ["76%", "80%", "–"]),
        ({"columns": "top1=Top", "percent": "Top"}, ["76.3%", "80.1%", "–"]),
        ({"columns": "n", "thousands": ""}, ["1,234,567", "10", "7"]),
        ({"columns": "n", "thousands": "n"}, ["1,234,567", "10", "7"]),
        ({"columns": "n", "thousands": "time"}, ["1234567", "10", "7"]),
        ({"columns": "time", "significant": "2"}, ["1.2", "100", "12"]),
        ({"columns": "time", "significant": "4, time=3"}, ["1.25", "100", "12.5"]),
        ({"columns": "p", "p-values": "p"}, ["<0.001", "0.040", "0.500"]),
        ({"columns": "p", "p-values": "p", "digits": "p=2"}, ["<0.01", "0.04", "0.50"]),
        ({"columns": "p", "p-values": "p", "digits": "1"}, ["<0.001", "0.040", "0.500"]),
        ({"columns": "n", "format": "n=.2e"}, ["1.23e+06", "1.00e+01", "7.00e+00"]),
        ({"columns": "n", "format": 'n=",.1f"'}, ["1,234,567.0", "10.0", "7.0"]),
        ({"columns": "n", "digits": "2"}, ["1234567", "10", "7"]),
        ({"columns": "top1", "missing": ""}, ["0.7634", "0.8012", ""]),
    ],
)
def test_formats(options, texts):
    assert cells(**{k.replace("-", "_"): v for k, v in options.items()}) == texts


def test_numbers_beside_words():
    source = frame(["x"], [column(["0.25", "out of memory", "007", None])])
    assert cells(source) == cells(source, digits="1") == ["0.25", "out of memory", "007", "–"]
    assert cells(source, digits="x=1") == ["0.2", "out of memory", "007", "–"]
    assert cells(source, percent="x") == ["25.0%", "out of memory", "007", "–"]


def test_units_and_titles():
    head = table(columns="time=*Time*, n", units="time=$s$, n=1").head[-1]
    assert head == (TableCell("*Time*", authored=True, unit="$s$"), TableCell("n", unit="1"))


def test_header_groups_of_the_author():
    shown = table(columns="model, top1, time, n", header_groups="Quality=top1, *Cost*=time..n")
    assert shown.head[0] == (
        TableCell(""),
        TableCell("Quality", authored=True),
        TableCell("*Cost*", authored=True, width=2),
    )
    assert shown.header == ("model", "top1", "time", "n")


def test_header_groups_of_the_file():
    names = ["", ("a", "x", "1"), ("a", "x", "2"), ("a", "y", "1"), ("b", "y", "1")]
    source = frame(names, [column([1])] * 5)
    shown = table(source)
    assert [[(cell.text, cell.width) for cell in row] for row in shown.head] == [
        [("", 1), ("a", 3), ("b", 1)],
        [("", 1), ("x", 2), ("y", 1), ("y", 1)],
        [("", 1), ("1", 1), ("2", 1), ("1", 1), ("1", 1)],
    ]
    assert table(source, columns="a y 1, b y 1=B").header == ("1", "B")


def test_groups_of_rows():
    shown = table(group_by="split", columns="model, split, n")
    assert shown.header == ("model", "n")
    assert shown.rows == (("test",), ("clip", "1234567"), ("vit", "7"), ("val",), ("blip", "10"))
    assert shown.body[0][0].width == 2
    assert table(group_by="split", columns="model").rows[0] == ("test",)


def test_transposed():
    shown = table(columns="model=, n=N, time", transpose="", units="time=s")
    assert shown.header == ("", "clip", "blip", "vit")
    assert shown.rows == (("N", "1234567", "10", "7"), ("time", "1.25", "100.00", "12.50"))
    assert shown.body[1][0].unit == "s"
    assert shown.align == ("left", "right", "right", "right")
    assert table(columns="model, split", transpose="").align == ("left",) * 4
    assert table(columns="model, n", transpose="", align="lccc").align == ("left", *["center"] * 3)


def test_a_transposed_table_keeps_stars_with_their_note_and_the_best_in_bold():
    shown = table(FIT, columns="=Term, Estimate", stars="", transpose="")
    assert shown.rows == (("Estimate", "2.5000***", "-0.2500*"),)
    assert shown.notes == ("* p < 0.05, ** p < 0.01, *** p < 0.001",)
    shown = table(columns="model, top1", best="top1", transpose="")
    assert [cell.bold for cell in shown.body[0]] == [False, False, True, False]


def bold(**options):
    return [[cell.bold for cell in row] for row in table(**options).body]


def test_the_best_of_a_column():
    assert bold(columns="top1, time, n", best="top1, -time") == [
        [False, True, False], [True, False, False], [False, False, False],
    ]  # fmt: skip
    # Two that look the same are both the best.
    assert bold(columns="top1", best="top1", digits="0") == [[True], [True], [False]]
    source = frame(["x"], [column([2**70, 2**70 + 1, 5])])
    assert [row[0].bold for row in table(source, best="x").body] == [False, True, False]
    infinite = frame(["x"], [column([math.inf, 1.0, None])])
    assert [row[0].bold for row in table(infinite, best="x").body] == [True, False, False]


def test_stars():
    shown = table(FIT, stars="")
    assert [row[1] for row in shown.rows] == ["2.5000***", "-0.2500*"]
    assert [row[1].pad for row in shown.body] == ["", "**"]
    assert shown.notes == ("* p < 0.05, ** p < 0.01, *** p < 0.001",)
    assert [row[1] for row in table(FIT, stars="0.1").rows] == ["2.5000*", "-0.2500*"]


def test_alignment_at_the_decimal_point():
    shown = table(columns="model, time", significant="2", align="ld")
    assert [row[1].text for row in shown.body] == ["1.2", "100", "12"]
    assert [row[1].pad for row in shown.body] == ["", ".2", ".2"]
    assert shown.align == ("left", "right")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"percent": "top"}, "no column 'top'; did you mean 'top1'?"),
        ({"thousands": "m"}, "no column 'm'"),
        ({"format": "n=x"}, "the format 'x'"),
        ({"format": "n"}, "':format: n'"),
        ({"units": "time"}, "':units: time'"),
        ({"significant": "0"}, "from 1 to 15"),
        ({"best": "model"}, "holds no numbers"),
        ({"stars": ""}, "no columns of estimates"),
        ({"stars": "2"}, "levels between 0 and 1"),
        ({"stars": "a"}, "levels between 0 and 1"),
        ({"group_by": "m"}, "no column 'm'"),
        ({"header_groups": "A=model;n"}, "not side by side"),
        ({"columns": "model, n", "header_groups": "A=top1"}, "leaves out"),
        ({"header_groups": "A"}, "':header-groups: A'"),
        ({"transpose": "", "group_by": "split"}, "':transpose:' together with groups"),
        ({"align": "lz"}, "':align: lz'"),
        ({"percent": "model"}, "a format of numbers for 'model', a column that holds none"),
        ({"thousands": "model"}, "a column that holds none"),
        ({"digits": "model=2"}, "a column that holds none"),
        ({"digits": "2, 3"}, "':digits: 2, 3'"),
        ({"digits": "9" * 5000}, "from 0 to 15"),
    ],
)
def test_options_that_do_not_fit(options, says):
    with pytest.raises(ResultFault) as caught:
        table(**options)
    assert caught.value.rule == "result-option" and says in caught.value.text


def test_columns_by_number_and_of_the_same_name():
    source = frame(["x", "x", ""], [column([1]), column([2]), column([3])])
    assert table(source).rows == (("1", "2", "3"),)
    assert table(source, columns="x, #2=other, #3").rows == (("1", "2", "3"),)
    assert table(source, columns="#2, #2").rows == (("2", "2"),)


def test_a_table_without_rows_and_one_without_values():
    assert table(frame(["x"], [column([])])).rows == ()
    assert table(frame(["x"], [column([None, None])]), align="d").rows == (("–",), ("–",))


def test_no_table_of_a_thousand_columns_by_transposing():
    source = frame(["x", "y"], [column(list(range(500)))] * 2)
    with pytest.raises(ResultFault, match="500 columns"):
        table(source, transpose="")


VALUES = st.floats(allow_nan=True, allow_infinity=True) | st.none() | st.integers(-(2**80), 2**80)


@given(st.lists(VALUES, min_size=1, max_size=8), st.integers(0, 6))
def test_what_is_printed_rounds_to_what_is_stored(values, digits):
    texts = cells(frame(["x"], [pd.Series(values, dtype=object)]), digits=f"x={digits}")
    for value, text in zip(values, texts, strict=True):
        if value is None or value != value:
            assert text == "–"
        elif value in (math.inf, -math.inf):
            assert text == ("Inf" if value > 0 else "-Inf")
        elif "e" not in text:
            unit = Decimal(1).scaleb(-digits)
            assert abs(Decimal(text) - Decimal(value)) <= unit / 2
            assert not text.startswith("-") or Decimal(text) < 0
        else:
            assert abs(Decimal(value)) >= 10**15
            assert Decimal(text) == pytest.approx(Decimal(value), rel=Decimal(10) ** -digits)


TEXTS = st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,4})?(\*{1,3}|%)?|–|Inf", fullmatch=True)


@given(st.lists(TEXTS, min_size=1))
def test_padded_numbers_have_their_points_below_each_other(texts):
    lines = [text + pad for text, pad in zip(texts, padded(texts), strict=True)]
    width = max(map(len, lines))
    positions = {
        width - len(line) + len(text.partition(".")[0].rstrip("*%"))
        for line, text in zip(lines, texts, strict=True)
    }
    assert len(positions) == 1


@pytest.mark.parametrize("name", ["p.value", "Pr(>F)", "p_value", "Pr(>|t|)"])
def test_columns_whose_names_mean_p_values_print_as_such_and_digits_do_not_reach_them(name):
    source = frame(["x", name], [column([1.234, 2.0]), column([1e-20, 0.04])])
    for options, first, second in [
        ({}, "<0.001", "0.040"), ({"digits": "1"}, "<0.001", "0.040"),
        ({"digits": f'1, "{name}"=2'}, "<0.01", "0.04"), ({"format": f'"{name}"=.1e'}, "1.0e-20", "4.0e-02"),
    ]:  # fmt: skip
        shown = format_table(source, parse_layout(options)).rows
        assert (shown[0][1], shown[1][1]) == (first, second)


def test_a_column_called_p_may_be_anything():
    source = frame(["n", "p"], [column([1, 2]), column([0.25, 12.5])])
    assert [row[1] for row in format_table(source, parse_layout({})).rows] == ["0.25", "12.50"]


def test_a_number_that_begins_with_its_point_has_no_whole_digit():
    assert padded([".5", "1.25", "12"]) == ["5", "", ".25"]
