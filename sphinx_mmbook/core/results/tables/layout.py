"""What an author wants of a table: columns, numbers, groups; read from a directive's options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.results.tables.number_format import (
    ASCII_SIGNS,
    MOST_DIGITS,
    NumberFormat,
    NumberSigns,
    parse_format,
)
from sphinx_mmbook.core.results.values.fault import wrong_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALIGNMENTS = {"l": "left", "c": "center", "r": "right", "d": "decimal"}
#: From the smallest level on, a probability earns one star more.
STARS = (0.05, 0.01, 0.001)
# Quoted pieces may hold commas and equal signs.
PART = re.compile(r'(?:"[^"]*"|[^",])+')
PIECE = re.compile(r'"([^"]*)"|([^"=]+)|(=)')


@dataclass(frozen=True)
class Choice:
    """A column to show: its name in the file, and its heading if that is another."""

    name: str
    title: str | None = None


@dataclass(frozen=True)
class Layout:
    """How to show a table. Nothing chosen means all columns, and what suits the values.

    ``digits`` (after the point) and ``significant`` hold for all columns, ``formats`` for one by
    its name. ``thousands`` names columns; ``None`` is none and empty is all. ``align`` has a letter
    for each column shown: ``l``, ``c``, ``r``, ``d`` (at the decimal point). ``best`` are columns
    whose largest value (``True``: smallest) is set in bold. ``header_groups`` are headings over
    several columns, ``group_by`` the column whose values become headings of groups of rows.
    """

    columns: tuple[Choice, ...] = ()
    digits: int | None = None
    significant: int | None = None
    formats: tuple[tuple[str, NumberFormat], ...] = ()
    thousands: tuple[str, ...] | None = None
    units: tuple[tuple[str, str], ...] = ()
    align: str = ""
    missing: str = "–"
    stars: tuple[float, ...] = ()
    best: tuple[tuple[str, bool], ...] = ()
    header_groups: tuple[tuple[str, str], ...] = ()
    group_by: str | None = None
    transpose: bool = False
    signs: NumberSigns = ASCII_SIGNS


def parse_layout(options: Mapping[str, str], signs: NumberSigns = ASCII_SIGNS) -> Layout:
    """Return the layout that a directive's options say, with numbers in these signs.

    :raises ResultFault: by ``result-option`` if one of them cannot be understood.
    """
    digits, by_digits = _counts("digits", options, NumberFormat())
    significant, by_significance = _counts("significant", options, NumberFormat("significant"))
    thousands = options.get("thousands")
    return Layout(
        columns=tuple(Choice(*pair) for pair in pairs(options.get("columns", ""))),
        digits=digits,
        significant=significant,
        formats=(*by_digits, *by_significance, *_styles(options, dict(by_digits), digits)),
        thousands=None if thousands is None else names(thousands),
        units=tuple(_named("units", options)),
        align=_align(options.get("align", "")),
        missing=options.get("missing", Layout.missing),
        stars=_stars(options),
        best=signed_names(options.get("best", "")),
        header_groups=tuple(_named("header-groups", options)),
        group_by=options.get("group-by"),
        transpose="transpose" in options,
        signs=signs,
    )


def _counts(
    option: str, options: Mapping[str, str], form: NumberFormat
) -> tuple[int | None, list[tuple[str, NumberFormat]]]:
    """Return the digits for all columns, and the format of those that have their own."""
    everywhere, by_column = None, []
    for left, right in pairs(options.get(option, "")):
        number = left if right is None else right
        least = int(form.style == "significant")
        is_count = number.isascii() and number.isdigit() and len(number) < 3
        twice = right is None and everywhere is not None
        if twice or not (is_count and least <= int(number) <= MOST_DIGITS):
            raise wrong_option(
                f"has ':{option}: {options[option]}'; write a number from {least} to "
                f"{MOST_DIGITS}, or one by column: '4, t value=3'"
            )
        if right is None:
            everywhere = int(number)
        else:
            by_column.append((left, NumberFormat(form.style, int(number))))
    return everywhere, by_column


def _styles(
    options: Mapping[str, str], digits: Mapping[str, NumberFormat], everywhere: int | None
) -> list[tuple[str, NumberFormat]]:
    """Return the formats of columns that are percentages, probabilities, or have one spelt out."""
    found = []
    for option, spec in (("percent", "%"), ("p-values", "p")):
        usual = parse_format(spec)
        for name in names(options.get(option, "")):
            # Digits for all columns do not count for probabilities: "<0.1" says nothing of 1e-20.
            count = everywhere if option == "percent" else None
            count = digits[name].digits if name in digits else count
            wished = usual.digits if count is None else count
            found.append((name, NumberFormat(usual.style, wished)))
    return [*found, *((name, parse_format(spec)) for name, spec in _named("format", options))]


def _named(option: str, options: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for left, right in pairs(options.get(option, "")):
        if right is None:
            example = {"units": "time=s, size=MB", "format": 'top1=.1%, n=",d"'}
            raise wrong_option(
                f"has ':{option}: {options[option]}'; write a name and what it gets, "
                f"as in '{example.get(option, 'Accuracy=top1;top5, Cost=time..size')}'"
            )
        found.append((left, right))
    return found


def _align(value: str) -> str:
    letters = value.replace(" ", "").replace(",", "")
    if set(letters) - set(ALIGNMENTS):
        raise wrong_option(
            f"has ':align: {value}'; write a letter for each column, as in 'lrrc', with 'd' to "
            "align at the decimal point"
        )
    return letters


def _stars(options: Mapping[str, str]) -> tuple[float, ...]:
    value = options.get("stars")
    if value is None:
        return ()
    if not value.strip():
        return STARS
    try:
        levels = tuple(sorted((float(part) for part in value.split(",")), reverse=True))
    except ValueError:
        levels = (2.0,)
    if not all(0 < level < 1 for level in levels):
        raise wrong_option(f"has ':stars: {value}'; write levels between 0 and 1: '0.05, 0.01'")
    return levels


def pairs(value: str) -> Iterator[tuple[str, str | None]]:
    """Yield the comma-separated parts of ``value``: ``(name, None)`` or ``(name, after =)``."""
    for part in PART.findall(value):
        if not part.strip():
            continue
        sides = [""]
        for quoted, bare, equals in PIECE.findall(part.strip()):
            if equals and len(sides) == 1:
                sides.append("")
            else:
                sides[-1] += quoted or bare or equals
        left, right = sides[0].strip(), sides[1].strip() if len(sides) == 2 else None
        yield left, right


def names(value: str) -> tuple[str, ...]:
    """Return the comma-separated names in ``value``."""
    return tuple(left if right is None else f"{left}={right}" for left, right in pairs(value))


def signed_names(value: str) -> tuple[tuple[str, bool], ...]:
    """Return names, and for each whether a minus stands before it: ``"-top1, name"``."""
    found = []
    for name in names(value):
        found.append((name[1:].strip(), True) if name.startswith("-") else (name, False))
    return tuple(found)
