"""From a location in a file to the position in the text of its block, and back."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Location

if TYPE_CHECKING:
    from sphinx_mmbook.core.pages.source import Block

_PLAIN = re.compile(r"[\w ,]+")
_ESCAPE = re.compile(r"[\\&]")
_ENTITY = re.compile(r"&#?\w{1,31};")
#: An element may stand this many lines after the line counted, where markup spans lines.
AHEAD = 100
#: At most this much markup stands between two texts: ``**`` and the like.
_MARKUP = 8


class Positions:
    """Positions in the text of one block of a page, and their locations in the file."""

    def __init__(self, path: str, block: Block) -> None:
        self.path, self.block, self.text = path, block, block.text
        lines = block.text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)][: len(lines)]

    def offset(self, at: Location) -> int:
        """Return the position of a location in the block's text."""
        return self.starts[at.line - self.block.first_line] + max(at.column, 1) - 1

    def location(self, offset: int) -> Location:
        """Return the location of a position in the block's text."""
        line = bisect_right(self.starts, offset) - 1
        column = offset - self.starts[line] + 1
        return Location(self.path, self.block.first_line + line, column, self.block.cell)


class LineSearch:
    """Looks for text in the lines of a block. Lines and columns count from 0 here."""

    def __init__(self, path: str, block: Block) -> None:
        self.path, self.block = path, block
        # The parser reads this character where a NUL stands.
        self.lines = block.text.replace("\0", "\ufffd").split("\n")

    def at(self, line: int, column: int = 1) -> Location:
        """Return the location of a line, and of a column from 1."""
        # Where markup spans lines, the count of lines can be wrong, but never beyond the end.
        line = min(line, len(self.lines) - 1)
        return Location(self.path, self.block.first_line + line, column, self.block.cell)

    def find(self, needle: str, line: int, last: int | None = None, column: int = 0) -> Location:
        """Return where ``needle`` stands from ``line`` and ``column`` on; else that place itself.

        Never a place before it: what follows would be found where something else stands.
        """
        return self.seek(needle, line, last, column) or self.at(line, column + 1)

    def seek(self, needle: str, line: int, last: int | None, column: int) -> Location | None:
        """Return where ``needle`` stands, if it does."""
        end = min(len(self.lines), (line if last is None else last) + 1)
        for number in range(line, end):
            found = self.lines[number].find(needle, column if number == line else 0)
            if found >= 0:
                return self.at(number, found + 1)
        return None

    def over(self, text: str, line: int, last: int, column: int) -> tuple[Location, Location]:
        """Return begin and end of a text that may go over line ends, which are spaces in it."""
        flat = text.replace("\n", " ")
        if line < len(self.lines) and (start := self.lines[line].find(flat, column)) >= 0:
            return self.at(line, start + 1), self.at(line, start + len(flat) + 1)
        end = min(last, line + flat.count(" ") + 1, len(self.lines) - 1)
        found = " ".join(self.lines[line : end + 1]).find(flat, column)
        if found < 0:
            location = self.find(text, line, last, column)
            return location, self.after(location, len(text))
        begin = self._along(line, found)
        return begin, self._along(line, found + len(flat))

    def _along(self, line: int, offset: int) -> Location:
        while line < len(self.lines) - 1 and offset > len(self.lines[line]):
            offset -= len(self.lines[line]) + 1
            line += 1
        return self.at(line, offset + 1)

    def after(self, location: Location, length: int) -> Location:
        """Return the location that much further on, but not beyond the line's end."""
        end = len(self.lines[location.line - self.block.first_line])
        return location._replace(column=min(location.column + length, max(end, 1)))

    def written(self, text: str, line: int, last: int, column: int) -> tuple[Location, Location]:
        """Return begin and end of prose; escapes and entities in the file are characters in it."""
        line = min(line, len(self.lines) - 1)
        location = self.seek(text, line, line, column)
        if location and not _ESCAPE.search(self.lines[line], column, location.column - 1):
            return location, location.right(len(text))
        for start in range(column, column + _MARKUP):
            if end := self._spelt(text, self.lines[line], start):
                return self.at(line, start + 1), self.at(line, end + 1)
        last = min(last, line + AHEAD)
        location = location or self.seek(text, line, last, column)
        if location is None:
            # The words before what is written otherwise are not.
            words = _PLAIN.match(text)
            location = words and self.seek(words[0], line, last, column)
        elif not text[0].isalnum() and self.is_escaped(location):
            location = location.right(-1)
        location = location or self.at(line, column + 1)
        return location, location.right(len(text))

    @staticmethod
    def _spelt(text: str, raw: str, start: int) -> int:
        """Return where ``text`` ends if it is written from ``start`` on, else 0."""
        for character in text:
            if raw.startswith(character, start):
                start += 1
            elif raw.startswith("\\" + character, start):
                start += 2
            elif entity := _ENTITY.match(raw, start):
                start = entity.end()
            else:
                return 0
        return start

    def is_escaped(self, location: Location) -> bool:
        """Whether a backslash stands before a location."""
        line = self.lines[location.line - self.block.first_line]
        return location.column > 1 and line[location.column - 2] == "\\"
