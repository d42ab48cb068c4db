"""What the checker knows of each page: small, plain, kept from build to build.

So a build scans only changed pages, and still judges all of the book.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.library import Library
from sphinx_mmbook.core.book.settings import SCHEMES
from sphinx_mmbook.core.book.toctree import toctrees
from sphinx_mmbook.core.files.lookup import is_url
from sphinx_mmbook.core.files.yaml_mapping import read_yaml_map
from sphinx_mmbook.core.pages.cell_options import cell_findings
from sphinx_mmbook.core.pages.elements import Element, Value, titled
from sphinx_mmbook.core.pages.markdown import is_known
from sphinx_mmbook.core.pages.run_limits import depends_findings, limit_findings
from sphinx_mmbook.core.people.chapter_metadata import chapter_from
from sphinx_mmbook.core.people.people import People, credits_from
from sphinx_mmbook.core.references.citations import Citation, WorksList, citations_of, lists_of
from sphinx_mmbook.core.references.labels import Label, labels_of
from sphinx_mmbook.core.references.other_syntax import ForeignCitation, foreign_citations_of
from sphinx_mmbook.core.references.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions

#: Roles whose content is a label; Sphinx's and MyST's names.
ROLES = ("numref", "ref", "eq", "any", "std:ref", "std:numref", "math:numref")

#: Roles of other extensions, and directives by their argument, that name a label in their own way
#: (sphinx-proof, sphinx-exercise); only a build knows which there are.
OTHERS = frozenset({"prf:ref", "solution", "solution-start"})

#: What is an address, wherever it leads, and no label.
ADDRESSES = SCHEMES | {"inv", "path", "file"}

#: What may be a label or a key.
_WORD = re.compile(r"[^\s`'\"<>(){}\[\],;=#@]+")

#: A comment that silences rules, in whatever file.
IGNORE = re.compile(r"mmbook:\s*ignore(?P<file>-file)?(?P<rules>[\w\s,-]*)")


class Reference(NamedTuple):
    """A reference to a label. ``role`` is the role's name, or that of a link: ``link`` for
    ``[](#label)``, ``page`` for ``[](page.md#label)``, ``bare`` for ``[](label)``, ``scheme`` for
    ``[](eq:label)``; ``other`` if it is an extension's.

    ``at`` is the place of the label in it; ``text`` what the author wrote to be shown, if anything.
    """

    role: str
    target: str
    at: Location
    text: str = ""


class Ignore(NamedTuple):
    """A comment that silences rules (none named: all) from line ``first`` to ``last`` of a cell."""

    path: str
    rules: tuple[str, ...]
    first: int
    last: int
    cell: int = 0

    def covers(self, finding: Finding) -> bool:
        """Whether the comment silences the finding."""
        at = finding.location
        here = self.first <= at.line <= self.last and at.cell == self.cell
        return (here or self.last < 0) and (not self.rules or finding.rule in self.rules)


class Facts(NamedTuple):
    """The facts of one page, and of what it includes."""

    path: str
    labels: tuple[Label, ...] = ()
    references: tuple[Reference, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    foreign_citations: tuple[ForeignCitation, ...] = ()
    lists: tuple[WorksList, ...] = ()
    restructured: bool = False
    toctrees: tuple[Element, ...] = ()
    #: The words in directives that nobody knows: labels, references, citations may be some.
    unread: tuple[str, ...] = ()
    #: The terms of its glossaries, and whether a list may be marked as one.
    terms: tuple[str, ...] = ()
    marks_terms: bool = False


@dataclass(frozen=True)
class BookFacts:
    """The facts of all pages by docname; ``findings`` are those made while reading other files.

    ``silenced`` is what comments in bibliographies silence.
    """

    pages: Mapping[str, Facts]
    findings: tuple[Finding, ...] = ()
    library: Library = field(default_factory=lambda: Library({}))
    silenced: tuple[Ignore, ...] = ()
    #: Whether docstrings, which nobody reads here, may refer to its labels.
    has_docstrings: bool = False

    def reading(self, rule: str) -> list[Finding]:
        """Return the findings by a rule that were made while files were read."""
        pages = (item for facts in self.pages.values() for item in facts.findings)
        return [finding for finding in (*self.findings, *pages) if finding.rule == rule]

    def ignores(self) -> dict[str, list[Ignore]]:
        """Return what comments silence in each file."""
        found: dict[str, list[Ignore]] = {}
        for ignore in (*(item for facts in self._all() for item in facts.ignores), *self.silenced):
            found.setdefault(ignore.path, []).append(ignore)
        return found

    def labels(self) -> list[Label]:
        """Return all labels of the book, page by page."""
        return [label for facts in self._all() for label in facts.labels]

    def labels_in_myst(self) -> list[Label]:
        """Return the labels of pages in MyST; in reStructuredText they may look as they like."""
        return [label for facts in self._all() if not facts.restructured for label in facts.labels]

    def used_in_restructured(self) -> set[str]:
        """Return the labels, in small letters, that pages in reStructuredText refer to."""
        pages = (facts for facts in self._all() if facts.restructured)
        return {item.target.lower() for facts in pages for item in facts.references}

    def terms(self) -> list[str]:
        """Return all terms of the book's glossaries, page by page."""
        return [term for facts in self._all() for term in facts.terms]

    def references(self) -> list[Reference]:
        """Return all references of the book, page by page."""
        return [item for facts in self._all() for item in facts.references]

    def citations(self) -> list[Citation]:
        """Return all citations of the book, page by page."""
        return [item for facts in self._all() for item in facts.citations]

    def _all(self) -> list[Facts]:
        return [self.pages[docname] for docname in sorted(self.pages)]

    @cached_property
    def cited(self) -> dict[str, list[Citation]]:
        """The citations of each key."""
        found: dict[str, list[Citation]] = {}
        for citation in self.citations():
            for key in dict.fromkeys(citation.keys):
                found.setdefault(key, []).append(citation)
        return found


def facts_of(page: Page, people: People, made: tuple[Finding, ...] = ()) -> Facts:
    """Return the facts of a page; ``made`` are findings on files that belong to it."""
    front = page.source.front
    findings = (*front.findings, *chapter_from(front, people)[1], *_bylines(page, people), *made)
    findings += (*limit_findings(front), *depends_findings(front), *cell_findings(page))
    findings += page.faults
    return Facts(
        page.path, labels_of(page), references_of(page), ignores_of(page), findings,
        citations_of(page), foreign_citations_of(page), lists_of(page), page.source.restructured,
        tuple(toctrees(page)), words_unread(page), tuple(terms_of(page)),
        ".glossary}" in page.source.text,
    )  # fmt: skip


def words_unread(page: Page) -> tuple[str, ...]:
    """Return the words, in small letters, in directives of which nobody knows what they hold."""
    bodies = (item.body.lower() for item in page.of("directive") if not is_known(item.name))
    words = (word.rstrip(".:!?") for body in bodies for word in _WORD.findall(body))
    return tuple(sorted({*words}))


def _bylines(page: Page, people: People) -> Iterator[Finding]:
    """Yield what is wrong with the people whom ``{byline}`` directives state."""
    for item in page.of("directive"):
        if item.name == "byline" and item.body.strip():
            read = read_yaml_map(item.body, item.at.path, "byline", item.level, item.at.cell)
            yield from (*read.findings, *credits_from(read, people)[1])


def references_of(page: Page) -> tuple[Reference, ...]:
    """Return all references to labels on a page."""
    found: list[Reference | None] = []
    for element in page.of("role", "link", "directive", "code-cell"):
        if element.kind == "link":
            found.append(_link(element, page))
        elif element.kind == "role":
            found.append(_role(element.name, element.text, element.at))
        else:
            if element.name in OTHERS and element.text:
                found.append(Reference("other", element.text, element.argument_at))
            kind, target = link_of(element) or ("", None)
            if target and kind in ("any", "ref", "myst"):
                role = "any" if kind == "myst" else kind
                found.append(Reference(role, target.text, target.at, element.body.strip()[:1]))
    return tuple(item for item in found if item)


#: Directives of sphinx-design that link: which option has the target, which its kind; the default.
_LINKS = {
    "button-ref": ("", "ref-type", "any"), "card": ("link", "link-type", "url"),
    "grid-item-card": ("link", "link-type", "url"),
}  # fmt: skip


def link_of(element: Element) -> tuple[str, Value] | None:
    """Return where a card or button leads: the kind of its link, and its target."""
    name, of_kind, default = _LINKS.get(element.name, ("", "", ""))
    target, kind = element.option(name), element.option(of_kind)
    if not default or not target or not target.text:
        return None
    return (kind.text if kind else default), target


def _role(name: str, text: str, at: Location) -> Reference | None:
    of_badge = name.startswith("bdg-ref")
    if of_badge:  # what stands after the target is shown when the mouse is above it
        text = re.sub(r"(<[^<>]*>)\s*;.*", r"\1", text, flags=re.DOTALL)
    if name not in ROLES and name not in OTHERS and not of_badge:
        return None
    # {numref}`Figure %s <fig-a>`: the label stands in pointed brackets.
    shown, target, start = titled(text)
    target = " ".join(target.split()) if "\n" in target else target
    role = "other" if name in OTHERS else "any" if of_badge else name.rpartition(":")[2]
    return Reference(role, target, at.right(len(name) + 3 + start), shown)


def _link(element: Element, page: Page) -> Reference | None:
    name = element.name.removeprefix("project:")
    if is_url(name):
        of_label = (
            not element.text and name.partition(":")[0].lower() not in ADDRESSES and name[0] != "/"
        )
        return Reference("scheme", name, element.at) if of_label else None
    at = element.at.right(len(element.name) - len(name))
    path, hash_mark, label = name.partition("#")
    if label:
        return Reference("page" if path else "link", unquote(label), at.right(len(path) + 1))
    bare = not hash_mark and path and not re.search(r"[./\\%?]", path)
    shown = page.line(at)[: at.column - 1].removesuffix("](").rpartition("[")[2] if bare else ""
    return Reference("bare", path, at, shown) if bare else None


def ignores_of(page: Page) -> tuple[Ignore, ...]:
    """Return what comments such as ``<!-- mmbook: ignore label-unused -->`` silence.

    A comment covers its own line and the block after it; ``ignore-file`` covers the page.
    """
    found = []
    ends: dict[Positions, list[int]] = {}
    for element in page.of("html", "comment"):
        for match in IGNORE.finditer(element.text):
            rules = ignored_rules(match["rules"])
            line = element.at.line + element.text[: match.start()].count("\n")
            here = page.positions_at(element.at)
            if here not in ends:
                ends[here] = _block_ends(here.text.split("\n"))
            index = min(line - here.block.first_line + 1, len(ends[here]) - 1)
            last = -1 if match["file"] else here.block.first_line + ends[here][index] - 1
            found.append(Ignore(here.path, rules, line, last, element.at.cell))
    return tuple(found)


def ignored_rules(text: str) -> tuple[str, ...]:
    """Return the rules that a comment names."""
    return tuple(word for word in re.split(r"[\s,]+|--", text) if word)


def _block_ends(lines: list[str]) -> list[int]:
    """Return for each line where the block ends that begins there or after blank lines."""
    ends = [len(lines)] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        last = lines[index].strip() and (index + 1 == len(lines) or not lines[index + 1].strip())
        ends[index] = index + 1 if last else ends[index + 1]
    return ends
