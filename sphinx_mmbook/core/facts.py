"""What the checker knows of each page: small, plain, kept from build to build.

So a build scans only changed pages, and still judges all of the book.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sphinx_mmbook.core.bib.library import Library
from sphinx_mmbook.core.chapter import chapter_from
from sphinx_mmbook.core.citations import Citation, WorksList, citations_of, lists_of
from sphinx_mmbook.core.foreign import Foreign, foreign_of
from sphinx_mmbook.core.labels import Label, labels_of
from sphinx_mmbook.core.lookup import is_url
from sphinx_mmbook.core.people import credits_from
from sphinx_mmbook.core.yamlmap import read_yaml_map

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.page import Element, Page
    from sphinx_mmbook.core.people import People

#: Roles whose content is a label; Sphinx's and MyST's names.
ROLES = ("numref", "ref", "eq", "any", "std:ref", "std:numref", "math:numref")

_IGNORE = re.compile(r"mmbook:\s*ignore(?P<file>-file)?(?P<rules>[\w\s,-]*)")
_TARGET = re.compile(r"<([^<>]+)>\s*$")


@dataclass(frozen=True, order=True)
class Reference:
    """A reference to a label. ``role`` is the role's name, or that of a link: ``link`` for
    ``[](#label)``, ``page`` for ``[](page.md#label)``, ``bare`` for ``[](label)``.

    ``at`` is the place of the label in it; ``text`` what the author wrote to be shown, if anything.
    """

    role: str
    target: str
    at: Location
    text: str = ""


@dataclass(frozen=True, order=True)
class Ignore:
    """A comment that silences rules (none named: all) from line ``first`` to ``last`` of a cell."""

    rules: tuple[str, ...]
    first: int
    last: int
    cell: int = 0

    def covers(self, finding: Finding) -> bool:
        """Whether the comment silences the finding."""
        at = finding.location
        here = self.first <= at.line <= self.last and at.cell == self.cell
        return (here or self.last < 0) and (not self.rules or finding.rule in self.rules)


@dataclass(frozen=True)
class Facts:
    """The facts of one page."""

    path: str
    labels: tuple[Label, ...] = ()
    references: tuple[Reference, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    lists: tuple[WorksList, ...] = ()


@dataclass(frozen=True)
class BookFacts:
    """The facts of all pages by docname; ``findings`` are those made while reading other files."""

    pages: Mapping[str, Facts]
    findings: tuple[Finding, ...] = ()
    library: Library = field(default_factory=lambda: Library({}))

    def reading(self, rule: str) -> list[Finding]:
        """Return the findings by a rule that were made while files were read."""
        pages = (item for facts in self.pages.values() for item in facts.findings)
        return [finding for finding in (*self.findings, *pages) if finding.rule == rule]

    def labels(self) -> list[Label]:
        """Return all labels of the book, page by page."""
        return [label for docname in sorted(self.pages) for label in self.pages[docname].labels]

    def references(self) -> list[Reference]:
        """Return all references of the book, page by page."""
        return [item for docname in sorted(self.pages) for item in self.pages[docname].references]

    def citations(self) -> list[Citation]:
        """Return all citations of the book, page by page."""
        return [item for docname in sorted(self.pages) for item in self.pages[docname].citations]

    @cached_property
    def cited(self) -> dict[str, list[Citation]]:
        """The citations of each key."""
        found: dict[str, list[Citation]] = {}
        for citation in self.citations():
            for key in dict.fromkeys(citation.keys):
                found.setdefault(key, []).append(citation)
        return found


def facts_of(page: Page, people: People) -> Facts:
    """Return the facts of a page."""
    front = page.source.front
    findings = (*front.findings, *chapter_from(front, people)[1], *_bylines(page, people))
    return Facts(
        page.path, labels_of(page), references_of(page), ignores_of(page), findings,
        citations_of(page), foreign_of(page), lists_of(page),
    )  # fmt: skip


def _bylines(page: Page, people: People) -> Iterator[Finding]:
    """Yield what is wrong with the people whom ``{byline}`` directives state."""
    for item in page.of("directive"):
        if item.name == "byline" and item.body.strip():
            read = read_yaml_map(item.body, page.path, "byline", item.level, item.at.cell)
            yield from (*read.findings, *credits_from(read, people)[1])


def references_of(page: Page) -> tuple[Reference, ...]:
    """Return all references to labels on a page."""
    return tuple(item for element in page.of("role", "link") if (item := _reference(element)))


def _reference(element: Element) -> Reference | None:
    if element.kind == "link":
        return _link(element)
    if element.name not in ROLES:
        return None
    role = element.name.rpartition(":")[2]
    # {numref}`Figure %s <fig-a>`: the label stands in pointed brackets.
    match = _TARGET.search(element.text)
    target = match[1] if match else element.text.strip()
    start = len(element.name) + 3 + (match.start(1) if match else 0)
    text = element.text[: match.start()].strip() if match else ""
    return Reference(role, target, element.at.right(start), text)


def _link(element: Element) -> Reference | None:
    if is_url(element.name):
        return None
    path, hash_mark, label = element.name.partition("#")
    if label:
        return Reference("page" if path else "link", label, element.at.right(len(path) + 1))
    bare = not hash_mark and path and not re.search(r"[./\\%?]", path)
    return Reference("bare", path, element.at) if bare else None


def ignores_of(page: Page) -> tuple[Ignore, ...]:
    """Return what comments such as ``<!-- mmbook: ignore label-unused -->`` silence.

    A comment covers its own line and the block after it; ``ignore-file`` covers the page.
    """
    found = []
    ends: dict[int, list[int]] = {}
    for element in page.of("html", "comment"):
        for match in _IGNORE.finditer(element.text):
            rules = tuple(word for word in re.split(r"[\s,]+|--", match["rules"]) if word)
            line = element.at.line + element.text[: match.start()].count("\n")
            cell = element.at.cell
            block = page.places[cell].block
            if cell not in ends:
                ends[cell] = _block_ends(block.text.split("\n"))
            index = min(line - block.first_line + 1, len(ends[cell]) - 1)
            last = -1 if match["file"] else block.first_line + ends[cell][index] - 1
            found.append(Ignore(rules, line, last, element.at.cell))
    return tuple(found)


def _block_ends(lines: list[str]) -> list[int]:
    """Return for each line where the block ends that begins there or after blank lines."""
    ends = [len(lines)] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        last = lines[index].strip() and (index + 1 == len(lines) or not lines[index + 1].strip())
        ends[index] = index + 1 if last else ends[index + 1]
    return ends
