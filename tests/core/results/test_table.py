"""Columns, digits, alignment; what is printed rounds to what is stored."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.results.tables.layout import Choice, parse_layout
from sphinx_mmbook.core.results.tables.number_format import automatic, fixed
from sphinx_mmbook.core.results.tables.table_text import format_table
from sphinx_mmbook.core.results.values.cell_values import one_line
from sphinx_mmbook.core.results.values.fault import ResultFault
from sphinx_mmbook.core.results.values.frames import column, frame

TABLE = frame(
    ["", "Estimate", "Std. Error", "t value", "n"],
    [
        column(["a", "b"]),
        column([2.17126629, -0.31515517]),
        column([0.27979415, 0.15119575]),
        column([7.76022749, -2.08441819]),
        column([150, 150]),
    ],
)


def rows(table, **options):
    return format_table(table, parse_layout(options)).rows


def one(values, **options):
    return [row[0] for row in rows(frame(["x"], [column(values)]), **options)]


def test_coefficients_have_the_usual_digits():
    assert rows(TABLE) == (
        ("a", "2.1713", "0.2798", "7.760", "150"),
        ("b", "-0.3152", "0.1512", "-2.084", "150"),
    )


def test_digits_for_all_leave_counts_alone():
    assert rows(TABLE, digits="2")[0] == ("a", "2.17", "0.28", "7.76", "150")


def test_digits_by_column():
    assert rows(TABLE, digits="2, t value=0, n=1")[1] == ("b", "-0.32", "0.15", "-2", "150.0")
    assert rows(TABLE, digits="t value=1")[0] == ("a", "2.1713", "0.2798", "7.8", "150")


def test_columns_choose_order_and_rename():
    table = format_table(TABLE, parse_layout({"columns": '=Term, "t value"=$t$, n'}))
    assert table.header == ("Term", "$t$", "n")
    assert [cell.authored for cell in table.head[-1]] == [True, True, False]
    assert table.rows[0] == ("a", "7.760", "150")
    assert table.align == ("left", "right", "right")


def test_digits_find_a_column_by_its_new_name():
    assert rows(TABLE, columns="t value=t", digits="t=1") == (("7.8",), ("-2.1",))


def test_names_with_commas_and_equal_signs():
    table = frame(["a, b", "c=d"], [column([1]), column([2])])
    options = {"columns": '"c=d", "a, b"="x, y = z"'}
    assert format_table(table, parse_layout(options)).header == ("c=d", "x, y = z")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("", ()),
        ("a", (Choice("a"),)),
        (" a , b ", (Choice("a"), Choice("b"))),
        ("=Term", (Choice("", "Term"),)),
        ("a=", (Choice("a", ""),)),
        ("a=b=c", (Choice("a", "b=c"),)),
        ("Pr(>|t|)=$p$", (Choice("Pr(>|t|)", "$p$"),)),
    ],
)
def test_columns_option(text, choices):
    assert parse_layout({"columns": text}).columns == choices


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"digits": "many"}, "':digits: many'"),
        ({"digits": "16"}, "0 to 15"),
        ({"digits": "-1"}, "0 to 15"),
        ({"digits": "²"}, "0 to 15"),
        ({"align": "lx"}, "':align: lx'"),
        ({"align": "lr"}, "5 columns, but ':align: lr' has 2 letters"),
        ({"columns": "estimate"}, "no column 'estimate'; did you mean 'Estimate'?"),
        ({"columns": "zzz"}, "it has '', 'Estimate', 'Std. Error'"),
        ({"digits": "tvalue=3"}, "did you mean 't value'?"),
    ],
)
def test_options_that_do_not_fit(options, says):
    with pytest.raises(ResultFault) as caught:
        rows(TABLE, **options)
    assert caught.value.rule == "result-option" and says in caught.value.text


def test_align():
    assert format_table(TABLE, parse_layout({"align": "lcrrl"})).align == (
        "left", "center", "right", "right", "left",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, 2.0], ["1", "2"]),
        ([0.5, 0.25], ["0.50", "0.25"]),
        ([0.912345, 0.9], ["0.9123", "0.9000"]),
        ([1234.567, 1.0], ["1234.57", "1.00"]),
        ([0.00123456, 0.001], ["0.001235", "0.001000"]),
        ([1e-9, 2.5e-9], ["1.000e-09", "2.500e-09"]),
        ([1e20, 1.0], ["1.000e+20", "1.000e+00"]),
        ([-0.0, 0.5], ["0.0", "0.5"]),
        ([math.inf, -math.inf, 0.5], ["Inf", "-Inf", "0.5"]),
        ([math.inf], ["Inf"]),
        ([None, 1.5], ["–", "1.5"]),
        ([2**70, 1], ["1180591620717411303424", "1"]),
        ([True, None], ["True", "–"]),
        ([Decimal("2.50"), Decimal("1")], ["2.5", "1.0"]),
        ([dt.date(2024, 2, 29)], ["2024-02-29"]),
        ([1, "a"], ["1", "a"]),
        ([], []),
    ],
)
def test_values_without_wishes(values, texts):
    assert one(values) == texts


def test_wishes_at_the_edges():
    assert one([-0.0004, 0.5], digits="2") == ["0.00", "0.50"]
    assert one([math.inf, 1e300], digits="2") == ["Inf", "1.00e+300"]
    assert one([None, 0.5], digits="1", missing="n/a") == ["n/a", "0.5"]
    assert one([Decimal("0.125")], digits="1") == ["0.1"]


@pytest.mark.parametrize("value", [[1], {"a": 1}, b"x", object()])
def test_cells_that_are_no_values(value):
    with pytest.raises(ResultFault, match="column 'x'"):
        one([value])


def test_times():
    zone = pd.Series(pd.to_datetime(["2024-03-31 00:00", "2024-03-31 05:00"])).dt.tz_localize(
        "Europe/Berlin"
    )
    table = frame(["day", "time"], [pd.Series(pd.to_datetime(["2024-01-02", None])), zone])
    assert rows(table) == (
        ("2024-01-02", "2024-03-31 00:00+01:00"),
        ("–", "2024-03-31 05:00+02:00"),
    )


def test_too_many_columns_to_show_can_be_chosen_from():
    table = frame([f"c{n}" for n in range(150)], [column([1])] * 150)
    with pytest.raises(ResultFault, match="150 columns"):
        rows(table)
    assert rows(table, columns="c149") == (("1",),)


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    st.integers(0, 15),
)
def test_fixed_rounds_to_the_stored_number(value, digits):
    text = fixed(value, digits)
    error = abs(Decimal(text) - Decimal(value))
    assert error <= Decimal(10) ** -digits / 2 and text.strip("-0.") + "-" != text
    assert not (text.startswith("-") and Decimal(text) == 0)


@given(st.lists(st.floats(-1e300, 1e300) | st.just(math.inf), min_size=1))
def test_automatic_digits_are_those_of_one_column(values):
    texts = automatic(values)
    decimals = {
        len(text.partition(".")[2]) for text in texts if "e" not in text and "Inf" not in text
    }
    assert len(texts) == len(values) and len(decimals) <= 1
    for value, text in zip(values, texts, strict=True):
        largest = max((abs(other) for other in values if math.isfinite(other)), default=0)
        if math.isfinite(value):
            assert abs(float(text) - value) <= max(largest * 1e-3, 1e-2)


@given(st.text())
def test_plain_text_can_be_written_by_every_writer(text):
    result = one_line(text)
    result.encode("utf-8")
    assert "\n" not in result and all(
        letter.isprintable() or letter in "\u200b\u200c\u200d\u00ad" for letter in result
    )
