"""The domain: all that a build remembers of a book, as frozen plain data keyed by docname."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast
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


class BookDomain(Domain):
    """State of the extension. Written only by ``note_*``; no nodes, nothing that is not plain."""

    name = "mmbook"
    label = "Seminar book"
    initial_data: ClassVar[dict[str, Any]] = {
        **{name: PageTable() if name in LARGE else {} for name in TABLES},
        "outline": 0, "labels": ("", "", ()), "unseen": (), "judged": ("", ()),
    }  # fmt: skip
    # Other data are another version: Sphinx then reads all pages again.
    data_version = crc32(" ".join(initial_data).encode())

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

    @property
    def facts(self) -> MutableMapping[str, Facts]:
        """What the checker knows of each page."""
        return self.data["facts"]  # type: ignore[no-any-return]

    @property
    def chapters(self) -> dict[str, Chapter]:
        """The metadata of each page."""
        return self.data["chapters"]  # type: ignore[no-any-return]

    @property
    def outline(self) -> int:
        """A number that stands for all labels of the book when it was judged."""
        return self.data["outline"]  # type: ignore[no-any-return]

    def note_outline(self, outline: int) -> None:
        """Remember what the book was when it was judged."""
        self.data["outline"] = outline

    @property
    def judged(self) -> tuple[str, tuple[Finding, ...]]:
        """What the check has found in the whole book, and what it knew besides the pages."""
        return self.data["judged"]  # type: ignore[no-any-return]

    def note_judged(self, state: str, findings: tuple[Finding, ...]) -> None:
        """Remember what the check has found, and what it knew besides the pages."""
        self.data["judged"] = (state, findings)

    @property
    def labels(self) -> tuple[str, str, tuple[tuple[str, AuthorYear, str], ...]]:
        """Key, label and digest of all cited works, as listed; made of which library and keys."""
        return self.data["labels"]  # type: ignore[no-any-return]

    def note_labels(
        self, library: str, keys: str, labelled: tuple[tuple[str, AuthorYear, str], ...]
    ) -> None:
        """Remember the labels of all cited works, and what they were made of."""
        self.data["labels"] = (library, keys, labelled)

    @property
    def unseen(self) -> tuple[Finding, ...]:
        """What is wrong with citations that no source has."""
        return self.data["unseen"]  # type: ignore[no-any-return]

    def note_unseen(self, findings: tuple[Finding, ...]) -> None:
        """Remember what is wrong with citations that no source has."""
        self.data["unseen"] = findings

    def note_facts(self, docname: str, facts: Facts) -> None:
        """Remember the facts of a page."""
        self.facts[docname] = facts

    def note_chapter(self, docname: str, chapter: Chapter) -> None:
        """Remember the metadata of a page."""
        self.chapters[docname] = chapter

    @property
    def cells(self) -> dict[str, dict[int, CellOptions]]:
        """The options of each page's code cells, by the cell's index."""
        return self.data["cells"]  # type: ignore[no-any-return]

    @property
    def failures(self) -> dict[str, Finding]:
        """Why the notebook of a page did not run to its end."""
        return self.data["failures"]  # type: ignore[no-any-return]

    def note_cells(self, docname: str, cells: dict[int, CellOptions]) -> None:
        """Remember the options of a page's code cells."""
        self.cells[docname] = cells

    def note_failure(self, docname: str, finding: Finding) -> None:
        """Remember that a page's notebook failed."""
        self.failures[docname] = finding

    def note_numbers(self, numbers: dict[str, tuple[Sections, Figures]]) -> None:
        """Remember the numbers that Sphinx gave all pages, part by part, before ours."""
        self.data["numbers"] = numbers

    def note_targets(self, docname: str, targets: tuple[str, ...], digest: str) -> None:
        """Remember what a page refers to, and a digest of all that it shows of other pages."""
        self.data["shown"][docname] = (targets, digest)

    def note_countables(self, docname: str, found: tuple[Countable, ...]) -> None:
        """Remember what is numbered on a page, and which pages it lists."""
        self.data["countables"][docname] = found

    def note_citation(self, docname: str, use: CitationUse) -> None:
        """Remember a citation of a page, in their order."""
        self.data["citations"][docname] = (*self.data["citations"].get(docname, ()), use)

    def note_bibliography(self, docname: str, at: Location) -> None:
        """Remember that a page lists all works."""
        table = self.data["bibliographies"]
        table[docname] = (*table.get(docname, ()), at)

    def note_works(self, docname: str, digest: str) -> None:
        """Remember a digest of the works that a page showed."""
        self.data["works"][docname] = digest

    @property
    def results(self) -> dict[str, tuple[ShownResult, ...]]:
        """The stored results that each page shows, in the order of the page."""
        return self.data["results"]  # type: ignore[no-any-return]

    def note_result(self, docname: str, shown: ShownResult) -> None:
        """Remember that a page shows a stored result."""
        self.results[docname] = (*self.results.get(docname, ()), shown)

    def note_unsourced(self, docname: str, paths: tuple[str, ...]) -> None:
        """Remember the stored results that a page shows and that have no provenance as yet."""
        self.data["unsourced"][docname] = paths

    def note_listing(self, docname: str, digest: str) -> None:
        """Remember a digest of the list of all stored results that a page shows."""
        self.data["listings"][docname] = digest

    def note_frozen(self, docname: str, stamp: tuple[Any, ...]) -> None:
        """Remember which files with frozen outputs a page had, with their times and sizes."""
        self.data["frozen"][docname] = stamp

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
