"""The order of a book: which pages its toctrees hold, and what number each section has.

As Sphinx does it (``sphinx.directives.other.TocTree``): entries are page names relative to the page
of the toctree, with ``:glob:`` also patterns, which add sorted what was not named before.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.files.patterns import page_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page

#: What ``:numbered:`` without a number means: all levels.
ALL_LEVELS = 99

_ENTRY = re.compile(r"[^<]*<([^<>]+)>\Z")
_URL = re.compile(r".+://")


class Heading(NamedTuple):
    """A heading with its number, such as ``2.1``; ``text`` is its Markdown."""

    number: str
    text: str
    docname: str
    at: Location


#: Pages that Sphinx itself makes, and a toctree may list.
MADE_PAGES = frozenset({"genindex", "modindex", "search"})


@dataclass(frozen=True)
class Tree:
    """The pages of a book in reading order.

    ``depths`` has for each numbered page how many levels of it are numbered; ``chapters`` the
    number of each chapter; ``missing`` entries of toctrees that name no page, with their places;
    ``twice`` toctrees that name a page which has its numbers already; of those that number what
    another numbers, the page is empty.
    """

    root: str = "index"
    order: tuple[str, ...] = ()
    depths: Mapping[str, int] = field(default_factory=dict)
    chapters: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[tuple[str, Location], ...] = ()
    twice: tuple[tuple[str, Location], ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a root page; without one, nothing can be said about the order."""
        return bool(self.order)


def tree_of(pages: Mapping[str, Iterable[Element]], root: str = "index") -> Tree:
    """Return the order of the pages, which are given with the toctrees that each has."""
    if root not in pages:
        return Tree(root)
    walk = _Walk(pages)
    walk.visit(root, 0)
    return Tree(
        root, tuple(walk.order), walk.depths, walk.chapters, tuple(walk.missing), tuple(walk.twice)
    )


class _Walk:
    def __init__(self, pages: Mapping[str, Iterable[Element]]) -> None:
        self.pages = pages
        self.order: list[str] = []
        self.depths: dict[str, int] = {}
        self.chapters: dict[str, int] = {}
        self.missing: list[tuple[str, Location]] = []
        self.twice: list[tuple[str, Location]] = []

    def visit(self, docname: str, depth: int) -> None:
        """Add a page of which ``depth`` levels are numbered, and all below it.

        The stack is a list: a thousand pages may stand one below the other.
        """
        todo = [(docname, depth)]
        seen: set[str] = set()
        named: set[str] = set()
        while todo:
            name, levels = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            self.order.append(name)
            if levels > 0:
                self.depths[name] = levels
            below: list[tuple[str, int]] = []
            for toctree in self.pages[name]:
                numbered = _levels(toctree)
                if numbered and levels > 0:
                    self.twice.append(("", toctree.at))
                for child in self.children(name, toctree):
                    if (numbered or levels > 1) and (child in seen or child in named):
                        self.twice.append((child, toctree.at))
                    named.add(child)
                    below.append((child, numbered or levels - 1))
                    if numbered and child not in seen:
                        self.chapters.setdefault(child, len(self.chapters) + 1)
            todo += reversed(below)

    def children(self, docname: str, toctree: Element) -> list[str]:
        """Return the pages that a toctree names."""
        glob = toctree.option("glob") is not None
        found: list[str] = []
        for entry, at in entries(toctree):
            name = posixpath.normpath(
                entry.lstrip("/") if entry[0] == "/" else posixpath.join(docname, "..", entry)
            )
            if glob and re.search(r"[*?\[]", entry) and not is_titled(toctree, at):
                pattern = page_pattern(name)
                others = (page for page in sorted(self.pages) if page != docname)
                matching = [page for page in others if pattern.fullmatch(page)]
                found += [page for page in matching if page not in found]
                if not matching:
                    self.missing.append((entry, at))
                continue
            name = re.sub(r"\.(md|ipynb|rst)$", "", name) if name not in self.pages else name
            if name in found:
                self.twice.append((name, at))
            elif name in self.pages and name != docname:  # Sphinx lists no page in itself
                found.append(name)
            elif name not in MADE_PAGES:
                self.missing.append((entry, at))
        return found if toctree.option("reversed") is None else found[::-1]


def children_of(pages: Iterable[str], docname: str, toctree: Element) -> list[str]:
    """Return the pages that a toctree of ``docname`` names, in its order."""
    return _Walk(dict.fromkeys(pages, ())).children(docname, toctree)


def toctrees(page: Page) -> Iterator[Element]:
    """Iterate over the toctrees of a page."""
    return (item for item in page.of("directive") if item.name == "toctree")


def entries(toctree: Element) -> Iterator[tuple[str, Location]]:
    """Iterate over the page names (or patterns) of a toctree, each with its line."""
    # Sphinx keeps spaces around a name, and finds no page that is called so; MyST keeps all.
    if toctree.text and not toctree.restructured:  # MyST-Parser has no argument here
        yield toctree.text, toctree.argument_at
    body = dedent(toctree.body) if toctree.restructured else toctree.body
    lines = zip(toctree.body.split("\n"), body.split("\n"), strict=True)
    for number, (line, read) in enumerate(lines, toctree.level):
        text = read.rstrip() if toctree.restructured else read
        match = _ENTRY.match(text)
        is_left_out = number == toctree.level and not text.strip()
        name = match[1].strip() if match else "" if is_left_out else text
        if name and name != "self" and not _URL.match(name):
            column = line.find(name.strip()) + 1
            at = toctree.at
            yield name, type(at)(at.path, number, column, at.cell)


def is_titled(toctree: Element, at: Location) -> bool:
    """Whether an entry has a title of its own, with which it is not a pattern."""
    lines = toctree.body.split("\n") if at.line >= toctree.level else [toctree.text]
    line = lines[max(at.line - toctree.level, 0)]
    return bool(_ENTRY.match(line.rstrip() if toctree.restructured else line))


def _levels(toctree: Element) -> int:
    numbered = toctree.option("numbered")
    if numbered is None:
        return 0
    return int(numbered.text) if numbered.text.isdecimal() else ALL_LEVELS


def headings(page: Page, chapter: int, depth: int) -> list[Heading]:
    """Return the numbered headings of a chapter, the chapter itself first.

    ``depth`` says how many levels have numbers.
    """
    title = page.source.front.fields.get("title")
    found: list[Heading] = []
    counts: list[int] = []
    if title:
        counts = [chapter]
        at = page.source.front.at("title")
        found.append(Heading(str(chapter), str(title), page.docname, at))
    levels = [1] if title else []
    for element in page.of("heading"):
        if element.inside:
            continue
        while levels and levels[-1] >= element.level and len(levels) > (1 if title else 0):
            levels.pop()
        levels.append(element.level)
        here = len(levels)
        counts = [*counts[:here], *([0] * (here - len(counts)))]
        counts[-1] = chapter if here == 1 else counts[-1] + 1
        if here <= depth:
            number = ".".join(map(str, counts))
            found.append(Heading(number, element.text, page.docname, element.at))
    return found
