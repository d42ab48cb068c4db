"""Which columns are meant, and what stands above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core.results.values.cell_values import one_line
from sphinx_mmbook.core.results.values.fault import ResultFault, wrong_option
from sphinx_mmbook.core.suggestions import did_you_mean_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from sphinx_mmbook.core.results.tables.conditions import Condition
    from sphinx_mmbook.core.results.tables.layout import Choice, Layout


@dataclass(frozen=True)
class ColumnHeading:
    """A column's heading: ``text`` from the file or, if ``authored``, in the author's Markdown.

    ``unit`` is the author's too. ``levels`` are headings of groups that the column is in, the
    outermost first.
    """

    text: str
    authored: bool = False
    unit: str = ""
    levels: tuple[str, ...] = ()


class Columns:
    """The columns of a file by name: a name of several levels is written with spaces between.

    Of columns with the same name the first is meant; ``#3`` is the third, whatever its name.
    """

    def __init__(self, frame: DataFrame, choices: Sequence[Choice] = ()) -> None:
        self.levels = [_levels(name) for name in frame.columns]
        self.names = [" ".join(filter(None, levels)) for levels in self.levels]
        self.titles = {choice.title: choice.name for choice in choices if choice.title}

    def position(self, name: str) -> int:
        """Return where the column is that the author calls ``name``, by its old or new name.

        :raises ResultFault: if there is none.
        """
        name = self.titles.get(name, name)
        if name in self.names:
            return self.names.index(name)
        # "3" is "gear 3" of a cross table, "time" the column "time (mins)", "model" the corner
        # "model / pet".
        parts = ([n.partition(sign)[0] for n in self.names] for sign in (" (", " / "))
        for short in ([n[-1] for n in self.levels], *parts):
            if short.count(name) == 1:
                return short.index(name)
        number = name[1:] if name.startswith("#") else ""
        if number.isascii() and number.isdigit() and 0 < int(number) <= len(self.names):
            return int(number) - 1
        raise wrong_option(f"has no column '{name}'; {did_you_mean_of(name, self.names)}")

    def of_condition(self, where: Condition) -> dict[str, int]:
        """Return where the columns are that a condition names.

        :raises ResultFault: if one is not there; it may be a text without quotes.
        """
        try:
            return {name: self.position(name) for name in where.columns}
        except ResultFault as fault:
            raise wrong_option(f"{fault.text}; text needs quotes: 'model == \"clip\"'") from None

    def chosen(self, layout: Layout) -> list[int]:
        """Return where the columns to show are."""
        if layout.columns:
            return [self.position(choice.name) for choice in layout.columns]
        return list(range(len(self.names)))

    def headings(self, positions: Sequence[int], layout: Layout) -> list[ColumnHeading]:
        """Return the headings of the columns at ``places``, which are those of ``layout``."""
        units = {self.position(name): unit for name, unit in layout.units}
        titles = [choice.title for choice in layout.columns] or [None] * len(positions)
        return [
            ColumnHeading(
                self.levels[position][-1],
                False,
                units.get(position, ""),
                self.levels[position][:-1],
            )
            if title is None
            else ColumnHeading(title, True, units.get(position, ""))
            for position, title in zip(positions, titles, strict=True)
        ]


def _levels(name: object) -> tuple[str, ...]:
    """Return a column's name as its levels; most have one."""
    if isinstance(name, tuple) and name:
        return tuple(one_line(str(level)) for level in name)
    return (one_line(str(name)),)
