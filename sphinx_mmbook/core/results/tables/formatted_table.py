"""A table ready to be set: strings, and how each is to look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableCell:
    """A cell of ``width`` columns. If ``authored`` the text is the author's Markdown, else plain.

    ``unit`` follows the text in parentheses and is Markdown. ``pad`` is what the text lacks on the
    right to stand under the others: blanks of its length align it at the decimal point. A
    ``heading`` stands over the rows below it.
    """

    text: str
    authored: bool = False
    bold: bool = False
    width: int = 1
    unit: str = ""
    pad: str = ""
    heading: bool = False


@dataclass(frozen=True)
class FormattedTable:
    """Rows of the head and of the body; ``align`` has a side for each column.

    Sides are "left", "center" and "right". A row of the body may be the heading of the rows
    below. ``notes`` stand under the table; they explain marks in it.
    """

    head: tuple[tuple[TableCell, ...], ...]
    body: tuple[tuple[TableCell, ...], ...]
    align: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' headings as text."""
        return tuple(cell.text for cell in self.head[-1])

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The body as text."""
        return tuple(tuple(cell.text for cell in row) for row in self.body)


def padded(texts: list[str]) -> list[str]:
    """Return what each of a column's texts lacks after its last whole digit, beside the longest."""
    tails = [_tail(text) for text in texts]
    longest = max(tails, key=len, default="")
    return [longest[len(tail) :] if text else "" for text, tail in zip(texts, tails, strict=True)]


def _tail(text: str) -> str:
    """Return the part of a number from the decimal point on, stars and per cent signs with it."""
    point = text.find(".")
    if point >= 0:
        return text[point:]
    return text[len(text.rstrip("*%")) :]
