"""Where a place of a file is in the text of its block, and back."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_mmbook.core.source import Block


class Places:
    """The lines of one block of a page."""

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


def places_of(path: str, blocks: Iterable[Block]) -> dict[int, Places]:
    """Return the places of each block of the page at ``path``, by cell."""
    return {block.cell: Places(path, block) for block in blocks}
