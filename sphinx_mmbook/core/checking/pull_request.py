"""The summary of a pull request: a table of the chapters that it changes, in Markdown."""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_HEADS = ("chapter", "words", "figures", "errors", "warnings", "run time", "preview")


@dataclass(frozen=True)
class ChapterSummary:
    """A page in figures; ``seconds`` is None where nothing was run."""

    docname: str
    title: str
    words: int
    figures: int
    errors: int
    warnings: int
    seconds: float | None = None


def summaries(
    book: Book, findings: Iterable[Finding], seconds: Mapping[str, float], changed: Set[str] | None
) -> list[ChapterSummary]:
    """Return the pages of which a file changed (all, if ``changed`` is None), in reading order.

    ``seconds`` has the run time of pages by path.
    """
    levels = Counter((finding.location.path, finding.level) for finding in findings)
    found = []
    for name in book.tree.order or book.pages:
        page = book.pages[name]
        if changed is not None and not _is_touched(page.path, changed):
            continue
        objects = [one for one in book.numbered_objects if one.docname == name]
        found.append(
            ChapterSummary(
                name,
                book.chapters[name].title or name,
                len(_WORD.findall(page.prose.text)),
                sum(one.kind == "figure" or _is_drawn(one.labels) for one in objects),
                levels[page.path, "error"],
                levels[page.path, "warning"],
                seconds.get(page.path),
            )
        )
    return found


def _is_touched(path: str, changed: Set[str]) -> bool:
    """Whether a page changed, or a file of its folder, if that is a chapter's."""
    folder = posixpath.dirname(path)
    is_chapter = posixpath.basename(path).startswith("index.") and folder
    return path in changed or bool(
        is_chapter and any(name.startswith(f"{folder}/") for name in changed)
    )


def _is_drawn(labels: tuple[str, ...]) -> bool:
    return any(label.startswith("fig-") for label in labels)


def as_markdown(rows: Iterable[ChapterSummary], preview: str = "") -> str:
    """Return the table; ``preview`` is the address of the site in which the pages can be seen."""
    lines: list[tuple[str, ...]] = [_HEADS if preview else _HEADS[:-1]]
    lines.append(("---",) * len(lines[0]))
    for row in rows:
        time = "" if row.seconds is None else f"{row.seconds:.0f} s"
        numbers = (row.words, row.figures, row.errors, row.warnings)
        link = (f"[see]({preview.rstrip('/')}/{quote(row.docname)}.html)",) if preview else ()
        lines.append((_cell(row.title), *map(str, numbers), time, *link))
    if len(lines) == 2:
        return "No chapter was changed.\n"
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    """Return a stranger's text for a cell of a table: neither markup nor a link."""
    return re.sub(r"([\\`*_\[\]|~#@])", r"\\\1", escape(" ".join(text.split())))
