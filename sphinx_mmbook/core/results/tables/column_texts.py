"""The values of one column as text, each kind in its own way."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.tables.number_format import (
    ASCII_SIGNS,
    NumberFormat,
    NumberSigns,
    automatic,
    formatted,
    parse_format,
)
from sphinx_mmbook.core.results.values.cell_values import is_number, item, number_in, one_line
from sphinx_mmbook.core.results.values.fault import unfit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from pandas import DataFrame, Series

    from sphinx_mmbook.core.results.tables.columns import Columns
    from sphinx_mmbook.core.results.tables.layout import Layout

#: Names that R, the R package broom, statsmodels and people give to the columns.
ESTIMATE = ("Estimate", "estimate", "coef", "Coef.", "coefficient", "beta")
ERROR = ("Std. Error", "Std..Error", "std.error", "std err", "Std.Err.", "bse", "std_error", "se")
RATIO = (
    "t value", "z value", "t.value", "z.value", "statistic", "t", "z", "t_value", "z_value",
)  # fmt: skip
PROBABILITY = (
    "Pr(>|t|)", "Pr(>|z|)", "Pr...t..", "Pr...z..", "p.value", "P>|t|", "P>|z|", "p_value",
    "p-value", "pvalue", "p",
)  # fmt: skip
#: Names of columns of probabilities in any table.
PROBABILITIES = frozenset({
    *PROBABILITY, "Pr(>F)", "PR(>F)", "Pr(>Chi)", "Pr(>Chisq)", "Pr(Chi)", "Pr..F.", "Pr..Chi.",
    "P(>|Chi|)", "p adj", "p.adj", "p_adj", "adj.p.value", "p.value.adj", "pval", "p_val",
    "P-value", "P value", "p value", "P.Value", "Prob(F)", "F_pvalue",
}) - {"p"}  # fmt: skip
#: What tells the lower from the upper limit of an interval.
LIMIT_WORDS = (
    ("2.5 %", "97.5 %"), ("5 %", "95 %"), ("0.5 %", "99.5 %"), ("[0.025", "0.975]"),
    ("lower", "upper"), ("Lower", "Upper"), ("low", "high"), ("lwr", "upr"), ("min", "max"),
)  # fmt: skip
LIMITS = ("2.5 %", "97.5 %", "conf.low", "conf.high", "[0.025", "0.975]")
#: Digits after the point that are usual for them.
USUAL_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(ESTIMATE + ERROR + PROBABILITY + LIMITS, 4),
    **dict.fromkeys(RATIO, 3),
}
TEXTUAL = (str, bool, dt.date, dt.time, dt.timedelta, complex)


@dataclass(frozen=True)
class ColumnFormat:
    """How the numbers of a column are written: ``whole`` if all are integers, else ``broken``.

    ``None`` is what suits the column. Two digits for a table do not make a count of 150
    150.00; they are if the author asks for them in this column.
    """

    broken: NumberFormat | None = None
    whole: NumberFormat | None = None
    thousands: bool = False
    signs: NumberSigns = ASCII_SIGNS


def shown_texts(
    frame: DataFrame, columns: Columns, forms: Sequence[ColumnFormat], missing: str, position: int
) -> list[str]:
    """Return the cells of a column as text, in a format that suits what it belongs to.

    In a list of names and values each value has its own format: 100 observations, an R² of 0.778.
    The two limits of an interval have the same.

    :raises ResultFault: as :func:`column_texts`.
    """
    name, series, form = columns.names[position], frame.iloc[:, position], forms[position]
    if is_listing(columns.names) and position == 1 and form.whole is None:
        names = [str(value) for value in frame.iloc[:, 0].tolist()]
        return [
            column_texts(name, series[row : row + 1], _usual_of_row(names[row], form), missing)[0]
            for row in range(len(series))
        ]
    other = _other_limit(name, columns.names)
    if other is None or form.broken or forms[other].broken:
        return column_texts(name, series, form, missing)
    both = [*series.tolist(), *frame.iloc[:, other].tolist()]
    return column_texts(name, type(series)(both, dtype="object"), form, missing)[: len(series)]


def is_listing(names: Sequence[str]) -> bool:
    """Tell whether a table with columns of these names has names and their values."""
    return len(names) == 2 and names[1].lower() in ("value", "values") and names[0] != names[1]


def _usual_of_row(name: str, form: ColumnFormat) -> ColumnFormat:
    chance = NumberFormat("p", parse_format("p").digits)
    return replace(form, broken=chance, whole=chance) if name in PROBABILITIES else form


def _other_limit(name: str, names: Sequence[str]) -> int | None:
    """Return where the other limit is of the interval that a column is a limit of."""
    for pair in LIMIT_WORDS:
        for one, other in (pair, pair[::-1]):
            if one in name and name.replace(one, other) in names:
                return list(names).index(name.replace(one, other))
    return None


def column_texts(name: str, series: Series[Any], form: ColumnFormat, missing: str) -> list[str]:
    """Return the cells of column ``name`` as text, ``missing`` where there is no value.

    :raises ResultFault: if a cell holds a list, bytes or another object.
    """
    values = [_value(name, value) for value in series.tolist()]
    there = [value for value in values if value is not None]
    texts = iter(_texts(there, form))
    return [missing if value is None else next(texts) for value in values]


def is_numeric(series: Series[Any]) -> bool:
    """Whether a column holds numbers, so that it is set flush right."""
    values = [value for value in map(item, series.tolist()) if value is not None]
    return bool(values) and all(is_number(value) for value in values)


def may_be_number(value: Any) -> bool:
    """Whether a value is a number, or a text that is one."""
    return is_number(value) or _number_in(value) is not None


def _texts(values: list[Any], form: ColumnFormat) -> list[str]:
    write = form.signs.write
    if not values or not all(is_number(value) for value in values):
        # One "out of memory" makes a column of a CSV file one of words; the author knows better.
        numbers = [_number_in(value) if form.whole else None for value in values]
        return [
            word if number is None else write(formatted(number, form.whole or NumberFormat()))
            for word, number in zip(_words(values), numbers, strict=True)
        ]
    whole = all(math.isfinite(value) and value == int(value) for value in values)
    wished = form.whole if whole else form.broken
    if wished:
        wished = replace(wished, thousands=wished.thousands or form.thousands)
        return [write(formatted(value, wished)) for value in values]
    if all(isinstance(value, int) for value in values):
        return [write(f"{value:,}" if form.thousands else str(value)) for value in values]
    return list(map(write, automatic(values, thousands=form.thousands)))


def _number_in(value: Any) -> int | float | Decimal | None:
    return number_in(value) if isinstance(value, str) else None


def _words(values: list[Any]) -> list[str]:
    if values and all(isinstance(value, dt.datetime) for value in values):
        return _times(values)
    return [one_line(str(value)) for value in values]


def _times(values: Sequence[dt.datetime]) -> list[str]:
    """Return days where all times are midnight, else times, to the minute if that is exact."""
    if all(value.time() == dt.time() and value.tzinfo is None for value in values):
        return [value.date().isoformat() for value in values]
    minutes = all(value.second == 0 and value.microsecond == 0 for value in values)
    exact = all(value.microsecond == 0 for value in values)
    detail = "minutes" if minutes else "seconds" if exact else "milliseconds"
    return [value.isoformat(" ", detail) for value in values]


def _value(name: str, value: Any) -> Any:
    """Return a plain Python value, ``None`` if it is missing."""
    found = item(value)
    if found is None or isinstance(found, TEXTUAL) or is_number(found):
        return found
    raise unfit(f"has a {type(value).__name__} in column '{one_line(name)}'; store numbers or text")


def find(names: Sequence[str], known: Sequence[str]) -> int | None:
    """Return the place of the first column that has one of the known names."""
    return next((position for position, name in enumerate(names) if name in known), None)


def column_forms(columns: Columns, layout: Layout) -> list[ColumnFormat]:
    """Return the format of each column of the file.

    :raises ResultFault: if the layout has a format for a column that is not there.
    """
    wished = {columns.position(name): form for name, form in layout.formats}
    thousands = {columns.position(name) for name in layout.thousands or ()}
    forms = []
    for position, name in enumerate(columns.names):
        form = _usual(name, columns, layout)
        if own := wished.get(position):
            is_chance = form.whole is not None and form.whole.style == "p"
            own = replace(own, style="p") if is_chance and own.style == "fixed" else own
            form = ColumnFormat(own, own)
        everywhere = layout.thousands == ()
        form = replace(form, thousands=everywhere or position in thousands, signs=layout.signs)
        forms.append(form)
    return forms


def _usual(name: str, columns: Columns, layout: Layout) -> ColumnFormat:
    """Return the format of a column for which the author has none in particular."""
    fitted = find(columns.names, ESTIMATE) is not None and find(columns.names, ERROR) is not None
    if name in PROBABILITIES or (fitted and name in PROBABILITY):
        # Whatever digits the table has: "0.0" and "<0.1" say nothing of 1e-20.
        form = NumberFormat("p", USUAL_DIGITS[name] if fitted and name in USUAL_DIGITS else 3)
        return ColumnFormat(form, form)
    if layout.significant is not None:
        return ColumnFormat(NumberFormat("significant", layout.significant))
    if layout.digits is not None:
        return ColumnFormat(NumberFormat("fixed", layout.digits))
    if fitted and name in USUAL_DIGITS:
        form = NumberFormat("fixed", USUAL_DIGITS[name])
        return ColumnFormat(form, form)
    return ColumnFormat()
