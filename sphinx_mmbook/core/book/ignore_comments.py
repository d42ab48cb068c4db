"""Comments in bibliographies that silence rules: ``% mmbook: ignore bib-year`` before an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.book.facts import IGNORE, Ignore, ignored_rules

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_mmbook.core.bib.library import Library

_ENTRY = re.compile(r"\s*@")


def ignores_in_bibliographies(book: Path, library: Library) -> tuple[Ignore, ...]:
    """Return what comments silence in the bibliographies that ``library`` was read from."""
    paths = {entry.path for entry in library.copies}
    paths |= {finding.location.path for finding in library.findings}
    found: list[Ignore] = []
    for path in sorted(paths):
        try:
            data = (book / path).read_bytes()
        except OSError:
            continue
        if b"mmbook:" in data:
            found += ignores_in(path, data.decode("utf-8", "replace"))
    return tuple(found)


def ignores_in(path: str, text: str) -> tuple[Ignore, ...]:
    """Return what the comments of a bibliography silence: the next entry, or the whole file."""
    if "mmbook:" not in text:
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = []
    for number, line in enumerate(lines, 1):
        match = IGNORE.search(line) if line.lstrip().startswith("%") else None
        if match:
            last = -1 if match["file"] else _entry_end(lines, number)
            found.append(Ignore(path, ignored_rules(match["rules"]), number, last))
    return tuple(found)


def _entry_end(lines: list[str], number: int) -> int:
    """Return the last line of the entry that begins after line ``number``, which counts from 1."""
    begins = [n for n, line in enumerate(lines[number:], number + 1) if _ENTRY.match(line)]
    return begins[1] - 1 if len(begins) > 1 else len(lines)
