"""What LaTeX says in its log, and the lines of the chapters that it speaks of.

The build writes comments ``% mmbook: chapters/a/index.md:41`` into the book's ``.tex`` file before
each block of text. LaTeX's log names lines of that file; the last comment above is the place.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What is too wide by less is not seen on paper.
SEEN = 5.0
#: Sphinx writes this before the text of a paragraph, whose lines are those of the source.
PARAGRAPH = r"\sphinxAtStartPar"

_MARK = re.compile(r"^% mmbook: (?P<path>.+?)(?::cell (?P<cell>\d+))?(?::(?P<line>\d+))?$")
_ERROR = re.compile(r"^(?P<file>[^:\n]+\.\w+):(?P<line>\d+): (?P<text>.+)$")
_SHOWN = re.compile(r"^l\.\d+ (?P<before>.*)$")
_OVERFULL = re.compile(
    r"^Overfull \\(?P<box>[hv])box \((?P<by>[\d.]+)pt too \w+\).*?(?P<line>\d+)(?:--\d+)?$"
)
_LACKS = re.compile(r"(?:File `|Sphinx requires )(?P<name>[\w.-]+)\.(?:sty|cls)\b")
_UNDEFINED = re.compile(r"^LaTeX Warning: (?P<text>.*undefined) on input line (?P<line>\d+)\.$")


@dataclass(frozen=True)
class LogMessage:
    """One complaint of LaTeX; ``line`` is one of ``file``."""

    file: str
    line: int
    text: str
    rule: str = "latex-error"


def mark(at: Location) -> str:
    """Return the comment that says that what follows was written ``at`` a place."""
    path = at.path.replace("\n", " ")
    # The first % ends the line before, should there be one: no space is added to the text.
    return f"%\n% mmbook: {Location(path, at.line, cell=at.cell)}"


def marks_of(tex: str) -> list[tuple[int, Location, bool]]:
    """Return where the marks of a ``.tex`` file are: line, place, and whether text lines follow.

    For the text of a paragraph the line is that of the text itself.
    """
    found: list[tuple[int, Location, bool]] = []
    for number, line in enumerate(tex.splitlines(), 1):
        if match := _MARK.match(line):
            cell, at = int(match["cell"] or 0), int(match["line"] or 0)
            found.append((number, Location(match["path"], at, cell=cell), False))
        elif found and not found[-1][2] and line.strip() == PARAGRAPH:
            found.append((number + 1, found[-1][1], True))
        elif found and found[-1][2] and not line.strip():
            # What follows the paragraph has other lines: items of its list, the works cited.
            found.append((number, found[-1][1], False))
    return found


def location_of(line: int, marks: list[tuple[int, Location, bool]]) -> Location | None:
    """Return the place in the book of a line of the ``.tex`` file; None before the first mark."""
    index = bisect_right([number for number, _, _ in marks], line) - 1
    if index < 0:
        return None
    number, at, text = marks[index]
    return at._replace(line=at.line + line - number) if text and at.line else at


def log_messages(log: str) -> Iterator[LogMessage]:
    """Yield what a log complains of, that was written with ``-file-line-error``."""
    lines = log.splitlines()
    for index, line in enumerate(lines):
        if match := _ERROR.match(line):
            file = match["file"].removeprefix("./")
            yield LogMessage(file, int(match["line"]), _explain(match["text"], lines[index + 1 :]))
        elif match := _OVERFULL.match(line):
            if float(match["by"]) > SEEN:
                what = "wide" if match["box"] == "h" else "high"
                text = f"this is {float(match['by']):.0f} pt too {what} for the page of the PDF"
                yield LogMessage("", int(match["line"]), text, "latex-overfull")
        elif match := _UNDEFINED.match(line):
            yield LogMessage("", int(match["line"]), match["text"], "latex-undefined")


def _explain(text: str, after: Iterable[str]) -> str:
    """Return LaTeX's words with the command that they are about."""
    text = text.removeprefix("LaTeX Error: ").rstrip(".")
    if lacks := _LACKS.search(text):
        packages = "texlive-luatex" if lacks["name"].startswith("lua") else "one of texlive-*"
        advice = (
            f"get it by 'tlmgr install {lacks['name']}', or on Debian or Ubuntu from {packages}"
        )
        return f"LaTeX lacks its package '{lacks['name']}'; {advice}"
    for line in after:
        shown = _SHOWN.match(line)
        # LaTeX breaks lines after the command, also within the argument of another one.
        commands = re.findall(r"\\(?:[A-Za-z@]+|.)", shown["before"] if shown else line)
        if text == "Undefined control sequence" and commands:
            return f"undefined command {commands[-1]}; correct it, or define it for LaTeX"
        if shown:
            return f"LaTeX says: {text}, at '{shown['before'].strip()[-60:]}'"
    return f"LaTeX says: {text}"


def error_line(log: str, name: str) -> int:
    """Return the line of the file ``name`` at which LaTeX stopped; 0 if it did so elsewhere."""
    errors = (item for item in log_messages(log) if item.rule == "latex-error")
    first = next(errors, None)
    return first.line if first and first.file in ("", name) else 0


def findings(log: str, tex: str, name: str) -> list[Finding]:
    """Return what a log complains of, at the lines of the chapters.

    ``tex`` is the text of the file ``name`` that LaTeX has set. What is wrong in other files, which
    are ours or LaTeX's, is found there.
    """
    marks = marks_of(tex)
    found = []
    for message in log_messages(log):
        at = location_of(message.line, marks) if message.file in ("", name) else None
        at = at or Location(message.file or name, message.line)
        level = "error" if message.rule == "latex-error" else "warning"
        found.append(Finding(at, message.rule, message.text, level))  # type: ignore[arg-type]
    return list(dict.fromkeys(found))
