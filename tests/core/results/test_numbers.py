"""Numbers as text: what is printed rounds to what is stored, half to even."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_mmbook.core.results.tables.number_format import (
    NumberFormat,
    automatic,
    formatted,
    parse_format,
)
from sphinx_mmbook.core.results.values.cell_values import number
from sphinx_mmbook.core.results.values.fault import ResultFault

EXACT = Context(prec=2000, rounding=ROUND_HALF_EVEN, Emax=10**6, Emin=-(10**6))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = FINITE | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=9)


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.125, ".2f", "0.12"),
        (0.375, ".2f", "0.38"),
        (2.675, ".2f", "2.67"),
        (Decimal("2.675"), ".2f", "2.68"),
        (2.5, "d", "2"),
        (3.5, "d", "4"),
        (-0.0, ".1f", "0.0"),
        (-0.04, ".1f", "0.0"),
        (-0.04, "+.1f", "+0.0"),
        (0.7634, ".1%", "76.3%"),
        (0.285, ".0%", "28%"),
        (-0.0001, ".1%", "0.0%"),
        (1234567, ",d", "1,234,567"),
        (1234567.891, ",.1f", "1,234,567.9"),
        (1234567.891, ".3g", "1230000"),
        (0.00012345, ".3g", "0.000123"),
        (0, ".3g", "0.00"),
        (9.996, ".3g", "10.0"),
        (1e-9, ".2e", "1.00e-09"),
        (1e20, ".1f", "1.0e+20"),
        (10**30, ".1f", "1000000000000000000000000000000.0"),
        (10**400, "d", "1" + "0" * 400),
        (0.0004, "p", "<0.001"),
        (0.0004, ".4p", "0.0004"),
        (0.04, "p", "0.040"),
        (0.0, "p", "<0.001"),
        (math.inf, ".1%", "Inf"),
        (-math.inf, "d", "-Inf"),
        (0.5, "+.2f", "+0.50"),
    ],
)
def test_formats(value, spec, text):
    assert formatted(value, parse_format(spec)) == text


@pytest.mark.parametrize("spec", ["", " ", "x", ".f2", "%d", ".99f", "{}", "__class__", "s", "1.5"])
def test_what_is_no_format(spec):
    with pytest.raises(ResultFault, match="has the format") as caught:
        parse_format(spec)
    assert caught.value.rule == "result-option"


def quantized(value, digits):
    return Decimal(value).quantize(Decimal(1).scaleb(-digits, EXACT), context=EXACT)


@given(NUMBERS, st.integers(0, 15))
def test_fixed_digits_are_those_of_exact_arithmetic(value, digits):
    text = formatted(value, NumberFormat("fixed", digits))
    if "e" not in text:
        assert Decimal(text) == quantized(value, digits)
        assert len(text.partition(".")[2]) == digits
    assert not (text.startswith("-") and Decimal(text) == 0)


@given(FINITE, st.integers(0, 12))
def test_fixed_digits_are_those_of_python(value, digits):
    text = formatted(value, NumberFormat("fixed", digits))
    if "e" not in text:
        assert text == f"{value:z.{digits}f}"


@given(FINITE, st.integers(0, 8))
def test_percent_rounds_as_the_format_of_python_does(value, digits):
    assert formatted(value, NumberFormat("percent", digits)) == f"{value:z.{digits}%}"
    assert formatted(0.9345, parse_format(".1%")) == "93.5%"


@given(NUMBERS, st.integers(1, 15))
def test_significant_digits(value, digits):
    text = formatted(value, NumberFormat("significant", digits))
    wanted = Decimal(value).normalize(Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-(10**6)))
    assert Decimal(text) == wanted


@given(NUMBERS, st.integers(0, 9))
def test_thousands_change_nothing_but_the_look(value, digits):
    text = formatted(value, NumberFormat("fixed", digits, thousands=True))
    assert text.replace(",", "") == formatted(value, NumberFormat("fixed", digits))
    assert all(len(part) == 3 for part in text.partition(".")[0].split(",")[1:])


@given(st.floats(0, 1), st.integers(1, 6))
def test_probabilities_are_never_shown_as_zero(value, digits):
    text = formatted(value, NumberFormat("p", digits))
    if text.startswith("<"):
        assert value < 10**-digits
    else:
        assert Decimal(text) == quantized(value, digits) > 0


@given(st.lists(NUMBERS, min_size=1))
def test_automatic_digits_round_to_what_is_stored(values):
    texts = automatic(values)
    for value, text in zip(values, texts, strict=True):
        digits = len(text.partition(".")[2])
        if "e" not in text:
            assert Decimal(text) == quantized(value, digits)


def test_huge_integers_beside_floats():
    assert automatic([10**400, 0.5]) == ["1.000e+400", "5.000e-01"]


def test_a_small_value_beside_larger_ones_is_not_shown_as_zero():
    assert automatic([0.0004, 0.04, 0.5, 1]) == ["0.0004", "0.0400", "0.5000", "1.0000"]
    assert automatic([0.001, 1000.5]) == ["0.001", "1000.500"]
    assert automatic([123.4, 0.05]) == ["123.40", "0.05"]
    # As in R, with more than seven significant digits there is an exponent.
    assert automatic([12345.5, 0.0004, 0]) == ["1.235e+04", "4.000e-04", "0.000e+00"]


@given(st.lists(NUMBERS, min_size=1))
def test_what_is_shown_as_zero_is_zero(values):
    for value, text in zip(values, automatic(values), strict=True):
        assert bool(value) == bool(re.search("[1-9Ia]", text.partition("e")[0]))


def test_zero_among_large_numbers():
    assert automatic([-0.0, 1e22]) == ["0.000e+00", "1.000e+22"]
    assert [
        formatted(zero, NumberFormat("exponent", 2)) for zero in (0, -0.0, Decimal("0.00"))
    ] == ["0.00e+00"] * 3


def test_numbers_below_a_millionth_or_of_sixteen_digits_have_an_exponent():
    assert automatic([1.25e-6]) == ["0.00000125"]
    assert automatic([9.5e-7]) == ["9.500e-07"]
    assert automatic([1.5e14]) == ["150000000000000"]
    assert automatic([1.5e15]) == ["1.500e+15"]
    three, fixed = NumberFormat("significant", 3), NumberFormat("fixed", 1)
    assert [formatted(value, three) for value in (1.25e-6, 9.5e-7)] == ["0.00000125", "9.50e-07"]
    assert [formatted(value, three) for value in (1e14, 1e15)] == ["100000000000000", "1.00e+15"]
    assert formatted(1e15, fixed) == "1.0e+15" and formatted(10**15, fixed) == f"{10**15}.0"


def test_an_integer_of_a_hundred_digits_or_more_is_read_as_a_decimal():
    assert [type(number("9" * digits, ".")) for digits in (99, 100)] == [int, Decimal]
