"""Where files name a chapter's folder, in whatever syntax: paths, links, toctrees, code, settings.

Not by syntax: a path is a path in a link, an option, HTML, a program and in ``CODEOWNERS``, and
what no scanner reads would be left wrong. A word is taken for a path to the folder if it leads
there, part by part, from the folder of its file, from the book's, or from the repository's.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What a path is written with; not ``:`` or ``#``, so an address ends before its path begins.
_WORD = re.compile(r"[^\s\"'`<>()\[\]{}|,;=:#?\\]+")


@dataclass(frozen=True)
class Mention:
    """Where a text names a folder: the span of the folder's own name in a path."""

    path: str
    start: int
    stop: int
    line: int


def mentions(texts: Mapping[str, str], folder: str, book: str) -> Iterator[Mention]:
    """Yield where texts name ``folder``, of the book in ``book``.

    All paths, also those of ``texts``, are relative to one top folder, such as the repository's;
    ``book`` is ``.`` if that is the book.
    """
    name = posixpath.basename(folder)
    for path, text in texts.items():
        if name not in text:
            continue
        bases = dict.fromkeys((posixpath.dirname(path), "" if book == "." else book, ""))
        for word in _WORD.finditer(text):
            if name not in word[0] or "/" not in word[0] or word[0].startswith("//"):
                continue
            spans = (span(word[0].rstrip(".!"), base, folder) for base in bases)
            if found := next(filter(None, spans), None):
                start, stop = (word.start() + end for end in found)
                yield Mention(path, start, stop, text.count("\n", 0, start) + 1)


def span(path: str, base: str, folder: str) -> tuple[int, int] | None:
    """Return where in a path, taken from ``base``, the name of ``folder`` stands, if it does."""
    here = base.split("/") if base else []
    start = 0
    for part in path.split("/"):
        if part == "..":
            if not here:
                return None
            here.pop()
        elif part not in ("", "."):
            here.append(part)
            if "/".join(here) == folder:
                return start, start + len(part)
        start += len(part) + 1
    return None


def replaced(text: str, spans: list[Mention], new: str) -> str:
    """Return a text with another name at each mention."""
    parts, end = [], 0
    for mention in spans:
        parts += [text[end : mention.start], new]
        end = mention.stop
    return "".join([*parts, text[end:]])
