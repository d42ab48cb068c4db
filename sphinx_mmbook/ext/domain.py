"""The domain: all that a build remembers of a book, as frozen plain data keyed by docname."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar, cast
from zlib import crc32

from sphinx.domains import Domain

from sphinx_mmbook.ext.page_table import PageTable

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Set

    from docutils.nodes import reference
    from sphinx.environment import BuildEnvironment

    from sphinx_mmbook.core.bib.cite import AuthorYear
    from sphinx_mmbook.core.book.facts import Facts
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.cell_options import CellOptions
    from sphinx_mmbook.core.people.chapter_metadata import Chapter
    from sphinx_mmbook.core.references.figure_counting import Countable
    from sphinx_mmbook.core.references.numbering import Figures, Sections
    from sphinx_mmbook.core.results.request import ShownResult
    from sphinx_mmbook.ext.adapters.myst_nb import Starts

#: Every table maps a docname to frozen plain data, so purge is a pop and merge a loop.
TABLES = (
    "facts", "chapters", "numbers", "shown", "citations", "bibliographies", "works",
    "cells", "failures", "results", "unsourced", "listings", "countables", "frozen",
)  # fmt: skip
#: Those with much in them.
LARGE = ("facts", "citations", "countables")


class CitationUse(NamedTuple):
    """One citation on a page: its role's text, the keys that it names, where its paragraph is.

    A citation ``in_footnote`` has its work there: the page's own list need not show it again.
    """

    text: str
    keys: tuple[str, ...]
    at: Location
    in_footnote: bool = False


T = TypeVar("T")


class Kept(Generic[T]):
    """A part of the domain's data that an attribute of the same name reads and writes."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    def __get__(self, domain: BookDomain, _owner: object = None) -> T:
        return domain.data[self.name]  # type: ignore[no-any-return]

    def __set__(self, domain: BookDomain, value: T) -> None:
        domain.data[self.name] = value


def add_to(table: MutableMapping[str, tuple[T, ...]], docname: str, one: T) -> None:
    """Add something to what a table has of a page, in their order."""
    table[docname] = (*table.get(docname, ()), one)


class BookDomain(Domain):
    """State of the extension: no nodes, nothing that is not plain and frozen."""

    name = "mmbook"
    label = "Seminar book"
    initial_data: ClassVar[dict[str, Any]] = {
        **{name: PageTable() if name in LARGE else {} for name in TABLES},
        "outline": 0, "labels": ("", "", ()), "unseen": (), "judged": ("", ()),
    }  # fmt: skip
    # Other data are another version: Sphinx then reads all pages again.
    data_version = crc32(" ".join(initial_data).encode())

    #: What the checker knows of each page.
    facts: Kept[MutableMapping[str, Facts]] = Kept()
    #: The metadata of each page.
    chapters: Kept[dict[str, Chapter]] = Kept()
    #: The options of each page's code cells, by the cell's index.
    cells: Kept[dict[str, dict[int, CellOptions]]] = Kept()
    #: Why the notebook of a page did not run to its end.
    failures: Kept[dict[str, Finding]] = Kept()
    #: The numbers that Sphinx gave all pages, part by part, before ours.
    numbers: Kept[dict[str, tuple[Sections, Figures]]] = Kept()
    #: What a page refers to, and a digest of all that it shows of other pages.
    shown: Kept[dict[str, tuple[tuple[str, ...], str]]] = Kept()
    #: What is numbered on a page, and which pages it lists.
    countables: Kept[MutableMapping[str, tuple[Countable, ...]]] = Kept()
    citations: Kept[MutableMapping[str, tuple[CitationUse, ...]]] = Kept()
    #: Where a page lists all works.
    bibliographies: Kept[dict[str, tuple[Location, ...]]] = Kept()
    #: A digest of the works that a page showed.
    works: Kept[dict[str, str]] = Kept()
    #: The stored results that each page shows, in the order of the page.
    results: Kept[dict[str, tuple[ShownResult, ...]]] = Kept()
    #: The stored results that a page shows and that have no provenance as yet.
    unsourced: Kept[dict[str, tuple[str, ...]]] = Kept()
    #: A digest of the list of all stored results that a page shows.
    listings: Kept[dict[str, str]] = Kept()
    #: Which files with frozen outputs a page had, with their times and sizes.
    frozen: Kept[dict[str, tuple[tuple[str, int, int], ...]]] = Kept()
    #: A number that stands for all labels of the book when it was judged.
    outline: Kept[int] = Kept()
    #: What the check has found in the whole book, and what it knew besides the pages.
    judged: Kept[tuple[str, tuple[Finding, ...]]] = Kept()
    #: The labels of all cited works: made of which library and keys; key, label, digest of each.
    labels: Kept[tuple[str, str, tuple[tuple[str, AuthorYear, str], ...]]] = Kept()
    #: What is wrong with citations that no source has.
    unseen: Kept[tuple[Finding, ...]] = Kept()

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: Of the pages that are notebooks; only in this process, and only if somebody asked.
        self.cell_starts: dict[str, Starts] = {}
        #: The same of the page that was parsed last, with its text: it takes 20 ms to find out.
        self.parsed_last: tuple[str, str, Starts] = ("", "", ())
        #: Whether a page is new in this build, or read again, or gone.
        self.is_changed = False
        #: What this build has reported: by path, line and rule, its message.
        self.reported: dict[tuple[str, int, str], str] = {}
        #: The same of what it would have reported, had not the book or a comment silenced it.
        self.silenced: dict[tuple[str, int, str], str] = {}
        #: What of it the check had found before any page was read.
        self.found_first: dict[tuple[str, int, str], str] = {}

    def clear_doc(self, docname: str) -> None:
        """Forget all of a page that is read again or gone."""
        self.is_changed = True
        self.cell_starts.pop(docname, None)
        for table in TABLES:
            self.data[table].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found on its pages."""
        for table in TABLES:
            mine, theirs = self.data[table], otherdata[table]
            if isinstance(mine, PageTable):
                mine.take(docnames, theirs)
            else:
                mine.update({name: theirs[name] for name in docnames if name in theirs})

    def resolve_any_xref(self, *_: Any, **__: Any) -> list[tuple[str, reference]]:
        """Name nothing: the labels of a book are Sphinx's own."""
        return []


def book_domain(env: BuildEnvironment) -> BookDomain:
    """Return the domain of this build."""
    return cast("BookDomain", env.get_domain("mmbook"))
