"""The ``cite`` domain: what pages cite, what stands there for it, which pages to write again.

We keep the roles of sphinxcontrib-bibtex and what else builds on its domain (``{footcite}``), and
replace what the domain does after its roles: on every build it formats all entries, filters them
by all citations (a minute for 2,000 entries and 10,000 citations) and warns of a work that two
chapters list.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

from sphinx_mmbook.core.bib.cite import (
    ROLES,
    AuthorYear,
    Part,
    author_years,
    cite,
    malformed,
    other_capitals,
    parse_targets,
)  # fmt: skip
from sphinx_mmbook.core.bib.library import Library
from sphinx_mmbook.core.bib.reference_style import reference, sort_key
from sphinx_mmbook.core.finding import Finding
from sphinx_mmbook.ext.adapters.bibtex import CiteDomain
from sphinx_mmbook.ext.domain import CitationUse, book_domain
from sphinx_mmbook.ext.guard import GuardedRole, on_page
from sphinx_mmbook.ext.positions import location_of_role
from sphinx_mmbook.ext.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.bib.entry import BibEntry
    from sphinx_mmbook.core.bib.latex_text import Span


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys that a role's text names; none if it is malformed."""
    try:
        return tuple(target.key for target in parse_targets(text))
    except ValueError:
        return ()


def anchor(key: str) -> str:
    """Return the id of a work in a list: ``ref-`` and the key, valid in HTML, EPUB and LaTeX."""
    return "ref-" + re.sub(r"[^A-Za-z0-9._-]", lambda sign: f"_x{ord(sign[0]):x}_", key)


def list_placeholder(docname: str, scope: str) -> nodes.container:
    """Return what stands for a list until all pages are read.

    ``scope`` is "book", "page" (with a heading), or "here": the page's where it asks for them.
    """
    return nodes.container(mmbook_page=docname, mmbook_scope=scope)


class CitationRole(SphinxRole):
    """``{cite:t}`` and its relatives: notes the works, leaves a reference for the domain."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a reference that is resolved when all pages are read."""
        at = location_of_role(self)
        docname, kind = self.env.current_document.docname, self.name.partition(":")[2] or "p"
        book_domain(self.env).note_citation(docname, CitationUse(self.text, keys_of(self.text), at))
        node = addnodes.pending_xref(
            self.rawtext,
            nodes.inline(self.rawtext, citation_domain(self.env).plain(kind, self.text)),
            refdomain="cite",
            reftype=kind,
            reftarget=self.text,
            refdoc=docname,
            refexplicit=False,
            refwarn=False,
        )
        self.set_source_info(node)
        return [node], []


