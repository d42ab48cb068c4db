"""The language that chooses rows."""

from __future__ import annotations

import datetime as dt
import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.results.tables.conditions import MAX_DEPTH, parse_condition
from sphinx_mmbook.core.results.values.fault import ResultFault

ROW = {
    "model": "clip", "top1": 0.76, "n": 10, "t value": -2.5, "none": None, "nan": float("nan"),
    "ok": True, "Sepal.Width": 3, "day": dt.datetime(2024, 2, 29), "money": Decimal("0.1"),
    "zoned": dt.datetime(2024, 2, 29, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "letter": "b", "sign": "9", "größe": 5, "iso": "2024-02-29T12:00+02:00", "big": 2**70,
}  # fmt: skip


def holds(text, row=ROW):
    condition = parse_condition(text)
    return condition.holds([row[name] for name in condition.columns])


@pytest.mark.parametrize(
    "text",
    [
        'model == "clip"', "model == 'clip'", 'model != "blip"', "top1 > 0.7", "top1>=.76",
        "n == 10", "n == 10.0", "`t value` < -2", "Sepal.Width == 3", "größe > 4",
        'model == "clip" and n < 11', 'model == "x" or n < 11', 'not model == "x"',
        'not (model == "x" or n > 11)', '(n > 1) and ((n < 20))', 'model in ("blip", "clip")',
        'model not in ("blip", "x")', "n in (1, 10)", "none is missing", "nan is missing",
        "n is not missing", "ok == true", "true == ok", "ok != false", "n > top1", "0.5 < top1",
        'day == "2024-02-29"', 'day < "2024-03-01"', 'zoned > "2024-02-29 11:00"', "money == 0.1",
        "big == 1180591620717411303424", "NOT none is not missing", 'model > "CLIP"',
        'zoned == "2024-02-29T10:00+00:00"', 'iso == "2024-02-29 10:00Z"', 'iso < "2024-02-29 11:00Z"',
        'letter > "a"', 'letter == "b"', 'letter > "9"', 'sign < "b"', 'sign > "8"', 'model > "9"',
        'iso > "2024-02-28"', 'iso != "noon"', 'iso == "2024-02-29T10:00Z"', '"2024-02-29T10:00Z" == iso',
    ],
)  # fmt: skip
def test_true(text):
    assert holds(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "none == 1", "none != 1", "none in (1, 2)", "none not in (1, 2)", "nan > 0", "nan <= 0",
        "n is missing", 'model == "Clip"', "n > 10", "n > 1 and n > 20", "none < none",
    ],
)  # fmt: skip
def test_false(text):
    assert holds(text) is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the end is missing"), ("n", "the end is missing"), ("n >", "the end is missing"), ("n > 1 n", "'n' is not expected"),
        ("(n > 1", "the end is missing"), ("n = 1", "breaks at '= 1'"), ("n > 1; import os", "breaks at ';"),
        ("__import__('os')", "'(' is not expected"), ("n.__class__ == 1 or (", "the end is missing"),
        ("f(n)", "'(' is not expected"), ("n in 1", "'1' is not expected"), ("n in ()", "')' is"),
        ("n is 1", "'1' is not expected"), ('n == "a', "breaks at"), ("lambda: 1", "breaks at ':"),
        ("n > 1 and", "the end is missing"), ("1e5x == n", "breaks at"), ("n > 1 " * 200, "more than 1,000"),
        ("(" * 50 + "n > 1" + ")" * 50, "nested too deeply"), ("not " * 60 + "n > 1", "nested"),
    ],
)  # fmt: skip
def test_what_is_no_condition(text, says):
    with pytest.raises(ResultFault) as caught:
        parse_condition(text)
    assert caught.value.rule == "result-option" and says in caught.value.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("model == 1", "compares the text 'clip' with the number 1"),
        ('n == "10"', "text needs quotes"),
        ('day > "tomorrow"', "'tomorrow', which is not a date"),
        ("day > 5", "compares a datetime with the number 5"),
    ],
)
def test_what_cannot_be_compared(text, says):
    with pytest.raises(ResultFault) as caught:
        holds(text)
    assert says in caught.value.text


def test_columns_are_those_that_are_named():
    assert parse_condition("a > 1 and (`b c` < 2 or a == 3)").columns == ("a", "b c")


@pytest.mark.parametrize("text", ["(" * MAX_DEPTH + "n > 1" + ")" * MAX_DEPTH])
def test_nesting_within_the_limit(text):
    assert holds(text)


@given(st.text(alphabet=string.ascii_letters + string.digits + "\"'`()<>=!,. -_"))
def test_any_text_is_a_condition_or_a_fault(text):
    try:
        condition = parse_condition(text)
    except ResultFault:
        return
    try:
        condition.holds([1] * len(condition.columns))
    except ResultFault:
        return
