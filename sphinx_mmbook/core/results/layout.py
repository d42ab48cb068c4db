"""What an author wants of a table: columns, digits, alignment; read from a directive's options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.fault import ResultFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Digits after the point in a coefficient table, by the names that R and broom give its columns.
COEFFICIENT_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(("Estimate", "estimate"), 4),
    **dict.fromkeys(("Std. Error", "Std..Error", "std.error"), 4),
    **dict.fromkeys(("t value", "z value", "t.value", "z.value", "statistic"), 3),
    **dict.fromkeys(("Pr(>|t|)", "Pr(>|z|)", "Pr...t..", "Pr...z..", "p.value"), 4),
}
ALIGNMENTS = {"l": "left", "c": "center", "r": "right"}
MOST_DIGITS = 15
# A part of an option's value: quoted pieces may hold commas and equal signs.
PART = re.compile(r'(?:"[^"]*"|[^",])+')
PIECE = re.compile(r'"([^"]*)"|([^"=]+)|(=)')


@dataclass(frozen=True)
class Choice:
    """A column to show: its name in the file, and its heading if that is another."""

    name: str
    title: str | None = None


@dataclass(frozen=True)
class Layout:
    """How to show a table. ``digits`` count after the point, for all columns or by name.

    ``align`` has a letter for each column shown: ``l``, ``c`` or ``r``. Nothing chosen means all
    columns, and what suits the values.
    """

    columns: tuple[Choice, ...] = ()
    digits: int | None = None
    column_digits: tuple[tuple[str, int], ...] = ()
    align: str = ""
    missing: str = "–"


def parse_layout(options: Mapping[str, str]) -> Layout:
    """Return the layout that a directive's ``columns``, ``digits``, ``align``, ``missing`` say.

    :raises ResultFault: by ``result-option`` if one of them cannot be understood.
    """
    everywhere, by_column = _digits(options.get("digits", ""))
    return Layout(
        columns=tuple(Choice(*pair) for pair in _pairs(options.get("columns", ""))),
        digits=everywhere,
        column_digits=by_column,
        align=_align(options.get("align", "")),
        missing=options.get("missing", Layout.missing),
    )


def wrong_option(text: str) -> ResultFault:
    """Return the fault of an option that does not fit."""
    return ResultFault("result-option", text)


def _digits(value: str) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    everywhere, by_column = None, []
    for left, right in _pairs(value):
        number = left if right is None else right
        if not (number.isascii() and number.isdigit() and int(number) <= MOST_DIGITS):
            raise wrong_option(
                f"has ':digits: {value}'; write a number up to {MOST_DIGITS}, "
                "or one by column: '4, t value=3'"
            )
        if right is None:
            everywhere = int(number)
        else:
            by_column.append((left, int(number)))
    return everywhere, tuple(by_column)


def _align(value: str) -> str:
    letters = value.replace(" ", "").replace(",", "")
    if set(letters) - set(ALIGNMENTS):
        raise wrong_option(f"has ':align: {value}'; write a letter for each column, as in 'lrrc'")
    return letters


def _pairs(value: str) -> Iterator[tuple[str, str | None]]:
    """Yield the comma-separated parts of ``value``: ``(name, None)`` or ``(name, after =)``."""
    for part in PART.findall(value):
        sides = [""]
        for quoted, bare, equals in PIECE.findall(part.strip()):
            if equals and len(sides) == 1:
                sides.append("")
            else:
                sides[-1] += quoted or bare or equals
        left, right = sides[0].strip(), sides[1].strip() if len(sides) == 2 else None
        yield left, right
