"""Findings: one place where a rule fails, as data. Nothing here prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Level = Literal["error", "warning", "info"]
#: All levels, the gravest first.
LEVELS: tuple[Level, ...] = ("error", "warning", "info")


class Location(NamedTuple):
    """A place in a file of the book; a tuple, since a book has tens of thousands of them.

    ``path`` is relative to the book's source folder, with forward slashes. ``line`` and ``column``
    count from 1; 0 means the whole file (or the whole line). ``cell`` is the number of the notebook
    cell (from 1) in which ``line`` counts, 0 in text files.
    """

    path: str
    line: int = 0
    column: int = 0
    cell: int = 0

    @property
    def row(self) -> tuple[str, int, int]:
        """The line, of whatever file and cell."""
        return self.path, self.cell, self.line

    def right(self, columns: int) -> Location:
        """Return the location that many columns to the right."""
        return Location(self.path, self.line, self.column + columns, self.cell)

    def __str__(self) -> str:
        text = self.path
        if self.cell:
            text += f":cell {self.cell}"
        if self.line:
            text += f":{self.line}"
        if self.column:
            text += f":{self.column}"
        return text


class Edit(NamedTuple):
    """A repair that a machine can make: replace ``old``, which stands at ``at``, by ``new``.

    ``at`` without a line means all places in the file.
    """

    at: Location
    old: str
    new: str


#: A message quotes what authors wrote, which may be a page of brackets: so much of it is kept.
MESSAGE_START, MESSAGE_END = 300, 140


def at_most_a_line(message: str) -> str:
    """Leave out the middle of a message: it begins with the fault and ends with the repair."""
    if len(message) <= MESSAGE_START + MESSAGE_END + 3:
        return message
    return f"{message[:MESSAGE_START]} … {message[-MESSAGE_END:]}"


@dataclass(frozen=True, order=True)
class Finding:
    """A rule that fails at one place.

    ``message`` names the object, the fault and the repair:
    "label 'fig_a' contains an underscore; write 'fig-a'". ``fix`` are the edits that mend it, where
    there is one right repair; they may be in other files.
    """

    location: Location
    rule: str
    message: str
    level: Level = "error"
    fix: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        message = at_most_a_line(self.message.replace("\n", " "))
        if message is not self.message:
            object.__setattr__(self, "message", message)

    def __str__(self) -> str:
        return f"{self.location}: {self.level}: {self.message} [mmbook.{self.rule}]"


class BookError(Exception):
    """A fault in one input of the book. Carries the finding; callers report it and go on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


#: The rule by which a fault of ours, on somebody's page, is told.
FAILED = "page-failed"


def failed(at: Location, what: str, error: Exception, rest: str) -> Finding:
    """Return what an exception means for the authors of the book; ``rest`` says what goes on."""
    line = (str(error).strip().splitlines() or [""])[0][:200]
    reason = f"{type(error).__name__}: {line}".rstrip(": ")
    message = (
        f"{what} failed ({reason}); {rest}; change what was written last, "
        "and please report this to those who maintain the extension"
    )
    return Finding(at, FAILED, message)


def also_in(locations: Iterable[Location]) -> str:
    """Say in which lines but the first of these the same is the case; eight are named."""
    lines = list(dict.fromkeys(str(at.line) for at in locations))[1:]
    shown = ", ".join(lines[:8]) + (", …" if len(lines) > 8 else "")
    return f" (also in line {shown})" if lines else ""
