"""One value of a stored result: ``results/accuracy.csv#clip,top1|.1f``."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.tables.column_texts import ColumnFormat, column_texts
from sphinx_mmbook.core.results.tables.columns import Columns
from sphinx_mmbook.core.results.tables.layout import names
from sphinx_mmbook.core.results.tables.number_format import (
    ASCII_SIGNS,
    NumberSigns,
    formatted,
    is_format,
    parse_format,
)
from sphinx_mmbook.core.results.values.cell_values import item, number_in, one_line
from sphinx_mmbook.core.results.values.fault import ResultFault, unfit, wrong_option
from sphinx_mmbook.core.suggestions import did_you_mean_of

if TYPE_CHECKING:
    from pandas import DataFrame

#: A row by its position: the first is ``[1]``, the last ``[-1]``.
POSITION = re.compile(r"\[\s*(-?[0-9]{1,9})\s*\]")
WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
AS = re.compile(r"\sas\s+([^\s\"]+)\s*$")
#: Endings of files that may hold several tables.
WITH_ELEMENTS = frozenset({".rda", ".rdata", ".rds", ".xlsx", ".npz", ".nc"})
QUOTED = re.compile(r'"[^"]*"')
#: Names among which a misspelt one is looked for.
MOST_COMPARED = 1_000
#: What a fitted model has as a whole, by the names of R's package broom.
OF_A_FIT = frozenset({
    "nobs", "r.squared", "adj.r.squared", "AIC", "BIC", "sigma", "deviance", "null.deviance",
    "logLik", "df.residual", "statistic", "p.value",
})  # fmt: skip
EXAMPLE = "write the file, '#', row and column, as in 'results/accuracy.csv#clip,top1|.1f'"


@dataclass(frozen=True)
class ValueReference:
    """A value that a page asks for: ``keys`` are its row (perhaps of several levels) and column.

    With one key, the table has two columns, names and values, or a single row. ``form`` is how a
    number is written, empty for what suits it.
    """

    target: str
    keys: tuple[str, ...]
    form: str = ""
    element: str = ""


def parse_references(text: str) -> list[ValueReference]:
    """Return what the content of the role ``stored`` may refer to, the likelier first.

    In a file that holds several objects one is named with a colon, ``fits.rds#small:wt,Estimate``;
    but a colon may also be of a row's name, as that of an interaction in a model.

    :raises ResultFault: by ``result-option`` if it is nothing.
    """
    whole = parse_reference(text)
    element, colon, first = whole.keys[0].partition(":")
    if not colon or PurePath(whole.target).suffix.lower() not in WITH_ELEMENTS:
        return [whole]
    keys = tuple(key for key in (first.strip(), *whole.keys[1:]) if key)
    inner = replace(whole, keys=keys, element=element.strip())
    return [inner, whole] if keys else [whole]


def parse_reference(text: str) -> ValueReference:
    """Return what the content of the role ``stored`` refers to, without elements of files.

    :raises ResultFault: by ``result-option`` if it is nothing.
    """
    target, mark, rest = text.partition("#")
    selector, form = _split(rest)
    keys = names(selector)
    if not mark or not target.strip() or not keys or form == "":
        raise wrong_option(f"names no value; {EXAMPLE}")
    if form:
        parse_format(form)
    return ValueReference(target.strip(), keys, form or "")


def _split(text: str) -> tuple[str, str | None]:
    """Return the place and, after a bar or "as", the format; ``None`` if there is none.

    Bars in quotes are of a name, and so are two where no format follows: ``Pr(>|t|)``. "as" is for
    tables of Markdown, where a bar would end the cell.
    """
    if (match := AS.search(text)) and is_format(match[1]):
        return text[: match.start()], match[1]
    quoted = [match.span() for match in QUOTED.finditer(text)]
    bars = [
        position
        for position, letter in enumerate(text)
        if letter == "|" and not any(start < position < end for start, end in quoted)
    ]
    if not bars:
        return text, None
    form = text[bars[-1] + 1 :].strip()
    if len(bars) % 2 == 0 and not is_format(form):
        return text, None
    return text[: bars[-1]], form


class RowIndex:
    """The rows of a table by what stands in their first columns, and by position."""

    def __init__(self, frame: DataFrame) -> None:
        self.frame = frame
        self.columns = Columns(frame)
        self._rows: dict[tuple[int, bool], dict[tuple[Any, ...], list[int]]] = {}

    @property
    def size(self) -> int:
        """How many cells the table has."""
        return self.frame.size

    def find(self, keys: tuple[str, ...]) -> tuple[int, int]:
        """Return column and row of a value.

        Rows are found by what stands in the first column (with more keys, in the first columns), or
        by position: ``[1]`` is the first row, ``[-1]`` the last.

        :raises ResultFault: by ``result-value`` if they are not there.
        """
        if len(keys) > 1:
            return self.column(keys[-1]), self.row(keys[:-1])
        if self.frame.shape[1] == 2 and self.frame.shape[0] > 0:
            # Two columns are names and values, but in one row they may be two values.
            with suppress(ResultFault):
                return 1, self.row(keys)
            if self.frame.shape[0] > 1 or keys[0] not in map(str, self.frame.columns):
                return 1, self.row(keys)
        if self.frame.shape[0] == 1 and not POSITION.fullmatch(keys[0]):
            return self.column(keys[0]), 0
        if self.frame.shape[1] == 1:
            return 0, self.row(keys)
        if "Estimate" in self.frame.columns and keys[0] in OF_A_FIT:
            raise wrong_option(
                f"has the coefficients of a model, '{keys[0]}' is not a row of them; show it with "
                "{stored-models}, or let the program store it in a file of its own, as CSV or JSON"
            )
        raise wrong_option(
            f"has more than one column of values: say which, as in '#{keys[0]},column'"
        )

    def column(self, name: str) -> int:
        """Return where a column is."""
        try:
            return self.columns.position(name)
        except ResultFault as fault:
            raise ResultFault("result-value", fault.text) from None

    def row(self, keys: tuple[str, ...]) -> int:
        """Return the one row whose first cells are ``keys``."""
        if len(keys) > self.frame.shape[1]:
            raise unfit(f"has {self.frame.shape[1]} columns, fewer than '{', '.join(keys)}' names")
        count, name = len(self.frame), ", ".join(keys)
        if position := POSITION.fullmatch(name):
            number = int(position[1])
            if 1 <= abs(number) <= count:
                return number - 1 if number > 0 else count + number
            raise ResultFault("result-value", f"has no row {name}; it has the rows 1 to {count}")
        # A single column holds values, and no names of rows.
        depth = len(keys) if self.frame.shape[1] > 1 else 0
        found = self.rows(depth).get(keys) or self.rows(depth, by_value=True).get(_values(keys), [])
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(f"[{row + 1}]" for row in found[:5])
            text = f"has '{name}' in several rows; write the one you mean: {numbers}"
            raise ResultFault("result-value", text)
        known = [cells[0] for cells in islice(self.rows(depth), MOST_COMPARED)] if depth else []
        advice = did_you_mean_of(name, known) if known else f"it has the rows 1 to {count}"
        if self._counts_rows():
            advice += (
                "; its first column only counts the rows: write the file with index=False (pandas) "
                "or row.names=FALSE (R), or choose a row by its position, '[1]'"
            )
        if WHOLE.fullmatch(name):
            advice += f"; a row by its position is written in brackets, '[{name}]'"
        raise ResultFault("result-value", f"has no row '{name}'; {advice}")

    def _counts_rows(self) -> bool:
        """Whether the first column has no name and only counts the rows, as pandas writes it."""
        known = [cells[0] for cells in islice(self.rows(1), MOST_COMPARED)]
        first = known[0] if known and self.columns.names[0] == "" else ""
        return first in ("0", "1") and known == [str(int(first) + i) for i in range(len(known))]

    def rows(self, depth: int, *, by_value: bool = False) -> dict[tuple[Any, ...], list[int]]:
        """Return the positions of the rows by their first ``depth`` cells, none for a depth of 0.

        ``by_value``: 16 and 16.0 are the same.
        """
        if (depth, by_value) not in self._rows:
            heads = [map(_text, self.frame.iloc[:, column].tolist()) for column in range(depth)]
            rows: dict[tuple[Any, ...], list[int]] = {}
            for number, cells in enumerate(zip(*heads, strict=True)):
                rows.setdefault(_values(cells) if by_value else cells, []).append(number)
            self._rows[depth, by_value] = rows
        return self._rows[depth, by_value]


def value_text(index: RowIndex, reference: ValueReference, signs: NumberSigns = ASCII_SIGNS) -> str:
    """Return the value as text, a number in these ``signs``.

    :raises ResultFault: if there is no such row or column, no value in it, or no number where the
        reference has a format.
    """
    position, row = index.find(reference.keys)
    series = index.frame.iloc[row : row + 1, position]
    value = item(series.tolist()[0])
    where = ", ".join(reference.keys)
    if value is None or value == "":
        raise ResultFault("result-value", f"has no value at '{where}'; do not show it")
    if not reference.form:
        return column_texts(where, series, ColumnFormat(signs=signs), "")[0]
    form = parse_format(reference.form)
    if isinstance(value, str):  # one word makes a column of a CSV file one of words
        number = number_in(value)
        value = value if number is None else number
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise wrong_option(
            f"has '{one_line(str(value))[:40]}' at '{where}', which is not a number to be written "
            f"as '{reference.form}'; leave the format out"
        )
    return signs.write(formatted(value, form))


def _text(value: Any) -> str:
    value = item(value)
    return "" if value is None else one_line(str(value))


def _values(texts: tuple[str, ...]) -> tuple[Any, ...]:
    """Return texts with numbers in place of those that are one: 16 and 16.0 are the same."""
    numbers = map(number_in, texts)
    return tuple(
        text if number is None else number for text, number in zip(texts, numbers, strict=True)
    )