class CitationDomain(CiteDomain):  # type: ignore[misc]
    """Citations of a book. The state of pages is in the book's domain, this one formats it."""

    roles: ClassVar = {name: GuardedRole(CitationRole()) for name in ROLES}
    #: Read anew on every build, before any page is.
    library = Library({})
    #: A text that is the same as long as the library is; empty if nobody knows.
    library_state = ""
    #: Of the cited works, computed once all pages are read.
    labels: Mapping[str, AuthorYear] = MappingProxyType({})
    #: Of each cited work a digest of all that a page can show of it.
    digests: Mapping[str, str] = MappingProxyType({})
    #: The place of each cited work in the book's list.
    ranks: Mapping[str, int] = MappingProxyType({})
    #: Whether this build makes one document of all pages, and whether that is LaTeX.
    one_document = in_latex = False
    #: The page whose list of works is in the document that is being written, if it has one for all.
    list_page = ""

    def uses(self) -> Mapping[str, tuple[CitationUse, ...]]:
        """Return the citations of each page."""
        found = book_domain(self.env).data["citations"]
        return cast("Mapping[str, tuple[CitationUse, ...]]", found)

    def bibliography_page(self) -> str:
        """Return the page that lists all works, or the empty string."""
        return min(book_domain(self.env).data["bibliographies"], default="")

    def works(self, docname: str = "") -> list[str]:
        """Return the keys of the works that a page (or the book) cites, in the order of a list."""
        pages = [self.uses().get(docname, ())] if docname else self.uses().values()
        listed = [use for uses in pages for use in uses if not (docname and use.in_footnote)]
        cited = {key for use in listed for key in use.keys}
        return sorted(cited & self.ranks.keys(), key=self.ranks.__getitem__)

    def listed(self, key: str) -> tuple[Span, ...]:
        """Return a work as lists show it; formatted once in a process."""
        formatted: dict[str, tuple[Span, ...]] = self.__dict__.setdefault("formatted", {})
        if key not in formatted:
            entry, label = self.library.entries[key], self.labels[key]
            formatted[key] = reference(entry, label, self.env.config.language)
        return formatted[key]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Put the place of its works at the end of a page that cites, unless it has a list."""
        uses = book_domain(env).data["citations"].get(docname, ())
        with on_page(env, docname, "the list of this page's works"):
            lists = any(not use.in_footnote for use in uses)
            placed = (node for node in document.findall(nodes.container) if "mmbook_scope" in node)
            if lists and not any(placed):
                sections = [node for node in document if isinstance(node, nodes.section)]
                (sections[-1] if sections else document).append(list_placeholder(docname, "page"))

    def plain(self, kind: str, text: str) -> str:
        """Return a citation as text, for what Sphinx keeps of titles and captions.

        The letter that tells works of a year apart is not known before all pages are read.
        """
        works = [self.library.entries[key] for key in keys_of(text) if key in self.library.entries]
        labels = author_years(works, self.env.config.language)
        parts = cite(kind, parse_targets(text), labels, self.env.config.language) if works else ()
        return "".join(part.text for part in parts) or text

    def env_updated(self) -> list[str]:
        """Label the cited works; return the pages that show a changed work."""
        with on_page(self.env, "", "the list of all works"):
            domain = book_domain(self.env)
            made_of = self.library_state and f"{self.library_state} {self.env.config.language}"
            is_same = made_of == domain.labels[0] != "" and not domain.is_changed
            if not is_same:
                self.label_works(made_of)
                domain.note_unseen(tuple(self.unseen()))
            self.use_labels()
            for finding in domain.unseen:
                report(self.env, finding)
            return [] if is_same else self.changed_pages()
        return []

    def label_works(self, made_of: str) -> None:
        """Label and order the cited works; what the last build found, if nothing has changed."""
        domain, entries = book_domain(self.env), self.library.entries
        cited = {key for uses in self.uses().values() for use in uses for key in use.keys}
        keys = sorted(cited & entries.keys())
        state = made_of, " ".join(keys)
        if not made_of or domain.labels[:2] != state:
            domain.note_labels(*state, self.labelled([entries[key] for key in keys]))

    def use_labels(self) -> None:
        """Have pages show the labels that the domain remembers."""
        labelled = book_domain(self.env).labels[2]
        self.labels = {key: label for key, label, _ in labelled}
        self.digests = {key: digest for key, _, digest in labelled}
        self.ranks = {key: rank for rank, key in enumerate(self.labels)}
        self.__dict__.pop("formatted", None)

    def labelled(self, works: list[BibEntry]) -> tuple[tuple[str, AuthorYear, str], ...]:
        """Return key, label and digest of each work, in the order of a list."""
        labels = author_years(works, self.env.config.language)
        works.sort(key=lambda entry: sort_key(entry, labels[entry.key]))
        return tuple(
            (entry.key, labels[entry.key], _digest(entry, labels[entry.key])) for entry in works
        )

    def changed_pages(self) -> list[str]:
        """Return the pages with a list that is not the one they showed, and note what they show."""
        domain = book_domain(self.env)
        shown = {page: self.works(page) for page in self.uses()}
        shown |= {page: self.works() for page in domain.data["bibliographies"]}
        changed = []
        for page, keys in sorted(shown.items()):
            digest = blake2b("".join(self.digests[key] for key in keys).encode()).hexdigest()[:32]
            if domain.data["works"].get(page) != digest:
                domain.note_works(page, digest)
                changed.append(page)
        return changed

    def unseen(self) -> Iterator[Finding]:
        """Yield faulty citations that no source has: in outputs of cells.

        All others the checker has found before any page was read.
        """
        pages = book_domain(self.env).facts
        for docname, uses in sorted(self.uses().items()):
            facts = pages.get(docname)
            seen = Counter(_plain(item.text) for item in (facts.citations if facts else ()))
            for use in uses:
                if seen[_plain(use.text)] > 0:
                    seen[_plain(use.text)] -= 1
                    continue
                yield from _faults(use, self.library)

    def resolve_xref(  # noqa: PLR0917 (Sphinx's signature)
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element:
        """Return the text of a citation, each work linked to its entry in the nearest list."""
        if not keys_of(target):
            return contnode
        with on_page(env, fromdocname, f"the citation '{target[:80]}'"):
            to = self.list_page or fromdocname
            result = nodes.inline(classes=["mmbook-citation"])
            for part in cite(typ, parse_targets(target), self.labels, env.config.language):
                result += self._part(part, builder, fromdocname, to)
            return result
        return contnode

    def _part(self, part: Part, builder: Builder, page: str, to: str) -> nodes.Node:
        if not part.key:
            return nodes.Text(part.text)
        title = None
        if builder.format == "html" and self.env.config.bibtex_tooltips:
            title = "".join(span.text for span in self.listed(part.key)).strip()
        text = nodes.Text(part.text)
        return make_refnode(builder, page, to, anchor(part.key), text, title)

    def resolve_any_xref(  # noqa: PLR0917
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.Element]]:
        """Return nothing: a citation has a role of its own, which notes what a page cites."""
        return []


def _plain(text: str) -> str:
    """Return a role's text without what a parser changes."""
    return "".join(text.split()).replace("\\", "")


def _faults(use: CitationUse, library: Library) -> list[Finding]:
    if not use.keys:
        return [Finding(use.at, "cite-malformed", malformed(use.text))]
    found = []
    for key in dict.fromkeys(use.keys):
        if key in library.entries:
            continue
        if known := library.other_case(key):
            found.append(Finding(use.at, "cite-case", other_capitals(key, known)))
        else:
            found.append(Finding(use.at, "cite-unknown", library.unknown(key)))
    return found


def _digest(entry: BibEntry, label: AuthorYear) -> str:
    """Return a digest of all that a page can show of a work."""
    content = repr((entry.key, entry.type, sorted(entry.fields.items()), label))
    return blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def citation_domain(env: BuildEnvironment) -> CitationDomain:
    """Return the domain of this build."""
    return cast("CitationDomain", env.get_domain("cite"))
