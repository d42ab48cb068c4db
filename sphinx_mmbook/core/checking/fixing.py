"""Mending what has one right repair. Nothing but the edits of findings is changed.

A finding's edits, which may be in several files, are made all or not at all: half of a renamed
label is a broken book.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.pages.notebook_text import CellText, cell_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sphinx_mmbook.core.finding import Edit, Finding

#: A part of a file's text and what is to stand there: start, stop, new text.
Change = tuple[int, int, str]


def mended(book: Path, findings: Iterable[Finding]) -> dict[str, tuple[str, str]]:
    """Return old and new text of each file that the findings' fixes change, by path.

    A fix that does not fit, overlaps one before it, or is in a file that cannot be read or is not
    of the book is left out as a whole.
    """
    files: dict[str, EditedFile | None] = {}
    for finding in findings:
        for edit in finding.fix:
            if edit.at.path not in files:
                outside = edit.at.path.startswith("../")
                files[edit.at.path] = None if outside else _open(book / edit.at.path)
        accept(finding.fix, files)
    changed = {path: (file.text, file.result()) for path, file in files.items() if file}
    return {path: pair for path, pair in sorted(changed.items()) if pair[0] != pair[1]}


def _open(file: Path) -> EditedFile | None:
    """Return a file to edit; not a link, since its target may be another's."""
    if file.is_symlink():
        return None
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return EditedFile(text)


def accept(edits: Iterable[Edit], files: Mapping[str, EditedFile | None]) -> bool:
    """Note the edits in their files if all of them can be made; return whether they can."""
    wanted: dict[str, set[Change]] = {}
    for edit in edits:
        file = files[edit.at.path]
        changes = file.changes_of(edit) if file else []
        if not changes:
            return False
        wanted.setdefault(edit.at.path, set()).update(changes)
    pairs = [(file, sorted(wanted[path])) for path in wanted if (file := files[path])]
    if not all(file.fit(changes) for file, changes in pairs):
        return False
    for file, changes in pairs:
        file.note(changes)
    return True


@dataclass
class EditedFile:
    """A file's text and the changes to make in it, sorted; none overlap."""

    text: str
    changes: list[Change] = field(default_factory=list)

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    @cached_property
    def _cells(self) -> list[CellText]:
        return cell_texts(self.text)

    def changes_of(self, edit: Edit) -> list[Change]:
        """Return the changes that an edit means; none if what it replaces is not there."""
        if not edit.at.line:
            found = re.finditer(re.escape(edit.old), self.text)
            return [(match.start(), match.end(), edit.new) for match in found]
        if not edit.at.cell:
            return _at(self.text, self._starts, edit)
        if edit.at.cell > len(self._cells):
            return []
        cell = self._cells[edit.at.cell - 1]
        return [cell.written(*change) for change in _at(cell.text, line_starts(cell.text), edit)]

    def fit(self, changes: Sequence[Change]) -> bool:
        """Whether no change (sorted) overlaps another; the same change twice counts once."""
        apart = all(one[1] <= other[0] for one, other in pairwise(changes))
        return apart and all(map(self._is_free, changes))

    def _is_free(self, change: Change) -> bool:
        index = bisect_left(self.changes, change)
        around = self.changes[max(index - 1, 0) : index + 1]
        return change in around or all(
            stop <= change[0] or start >= change[1] for start, stop, _ in around
        )

    def note(self, changes: Iterable[Change]) -> None:
        """Add changes that fit."""
        for change in changes:
            if change not in self.changes[bisect_left(self.changes, change) :][:1]:
                insort(self.changes, change)

    def result(self) -> str:
        """Return the text after the changes."""
        parts, end = [], 0
        for start, stop, new in self.changes:
            parts += [self.text[end:start], new]
            end = stop
        return "".join([*parts, self.text[end:]])


def _at(text: str, starts: list[int], edit: Edit) -> list[Change]:
    """Return the change at an edit's line and column; the text's line ends count as ``\\n``."""
    if edit.at.line > len(starts) or not edit.old:
        return []
    # The mark at the start of a file is not a character of its first line.
    mark = edit.at.line == 1 and text.startswith("\ufeff") and edit.old != "\ufeff"
    start = starts[edit.at.line - 1] + max(edit.at.column, 1) - 1 + mark
    match = re.compile(re.escape(edit.old).replace("\\\n", r"(?:\r\n|\r|\n)")).match(text, start)
    if not match:
        return []
    end = "\r\n" if "\r\n" in text else "\n"
    return [(start, match.end(), edit.new.replace("\n", end))]


def line_starts(text: str) -> list[int]:
    """Return where the lines of a text begin."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    return [0, *accumulate(map(len, lines))][: len(lines)]
