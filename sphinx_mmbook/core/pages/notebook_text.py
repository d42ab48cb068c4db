"""Where the characters of a notebook's cells stand in its file, so that edits leave all else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sphinx_mmbook.core import expressions as re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
#: One character as JSON writes it; two escapes may make one.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


@dataclass
class CellText:
    """A cell's source; for each character, its place and width in the notebook's file.

    ``joint`` is what stands between two lines of a list, from quotation mark to quotation mark.
    """

    text: str = ""
    joint: str = ""
    end: int = 0
    positions: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    def add(self, notebook: str, start: int, written: str) -> None:
        """Add a string of the file, which begins at ``start`` with a quotation mark."""
        if self.end:
            self.joint = notebook[self.end - 1 : start + 1]
        self.end = start + len(written)
        self.text += json.loads(written, strict=False)
        for match in _CHARACTER.finditer(written, 1, len(written) - 1):
            self.positions.append(start + match.start())
            self.widths.append(len(match[0]))

    def written(self, start: int, stop: int, new: str) -> tuple[int, int, str]:
        """Return a part of the source and its new text as the file has them."""
        # Who escapes letters in the file goes on doing so.
        escaped = any(width > 5 for width in self.widths[start:stop])
        lines = re.split(r"(?<=\n)(?=[^\n]|\n)", new)
        inner = self.joint.join(json.dumps(line, ensure_ascii=escaped)[1:-1] for line in lines)
        return self.positions[start], self.positions[stop - 1] + self.widths[stop - 1], inner


def cell_texts(notebook: str) -> list[CellText]:
    """Return the sources of the cells of a notebook; none if it is not JSON."""
    try:
        json.loads(notebook.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return []
    cells: list[CellText] = []
    path: list[str | int] = []
    is_key = False
    for match in _TOKEN.finditer(notebook):
        word = match[0]
        if word in ("{", "["):
            path.append("" if word == "{" else 0)
            is_key = word == "{"
            if len(path) == 3 and path[0] == "cells":
                cells.append(CellText())
        elif word in ("}", "]"):
            path.pop()
        elif word == ",":
            last = path[-1]
            is_key = isinstance(last, str)
            path[-1] = last if isinstance(last, str) else last + 1
        elif word[0] == '"' and is_key:
            path[-1], is_key = json.loads(word, strict=False), False
        elif word[0] == '"' and path[:1] == ["cells"] and path[2:3] == ["source"] and len(path) < 5:
            cells[-1].add(notebook, match.start(), word)
    return cells
