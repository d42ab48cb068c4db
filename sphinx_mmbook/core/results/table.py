"""A data frame and a layout become the strings of a table."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.cells import Digits, column_texts, is_numeric, plain
from sphinx_mmbook.core.results.fault import too_large, unfit
from sphinx_mmbook.core.results.layout import (
    ALIGNMENTS,
    COEFFICIENT_DIGITS,
    Choice,
    Layout,
    wrong_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

#: More than this nobody reads on a page; it is a data set, not a table.
MOST_ROWS, MOST_COLUMNS = 1_000, 100
#: Two columns by which a coefficient table is known, whoever wrote it.
ESTIMATES = frozenset({"Estimate", "estimate"})
ERRORS = frozenset({"Std. Error", "Std..Error", "std.error"})


@dataclass(frozen=True)
class FormattedTable:
    """A table ready to be set. ``align`` has "left", "center" or "right" for each column.

    ``authored`` tells which headings the author wrote: these are Markdown, all else is plain text.
    """

    header: tuple[str, ...]
    authored: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[str, ...]


def format_table(frame: DataFrame, layout: Layout) -> FormattedTable:
    """Return the columns that ``layout`` chooses, as text.

    :raises ResultFault: if the table is too large to show, a chosen column is not there, or a cell
        holds something that is no number, text, truth value or time.
    """
    names = [plain(str(name)) for name in frame.columns]
    choices = layout.columns or tuple(Choice(name) for name in names)
    places = _places(names, layout)
    _check(len(frame), len(places), layout)
    digits = _digits(names, layout)
    columns = [
        column_texts(names[place], frame.iloc[:, place], digits[place], layout.missing)
        for place in places
    ]
    return FormattedTable(
        header=tuple(choice.name if choice.title is None else choice.title for choice in choices),
        authored=tuple(choice.title is not None for choice in choices),
        rows=tuple(zip(*columns, strict=True)),
        align=_align(frame, places, layout),
    )


def _places(names: list[str], layout: Layout) -> list[int]:
    """Return where the columns to show are in the file."""
    if not layout.columns:
        return list(range(len(names)))
    return [_place(choice.name, names) for choice in layout.columns]


def _place(name: str, names: list[str]) -> int:
    if name in names:
        return names.index(name)
    near = get_close_matches(name, names, n=1)
    advice = f"did you mean '{near[0]}'?" if near else f"it has {_listed(names)}"
    raise wrong_option(f"has no column '{name}'; {advice}")


def _listed(names: Sequence[str], most: int = 12) -> str:
    more = ", …" if len(names) > most else ""
    return ", ".join(f"'{name}'" for name in names[:most]) + more


def _check(rows: int, columns: int, layout: Layout) -> None:
    if columns == 0:
        raise unfit("has no columns; store the result again")
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise too_large(
            f"would be a table of {rows:,} rows and {columns:,} columns; a page shows at most "
            f"{MOST_ROWS:,} and {MOST_COLUMNS:,}: store a summary, or choose with ':columns:'"
        )
    if layout.align and len(layout.align) != columns:
        raise wrong_option(
            f"shows {columns} columns, but ':align: {layout.align}' has {len(layout.align)} letters"
        )


def _digits(names: list[str], layout: Layout) -> list[Digits]:
    """Return the digits of each column: as wished, as usual for coefficients, or what suits."""
    wished = [Digits(layout.digits)] * len(names)
    if layout.digits is None and ESTIMATES & set(names) and ERRORS & set(names):
        usual = [COEFFICIENT_DIGITS.get(name) for name in names]
        wished = [Digits(number, always=number is not None) for number in usual]
    titles = {choice.title: choice.name for choice in layout.columns}
    for name, number in layout.column_digits:
        place = _place(titles.get(name, name), names)
        wished[place] = Digits(number, always=True)
    return wished


def _align(frame: DataFrame, places: list[int], layout: Layout) -> tuple[str, ...]:
    if layout.align:
        return tuple(ALIGNMENTS[letter] for letter in layout.align)
    return tuple("right" if is_numeric(frame.iloc[:, place]) else "left" for place in places)
