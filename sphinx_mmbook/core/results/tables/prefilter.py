"""Conditions on the records of a text file: exact ones, and sieves that are fast.

A sieve goes through many records at once, inside of Python's own C code, and leaves all for which
a condition may hold.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from itertools import compress, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.results.values.literals import FLOATS, LONG, NO_NUMBER, NO_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Record = list[str]
    Compare = Callable[[Any, Any], bool]
    Test = Callable[[Any], bool]

#: Integers up to this are the same as floats.
EXACT = 2**53
IS_NUMBER = FLOATS["."].fullmatch


@dataclass(frozen=True)
class NumberTest:
    """A cell compared with a number of the author's; ``usual`` is for cells that are none."""

    position: int
    compare: Compare
    value: float
    usual: Test

    def __call__(self, record: Any) -> bool:
        """Return whether the record passes."""
        cell = record[self.position]
        if not IS_NUMBER(cell):
            return self.usual(record)
        whole = cell.isdigit() and len(cell) < LONG
        return self.compare(int(cell) if whole else float(cell), self.value)

    def sieve(self, records: list[Record]) -> list[Record]:
        """Return the records that may pass; all if one has no number there."""
        if abs(self.value) >= EXACT:
            return records
        return number_sieve(records, self.position, self.compare, self.value)


@dataclass(frozen=True)
class TextTest:
    """A cell compared with a text of the author's."""

    position: int
    compare: Compare
    value: str

    def __call__(self, record: Any) -> bool:
        """Return whether the record passes."""
        cell = record[self.position].strip()
        return cell not in NO_WORD and cell != "" and self.compare(cell, self.value)

    def sieve(self, records: list[Record]) -> list[Record]:
        """Return the records that may pass."""
        if self.compare is not operator.eq:
            return records
        cells = map(itemgetter(self.position), records)
        # There may be blanks around the text.
        return list(compress(records, map(operator.contains, cells, repeat(self.value))))


@dataclass(frozen=True)
class All:
    """Several conditions that must all hold."""

    tests: Sequence[Test]

    def __call__(self, row: Any) -> bool:
        """Return whether all hold of the row."""
        return all(test(row) for test in self.tests)


def number_sieve(
    records: list[Record], position: int, compare: Compare, value: float
) -> list[Record]:
    """Return the records whose number compares so with ``value``; all if one has a text there."""
    cells = map(itemgetter(position), records)
    try:
        numbers = list(map(float, cells))
    except ValueError:
        try:
            numbers = [_number(record[position]) for record in records]
        except ValueError:
            return records
    return list(compress(records, map(compare, numbers, repeat(value))))


def _number(cell: str) -> float:
    """Return a number, NaN for a missing one.

    :raises ValueError: if the cell is neither.
    """
    return math.nan if cell.strip() in NO_NUMBER else float(cell)


def passing(test: Test, records: list[Record]) -> list[Record]:
    """Return the records for which a condition holds."""
    for part in test.tests if isinstance(test, All) else (test,):
        if isinstance(part, (NumberTest, TextTest)):
            records = part.sieve(records)
    return list(filter(test, records))
